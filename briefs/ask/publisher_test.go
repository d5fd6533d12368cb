package ask_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/store"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// spy notes what is searched.
type spy struct {
	store.Backend
	queries []briefs.Query
}

func (s *spy) Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error) {
	s.queries = append(s.queries, q)
	return s.Backend.Search(ctx, q)
}

// TestPublisher asks a question that two publishers answer of each of them, of
// any, and of one that there is not.
func TestPublisher(t *testing.T) {
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	lib, err := store.Open(ctx, log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	var batch []briefs.Document
	for name, text := range map[string]string{
		"Gale Review":  "The ferry to Lorem was stopped because the harbour froze.",
		"Tide Gazette": "The ferry to Lorem was stopped because the crew went home.",
	} {
		d := storetest.Document(strings.ToLower(name[:4]), text)
		d.Title, d.Author, d.Publisher = "Notes on shipping", "Una Invented", name
		batch = append(batch, d)
	}
	if _, err := lib.PutDocuments(ctx, batch); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ publisher, want string }{
		{"", "gale tide"}, {"Gale Review", "gale"}, {"Tide Gazette", "tide"}, {"gale review", ""}, {"Gale", ""},
	} {
		for _, question := range []string{
			"Why was the ferry to Lorem stopped?",
			"According to Una Invented, why was the ferry to Lorem stopped?", // searches once more
		} {
			s := &spy{Backend: lib}
			answer, err := ask.New(log, s).Ask(ctx, ask.Request{Question: question, Scope: briefs.Everything(), Publisher: c.publisher})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]bool{}
			for _, list := range [][]briefs.Citation{answer.Quotes, answer.More, answer.Near} {
				for _, q := range list {
					got[string(q.Quote.Document().ID)] = true
				}
			}
			for _, d := range answer.SeeAlso {
				got[string(d.ID)] = true
			}
			for _, id := range []string{"gale", "tide"} {
				if got[id] != strings.Contains(c.want, id) {
					t.Errorf("publisher %q, %s: documents %v, want %q", c.publisher, question, got, c.want)
				}
			}
			if len(s.queries) == 0 {
				t.Error("nothing was searched")
			}
			for _, q := range s.queries {
				if q.Publisher != c.publisher {
					t.Errorf("publisher %q: searched that of %q", c.publisher, q.Publisher)
				}
			}
		}
	}
	// A follow-up about the author of what another publisher brought stays silent.
	after := &ask.Previous{Question: "Why was the ferry to Lorem stopped?", Documents: []briefs.DocumentID{"gale"}}
	s := &spy{Backend: lib}
	if _, err := ask.New(log, s).Ask(ctx, ask.Request{Question: "who wrote that?", Scope: briefs.Everything(), Publisher: "Tide Gazette", After: after}); err != nil {
		t.Fatal(err)
	}
	for _, q := range s.queries {
		if q.Publisher != "Tide Gazette" {
			t.Errorf("a follow-up searched %+v", q)
		}
	}
}
