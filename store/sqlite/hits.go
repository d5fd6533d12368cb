package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"briefdesk/briefs"
)

const (
	// Terms are read from the table where the index keeps them: through the
	// index itself they take twice as long.
	passagesQuery = `SELECT p.key, p.id, p.document, i.c0, i.c1, i.c2, i.c3, i.c4, i.c5
		FROM json_each(?) j CROSS JOIN passages p ON p.key = j.value CROSS JOIN passage_index_content i ON i.id = p.key`

	originsQuery = `SELECT d.key, d.id, d.revision, d.title, d.author, d.publisher, d.published, c.name
		FROM json_each(?) j CROSS JOIN documents d ON d.key = j.value CROSS JOIN collections c ON c.key = d.collection`

	idsQuery = `SELECT p.key, p.id FROM json_each(?) j CROSS JOIN passages p ON p.key = j.value`
)

// Bounds of the memory for passages that were found and for what is told of
// their documents, in bytes: some 4,000 and 8,000 of them.
const (
	passageBytes = 8 << 20
	originBytes  = 4 << 20
)

// indexedPassage is a passage as it is indexed, and the key of its document. It
// does not name the document, nor the revision.
type indexedPassage struct {
	briefs.Passage
	document int64
}

// origin is what a hit tells of its document.
type origin struct {
	id                       briefs.DocumentID
	revision                 int
	title, author, publisher string
	published                briefs.Date
	collection               string
}

// hits reads the passages of found, best first, ties by id.
func (s *search) hits(ctx context.Context, found []scored) ([]briefs.Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	keys := make([]int64, len(found))
	for i, f := range found {
		keys[i] = f.key
	}
	const always = 0 // what is indexed under a key never changes
	passages, err := s.l.passages.all(always, keys, func(missing []int64, keep func(int64, *indexedPassage, int)) error {
		return s.readPassages(ctx, missing, keep)
	})
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		p := passages[f.key]
		if p == nil {
			mend := unpackable
			if s.list.unpacked { // it is the engine's index
				mend = damaged
			}
			return nil, mend(s.l.path, fmt.Sprintf("passage %d is in the index alone", f.key))
		}
		keys[i] = p.document
	}
	origins, err := s.l.origins.all(s.generation, keys, func(missing []int64, keep func(int64, *origin, int)) error {
		return s.readOrigins(ctx, missing, keep)
	})
	if err != nil {
		return nil, err
	}
	hits := make([]briefs.Hit, len(found))
	for i, f := range found {
		p := passages[f.key]
		o := origins[p.document]
		if o == nil {
			return nil, damaged(s.l.path, "passage "+string(p.ID)+" is of no document")
		}
		h := &hits[i]
		*h = briefs.Hit{Passage: p.Passage, Title: o.title, Author: o.author, Publisher: o.publisher, Published: o.published, Collection: o.collection, Score: f.score}
		h.Document, h.Revision = o.id, o.revision
	}
	slices.SortFunc(hits, func(a, b briefs.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return hits, nil
}

func (s *search) readPassages(ctx context.Context, keys []int64, keep func(int64, *indexedPassage, int)) error {
	rows, err := s.query(ctx, passagesQuery, jsonOrdered(keys))
	if err != nil {
		return err
	}
	defer rows.Close()
	var layout sql.RawBytes
	for rows.Next() {
		var p indexedPassage
		var key int64
		var body string
		if err := rows.Scan(&key, &p.ID, &p.document, &p.TitleTerms, &p.HeadingTerms, &p.BylineTerms, &body, &layout, &p.Heading); err != nil {
			return err
		}
		if err := decodeLayout(layout, &p.Passage); err != nil {
			return damaged(s.l.path, "passage "+string(p.ID)+" has a broken layout")
		}
		if len(p.Sentences) > 0 {
			p.Terms = strings.Split(body, "\n")
		}
		if len(p.Terms) != len(p.Sentences) {
			return damaged(s.l.path, "passage "+string(p.ID)+" has other terms than sentences")
		}
		const fixed, sentence = 300, 32 // bytes of the struct, and of a sentence in Sentences and Terms
		keep(key, &p, fixed+sentence*len(p.Sentences)+len(p.ID)+len(p.TitleTerms)+len(p.HeadingTerms)+len(p.BylineTerms)+len(body)+len(p.Heading))
	}
	return rows.Err()
}

func (s *search) readOrigins(ctx context.Context, keys []int64, keep func(int64, *origin, int)) error {
	rows, err := s.query(ctx, originsQuery, jsonOrdered(keys))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var o origin
		var key int64
		if err := rows.Scan(&key, &o.id, &o.revision, &o.title, &o.author, &o.publisher, &o.published, &o.collection); err != nil {
			return err
		}
		const fixed = 180 // bytes of the struct, with the ends of its strings
		keep(key, &o, fixed+len(o.id)+len(o.title)+len(o.author)+len(o.publisher)+len(o.published)+len(o.collection))
	}
	return rows.Err()
}

// jsonOrdered is jsonKeys in ascending order: neighbours are read together.
func jsonOrdered(keys []int64) string {
	slices.Sort(keys)
	return jsonKeys(keys, func(k int64) int64 { return k })
}
