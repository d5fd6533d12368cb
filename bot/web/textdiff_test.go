package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteDiff(t *testing.T) {
	from := "Alpha is the first one.\n\nThe sea was rough today.\n\nGone for good.\n\nThis stays.\n\nAnd this stays."
	to := "The sea was calm today.\n\nThis stays.\n\nAnd this stays.\n\nAlpha is the first one.\n\nNew here."
	var b strings.Builder
	if err := WriteDiff(&b, paragraphsOf(from), paragraphsOf(to), strings.ToUpper); err != nil {
		t.Fatal(err)
	}
	want := `< ALPHA IS THE FIRST ONE.
~ THE SEA WAS [-ROUGH-] {+CALM+} TODAY.
- GONE FOR GOOD.
  THIS STAYS.
  AND THIS STAYS.
> ALPHA IS THE FIRST ONE.
+ NEW HERE.

Sentences: 1 added, 1 removed, 1 reworded, 1 moved.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
