package packed

import "encoding/binary"

// documentWriter writes the documents and runs of a segment.
//
// A document, in varints: its passages; its first key less the one after the
// document before; where its collection is among those that were named,
// followed by itself if it is a new one; likewise the publisher; 0, or 1 and
// the first day of its date and how many more there are.
//
// A run, in varints: how many ordinals after the run before it begins, and how
// many keys were left out before it. Only the keys of the first run are taken
// from Meta.First.
type documentWriter struct {
	w           *blobWriter
	count       int
	ordinal     uint32 // next
	key, first  int64  // next; of all
	run         uint32 // where the last run began
	collections map[int64]int
	publishers  map[string]int
}

func newDocumentWriter(w *blobWriter) *documentWriter {
	return &documentWriter{w: w, collections: map[int64]int{}, publishers: map[string]int{}}
}

// add adds n passages of a document, whose keys begin with first.
func (w *documentWriter) add(d *Document, first int64, n int) error {
	if w.count == 0 {
		w.first, w.key = first, first
	}
	skipped := uint64(first - w.key)
	if skipped > 0 {
		b := binary.AppendUvarint(w.w.pending[runsPart], uint64(w.ordinal-w.run))
		w.w.pending[runsPart] = binary.AppendUvarint(b, skipped)
		w.run = w.ordinal
	}
	b := binary.AppendUvarint(w.w.pending[documentsPart], uint64(n))
	b = binary.AppendUvarint(b, skipped)
	c, ok := w.collections[d.Collection]
	if !ok {
		c = len(w.collections)
		w.collections[d.Collection] = c
	}
	b = binary.AppendUvarint(b, uint64(c))
	if !ok {
		b = binary.AppendVarint(b, d.Collection)
	}
	p, ok := w.publishers[d.Publisher]
	if !ok {
		p = len(w.publishers)
		w.publishers[d.Publisher] = p
	}
	b = binary.AppendUvarint(b, uint64(p))
	if !ok {
		b = binary.AppendUvarint(b, uint64(len(d.Publisher)))
		b = append(b, d.Publisher...)
	}
	if d.Dated {
		b = append(b, 1)
		b = binary.AppendVarint(b, int64(d.FirstDay))
		b = binary.AppendUvarint(b, uint64(int64(d.LastDay)-int64(d.FirstDay)))
	} else {
		b = append(b, 0)
	}
	w.w.pending[documentsPart] = b
	w.count++
	w.ordinal += uint32(n)
	w.key = first + int64(n)
	for _, kind := range [...]int{runsPart, documentsPart} {
		if _, err := w.w.room(kind, 64, partSize); err != nil {
			return err
		}
	}
	return nil
}
