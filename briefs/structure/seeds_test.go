package structure_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/structure"
)

// TestSeeds reads articles as they are copied from the web.
func TestSeeds(t *testing.T) {
	shared := os.Getenv("BRIEFDESK_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	files, _ := filepath.Glob(filepath.Join(shared, "data/seeds/*.txt"))
	if len(files) < 2 {
		if os.Getenv("CI") == "true" {
			t.Fatal("BRIEFDESK_SHARED has no data/seeds")
		}
		t.Skip("BRIEFDESK_SHARED has no data/seeds")
	}
	var docs []briefs.Document
	for _, file := range files[:2] {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := extract.Document(file, data)
		if err != nil {
			t.Fatal(err)
		}
		structure.Analyze(&d)
		docs = append(docs, d)
	}
	find := func(d *briefs.Document, items int) briefs.Enumeration {
		for _, e := range d.Enumerations {
			if len(e.Items) == items {
				return e
			}
		}
		t.Fatalf("%s has no enumeration of %d items", d.Title, items)
		return briefs.Enumeration{}
	}
	e := find(&docs[0], 4)
	if lead := docs[0].Slice(e.LeadIn); !strings.HasPrefix(lead, "Why ") || !strings.HasSuffix(lead, "?") {
		t.Errorf("lead-in %q", lead)
	}
	for i, cue := range []string{"First, ", "Second, ", "Third, ", "Finally, "} {
		if got := docs[0].Slice(e.Items[i].Span); !strings.HasPrefix(got, cue) || len(e.Items[i].Sentences) != 1 {
			t.Errorf("item %d is %q", i, got)
		}
	}
	if n := len(docs[0].Enumerations); n != 1 {
		t.Errorf("the first article has %d enumerations", n)
	}
	e = find(&docs[1], 10)
	if lead := docs[1].Slice(e.LeadIn); !strings.HasSuffix(lead, ". They include:") {
		t.Errorf("lead-in %q", lead)
	}
	for i, item := range e.Items {
		if got := docs[1].Slice(item.Span); strings.HasPrefix(got, "*") || !strings.HasSuffix(got, ".") {
			t.Errorf("item %d is %q", i, got)
		}
	}
}
