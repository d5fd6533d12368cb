package summary_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"briefdesk/briefs"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/summary"
)

var update = flag.Bool("update", false, "write what Brief makes now into the golden files")

// outline writes b as the golden files have it.
func outline(b *briefs.Brief) string {
	var w strings.Builder
	if len(b.Unmentioned) > 0 {
		fmt.Fprintf(&w, "unmentioned: %s\n", strings.Join(b.Unmentioned, ", "))
	}
	quotes := func(cs []briefs.Citation) {
		for _, c := range cs {
			fmt.Fprintf(&w, "  %d [%d] %s\n", c.N, c.Source, strings.Join(strings.Fields(c.Quote.Text()), " "))
		}
	}
	for _, s := range b.Sections {
		fmt.Fprintf(&w, "%s: %s\n", s.Kind, s.Heading)
		for _, it := range s.Items {
			if it.Label != "" {
				fmt.Fprintf(&w, " %s\n", it.Label)
			}
			quotes(it.Quotes)
			if len(it.Also) > 0 {
				fmt.Fprintf(&w, "   said by %d: also %v\n", it.Sources, it.Also)
			}
		}
	}
	for _, c := range b.Changes {
		fmt.Fprintf(&w, "%s: %s\n", c.Kind, c.Document.ID)
		quotes(c.Quotes)
	}
	for _, s := range b.Sources {
		fmt.Fprintf(&w, "[%d] %s %v\n", s.N, s.Document.ID, s.Quotes)
	}
	return w.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	s := summarizer(sampleLibrary(t, ""))
	for name, r := range map[string]summary.Request{
		"tariffs":    {Topic: "tariffs"},
		"ransomware": {Topic: "ransomware"},
		"cables":     {Topic: "undersea cables in Atlantis", Words: 150},
		"cyber":      {Topic: "collection:cyber"},
		"energy":     {Topic: "collection:energy", Words: 250},
	} {
		r.Scope = briefs.Everything()
		b, err := s.Brief(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", outline(&b))
	}
}

// Three weeks of one room: documents come, are corrected and are withdrawn.
// What is new repeats no sentence of an earlier briefing.
func TestThreeWeeks(t *testing.T) {
	const correction = "cables-correction"
	var cyber []sample.File
	for _, f := range sample.Documents() {
		if f.Collection == "cyber" {
			cyber = append(cyber, f)
		}
	}
	file := func(id string) sample.File {
		i := slices.IndexFunc(cyber, func(f sample.File) bool { return strings.Contains(f.Name, id) })
		return cyber[i]
	}
	c := &clock{firstWeek.Add(-time.Hour)}
	lib := open(t, c)
	week := 7 * 24 * time.Hour
	weeks := &txtar.Archive{Comment: []byte("A room over four weeks: documents come, one is corrected, two are removed.\n")}
	var earlier []briefs.Brief
	said := map[string]bool{}
	brief := func(name string) briefs.Brief {
		t.Helper()
		r := summary.Request{Topic: "collection:cyber", Scope: briefs.Only("cyber"), Since: c.now.Add(-week), Earlier: earlier, Words: 300}
		b, err := summarizer(lib).Brief(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		check(t, lib, r, &b)
		for _, s := range b.Sections {
			for _, it := range s.Items {
				for _, q := range it.Quotes {
					if s.Kind == briefs.SectionNew && said[q.Quote.Text()] {
						t.Errorf("%s: %q is not new", name, q.Quote.Text())
					}
				}
			}
		}
		for _, s := range b.Sections {
			for _, it := range s.Items {
				for _, q := range it.Quotes {
					said[q.Quote.Text()] = true
				}
			}
		}
		weeks.Files = append(weeks.Files, txtar.File{Name: name, Data: []byte(outline(&b))})
		earlier = append(earlier, b)
		return b
	}

	put(t, lib, sampleDocument(t, file("ransomware")), sampleDocument(t, file("cables-on-the-seabed")), sampleDocument(t, file("surveillance")))
	c.now = firstWeek
	first := brief("week1")
	if !fresh(&first, "cables-on-the-seabed") {
		t.Error("week 1: a document of the week is not new")
	}

	c.now = firstWeek.Add(3 * 24 * time.Hour)
	put(t, lib, sampleDocument(t, file(correction)), sampleDocument(t, file("cables-on-the-seabed"), "it took 21 days", "it took 31 days"))
	c.now = firstWeek.Add(week)
	second := brief("week2")
	if !fresh(&second, correction) || fresh(&second, "cables-on-the-seabed") || fresh(&second, "ransomware-norms-note") {
		t.Error("week 2: what is new is not what came")
	}
	if len(second.Changes) != 1 || second.Changes[0].Kind != briefs.ChangeCorrected || len(second.Changes[0].Quotes) != 1 ||
		!strings.Contains(second.Changes[0].Quotes[0].Quote.Text(), "31 days") {
		t.Errorf("week 2: the correction is told as %+v", second.Changes)
	}

	c.now = firstWeek.Add(week + 24*time.Hour)
	if err := lib.RemoveDocument(t.Context(), "surveillance-tools-for-sale", false); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveDocument(t.Context(), "ransomware-norms-note", true); err != nil {
		t.Fatal(err)
	}
	c.now = firstWeek.Add(2 * week)
	third := brief("week3")
	var gone []string
	for _, ch := range third.Changes {
		gone = append(gone, fmt.Sprint(ch.Kind, " ", ch.Document.ID))
	}
	if !slices.Equal(gone, []string{"withdrawn ransomware-norms-note", "withdrawn surveillance-tools-for-sale"}) {
		t.Errorf("week 3: %q", gone)
	}

	c.now = firstWeek.Add(3 * week)
	if fourth := brief("week4"); len(fourth.Changes) != 0 || slices.ContainsFunc(fourth.Sections, func(s briefs.Section) bool { return s.Kind == briefs.SectionNew }) {
		t.Error("week 4: nothing happened, but something is new")
	}
	golden(t, "weeks.txtar", string(txtar.Format(weeks)))
}

// fresh reports whether a document is quoted as new.
func fresh(b *briefs.Brief, id briefs.DocumentID) bool {
	for _, s := range b.Sections {
		for _, it := range s.Items {
			for _, q := range it.Quotes {
				if s.Kind == briefs.SectionNew && q.Quote.Document().ID == id {
					return true
				}
			}
		}
	}
	return false
}
