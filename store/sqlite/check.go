package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	codes "modernc.org/sqlite/lib"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
)

// maxProblems bounds the problems of one Check: where there are so many, the
// mend is the same.
const maxProblems = 100

// checker gathers problems about one moment of a library.
type checker struct {
	ctx      context.Context
	tx       *sql.Tx
	problems []string

	sketched, unsketched int64 // documents with keys between may have no sketch yet
	hashes               int   // of sketches that belong to documents
}

var errEnough = errors.New("enough problems")

// Check returns what is wrong with the stored data, nothing when it is sound:
// the file, its foreign keys, the index against the terms it was made of,
// every span inside its text and on character boundaries, every passage with
// its document, every counter, and what is recorded beside the documents. It reads one moment and blocks nobody. The
// error is set only when checking itself could not be done.
func (l *Library) Check(ctx context.Context) (problems []string, err error) {
	// A connection of its own: FTS5 checks against what its connection
	// remembers of the index, which is stale where it searched before
	// another one wrote, and then reports damage that is not there.
	db, err := sql.Open("sqlite", l.readDSN)
	if err != nil {
		return nil, l.explain(err)
	}
	defer db.Close()
	c := &checker{ctx: ctx}
	err = snapshot(ctx, db, func(tx *sql.Tx) error {
		c.tx = tx
		for _, step := range []func() error{c.file, c.keys, c.documents, c.index, c.packed, c.copies, c.counters, c.records} {
			err := step()
			switch code(err) {
			case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
				// A part that cannot be read is itself a finding.
				if err = c.report("part of the file cannot be read: %v", err); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if code(err) == codes.SQLITE_CORRUPT || code(err) == codes.SQLITE_NOTADB {
		return append(c.problems, err.Error()), nil
	}
	if err != nil && !errors.Is(err, errEnough) {
		return nil, l.explain(err)
	}
	return c.problems, nil
}

func (c *checker) report(format string, args ...any) error {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
	if len(c.problems) >= maxProblems {
		c.problems = append(c.problems, "and more")
		return errEnough
	}
	return c.ctx.Err()
}

// file runs SQLite's own check, which since 3.44 includes that of FTS5: the
// index against its stored terms (https://www.sqlite.org/pragma.html#pragma_integrity_check).
func (c *checker) file() error {
	rows, err := c.tx.QueryContext(c.ctx, fmt.Sprintf(`PRAGMA integrity_check(%d)`, maxProblems))
	if err != nil {
		return err
	}
	found, err := collect(rows, func(s *string) []any { return []any{s} })
	for _, s := range found {
		if s == "ok" {
			continue
		}
		if err := c.report("file: %s", strings.ReplaceAll(s, "\n", " ")); err != nil {
			return err
		}
	}
	return err
}

func (c *checker) keys() error {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT "table", ifnull(rowid, 0), "parent" FROM pragma_foreign_key_check`)
	if err != nil {
		return err
	}
	type row struct {
		table, parent string
		rowid         int64
	}
	found, err := collect(rows, func(r *row) []any { return []any{&r.table, &r.rowid, &r.parent} })
	for _, r := range found {
		if err := c.report("row %d of %s has no %s", r.rowid, r.table, r.parent); err != nil {
			return err
		}
	}
	return err
}

// held is a document as the checker walks over them.
type held struct {
	key, collection, firstPassage int64
	id                            string
	revision, passages            int
	firstDay, lastDay             sql.NullInt64
	published                     briefs.Date
	withdrawn                     bool
	sketch                        []int32 // of the current revision
}

func (c *checker) documents() error {
	if err := c.tx.QueryRowContext(c.ctx, `SELECT sketched, unsketched FROM library`).Scan(&c.sketched, &c.unsketched); err != nil {
		return err
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT key, id, collection, first_passage, revision, passages, first_day, last_day, published, withdrawn
		FROM documents ORDER BY key`)
	if err != nil {
		return err
	}
	documents, err := collect(rows, func(h *held) []any {
		return []any{&h.key, &h.id, &h.collection, &h.firstPassage, &h.revision, &h.passages, &h.firstDay, &h.lastDay, &h.published, &h.withdrawn}
	})
	if err != nil {
		return err
	}
	for i := range documents {
		h := &documents[i]
		text, err := c.revisions(h)
		if err != nil {
			return err
		}
		if err := c.passages(h, text); err != nil {
			return err
		}
		if err := c.sketch(h); err != nil {
			return err
		}
	}
	return nil
}

// revisions checks the revisions of a document and returns the current text.
func (c *checker) revisions(h *held) (current string, err error) {
	quoted, err := c.references(h.key)
	if err != nil {
		return "", err
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT n, bytes, digest, structure, text FROM revisions WHERE document = ? ORDER BY n`, h.key)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	last := 0
	for rows.Next() {
		var n, size int
		var digest, structure sql.RawBytes
		var text string
		if err := rows.Scan(&n, &size, &digest, &structure, &text); err != nil {
			return "", err
		}
		if n != last+1 {
			if err := c.report("document %q: revision %d is missing", h.id, last+1); err != nil {
				return "", err
			}
		}
		last = n
		if n == h.revision {
			current = text
		}
		d := briefs.Document{ID: "-", Text: text}
		fault := revisionFault(&d, size, digest, structure)
		if fault == "" && n == h.revision {
			h.sketch = copies.Sketch(&d)
		}
		if fault != "" {
			if err := c.report("document %q revision %d: %s", h.id, n, fault); err != nil {
				return "", err
			}
		}
		if !soundAll(text, quoted[n]) {
			if err := c.report("document %q revision %d: what was quoted of it lies outside its text or cuts a character", h.id, n); err != nil {
				return "", err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	if last != h.revision {
		return current, c.report("document %q: its current revision is %d, but the last one stored is %d", h.id, h.revision, last)
	}
	return current, nil
}

// revisionFault fills blocks, enumerations and pages of d from structure and says
// what is wrong with d; "" when it is what was stored.
func revisionFault(d *briefs.Document, size int, digest, structure []byte) string {
	sum := sha256.New()
	sum.Write(structure)
	sum.Write([]byte(d.Text))
	err := decodeStructure(structure, d)
	switch {
	case err != nil:
		return "its structure cannot be read"
	case size != len(d.Text):
		return fmt.Sprintf("its text has %d bytes instead of %d", len(d.Text), size)
	case !bytes.Equal(sum.Sum(nil), digest):
		return "its text or structure was altered"
	}
	return fault(d)
}

// passages checks what is indexed of the current revision.
func (c *checker) passages(h *held, text string) error {
	first, last := days(h.published)
	if h.firstDay != nullable(first) || h.lastDay != nullable(last) {
		if err := c.report("document %q: its days do not fit its date", h.id); err != nil {
			return err
		}
	}
	if h.withdrawn && h.passages > 0 {
		if err := c.report("document %q: removed but still indexed", h.id); err != nil {
			return err
		}
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT p.id, p.document, p.collection, p.first_day, p.last_day, i.body, i.layout
		FROM passages p CROSS JOIN passage_index i ON i.rowid = p.key WHERE p.key >= ? AND p.key < ?`,
		h.firstPassage, h.firstPassage+int64(h.passages))
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var id, body string
		var document, collection int64
		var firstDay, lastDay sql.NullInt64
		var layout sql.RawBytes
		if err := rows.Scan(&id, &document, &collection, &firstDay, &lastDay, &body, &layout); err != nil {
			return err
		}
		var p briefs.Passage
		fault := ""
		switch {
		case document != h.key || collection != h.collection || firstDay != h.firstDay || lastDay != h.lastDay:
			fault = "is filed under another document, collection or date"
		case decodeLayout(layout, &p) != nil:
			fault = "has a broken layout"
		case !sound(text, p.Span) || !soundAll(text, p.Sentences):
			fault = "lies outside its text or cuts a character"
		case len(p.Sentences) > 0 && strings.Count(body, "\n")+1 != len(p.Sentences):
			fault = "has other terms than sentences"
		}
		if fault != "" {
			if err := c.report("passage %q %s", id, fault); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != h.passages {
		return c.report("document %q: %d of its %d passages are indexed", h.id, n, h.passages)
	}
	return nil
}

func nullable(day any) sql.NullInt64 {
	n, ok := day.(int64)
	return sql.NullInt64{Int64: n, Valid: ok}
}

// index finds what is indexed without belonging to a document.
func (c *checker) index() error {
	var passages, indexed, held int
	err := c.tx.QueryRowContext(c.ctx, `SELECT (SELECT count(*) FROM passages), (SELECT count(*) FROM passage_index),
		(SELECT ifnull(sum(passages), 0) FROM documents)`).Scan(&passages, &indexed, &held)
	if err != nil || passages == held && indexed == held {
		return err
	}
	return c.report("the documents have %d passages, but %d are filed and %d indexed", held, passages, indexed)
}

func (c *checker) counters() error {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT c.name, c.documents, c.passages, count(d.key), ifnull(sum(d.passages), 0)
		FROM collections c LEFT JOIN documents d ON d.collection = c.key AND NOT d.withdrawn GROUP BY c.key`)
	if err != nil {
		return err
	}
	type row struct {
		name                                    string
		documents, passages, isDocs, isPassages int
	}
	all, err := collect(rows, func(r *row) []any { return []any{&r.name, &r.documents, &r.passages, &r.isDocs, &r.isPassages} })
	for _, r := range all {
		if r.documents != r.isDocs || r.passages != r.isPassages {
			if err := c.report("collection %q counts %d documents and %d passages, but has %d and %d",
				r.name, r.documents, r.passages, r.isDocs, r.isPassages); err != nil {
				return err
			}
		}
	}
	return err
}
