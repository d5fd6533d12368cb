package ask_test

import (
	"log/slog"
	"path/filepath"
	"reflect"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite"
)

// A word that nothing in scope holds is read as the nearest that something in
// scope holds, and only then; never as a word of another collection.
func TestCorrections(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	lib, err := sqlite.Open(t.Context(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	made := func(id briefs.DocumentID, collection, author, text string) briefs.Document {
		d := briefs.Document{ID: id, Title: "Note", Author: author, Text: text, Collection: collection, Source: string(id)}
		d.Blocks = []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(text)}}}
		structure.Analyze(&d)
		return d
	}
	if _, err := lib.PutDocuments(t.Context(), []briefs.Document{
		made("open", "open", "Dora Placeholder", "The sanctions hurt the port of Sandmere. Actions of the Sandmere council followed. The negotiations about the sanctions failed because nobody came."),
		made("secret", "secret", "", "The zephyrium deposit is guarded because thieves want the zephyrium."),
	}); err != nil {
		t.Fatal(err)
	}
	asker := ask.New(log, lib)
	for _, c := range []struct {
		question string
		scope    briefs.Scope
		want     []briefs.Correction
	}{
		{"What did the sanctions hurt?", briefs.Only("open"), nil},
		{"What did the sactions hurt?", briefs.Only("open"), []briefs.Correction{{Typed: "sactions", Read: "sanctions"}}},
		{"WHAT DID THE SACTIONS HURT?", briefs.Only("open"), []briefs.Correction{{Typed: "sactions", Read: "sanctions"}}},
		{"Why did the negotiatoins in Sandmeer fail?", briefs.Only("open"), []briefs.Correction{{Typed: "negotiatoins", Read: "negotiations"}, {Typed: "Sandmeer", Read: "Sandmere"}}},
		{"What of Sandmare's port?", briefs.Only("open"), []briefs.Correction{{Typed: "Sandmare", Read: "Sandmere"}}},
		{"What does Dora Placehoder say?", briefs.Only("open"), []briefs.Correction{{Typed: "Placehoder", Read: "Placeholder"}}},
		{"What does Placeholder say about the port?", briefs.Only("open"), nil},
		{"Why is the zephirium guarded?", briefs.Everything(), []briefs.Correction{{Typed: "zephirium", Read: "zephyrium"}}},
		{"Why is the zephirium guarded?", briefs.Only("secret"), []briefs.Correction{{Typed: "zephirium", Read: "zephyrium"}}},
		{"Why is the zephirium guarded?", briefs.Only("open"), nil},
		{"Why do fractions hurt?", briefs.Only("open"), nil}, // an English word, though unknown here
		{"What is a zzzzqq?", briefs.Only("open"), nil},
	} {
		ans, err := asker.Ask(t.Context(), ask.Request{Question: c.question, Scope: c.scope})
		if err != nil || !reflect.DeepEqual(ans.Corrected, c.want) || ans.Question != c.question {
			t.Errorf("%q: %q read as %v, want %v (%v)", c.question, ans.Question, ans.Corrected, c.want, err)
		}
	}
	without, err := asker.Without(ask.Corrections)
	if err != nil {
		t.Fatal(err)
	}
	if ans, err := without.Ask(t.Context(), ask.Request{Question: "What did the sactions hurt?", Scope: briefs.Only("open")}); err != nil || ans.Corrected != nil {
		t.Errorf("without corrections: %v, %v", ans.Corrected, err)
	}
}
