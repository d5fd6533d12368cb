package structure

import (
	"testing"

	"briefdesk/briefs"
)

func TestAnalyzeParagraphs(t *testing.T) {
	d := briefs.Document{ID: "a", Text: "One sentence. Another one.\n\nThe end."}
	Analyze(&d)
	if len(d.Blocks) != 2 || len(d.Passages) != 1 || len(d.Passages[0].Sentences) != 3 {
		t.Fatalf("blocks %d, passages %+v", len(d.Blocks), d.Passages)
	}
}
