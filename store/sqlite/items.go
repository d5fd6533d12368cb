package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"briefdesk/briefs"
)

// SaveListing stores the state of c and items, each in the place of the one of
// its name: all or nothing.
func (l *Library) SaveListing(ctx context.Context, c briefs.ClaimedSource, items []briefs.SourceItem) error {
	own := make([][]byte, len(items))
	for i := range items {
		own[i] = pack(items[i].Own)
	}
	return l.reading(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		if err := w.saveSource(ctx, key, c.SourceState); err != nil {
			return err
		}
		for i := range items {
			if _, err := w.saveItem(ctx, key, &items[i], own[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveItem stores one item, the addresses at which its document was found, and
// what its revision was read from, unless that is nil: all or nothing. What is
// stored of a revision stays. It returns ErrNotFound when the document or the
// revision is not there.
func (l *Library) SaveItem(ctx context.Context, c briefs.ClaimedSource, it briefs.SourceItem, addresses []string, a *briefs.Archived) error {
	own := pack(it.Own)
	var o original
	if a != nil {
		o = newOriginal(a.Parts)
	}
	return l.reading(ctx, c, func(ctx context.Context, w *writer, key int64) error {
		document, err := w.saveItem(ctx, key, &it, own)
		if err != nil {
			return err
		}
		if it.Document != "" {
			for _, address := range addresses {
				if _, err := w.exec(ctx, `INSERT INTO source_addresses (collection, address, document) VALUES (?,?,?) ON CONFLICT DO NOTHING`,
					column(c.Collection), column(address), document); err != nil {
					return err
				}
			}
		}
		if a == nil {
			return nil
		}
		return w.archive(ctx, a, o)
	})
}

// saveItem writes the row of an item and returns the key of its document, NULL
// for none.
func (w *writer) saveItem(ctx context.Context, source int64, it *briefs.SourceItem, own []byte) (document sql.NullInt64, err error) {
	if it.Name == "" {
		return document, briefs.Fault(briefs.ErrInvalid, "save item: it has no name")
	}
	if it.Document != "" {
		err := w.row(ctx, `SELECT key FROM documents WHERE id = ?`, string(it.Document)).Scan(&document)
		if errors.Is(err, sql.ErrNoRows) {
			return document, notFound(it.Document)
		}
		if err != nil {
			return document, err
		}
	}
	_, err = w.exec(ctx, `INSERT INTO source_items (source, name, address, document, title, author, published, stated, own_used, etag, last_modified, digest,
			known, read, next, failures, problem, missing, gone, own)
		VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)
		ON CONFLICT (source, name) DO UPDATE SET address = ?3, document = ?4, title = ?5, author = ?6, published = ?7, stated = ?8, own_used = ?9, etag = ?10,
			last_modified = ?11, digest = ?12, known = ?13, read = ?14, next = ?15, failures = ?16, problem = ?17, missing = ?18, gone = ?19, own = ?20`,
		source, column(it.Name), column(it.Address), document, column(it.Title), column(it.Author), string(it.Published), column(it.Stated), it.OwnUsed,
		column(it.ETag), column(it.Modified), column(it.Digest), micros(it.Known), micros(it.Read), micros(it.Next), it.Failures, oneLine(it.Problem), micros(it.Missing), it.Gone, own)
	return document, err
}

const itemColumns = `i.name, i.address, ifnull(d.id, ''), i.title, i.author, i.published, i.stated, i.own_used, i.etag, i.last_modified, i.digest,
	i.known, i.read, i.next, i.failures, i.problem, i.missing, i.gone`

const itemTables = `source_items i LEFT JOIN documents d ON d.key = i.document`

type storedItem struct {
	known, read, next, missing int64
	own                        []byte
	briefs.SourceItem
}

func (s *storedItem) fields() []any {
	return []any{
		&s.Name, &s.Address, &s.Document, &s.Title, &s.Author, &s.Published, &s.Stated, &s.OwnUsed, &s.ETag, &s.Modified, &s.Digest,
		&s.known, &s.read, &s.next, &s.Failures, &s.Problem, &s.missing, &s.Gone,
	}
}

func (l *Library) items(found []storedItem) ([]briefs.SourceItem, error) {
	var all []briefs.SourceItem
	for i := range found {
		s := &found[i]
		s.Known, s.Read, s.Next, s.Missing = moment(s.known), moment(s.read), moment(s.next), moment(s.missing)
		if s.own != nil {
			var err error
			if s.Own, err = unpack(s.own, maxOwn); err != nil {
				return nil, damaged(l.path, "what a source says of an item is not what was stored")
			}
		}
		all = append(all, s.SourceItem)
	}
	return all, nil
}

// SourceItems lists the items of a source by name, those that are named or read
// at one of names when any are given, else those after a name, at most limit,
// without Own.
func (l *Library) SourceItems(ctx context.Context, k briefs.SourceKey, after string, limit int, names ...string) ([]briefs.SourceItem, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	for i := range names {
		names[i] = column(names[i])
	}
	const of = `SELECT ` + itemColumns + ` FROM ` + itemTables + ` WHERE i.source = (SELECT key FROM sources WHERE collection = ?1 AND address = ?2) `
	var rows *sql.Rows
	var err error
	if len(names) > 0 {
		rows, err = l.rows(ctx, of+`AND (i.name IN (SELECT value FROM json_each(?3)) OR i.address IN (SELECT value FROM json_each(?3))) ORDER BY i.name LIMIT ?4`, column(k.Collection), column(k.Address), jsonList(names), limit)
	} else {
		rows, err = l.rows(ctx, of+`AND i.name > ?3 ORDER BY i.name LIMIT ?4`, column(k.Collection), column(k.Address), column(after), limit)
	}
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, (*storedItem).fields)
	if err != nil {
		return nil, l.explain(err)
	}
	return l.items(found)
}

const dueItem = `i.source = (SELECT key FROM sources WHERE collection = ?1 AND address = ?2) AND i.next > 0
	AND (i.next <= ?3 OR i.next > ?4 OR ?5 AND i.failures > 0)`

// CountDue is how many items DueItems lists without limit.
func (l *Library) CountDue(ctx context.Context, k briefs.SourceKey, now time.Time, retry bool) (n int, err error) {
	err = l.row(ctx, `SELECT count(*) FROM source_items i WHERE `+dueItem, column(k.Collection), column(k.Address), micros(now), micros(now.Add(farItem)), retry).Scan(&n)
	return n, l.explain(err)
}

// DueItems lists the items of a source that are due at now, with retry also
// those that failed and wait; the longest due first, then as they were entered;
// at most limit.
func (l *Library) DueItems(ctx context.Context, k briefs.SourceKey, now time.Time, retry bool, limit int) ([]briefs.SourceItem, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	rows, err := l.rows(ctx, `SELECT `+itemColumns+`, i.own FROM `+itemTables+`
		WHERE `+dueItem+` ORDER BY i.next, i.key LIMIT ?6`, column(k.Collection), column(k.Address), micros(now), micros(now.Add(farItem)), retry, limit)
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, func(s *storedItem) []any { return append(s.fields(), &s.own) })
	if err != nil {
		return nil, l.explain(err)
	}
	return l.items(found)
}

// ItemsOf lists the items of all sources whose document is id, without Own.
func (l *Library) ItemsOf(ctx context.Context, id briefs.DocumentID) ([]briefs.SourceItem, error) {
	rows, err := l.rows(ctx, `SELECT `+itemColumns+` FROM `+itemTables+` WHERE i.document = (SELECT key FROM documents WHERE id = ?) ORDER BY i.key`, string(id))
	if err != nil {
		return nil, l.explain(err)
	}
	found, err := collect(rows, (*storedItem).fields)
	if err != nil {
		return nil, l.explain(err)
	}
	return l.items(found)
}

// DocumentAt is the document of a collection that was found at one of
// addresses, the first that is known; empty for none.
func (l *Library) DocumentAt(ctx context.Context, collection string, addresses ...string) (id briefs.DocumentID, err error) {
	for _, address := range addresses {
		err := l.row(ctx, `SELECT d.id FROM source_addresses a JOIN documents d ON d.key = a.document WHERE a.collection = ? AND a.address = ?`,
			column(collection), column(address)).Scan(&id)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return "", l.explain(err)
		}
	}
	return "", ctx.Err()
}

// nameDigest is what is kept of the name of what was purged.
func nameDigest(collection, name string) []byte {
	sum := sha256.Sum256([]byte(column(collection) + "\x00" + column(name)))
	return sum[:]
}

// Purged lists those of names, ids or addresses of documents of a collection,
// that were purged after a source had brought them.
func (l *Library) Purged(ctx context.Context, collection string, names ...string) ([]string, error) {
	var purged []string
	for _, name := range names {
		var n int
		if err := l.row(ctx, `SELECT count(*) FROM purged WHERE digest = ?`, nameDigest(collection, name)).Scan(&n); err != nil {
			return nil, l.explain(err)
		}
		if n > 0 {
			purged = append(purged, name)
		}
	}
	return purged, nil
}

// Unpurge lets names come back.
func (l *Library) Unpurge(ctx context.Context, collection string, names ...string) error {
	return l.note(ctx, func(ctx context.Context, w *writer) error {
		for _, name := range names {
			if _, err := w.exec(ctx, `DELETE FROM purged WHERE digest = ?`, nameDigest(collection, name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// unfollow forgets what sources say of a document that is purged, but for
// digests of its names, by which they do not bring it again. The rest goes
// with the document.
func (w *writer) unfollow(ctx context.Context, document int64, id briefs.DocumentID) error {
	s, err := w.stmt(ctx, `SELECT s.collection, '' FROM source_items i JOIN sources s ON s.key = i.source WHERE i.document = ?1
		UNION SELECT collection, address FROM source_addresses WHERE document = ?1`)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, document)
	if err != nil {
		return err
	}
	type found struct{ collection, address string }
	names, err := collect(rows, func(f *found) []any { return []any{&f.collection, &f.address} })
	if err != nil {
		return err
	}
	for _, n := range names {
		for _, name := range []string{string(id), n.address} {
			if name == "" {
				continue
			}
			if _, err := w.exec(ctx, `INSERT INTO purged (digest) VALUES (?) ON CONFLICT DO NOTHING`, nameDigest(n.collection, name)); err != nil {
				return err
			}
		}
	}
	// A source that is just this document goes too; the configuration may
	// still name it.
	_, err = w.exec(ctx, `DELETE FROM sources WHERE kind = 'url' AND read_as IN ('', 'url')
		AND key IN (SELECT source FROM source_items WHERE document = ?1)
		AND NOT EXISTS (SELECT 1 FROM source_items i WHERE i.source = sources.key AND i.document IS NOT ?1)`, document)
	return err
}
