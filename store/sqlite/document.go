package sqlite

import (
	"container/list"
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"briefdesk/briefs"
)

// content is the immutable part of a revision.
type content struct {
	text      string
	structure briefs.Document // nothing but Blocks, Enumerations and Pages
}

// cacheBytes bounds the texts kept in memory; a page of answers opens a few
// articles of 10 to 50 KB each.
const cacheBytes = 8 << 20

// textCache keeps the contents used last by their digest, which no other
// content can have, so that nothing ever has to be invalidated.
type textCache struct {
	mu    sync.Mutex
	bytes int
	order *list.List // of *cached, last used first
	at    map[string]*list.Element
}

type cached struct {
	digest string
	size   int
	content
}

func newTextCache() *textCache {
	return &textCache{order: list.New(), at: make(map[string]*list.Element)}
}

func (c *textCache) get(digest string) (content, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[digest]
	if !ok {
		return content{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).content, true
}

// put keeps v; structure is about as large in memory as four times its text.
func (c *textCache) put(digest string, v content) {
	size := len(v.text) + 96*len(v.structure.Blocks) + 8*len(v.structure.Pages) + 1024
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.at[digest]; ok || size > cacheBytes/4 {
		return
	}
	c.at[digest] = c.order.PushFront(&cached{digest, size, v})
	c.bytes += size
	for c.bytes > cacheBytes {
		last := c.order.Remove(c.order.Back()).(*cached)
		delete(c.at, last.digest)
		c.bytes -= last.size
	}
}

// columns of a document with one revision, in the order of (*found).fields.
const documentColumns = `d.id, r.n, r.source, d.title, d.author, d.publisher, d.published, d.url, c.name, d.withdrawn, r.added, r.digest, r.rowid, d.key, d.original`

const documentTables = `documents d JOIN collections c ON c.key = d.collection JOIN revisions r ON r.document = d.key`

// found is one revision as it is read: metadata, and where its content is.
type found struct {
	briefs.Document
	added  int64
	digest []byte
	rowid  int64

	key      int64
	original sql.NullInt64 // key of the document that it is a copy of
}

func (f *found) fields() []any {
	d := &f.Document
	return []any{
		&d.ID, &d.Revision, &d.Source, &d.Title, &d.Author, &d.Publisher, &d.Published, &d.URL, &d.Collection, &d.Withdrawn,
		&f.added, &f.digest, &f.rowid, &f.key, &f.original,
	}
}

// Document returns one revision with text and structure; 0 is the current
// one. Metadata is that of the document, also for older revisions; documents
// removed without purge still open. It returns ErrNotFound. Blocks,
// Enumerations and Pages are shared with other callers and must not be changed.
func (l *Library) Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error) {
	var f found
	var copied bool
	err := l.row(ctx, `SELECT `+documentColumns+`, d.original IS NOT NULL OR EXISTS (SELECT 1 FROM documents e WHERE e.original = d.key) FROM `+documentTables+`
		WHERE d.id = ?1 AND r.n = CASE ?2 WHEN 0 THEN d.revision ELSE ?2 END`, string(id), revision).Scan(append(f.fields(), &copied)...)
	if errors.Is(err, sql.ErrNoRows) {
		return briefs.Document{}, l.missing(ctx, id, revision)
	}
	if err == nil && copied {
		err = l.copied(ctx, l.rows, &f)
	}
	if err != nil {
		return briefs.Document{}, l.explain(err)
	}
	d, err := l.fill(ctx, l.rows, f)
	if errors.Is(err, sql.ErrNoRows) { // purged since the first query
		return briefs.Document{}, notFound(id)
	}
	return d, l.explain(err)
}

// missing tells a missing revision from a missing document.
func (l *Library) missing(ctx context.Context, id briefs.DocumentID, revision int) error {
	var last int
	if err := l.row(ctx, `SELECT revision FROM documents WHERE id = ?`, string(id)).Scan(&last); err != nil {
		return notFound(id)
	}
	return briefs.Fault(briefs.ErrNotFound, "document %s: there is no revision %d: it has 1 to %d", id, revision, last)
}

// fill reads the content of f, from the cache where it is there.
func (l *Library) fill(ctx context.Context, query queryFunc, f found) (briefs.Document, error) {
	d := f.Document
	d.Added = time.UnixMicro(f.added).UTC()
	digest := string(f.digest)
	c, ok := l.texts.get(digest)
	if !ok {
		rows, err := query(ctx, `SELECT structure, text FROM revisions WHERE rowid = ? AND digest = ?`, f.rowid, f.digest)
		if err != nil {
			return briefs.Document{}, err
		}
		var structure []byte
		found, err := collect(rows, func(*struct{}) []any { return []any{&structure, &c.text} })
		if err == nil && len(found) == 0 {
			err = sql.ErrNoRows
		}
		if err != nil {
			return briefs.Document{}, err
		}
		if err = decodeStructure(structure, &c.structure); err != nil {
			return briefs.Document{}, damaged(l.path, "the structure of document "+string(d.ID)+" cannot be read")
		}
		l.texts.put(digest, c)
	}
	d.Text, d.Blocks, d.Enumerations, d.Pages = c.text, c.structure.Blocks, c.structure.Enumerations, c.structure.Pages
	return d, nil
}
