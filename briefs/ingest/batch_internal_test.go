package ingest

import (
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

// batchOf is how many documents like d a batch holds.
func batchOf(f filling, d *briefs.Document) (n int) {
	for !f.full() {
		f.add(d)
		n++
	}
	return n
}

func TestABatchIsBoundedByAllOfIt(t *testing.T) {
	for _, c := range []struct {
		name string
		d    briefs.Document
		want int
	}{
		{"small documents", briefs.Document{Text: "Short.", Passages: make([]briefs.Passage, 1)}, batchDocuments},
		{"many passages", briefs.Document{Text: "Short.", Passages: make([]briefs.Passage, 64)}, batchPassages / 64},
		{"long texts", briefs.Document{Text: strings.Repeat("x", 1<<20), Passages: make([]briefs.Passage, 1)}, batchBytes >> 20},
		{"one that is too large", briefs.Document{Text: strings.Repeat("x", 9<<20)}, 1},
	} {
		if got := batchOf(filling{}, &c.d); got != c.want {
			t.Errorf("%s: a batch of %d, want %d", c.name, got, c.want)
		}
	}
}

func TestSlowBatchesGetSmaller(t *testing.T) {
	d := &briefs.Document{Text: "Short.", Passages: make([]briefs.Passage, 1)}
	var f filling
	f.stored(slow) // as long as it may take
	if got := batchOf(f, d); got != batchDocuments {
		t.Errorf("after one in time a batch of %d, want %d", got, batchDocuments)
	}
	f.stored(4 * slow)
	if got := batchOf(f, d); got != batchDocuments/4 {
		t.Errorf("after one four times too long a batch of %d, want a quarter, %d", got, batchDocuments/4)
	}
	f.stored(time.Hour)
	if got := batchOf(f, d); got != batchDocuments/32 {
		t.Errorf("after an hour a batch of %d, want the least, %d", got, batchDocuments/32)
	}
	for i := 0; batchOf(f, d) < batchDocuments; i++ {
		if i == 20 {
			t.Fatalf("after %d quick ones a batch of %d, want a whole one", i, batchOf(f, d))
		}
		f.stored(time.Millisecond)
	}
}
