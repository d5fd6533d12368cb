package ingest

import (
	"time"

	"briefdesk/briefs"
)

// A batch is stored when it has reached one of these sizes: below a hundred
// documents a transaction costs too much, and far above whoever writes beside
// it waits long, and a crash would lose much work. Batches twice as large took
// 4 % less CPU time, and paused twice as long.
const (
	batchDocuments = 2048
	batchPassages  = 4096
	batchBytes     = 2 << 20
)

// Batches get smaller when one takes longer than slow to store, as on a busy
// machine or where documents replace others, down to a leastShare of the sizes
// above, and grow again by as much as regrowth a batch.
const (
	slow       = 400 * time.Millisecond
	leastShare = 1.0 / 32
	regrowth   = 1.25
)

// filling is how far a batch is filled.
type filling struct {
	documents, passages, bytes int
	shrunk                     float64 // by how much less than a whole batch one holds
}

func (f *filling) add(d *briefs.Document) {
	f.documents++
	f.passages += len(d.Passages)
	f.bytes += len(d.Text)
}

func (f *filling) full() bool {
	share := 1 - f.shrunk
	return float64(f.documents) >= share*batchDocuments || float64(f.passages) >= share*batchPassages || float64(f.bytes) >= share*batchBytes
}

// stored empties f, whose documents took so long to store.
func (f *filling) stored(took time.Duration) {
	share := (1 - f.shrunk) * regrowth
	if took > slow {
		share = (1 - f.shrunk) * float64(slow) / float64(took)
	}
	*f = filling{shrunk: 1 - min(1, max(leastShare, share))}
}
