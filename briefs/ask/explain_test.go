package ask_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite"
)

// What speaks for and against a sentence names the words of the question, as they
// stand in the text.
func TestExplainNamesTheWords(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	lib, err := sqlite.Open(t.Context(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	text := "The council met in May. The envoys rejected the levy because the harbours would lose trade."
	d := briefs.Document{ID: "levy", Title: "The Quarrel of Sandmere", Text: text, Collection: "c", Source: "levy"}
	d.Blocks = []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(text)}}}
	structure.Analyze(&d)
	if _, err := lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
		t.Fatal(err)
	}
	asker := ask.New(log, lib)
	why := func(question string) map[string]string {
		ans, err := asker.Ask(t.Context(), ask.Request{Question: question, Scope: briefs.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		notes := map[string]string{}
		if all := append(ans.Quotes, ans.Near...); len(all) > 0 {
			for _, f := range all[0].Why {
				notes[f.Name] = f.Note
			}
		}
		sum := 0.0
		for _, w := range ans.Weights {
			sum += w.Share
		}
		if sum < 0.999 || sum > 1.001 {
			t.Errorf("%q: the words weigh %v", question, ans.Weights)
		}
		return notes
	}
	for _, c := range []struct{ question, feature, want string }{
		{"Why did the envoys of Sandmere reject the harbor levy?", "covered", "envoys, reject as “rejected”, harbor as “harbours”, levy"},
		{"Why did the envoys of Sandmere reject the harbor levy?", "with title and heading", "title: Sandmere"},
		{"Why did the council dismiss the levy?", "covered", "dismiss as “rejected”, levy"},
		{"Why did the council dismiss the levy?", "with the passage", "council"},
		{"Why did Zembla praise the levy of Sandmere?", "names it lacks", "Zembla"},
		{"Why did Zembla praise the levy of Sandmere?", "rarest word it lacks", "Zembla"},
	} {
		if got := why(c.question); got[c.feature] != c.want {
			t.Errorf("%q: %s: %q, want %q\n%q", c.question, c.feature, got[c.feature], c.want, got)
		}
	}
}
