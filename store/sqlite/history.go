package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"briefdesk/briefs"
)

// known is the stored state of a document; key is 0 when there is none.
type known struct {
	key, firstPassage          int64
	revision, edited, passages int
	withdrawn                  bool
	meta                       metadata
	indexed                    []byte
	digests                    [][]byte // of its revisions, oldest first
}

// expect notes which of ids are unknown, one statement for all, so that new
// documents need not be looked up one by one.
func (p *putter) expect(ctx context.Context, ids []briefs.DocumentID) error {
	s, err := p.w.stmt(ctx, `SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?))`)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, jsonList(ids))
	if err != nil {
		return err
	}
	known, err := collect(rows, func(id *briefs.DocumentID) []any { return []any{id} })
	if err != nil {
		return err
	}
	p.unknown = make(map[briefs.DocumentID]bool, len(ids))
	for _, id := range ids {
		if !strings.ContainsRune(string(id), 0) { // the engine's JSON ends strings there
			p.unknown[id] = true
		}
	}
	for _, id := range known {
		delete(p.unknown, id)
	}
	return nil
}

// lookup returns what is stored of id; the next lookup of an unknown one asks
// the library, which has it by then.
func (p *putter) lookup(ctx context.Context, id briefs.DocumentID) (known, error) {
	if p.unknown[id] {
		delete(p.unknown, id)
		return known{}, nil
	}
	var k known
	m := &k.meta
	err := p.w.row(ctx, `SELECT d.key, d.revision, d.title, d.author, d.publisher, d.published, d.url, c.name,
			d.edited, d.withdrawn, d.first_passage, d.passages, d.indexed
		FROM documents d JOIN collections c ON c.key = d.collection WHERE d.id = ?`, string(id)).
		Scan(&k.key, &k.revision, &m.title, &m.author, &m.publisher, &m.published, &m.url, &m.collection,
			&k.edited, &k.withdrawn, &k.firstPassage, &k.passages, &k.indexed)
	if errors.Is(err, sql.ErrNoRows) {
		return known{}, nil
	}
	return k, err
}

func (p *putter) digests(ctx context.Context, key int64) ([][]byte, error) {
	s, err := p.w.stmt(ctx, `SELECT digest FROM revisions WHERE document = ? ORDER BY n`)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, key)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(d *[]byte) []any { return []any{d} })
}

// plan says which revision each of history is, and which of them are new: it
// finds the longest suffix of stored that is a prefix of history.
func plan(stored [][]byte, history []prepared) (revisions []int, fresh []bool) {
	var runs [][]byte // history without equal neighbours
	run := make([]int, len(history))
	for i := range history {
		if i == 0 || history[i].digest != history[i-1].digest {
			runs = append(runs, history[i].digest[:])
		}
		run[i] = len(runs) - 1
	}
	overlap := min(len(stored), len(runs))
	for ; overlap > 0; overlap-- {
		equal := true
		for i := range overlap {
			if string(stored[len(stored)-overlap+i]) != string(runs[i]) {
				equal = false
				break
			}
		}
		if equal {
			break
		}
	}
	revisions, fresh = make([]int, len(history)), make([]bool, len(history))
	for i := range history {
		revisions[i] = len(stored) - overlap + run[i] + 1
		fresh[i] = run[i] >= overlap && (i == 0 || run[i] != run[i-1])
	}
	return revisions, fresh
}
