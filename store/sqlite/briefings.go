package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"briefdesk/briefs"
)

// outlinedBrief is what of a brief belongs to no document.
type outlinedBrief struct {
	Topic    string            `json:"topic"`
	From     briefs.Date       `json:"from"`
	To       briefs.Date       `json:"to"`
	Sections []outlinedSection `json:"sections"`
}

type outlinedSection struct {
	Kind    briefs.SectionKind `json:"kind"`
	Heading string             `json:"heading"`
}

func outline(all []briefs.Brief) (string, error) {
	list := make([]outlinedBrief, len(all))
	for i, b := range all {
		list[i] = outlinedBrief{Topic: b.Topic, From: b.From, To: b.To}
		for _, s := range b.Sections {
			list[i].Sections = append(list[i].Sections, outlinedSection{s.Kind, s.Heading})
		}
	}
	b, err := json.Marshal(list)
	return string(b), err
}

// RecordBriefing keeps b as it was posted; one of the same id that is there
// already stays as it is. Its quotes are kept as references: what the library
// does not have (any more) is left out, and with it an item without another
// quote. Features of citations and Sources of briefs are not kept: the latter
// follow from the quotes. It returns ErrInvalid for a briefing without an id
// and for a lead-in of another revision than its quote.
func (l *Library) RecordBriefing(ctx context.Context, b briefs.Briefing) error {
	if b.ID == "" {
		return briefs.Fault(briefs.ErrInvalid, "record briefing: it has no id")
	}
	outlined, err := outline(b.Briefs)
	if err != nil {
		return err
	}
	return l.write(ctx, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `INSERT INTO briefings (id, schedule, room, slot, posted, outline) VALUES (?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
			string(b.ID), valid(b.Schedule), valid(b.Room), valid(b.Slot), b.Posted.UnixMicro(), outlined)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		key, err := r.LastInsertId()
		if err != nil {
			return err
		}
		for i := range b.Briefs {
			for j := range b.Briefs[i].Sections {
				for _, item := range b.Briefs[i].Sections[j].Items {
					if err := w.briefingItem(ctx, key, i, j, item); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// briefingItem stores an item at its place in the outline.
func (w *writer) briefingItem(ctx context.Context, briefing int64, brief, section int, item briefs.BriefItem) error {
	r, err := w.exec(ctx, `INSERT INTO briefing_items (briefing, brief, section, label, sources, quotes) VALUES (?,?,?,?,?,?)`,
		briefing, brief, section, valid(item.Label), item.Sources, len(item.Quotes))
	if err != nil {
		return err
	}
	key, err := r.LastInsertId()
	if err != nil {
		return err
	}
	kept := int64(0)
	for _, c := range item.Quotes {
		d, span := c.Quote.Document(), c.Quote.Span()
		var start, stop any
		if c.LeadIn != nil {
			lead := c.LeadIn.Document()
			if lead.ID != d.ID || lead.Revision != d.Revision {
				return briefs.Fault(briefs.ErrInvalid, "record briefing: a lead-in is of another revision than its quote")
			}
			start, stop = c.LeadIn.Span().Start, c.LeadIn.Span().End
		}
		r, err := w.exec(ctx, `INSERT INTO briefing_quotes (item, n, source, depth, document, revision, start, stop, lead_start, lead_stop)
			SELECT ?3, ?4, ?5, ?6, r.document, r.n, ?7, ?8, ?9, ?10 FROM documents d JOIN revisions r ON r.document = d.key
			WHERE d.id = ?1 AND r.n = ?2 AND ?8 <= r.bytes AND ifnull(?10, 0) <= r.bytes`,
			string(d.ID), d.Revision, key, c.N, c.Source, c.Depth, span.Start, span.End, start, stop)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		kept += n
	}
	if kept == 0 && len(item.Quotes) > 0 {
		_, err = w.exec(ctx, `DELETE FROM briefing_items WHERE key = ?`, key)
	}
	return err
}

const briefingColumns = `key, id, schedule, room, slot, posted, outline`

// Briefings lists what was posted to rooms, to all rooms when none is named,
// newest first, then by id; at most limit after passing over offset, none when
// limit is below 1.
func (l *Library) Briefings(ctx context.Context, offset, limit int, rooms ...string) ([]briefs.Briefing, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	return l.briefings(ctx, `SELECT `+briefingColumns+` FROM briefings WHERE ?1 OR room IN (SELECT value FROM json_each(?2))
		ORDER BY posted DESC, id LIMIT ?3 OFFSET ?4`, len(rooms) == 0, jsonList(rooms), limit, max(offset, 0))
}

// Briefing returns one briefing. It returns ErrNotFound.
func (l *Library) Briefing(ctx context.Context, id briefs.BriefingID) (briefs.Briefing, error) {
	found, err := l.briefings(ctx, `SELECT `+briefingColumns+` FROM briefings WHERE id = ?`, string(id))
	if err == nil && len(found) == 0 {
		err = briefs.Fault(briefs.ErrNotFound, "there is no such briefing")
	}
	if err != nil {
		return briefs.Briefing{}, err
	}
	return found[0], nil
}

// briefings reads the briefings that query selects. Their quotes are cut out
// of the stored revisions again.
func (l *Library) briefings(ctx context.Context, query string, args ...any) (all []briefs.Briefing, err error) {
	err = snapshot(ctx, l.readers, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		type stored struct {
			key, posted int64
			outline     []byte
			briefs.Briefing
		}
		found, err := collect(rows, func(s *stored) []any {
			return []any{&s.key, &s.ID, &s.Schedule, &s.Room, &s.Slot, &s.posted, &s.outline}
		})
		if err != nil {
			return err
		}
		r := rereader{l: l, tx: tx, revisions: map[revisionKey]*briefs.Document{}}
		for _, s := range found {
			s.Posted = time.UnixMicro(s.posted).UTC()
			if s.Briefs, err = r.briefs(ctx, s.key, s.outline); err != nil {
				return err
			}
			all = append(all, s.Briefing)
		}
		return nil
	})
	return all, l.explain(err)
}

// rereader reads what briefings quoted, at one moment of the library.
type rereader struct {
	l         *Library
	tx        *sql.Tx
	revisions map[revisionKey]*briefs.Document
}

type revisionKey struct {
	document int64
	revision int
}

// briefs fills the outline of a briefing.
func (r *rereader) briefs(ctx context.Context, briefing int64, outlined []byte) ([]briefs.Brief, error) {
	var list []outlinedBrief
	if err := json.Unmarshal(outlined, &list); err != nil {
		return nil, damaged(r.l.path, "the outline of a briefing cannot be read")
	}
	all := make([]briefs.Brief, len(list))
	for i, o := range list {
		all[i] = briefs.Brief{Topic: o.Topic, From: o.From, To: o.To}
		for _, s := range o.Sections {
			all[i].Sections = append(all[i].Sections, briefs.Section{Kind: s.Kind, Heading: s.Heading})
		}
	}
	quotes, err := r.quotes(ctx, briefing)
	if err != nil {
		return nil, err
	}
	rows, err := r.tx.QueryContext(ctx, `SELECT key, brief, section, label, sources, quotes FROM briefing_items WHERE briefing = ? ORDER BY key`, briefing)
	if err != nil {
		return nil, err
	}
	type stored struct {
		key                    int64
		brief, section, quotes int
		briefs.BriefItem
	}
	items, err := collect(rows, func(s *stored) []any {
		return []any{&s.key, &s.brief, &s.section, &s.Label, &s.Sources, &s.quotes}
	})
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		if it.brief < 0 || it.brief >= len(all) || it.section < 0 || it.section >= len(all[it.brief].Sections) {
			return nil, damaged(r.l.path, "an item of a briefing stands outside its outline")
		}
		it.Quotes = quotes[it.key]
		if len(it.Quotes) == 0 && it.quotes > 0 {
			continue
		}
		b := &all[it.brief]
		s := &b.Sections[it.section]
		s.Items = append(s.Items, it.BriefItem)
		for _, c := range it.Quotes {
			credit(b, c)
		}
	}
	for i := range all {
		all[i].Sections = slices.DeleteFunc(all[i].Sections, func(s briefs.Section) bool { return len(s.Items) == 0 })
	}
	return all, nil
}

// credit enters c among the sources of b, which stay sorted by number.
func credit(b *briefs.Brief, c briefs.Citation) {
	i, found := slices.BinarySearchFunc(b.Sources, c.Source, func(s briefs.BriefSource, n int) int { return s.N - n })
	if !found {
		b.Sources = slices.Insert(b.Sources, i, briefs.BriefSource{N: c.Source, Document: c.Quote.Document()})
	}
	s := &b.Sources[i]
	if j, found := slices.BinarySearch(s.Quotes, c.N); !found {
		s.Quotes = slices.Insert(s.Quotes, j, c.N)
	}
}

// quotes returns the citations of a briefing by the key of their item.
func (r *rereader) quotes(ctx context.Context, briefing int64) (map[int64][]briefs.Citation, error) {
	rows, err := r.tx.QueryContext(ctx, `SELECT q.item, q.n, q.source, q.depth, q.document, q.revision, q.start, q.stop, q.lead_start, q.lead_stop
		FROM briefing_items i JOIN briefing_quotes q ON q.item = i.key WHERE i.briefing = ? ORDER BY q.key`, briefing)
	if err != nil {
		return nil, err
	}
	type stored struct {
		item int64
		at   revisionKey
		span briefs.Span
		lead struct{ start, stop sql.NullInt64 }
		briefs.Citation
	}
	all, err := collect(rows, func(s *stored) []any {
		return []any{&s.item, &s.N, &s.Source, &s.Depth, &s.at.document, &s.at.revision, &s.span.Start, &s.span.End, &s.lead.start, &s.lead.stop}
	})
	if err != nil {
		return nil, err
	}
	quotes := map[int64][]briefs.Citation{}
	for _, s := range all {
		d, err := r.revision(ctx, s.at)
		if err != nil {
			return nil, err
		}
		if s.Quote, err = briefs.NewQuote(d, s.span); err != nil {
			return nil, damaged(r.l.path, "a briefing quotes what is not there")
		}
		if s.lead.start.Valid {
			lead, err := briefs.NewQuote(d, briefs.Span{Start: int(s.lead.start.Int64), End: int(s.lead.stop.Int64)})
			if err != nil {
				return nil, damaged(r.l.path, "a briefing quotes what is not there")
			}
			s.LeadIn = &lead
		}
		quotes[s.item] = append(quotes[s.item], s.Citation)
	}
	return quotes, nil
}

// revision reads one revision, once.
func (r *rereader) revision(ctx context.Context, at revisionKey) (*briefs.Document, error) {
	if d, ok := r.revisions[at]; ok {
		return d, nil
	}
	var f found
	err := r.tx.QueryRowContext(ctx, `SELECT `+documentColumns+` FROM `+documentTables+` WHERE d.key = ? AND r.n = ?`, at.document, at.revision).
		Scan(f.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, damaged(r.l.path, "a briefing quotes what is not there")
	}
	if err != nil {
		return nil, err
	}
	d, err := r.l.fill(ctx, r.tx, f)
	if err != nil {
		return nil, err
	}
	r.revisions[at] = &d
	return &d, nil
}
