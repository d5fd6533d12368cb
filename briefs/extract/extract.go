package extract

import (
	"bytes"
	"path/filepath"
	"strings"

	"briefdesk/briefs"
)

// Document reads one document from the content of a file. The format follows
// from the ending of name (.txt, .md, .markdown, .html, .htm), else from the
// content. The document has metadata, Text and Blocks; it has no ID, no
// Revision and no Source. Errors name the file and the mend and wrap
// ErrInvalid: the content is empty, binary or of a format that is not read.
func Document(name string, data []byte) (briefs.Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return briefs.Document{}, invalid("%s: is empty: put text into it or remove it", name)
	}
	if f := foreign(data); f != "" {
		return briefs.Document{}, invalid("%s: is %s, which is not read yet: save it as text or HTML", name, f)
	}
	ext := strings.ToLower(filepath.Ext(name))
	declared := ""
	if isHTML(ext, data) {
		declared = declaredCharset(data)
	}
	text, ok := decode(data, declared)
	if !ok {
		return briefs.Document{}, invalid("%s: looks binary, not text: save it as text", name)
	}
	if strings.TrimSpace(text) == "" {
		return briefs.Document{}, invalid("%s: is empty: put text into it or remove it", name)
	}
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	var d briefs.Document
	switch {
	case isHTML(ext, data):
		d = readHTML(base, text)
	case ext == ".md" || ext == ".markdown" || ext == "" && looksLikeMarkdown(text):
		d = readMarkdown(base, text)
	case ext == ".json":
		return briefs.Document{}, invalid("%s: is JSON: name it .jsonl and write one document a line", name)
	default:
		d = plain(base, text)
	}
	if strings.TrimSpace(d.Text) == "" {
		return briefs.Document{}, invalid("%s: holds no text: check that it was saved whole", name)
	}
	if d.Title == "" {
		d.Title = titleFromName(base)
	}
	return d, nil
}

// foreign names the format of content that is no text but often added.
func foreign(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return "a PDF"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "a ZIP or office file"
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "an old office file"
	case bytes.HasPrefix(data, []byte("{\\rtf")):
		return "RTF"
	}
	return ""
}

// isHTML goes by the ending of a name, or by how the content begins when the
// name has no ending that says more.
func isHTML(ext string, data []byte) bool {
	switch ext {
	case ".html", ".htm", ".xhtml":
		return true
	case ".txt", ".text", ".md", ".markdown":
		return false
	}
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte(bomUTF8))))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) || bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("<html"))
}

// titleFromName makes a title of a file name: "grain_reserves-2031" → "grain
// reserves 2031". Names that are mostly digits make none.
func titleFromName(base string) string {
	ws := strings.FieldsFunc(base, func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '+' })
	letters := 0
	for _, r := range base {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 {
			letters++
		}
	}
	if letters*2 < len(base) {
		return base
	}
	return oneLine(strings.ToValidUTF8(strings.Join(ws, " "), ""))
}
