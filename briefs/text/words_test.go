package text

import (
	"slices"
	"testing"
)

func TestIsWord(t *testing.T) {
	if n := len(theWords()); n < 60_000 || !slices.IsSorted(theWords()) {
		t.Errorf("%d words, or out of order", n)
	}
	for _, w := range []string{"harbour", "harbor", "organise", "organize", "unmanned", "coping", "facilities", "tight", "brussels"} {
		if !IsWord(w) {
			t.Errorf("%q is no word", w)
		}
	}
	for _, w := range []string{"", "sactions", "goverment", "facilitise", "readly", "Harbour", "zzz"} {
		if IsWord(w) {
			t.Errorf("%q is a word", w)
		}
	}
}
