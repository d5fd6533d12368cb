package summary_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/summary"
)

// A saved query is the topic of its words, in its collections, of its
// publisher, and no more than the scope sees of that.
func TestSavedQuery(t *testing.T) {
	lib := sampleLibrary(t, "")
	s := summarizer(lib).With(map[string]summary.Query{
		"words":   {Words: "export controls"},
		"narrow":  {Words: "export controls", Collections: []string{"cyber", "nowhere"}},
		"whole":   {Collections: []string{"cyber"}},
		"several": {Collections: []string{"cyber", "trade"}},
		"hidden":  {Words: "export controls", Collections: []string{"trade"}},
	})
	brief := func(topic string, scope briefs.Scope) briefs.Brief {
		t.Helper()
		r := summary.Request{Topic: topic, Scope: scope}
		b, err := s.Brief(t.Context(), r)
		if err != nil {
			t.Fatalf("%s: %v", topic, err)
		}
		if b.Topic != topic || len(b.Sources) == 0 {
			t.Errorf("%s: topic %q of %d sources", topic, b.Topic, len(b.Sources))
		}
		check(t, lib, r, &b)
		b.Topic = ""
		return b
	}
	all, cyber := briefs.Everything(), briefs.Only("cyber")
	for _, same := range []struct {
		a, b         string
		aSees, bSees briefs.Scope
	}{
		{"query:words", "export controls", all, all},
		{"Query: words", "export controls", cyber, cyber},
		{"query:narrow", "export controls", all, cyber},
		{"query:narrow", "export controls", briefs.Only("trade", "cyber"), cyber},
		{"query:whole", "collection:cyber", all, cyber},
		{"query:several", "collection:cyber", cyber, cyber},
	} {
		if a, b := brief(same.a, same.aSees), brief(same.b, same.bSees); !reflect.DeepEqual(a, b) {
			t.Errorf("%s and %s have two briefs", same.a, same.b)
		}
	}
	collections := map[string]bool{}
	for _, src := range brief("query:several", all).Sources {
		collections[src.Document.Collection] = true
	}
	if len(collections) != 2 {
		t.Errorf("two collections: %v", collections)
	}
	_, hidden := s.Brief(t.Context(), summary.Request{Topic: "query:hidden", Scope: cyber})
	_, absent := s.Brief(t.Context(), summary.Request{Topic: "query:absent", Scope: cyber})
	if !errors.Is(hidden, briefs.ErrNotFound) || strings.Replace(hidden.Error(), "hidden", "absent", 1) != absent.Error() {
		t.Errorf("hidden: %v; absent: %v", hidden, absent)
	}
}

// The publisher of a query is the only one that its brief quotes, with words
// and without.
func TestSavedQueryOfAPublisher(t *testing.T) {
	lib := sampleLibrary(t, "")
	publishers, err := lib.Publishers(t.Context(), briefs.Everything())
	if err != nil || len(publishers) < 2 {
		t.Fatal(publishers, err)
	}
	for _, p := range publishers {
		if p.Name == "" { // of documents that name none
			continue
		}
		s := summarizer(lib).With(map[string]summary.Query{"whole": {Publisher: p.Name}, "words": {Words: "tariffs and cables", Publisher: p.Name}})
		for _, topic := range []string{"query:whole", "query:words"} {
			b, err := s.Brief(t.Context(), summary.Request{Topic: topic, Scope: briefs.Everything()})
			if err != nil || topic == "query:whole" && len(b.Sources) == 0 {
				t.Errorf("%s of %s: %d sources, %v", topic, p.Name, len(b.Sources), err)
			}
			for _, src := range b.Sources {
				if src.Document.Publisher != p.Name {
					t.Errorf("%s of %s quotes %s", topic, p.Name, src.Document.Publisher)
				}
			}
		}
	}
}
