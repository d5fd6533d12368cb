package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// maxSlug is how much of a name an id keeps, in bytes: enough to know it by.
const maxSlug = 48

// documentID derives an id from the name of a source and from what makes it
// unique: its absolute path, its address, or its content.
func documentID(name, unique string) briefs.DocumentID {
	sum := sha256.Sum256([]byte(unique))
	suffix := hex.EncodeToString(sum[:4])
	if s := slug(name); s != "" {
		return briefs.DocumentID(s + "-" + suffix)
	}
	return briefs.DocumentID(suffix)
}

// baseName is the last element of a path or an address, without its ending.
func baseName(path string) string {
	name := filepath.Base(path)
	if stem := strings.TrimSuffix(name, filepath.Ext(name)); stem != "" {
		return stem
	}
	return name
}

// slug keeps the first letters and digits of name, in lower case, words
// joined by "-".
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.ToValidUTF8(name, "")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	var b strings.Builder
	for _, w := range words {
		if b.Len()+len(w) > maxSlug {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(w)
	}
	return b.String()
}
