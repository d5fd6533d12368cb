package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/store"
)

// crossing are two collections that tell of the same places in the same
// words. Each defines an acronym that the other one only uses.
var crossing = map[string]string{
	"north": `{"id":"n1","title":"The Harbour Fund","author":"Ada Placeholder","publisher":"The Northern Invention","published":"2014-04-10","text":"The Lorem Transfer Board (LTB) closed the harbour for two reasons. First, the salt had run out. Second, the envoys had lost the key. The ministers of Ipsum signed the pact in May.\n\nAda Placeholder is a fellow of the Institute of Invented Affairs."}
{"id":"n2","title":"Letters on the Pact","author":"Ada Placeholder","published":"2015","text":"The pact of Ipsum holds nine articles. The DQC has read every one of them and found no fault. The board of the harbour met on Monday."}
`,
	"south": `{"id":"s1","title":"The Harbour Fund Revisited","author":"Bo Invented","publisher":"The Southern Invention","published":"2016-05-01","text":"The Dolor Quarantine Committee (DQC) opened the harbour for three reasons. First, the salt had arrived. Second, the key was found. Third, the LTB had asked for it. The ministers of Ipsum broke the pact in June.\n\nBo Invented is a fellow of the Institute of Other Inventions."}
{"id":"s2","title":"Why the Pact Broke","author":"Bo Invented","published":"2017","text":"The pact of Ipsum broke because the LTB and the DQC disagreed about salt. The zeppelin of the envoys landed in the harbour."}
`,
}

func crossingLibrary(t *testing.T) store.Backend {
	lib := openLibrary(t)
	for _, collection := range []string{"north", "south"} {
		path := filepath.Join(t.TempDir(), collection+".jsonl")
		if err := os.WriteFile(path, []byte(crossing[collection]), 0o600); err != nil {
			t.Fatal(err)
		}
		addTo(t, lib, collection, path)
	}
	return lib
}

// crossingQuestions are some that a person would ask, and every pair of words
// that follow each other anywhere.
func crossingQuestions() []string {
	questions := []string{
		"why was the harbour closed?", "why was the harbour opened?", "why did the pact break?", "what did the LTB do?", "what did the DQC do?",
		"what did the Lorem Transfer Board ask for?", "what did the Dolor Quarantine Committee find?", "who wrote about the harbour fund?",
		"who wrote Why the Pact Broke?", "who is Bo Invented?", "who is Ada Placeholder?", "where did the zeppelin land?", "zeppelin",
		"what does Bo Invented say about the harbour?", "what does Ada Placeholder say about the pact?", "when was the pact signed?",
		"according to The Southern Invention, why was the harbour opened?", "list the reasons for opening the harbour",
	}
	for _, text := range crossing {
		words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n\"{}:,.()\\", r) })
		for i := range words[1:] {
			questions = append(questions, strings.Join(words[i:i+2], " ")+"?")
		}
	}
	slices.Sort(questions)
	return slices.Compact(questions)
}

// TestIsolation asks one collection at a time: nothing of the other one shows.
func TestIsolation(t *testing.T) {
	lib := crossingLibrary(t)
	asker := newAsker(lib)
	long := map[string]string{"north": "Lorem Transfer Board", "south": "Dolor Quarantine Committee"}
	for seen, other := range map[string]string{"north": "south", "south": "north"} {
		answered, own := 0, 0
		for _, question := range crossingQuestions() {
			ans, err := asker.Ask(t.Context(), ask.Request{Question: question, Scope: briefs.Only(seen)})
			if err != nil {
				t.Fatalf("%s: %v", question, err)
			}
			if ans.Answered() {
				answered++
			}
			for _, d := range documentsOf(&ans) {
				if d.Collection != seen {
					t.Errorf("asked of %s, %q shows %s of %s", seen, question, d.ID, d.Collection)
				}
			}
			for term, forms := range ans.Expanded {
				for _, form := range forms {
					if form == long[other] || (term == long[other] && len(form) == 3) {
						t.Errorf("asked of %s, %q is expanded from %q to %q, which only %s defines", seen, question, term, form, other)
					}
					if form == long[seen] {
						own++
					}
				}
			}
		}
		if answered < 10 || own == 0 {
			t.Errorf("asked of %s: %d answered, %d expanded by its own acronym: nothing is tested", seen, answered, own)
		}
		nothing, err := asker.Ask(t.Context(), ask.Request{Question: "why was the harbour closed?"})
		if err != nil || nothing.Answered() || len(documentsOf(&nothing)) > 0 || len(nothing.Expanded) > 0 && slices.Contains(nothing.Expanded["LTB"], long[seen]) {
			t.Errorf("a request without scope sees %+v, %v", nothing, err)
		}
	}
}

// TestIsolationOfFollowUps follows up on an answer that quoted the other
// collection: what may be seen is told by the scope of this question alone.
func TestIsolationOfFollowUps(t *testing.T) {
	asker := newAsker(crossingLibrary(t))
	for _, question := range []string{"who wrote it?", "who is the author?", "why?", "and the harbour?", "what about the pact?"} {
		ans, err := asker.Ask(t.Context(), ask.Request{
			Question: question, Scope: briefs.Only("north"),
			After: &ask.Previous{Question: "where did the zeppelin land?", Documents: []briefs.DocumentID{"s2", "s1"}},
		})
		if err != nil {
			t.Errorf("%s: %v", question, err)
		}
		for _, d := range documentsOf(&ans) {
			if d.Collection != "north" {
				t.Errorf("%q shows %s of %s", question, d.ID, d.Collection)
			}
		}
	}
}

// documentsOf lists every document that an answer shows or names.
func documentsOf(ans *briefs.Answer) []briefs.Document {
	docs := slices.Clone(ans.SeeAlso)
	for _, c := range slices.Concat(ans.Quotes, ans.More, ans.Near) {
		docs = append(docs, c.Quote.Document())
		if c.LeadIn != nil {
			docs = append(docs, c.LeadIn.Document())
		}
	}
	return docs
}

// TestIsolationOfRemoved follows up on a document that was removed meanwhile:
// it is quoted no more, and that is no error.
func TestIsolationOfRemoved(t *testing.T) {
	for _, purge := range []bool{false, true} {
		lib := crossingLibrary(t)
		if err := lib.RemoveDocument(t.Context(), "s2", purge); err != nil {
			t.Fatal(err)
		}
		ans, err := newAsker(lib).Ask(t.Context(), ask.Request{
			Question: "who wrote it?", Scope: briefs.Everything(),
			After: &ask.Previous{Question: "where did the zeppelin land?", Documents: []briefs.DocumentID{"s2"}},
		})
		if err != nil {
			t.Errorf("purge %t: %v", purge, err)
		}
		for _, d := range documentsOf(&ans) {
			if d.ID == "s2" {
				t.Errorf("purge %t: %s is removed, and quoted", purge, d.ID)
			}
		}
	}
}
