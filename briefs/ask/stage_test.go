package ask_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/structure"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// Each stage is told once, in order, and the answer is the same unobserved.
func TestObserved(t *testing.T) {
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	d := briefs.Document{ID: "a", Source: "a", Collection: "c", Title: "Harbour", Text: "The harbour was closed because of the storm."}
	d.Blocks = []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(d.Text)}}}
	structure.Analyze(&d)
	if _, err := lib.PutDocuments(t.Context(), []briefs.Document{d}); err != nil {
		t.Fatal(err)
	}
	asker := ask.New(slog.New(slog.DiscardHandler), lib)
	for question, want := range map[string][]ask.Stage{
		"why was the harbour closed?": {ask.StageParse, ask.StageWeigh, ask.StageSearch, ask.StageRank, ask.StageRead, ask.StageSelect},
		"who eats zeppelins?":         {ask.StageParse, ask.StageWeigh, ask.StageSearch},
		" ":                           nil,
	} {
		var seen []ask.Stage
		observed := asker.Observed(func(s ask.Stage, took time.Duration) {
			if took < 0 {
				t.Errorf("%s took %v", s, took)
			}
			seen = append(seen, s)
		})
		ans, err := observed.Ask(t.Context(), ask.Request{Question: question, Scope: briefs.Everything()})
		if (err != nil) != (question == " ") || !slices.Equal(seen, want) {
			t.Errorf("%q: %v, stages %v, want %v", question, err, seen, want)
		}
		plain, err := asker.Ask(t.Context(), ask.Request{Question: question, Scope: briefs.Everything()})
		if err == nil && (plain.Reason != ans.Reason || len(plain.Quotes) != len(ans.Quotes)) {
			t.Errorf("%q: %+v unobserved", question, plain)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var seen []ask.Stage
	_, err = asker.Observed(func(s ask.Stage, _ time.Duration) { seen = append(seen, s) }).Ask(ctx, ask.Request{Question: "why was the harbour closed?", Scope: briefs.Everything()})
	if err == nil || !slices.Equal(seen, []ask.Stage{ask.StageParse, ask.StageWeigh}) {
		t.Errorf("cancelled: %v, stages %v", err, seen)
	}
}
