package sqlite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"briefdesk/store/sqlite/packed"
)

// blobShift makes the id of a blob of that of its segment, and its number.
const blobShift = 24

func blobID(segment int64, n int) int64 { return segment<<blobShift | int64(n) }

// segmentRow is a segment as it is filed.
type segmentRow struct {
	id         int64
	first, end int64 // keys of its passages
	deadTo     int64 // the last row of packed_dead that it was made without
	meta       packed.Meta
}

const usedQuery = `SELECT id, first, stop, dead, meta FROM packed_segments WHERE state = 'used' ORDER BY first`

// fields are those of usedQuery; meta goes to raw first, and through decode.
func (s *segmentRow) fields(raw *[]byte) []any {
	return []any{&s.id, &s.first, &s.end, &s.deadTo, raw}
}

func (s *segmentRow) decode(raw []byte) error {
	if err := s.meta.UnmarshalBinary(raw); err != nil {
		return fmt.Errorf("segment %d: %w", s.id, err)
	}
	return nil
}

// memory holds the blobs of a segment.
type memory [][]byte

func (m *memory) add(_ int, blob []byte) error {
	*m = append(*m, bytes.Clone(blob))
	return nil
}

func (m memory) Blob(_ context.Context, n int) ([]byte, error) {
	if n < 0 || n >= len(m) {
		return nil, fmt.Errorf("%w: there is no blob %d", packed.ErrDamaged, n)
	}
	return m[n], nil
}

// packing is what a transaction does to the packed index.
type packing struct {
	builder *packed.Builder // of what it adds; nil for nothing
	changed bool            // segments or packed_dead
	most    int             // passages that the newest segments are merged up to
}

// add packs the passages of a document.
func (k *packing) add(d packed.Document, rows []row) {
	if len(rows) == 0 {
		return
	}
	if k.builder == nil {
		k.builder = packed.NewBuilder()
	}
	passages := make([]packed.Passage, len(rows))
	for i := range rows {
		r := &rows[i]
		passages[i] = packed.Passage{packed.Title: r.title, packed.Heading: r.heading, packed.Byline: r.byline, packed.Body: r.body}
	}
	d.Passages = len(rows)
	k.builder.Add(d, passages)
}

// packedDocument is what filters need of a document with metadata m.
func packedDocument(first, collection int64, m metadata) packed.Document {
	d := packed.Document{First: first, Collection: collection, Publisher: m.publisher}
	if from, to, ok := m.published.Bounds(); ok {
		d.Dated, d.FirstDay, d.LastDay = true, int32(dayNumber(from)), int32(dayNumber(to))
	}
	return d
}

// bury takes the passages of a document out of the packed index.
func (p *putter) bury(ctx context.Context, old known) error {
	p.packs.changed = true
	_, err := p.w.exec(ctx, `INSERT INTO packed_dead (first, stop, document, purged) VALUES (?, ?, ?, 0)`,
		old.firstPassage, old.firstPassage+int64(old.passages), old.key)
	return err
}

// seal writes the passages that were added.
func (p *putter) seal(ctx context.Context) error {
	if p.packs.builder == nil {
		return nil
	}
	p.packs.changed = true
	var blobs memory
	meta, err := p.packs.builder.Seal(blobs.add)
	if err != nil || meta.Passages == 0 {
		return err
	}
	tail, err := p.tail(ctx, meta.Passages)
	if err != nil {
		return err
	}
	if len(tail) > 0 {
		err := p.sealWith(ctx, tail, meta, blobs)
		if !errors.Is(err, packed.ErrDamaged) {
			return err
		}
		// What is damaged stays as it is, for library check and repack.
	}
	return p.w.fileSegment(ctx, segmentRow{first: meta.First, end: meta.End, meta: meta}, blobs)
}

// tail returns the newest segments that n new passages are merged with, in
// order. Each merge makes a segment half as large again at least, so that a
// passage is merged some twenty times on its way to most.
func (p *putter) tail(ctx context.Context, n int) ([]segmentRow, error) {
	if n > p.packs.most {
		return nil, nil
	}
	s, err := p.w.stmt(ctx, `SELECT id, first, stop, dead, meta FROM packed_segments
		WHERE state = 'used' AND first >= (SELECT ifnull(unpacked_end, 0) FROM library) ORDER BY first DESC LIMIT 32`)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tail []segmentRow
	for rows.Next() {
		var r segmentRow
		var raw []byte
		if err := rows.Scan(r.fields(&raw)...); err != nil {
			return nil, err
		}
		if r.decode(raw) != nil || r.meta.Passages > 2*n || n+r.meta.Passages > p.packs.most {
			break
		}
		n += r.meta.Passages
		tail = append([]segmentRow{r}, tail...)
	}
	return tail, rows.Err()
}

// sealWith writes one segment in place of those of tail, with the new passages.
func (p *putter) sealWith(ctx context.Context, tail []segmentRow, meta packed.Meta, blobs memory) error {
	fresh := segmentRow{first: meta.First, end: meta.End, meta: meta}
	var inputs []*packed.Segment
	var dead []*packed.Bitmap
	for _, r := range append(tail, fresh) {
		var source packed.Source = blobs
		if r.id != 0 {
			source = writerSource{p.w, r.id}
		}
		segment, err := packed.Open(ctx, r.meta, source)
		if err != nil {
			return err
		}
		buried, err := p.w.buried(ctx, r)
		if err != nil {
			return err
		}
		inputs, dead = append(inputs, segment), append(dead, deadBitmap(segment, buried))
	}
	var merged memory
	meta, err := packed.Merge(ctx, inputs, dead, merged.add)
	if err != nil {
		return err
	}
	for _, r := range tail {
		if err := p.w.dropSegment(ctx, r.id); err != nil {
			return err
		}
	}
	first := tail[0].first
	if _, err := p.w.exec(ctx, `DELETE FROM packed_dead WHERE first >= ? AND first < ?`, first, fresh.end); err != nil {
		return err
	}
	if meta.Passages == 0 {
		return nil
	}
	return p.w.fileSegment(ctx, segmentRow{first: first, end: fresh.end, meta: meta}, merged)
}

// deadBitmap is the set of the passages of s with keys in dead; nil for none.
func deadBitmap(s *packed.Segment, dead []keySpan) *packed.Bitmap {
	if len(dead) == 0 {
		return nil
	}
	b := packed.NewBitmap(uint32(s.Meta().Passages))
	for _, d := range dead {
		b.SetRange(s.Ordinals(d.first, d.end))
	}
	return b
}

// buried returns what is dead of a segment.
func (w *writer) buried(ctx context.Context, r segmentRow) ([]keySpan, error) {
	s, err := w.stmt(ctx, deadOfQuery)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, r.first, r.end, r.deadTo)
	if err != nil {
		return nil, err
	}
	var last int64
	return collect(rows, func(k *keySpan) []any { return []any{&last, &k.first, &k.end} })
}

// fileSegment writes a segment that is in use from the commit on.
func (w *writer) fileSegment(ctx context.Context, r segmentRow, blobs memory) error {
	meta, err := r.meta.MarshalBinary()
	if err != nil {
		return err
	}
	filed, err := w.exec(ctx, `INSERT INTO packed_segments (first, stop, state, dead, meta, owner, until) VALUES (?, ?, 'used', ?, ?, '', 0)`,
		r.first, r.end, r.deadTo, meta)
	if err != nil {
		return err
	}
	id, err := filed.LastInsertId()
	if err != nil {
		return err
	}
	for n, blob := range blobs {
		if err := w.fileBlob(ctx, id, n, blob); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) fileBlob(ctx context.Context, segment int64, n int, blob []byte) error {
	_, err := w.exec(ctx, `INSERT INTO packed_blobs (id, data) VALUES (?, ?)`, blobID(segment, n), blob)
	return err
}

// dropSegment deletes a small segment at once.
func (w *writer) dropSegment(ctx context.Context, id int64) error {
	if _, err := w.exec(ctx, `DELETE FROM packed_blobs WHERE id >= ? AND id < ?`, blobID(id, 0), blobID(id+1, 0)); err != nil {
		return err
	}
	_, err := w.exec(ctx, `DELETE FROM packed_segments WHERE id = ?`, id)
	return err
}

// writerSource reads the blobs of a segment inside the transaction of a writer.
type writerSource struct {
	w       *writer
	segment int64
}

const blobQuery = `SELECT data FROM packed_blobs WHERE id = ?`

func (s writerSource) Blob(ctx context.Context, n int) (blob []byte, err error) {
	st, err := s.w.stmt(ctx, blobQuery)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, blobID(s.segment, n))
	if err != nil {
		return nil, err
	}
	return onlyBlob(rows, s.segment, n)
}

// jsonIDs passes any number of ids as one parameter.
func jsonIDs(ids []int64) string {
	b, err := json.Marshal(ids)
	if err != nil { // numbers always marshal
		return "[]"
	}
	return string(b)
}
