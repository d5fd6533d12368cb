package summary_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/summary"
)

// What is new about a topic is told however much older documents say about it,
// and each new document is named, also when not each can be quoted.
func TestNewAmongMany(t *testing.T) {
	c := &clock{firstWeek}
	lib := open(t, c)
	kinds := strings.Fields("tram ferry school clinic park library market museum bridge canal harbour airport theatre stadium")
	var old, late []briefs.Document
	for i := range 300 {
		kind, other := kinds[i%len(kinds)], kinds[(i/len(kinds)+i+1)%len(kinds)]
		old = append(old, document(t, i, fmt.Sprintf("Author %d | Municipal reform is what the municipal reform of the %s and the %s in district %d is about.", i, kind, other, i)))
	}
	put(t, lib, old...)
	c.now = firstWeek.Add(time.Hour)
	for i := range 20 {
		x := string(rune('a' + i))
		late = append(late, document(t, 1000+i, fmt.Sprintf("Reporter %d | Vro%sta will let bakers of Gri%sno pay fleu%sm and tol%ska when the reform, said to be municipal, bri%sns its %s.", i, x, x, x, x, x, kinds[i%len(kinds)])))
	}
	put(t, lib, late...)
	b := brief(t, lib, summary.Request{Topic: "municipal reform", Since: c.now, Words: 150, Sections: []briefs.SectionKind{briefs.SectionNew, briefs.SectionGaps}})
	if got := lines(&b, briefs.SectionNew); len(got) < 5 {
		t.Errorf("%d of 150 words: %q", len(got), got)
	}
	if len(b.Sources) != len(late) {
		t.Errorf("%d of %d new documents are named", len(b.Sources), len(late))
	}
	for _, s := range b.Sources {
		if !strings.HasPrefix(s.Document.Author, "Reporter") {
			t.Errorf("%s is not new", s.Document.ID)
		}
	}
}

// A correction is told once, also where it bears on two topics; the next
// correction of the same document is told again.
func TestCorrectionIsToldOnce(t *testing.T) {
	c := &clock{firstWeek}
	lib := open(t, c)
	told := func(earlier ...briefs.Brief) briefs.Brief {
		return brief(t, lib, summary.Request{Topic: "storage", Since: firstWeek.Add(time.Minute), Earlier: earlier})
	}
	put(t, lib, document(t, 1, "Ana | The storage mandate requires 4 GWh of battery storage by 2030."))
	c.now = firstWeek.Add(time.Hour)
	put(t, lib, document(t, 1, "Ana | The storage mandate requires 7 GWh of battery storage by 2030."))
	first := told()
	if len(first.Changes) != 1 || first.Changes[0].Kind != briefs.ChangeCorrected || len(first.Changes[0].Quotes) != 1 {
		t.Fatalf("%+v", first.Changes)
	}
	if again := told(first); len(again.Changes) != 0 {
		t.Errorf("told again: %+v", again.Changes)
	}
	c.now = firstWeek.Add(2 * time.Hour)
	put(t, lib, document(t, 1, "Ana | The storage mandate requires 9 GWh of battery storage by 2030."))
	if next := told(first); len(next.Changes) != 1 {
		t.Errorf("the next correction: %+v", next.Changes)
	}
}
