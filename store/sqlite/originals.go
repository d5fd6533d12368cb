package sqlite

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"briefdesk/briefs"
)

// maxOwn bounds what a source says of one item, in bytes: a feed is no larger.
const maxOwn = 64 << 20

// original is what a document was read from, as it is stored.
type original struct {
	size   int
	digest [sha256.Size]byte
	body   []byte // compressed
}

// newOriginal packs parts. Each stands as three strings with their lengths.
func newOriginal(parts []briefs.ArchivedPart) original {
	var b []byte
	for _, p := range parts {
		for _, s := range [...][]byte{[]byte(p.Address), []byte(p.Type), p.Data} {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	return original{size: len(b), digest: sha256.Sum256(b), body: pack(b)}
}

var errOriginal = errors.New("is not what was stored")

// parts unpacks what newOriginal packed.
func (o original) parts() (all []briefs.ArchivedPart, err error) {
	b, err := unpack(o.body, o.size)
	if err != nil || len(b) != o.size || sha256.Sum256(b) != o.digest {
		return nil, errOriginal
	}
	for len(b) > 0 {
		var s [3][]byte
		for i := range s {
			n, used := binary.Uvarint(b)
			if used <= 0 || n > uint64(len(b)-used) {
				return nil, errOriginal
			}
			s[i], b = b[used:used+int(n)], b[used+int(n):]
		}
		all = append(all, briefs.ArchivedPart{Address: string(s[0]), Type: string(s[1]), Data: s[2]})
	}
	return all, nil
}

// pack compresses b; nil for nothing.
func pack(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil { // the level is right, and a buffer takes all
		panic(err)
	}
	return out.Bytes()
}

// unpack undoes pack; more than limit bytes are an error.
func unpack(b []byte, limit int) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), int64(limit)+1))
	if err == nil && len(out) > limit {
		err = errOriginal
	}
	return out, err
}

// archive stores what a revision was read from, or only its reader where the
// library has that already.
func (w *writer) archive(ctx context.Context, a *briefs.Archived, o original) error {
	var document int64
	err := w.row(ctx, `SELECT d.key FROM documents d JOIN revisions r ON r.document = d.key WHERE d.id = ? AND r.n = ?`, string(a.Document), a.Revision).Scan(&document)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(a.Document)
	}
	if err != nil {
		return err
	}
	r, err := w.exec(ctx, `UPDATE archived SET reader = max(reader, ?) WHERE document = ? AND n = ?`, a.Reader, document, a.Revision)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return err
	}
	var key int64
	err = w.row(ctx, `SELECT key FROM originals WHERE document = ? AND digest = ?`, document, o.digest[:]).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		err = w.row(ctx, `INSERT INTO originals (document, size, digest, body) VALUES (?,?,?,?) RETURNING key`, document, o.size, o.digest[:], append([]byte{}, o.body...)).Scan(&key)
	}
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `INSERT INTO archived (document, n, original, reader, fetched) VALUES (?,?,?,?,?)`, document, a.Revision, key, a.Reader, micros(a.Fetched))
	return err
}

// SaveArchived stores what a revision was read from, or only the reader where
// it has that already. It returns ErrNotFound when there is no such revision.
func (l *Library) SaveArchived(ctx context.Context, a briefs.Archived) error {
	o := newOriginal(a.Parts)
	return l.note(ctx, func(ctx context.Context, w *writer) error { return w.archive(ctx, &a, o) })
}

// Archived is what a revision was read from. It returns ErrNotFound, and
// ErrDamaged when it is not what was stored.
func (l *Library) Archived(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Archived, error) {
	a := briefs.Archived{Document: id, Revision: revision}
	var o original
	var digest []byte
	var fetched int64
	err := l.row(ctx, `SELECT a.reader, a.fetched, o.size, o.digest, o.body FROM archived a JOIN originals o ON o.key = a.original
		WHERE a.document = (SELECT key FROM documents WHERE id = ?) AND a.n = ?`, string(id), revision).Scan(&a.Reader, &fetched, &o.size, &digest, &o.body)
	if errors.Is(err, sql.ErrNoRows) {
		return a, briefs.Fault(briefs.ErrNotFound, "document %s revision %d: no copy of its original is kept: add it again", id, revision)
	}
	if err != nil {
		return a, l.explain(err)
	}
	copy(o.digest[:], digest)
	a.Fetched = moment(fetched)
	if a.Parts, err = o.parts(); err != nil {
		return a, damaged(l.path, fmt.Sprintf("the original of document %q revision %d %v", id, revision, err))
	}
	return a, nil
}

// ArchivedBefore lists the documents in s, but for withdrawn ones, whose
// current revision has an original that was read last by a reader before the
// given one; by id, those after an id, at most limit.
func (l *Library) ArchivedBefore(ctx context.Context, s briefs.Scope, reader int, after briefs.DocumentID, limit int) ([]briefs.DocumentID, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	rows, err := l.rows(ctx, `SELECT d.id FROM documents d JOIN collections c ON c.key = d.collection JOIN archived a ON a.document = d.key AND a.n = d.revision
		WHERE NOT d.withdrawn AND a.reader < ?1 AND d.id > ?2 AND (?3 OR c.name IN (SELECT value FROM json_each(?4))) ORDER BY d.id LIMIT ?5`,
		reader, string(after), s.All(), jsonList(s.Collections()), limit)
	if err != nil {
		return nil, l.explain(err)
	}
	ids, err := collect(rows, func(id *briefs.DocumentID) []any { return []any{id} })
	return ids, l.explain(err)
}

// sources checks what is remembered of followed sources, and that originals
// are what was stored.
func (c *checker) sources() error {
	if err := c.faults(`SELECT 'source', address, CASE
		WHEN kind NOT IN ('path', 'url', 'feed', 'sitemap') THEN 'an unknown kind'
		WHEN failures < 0 OR succeeded > read OR lease < 0 THEN 'a state that cannot be' ELSE '' END AS fault FROM sources WHERE fault <> ''
		UNION ALL SELECT 'item', name, 'no document, though it is gone' FROM source_items WHERE gone AND document IS NULL
		UNION ALL SELECT 'document', d.id, 'the original of another one' FROM archived a JOIN originals o ON o.key = a.original JOIN documents d ON d.key = a.document
			WHERE o.document <> a.document
		UNION ALL SELECT 'document', d.id, 'an original that no revision was read from' FROM originals o JOIN documents d ON d.key = o.document
			WHERE NOT EXISTS (SELECT 1 FROM archived a WHERE a.original = o.key)`); err != nil {
		return err
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT d.id, o.size, o.digest, o.body FROM originals o JOIN documents d ON d.key = o.document`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var o original
		var digest, body sql.RawBytes
		if err := rows.Scan(&id, &o.size, &digest, &body); err != nil {
			return err
		}
		copy(o.digest[:], digest)
		o.body = body
		if _, err := o.parts(); err != nil {
			if err := c.report("document %q: its original %v", id, err); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}
