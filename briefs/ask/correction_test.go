package ask_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite"
)

// What was corrected in a text is told when corrections are asked about, and
// is no statement of the text otherwise.
func TestCorrectionsAnswerWhoAsksForThem(t *testing.T) {
	lib, err := sqlite.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	d := briefs.Document{ID: "d", Title: "The harbour board of Sundvik", Text: strings.Join([]string{
		"The harbour board of Sundvik has nine members who are elected for four years.",
		"The harbour board decides about cranes and dues, and it meets on Tuesdays.",
		"Correction: An earlier version of this article said that the harbour board of Sundvik has seven members.",
	}, "\n\n")}
	structure.Analyze(&d)
	if _, err := lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
		t.Fatal(err)
	}
	asker := ask.New(slog.New(slog.DiscardHandler), lib)
	for question, want := range map[string]bool{
		"How many members does the harbour board of Sundvik have?":                                     false,
		"What was corrected in the earlier version about the members of the harbour board of Sundvik?": true,
	} {
		ans, err := asker.Ask(t.Context(), ask.Request{Question: question, Scope: briefs.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, c := range append(ans.Quotes, ans.More...) {
			told = told || strings.Contains(c.Quote.Text(), "seven")
		}
		if told != want || len(ans.Quotes) == 0 {
			t.Errorf("%s\ntells the correction: %v, %d quotes, %s", question, told, len(ans.Quotes), ans.Reason)
		}
	}
}
