package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
)

const listingTables = `documents d JOIN collections c ON c.key = d.collection JOIN revisions r ON r.document = d.key AND r.n = d.revision`

// listingOrders sort as the engine can. The vaguer of two dates that begin on
// one day comes last; NULL is the least.
var listingOrders = map[briefs.Order]string{
	briefs.ByID:        `d.id`,
	briefs.ByPublished: `d.first_day DESC, d.last_day, d.id`,
	briefs.ByAdded:     `r.added DESC, d.id`,
	briefs.ByTitle:     `d.id`, // and by title below
}

// Documents lists what q asks for. It returns ErrInvalid for a malformed date
// and for an order that there is not.
func (l *Library) Documents(ctx context.Context, q briefs.Listing) ([]briefs.Listed, error) {
	var all []briefs.Listed
	err := snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		keys, err := l.listing(ctx, tx, q)
		if err != nil || len(keys) == 0 {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT `+documentColumns+`, d.passages, r.bytes
			FROM json_each(?) j CROSS JOIN documents d ON d.key = j.value
			JOIN collections c ON c.key = d.collection JOIN revisions r ON r.document = d.key AND r.n = d.revision
			ORDER BY j.key`, jsonKeys(keys, func(k int64) int64 { return k }))
		if err != nil {
			return err
		}
		type line struct {
			found
			passages, bytes int
		}
		lines, err := collect(rows, func(n *line) []any { return append(n.fields(), &n.passages, &n.bytes) })
		if err != nil {
			return err
		}
		docs := make([]*found, len(lines))
		for i := range lines {
			docs[i] = &lines[i].found
		}
		if err := l.copied(ctx, tx.QueryContext, docs...); err != nil {
			return err
		}
		all = make([]briefs.Listed, len(lines))
		for i, n := range lines {
			all[i] = briefs.Listed{Document: n.Document, PassageCount: n.passages, Bytes: n.bytes}
			all[i].Added = time.UnixMicro(n.added).UTC()
		}
		return nil
	})
	return all, l.explain(err)
}

// CountDocuments is how many documents q lists without Offset and Limit. It
// returns ErrInvalid as Documents does.
func (l *Library) CountDocuments(ctx context.Context, q briefs.Listing) (n int, err error) {
	q.Order, q.Offset, q.Limit = briefs.ByID, 0, 0
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		keys, err := l.listing(ctx, tx, q)
		n = len(keys)
		return err
	})
	return n, l.explain(err)
}

// listing returns the keys of the documents that q lists, in its order.
func (l *Library) listing(ctx context.Context, tx *sql.Tx, q briefs.Listing) ([]int64, error) {
	where, args, err := listingConditions(q)
	if err != nil {
		return nil, err
	}
	order, ok := listingOrders[q.Order]
	if !ok {
		return nil, briefs.Fault(briefs.ErrInvalid, "order %q: there is no such order of documents", q.Order)
	}
	query := ` FROM ` + listingTables + where + ` ORDER BY ` + order
	var generation int64
	var documents int
	if err := tx.QueryRowContext(ctx, listingQuery).Scan(&generation, &documents); err != nil {
		return nil, err
	}
	// A page by id is an index away. What is asked since some moment, or after
	// some id, is not asked again.
	keep := documents <= maxKept && q.After == "" && q.AddedSince.IsZero()
	if q.Author == "" && q.Title == "" && q.Order != briefs.ByTitle && (!keep || q.Limit == 1 || q.Order == briefs.ByID && q.Limit > 0) {
		limit := -1
		if q.Limit > 0 {
			limit = q.Limit
		}
		rows, err := tx.QueryContext(ctx, `SELECT d.key`+query+` LIMIT ? OFFSET ?`, append(args, limit, max(q.Offset, 0))...)
		if err != nil {
			return nil, err
		}
		return collect(rows, func(k *int64) []any { return []any{k} })
	}
	read := func() ([]shelved, error) { return readListing(ctx, tx, q.Order == briefs.ByTitle, query, args) }
	var all []shelved
	if keep {
		all, err = recall(l.lists, l.lists.listings, generation, fmt.Sprint(q.Order, query, args), read)
	} else {
		all, err = read()
	}
	if err != nil {
		return nil, err
	}
	author, words := strings.ToLower(q.Author), strings.Fields(strings.ToLower(q.Title))
	offset := max(q.Offset, 0)
	var keys []int64
	for _, n := range all {
		lacks := func(word string) bool {
			return !strings.Contains(n.title, word) && !strings.Contains(n.author, word) && !strings.Contains(n.publisher, word)
		}
		if !strings.Contains(n.author, author) || slices.ContainsFunc(words, lacks) {
			continue
		}
		if offset > 0 {
			offset--
			continue
		}
		if keys = append(keys, n.key); len(keys) == q.Limit {
			break
		}
	}
	return keys, nil
}

// listingConditions are those of q that the engine can check.
func listingConditions(q briefs.Listing) (where string, args []any, err error) {
	var b strings.Builder
	b.WriteString(` WHERE 1`)
	add := func(condition string, values ...any) {
		b.WriteString(` AND `)
		b.WriteString(condition)
		args = append(args, values...)
	}
	if !q.Scope.All() {
		add(`c.name IN (SELECT value FROM json_each(?))`, jsonList(q.Scope.Collections()))
	}
	if q.Collection != "" {
		add(`c.name = ?`, q.Collection)
	}
	if q.Publisher != "" {
		add(`d.publisher = ?`, q.Publisher)
	}
	for _, bound := range []struct {
		date      briefs.Date
		condition string
		last      bool
	}{{q.From, `d.last_day >= ?`, false}, {q.To, `d.first_day <= ?`, true}} {
		if bound.date == "" {
			continue
		}
		day, end, ok := bound.date.Bounds()
		if !ok {
			return "", nil, briefs.Fault(briefs.ErrInvalid, "date %q: write YYYY-MM-DD, YYYY-MM or YYYY", bound.date)
		}
		if bound.last {
			day = end
		}
		add(bound.condition, dayNumber(day))
	}
	if !q.AddedSince.IsZero() {
		add(`r.added >= ?`, q.AddedSince.UnixMicro())
	}
	if !q.Withdrawn {
		add(`NOT d.withdrawn`)
	}
	if q.After != "" {
		add(`d.id > ?`, string(q.After))
	}
	return b.String(), args, nil
}
