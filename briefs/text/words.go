package text

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"strings"
	"sync"
)

// wordList is a list of English words for spelling; words.LICENSE tells whose.
//
//go:embed words.gz
var wordList []byte

var theWords = sync.OnceValue(func() []string {
	r, err := gzip.NewReader(bytes.NewReader(wordList))
	if err != nil {
		return nil
	}
	all, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return strings.Fields(string(all))
})

// IsWord reports whether w, in lower case, is an English word of four letters or
// more, in American or British spelling, or a name that is common. The list takes
// 2 MB from the first call on.
func IsWord(w string) bool {
	_, found := slices.BinarySearch(theWords(), w)
	return found
}
