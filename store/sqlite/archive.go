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

const briefingColumns = `key, id, schedule, room, slot, posted, outline`

// Briefings lists what was posted to rooms, to all rooms when none is named,
// newest first, then by id; at most limit after passing over offset, none when
// limit is below 1.
func (l *Library) Briefings(ctx context.Context, offset, limit int, rooms ...string) ([]briefs.Briefing, error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	return l.briefings(ctx, `SELECT `+briefingColumns+` FROM briefings WHERE NOT pending AND (?1 OR room IN (SELECT value FROM json_each(?2)))
		ORDER BY posted DESC, id LIMIT ?3 OFFSET ?4`, len(rooms) == 0, jsonList(rooms), limit, max(offset, 0))
}

// Briefing is one of those of rooms, of all when none is named. It returns
// ErrNotFound alike for another room's and for one that never was.
func (l *Library) Briefing(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Briefing, error) {
	found, err := l.briefings(ctx, `SELECT `+briefingColumns+` FROM briefings WHERE id = ?1 AND NOT pending AND (?2 OR room IN (SELECT value FROM json_each(?3)))`,
		string(id), len(rooms) == 0, jsonList(rooms))
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
		type stored struct {
			key, posted int64
			outline     []byte
			briefs.Briefing
		}
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		found, err := collect(rows, func(s *stored) []any {
			return []any{&s.key, &s.ID, &s.Schedule, &s.Room, &s.Slot, &s.posted, &s.outline}
		})
		if err != nil {
			return err
		}
		a := archive{l: l, tx: tx, revisions: map[revisionKey]*briefs.Document{}}
		for _, s := range found {
			s.Posted = time.UnixMicro(s.posted).UTC()
			if s.Briefs, err = a.briefing(ctx, s.key, s.outline); err != nil {
				return err
			}
			if s.Picture, err = a.picture(ctx, s.key); err != nil {
				return err
			}
			all = append(all, s.Briefing)
		}
		return nil
	})
	return all, l.explain(err)
}

// archive reads briefings at one moment of the library.
type archive struct {
	l         *Library
	tx        *sql.Tx
	revisions map[revisionKey]*briefs.Document
}

type revisionKey struct {
	document int64
	n        int
}

func (a *archive) damaged() error {
	return damaged(a.l.path, "a briefing is not what was stored")
}

// briefing fills the outline of one briefing.
func (a *archive) briefing(ctx context.Context, key int64, outlined []byte) ([]briefs.Brief, error) {
	var list []outlinedBrief
	if err := json.Unmarshal(outlined, &list); err != nil {
		return nil, a.damaged()
	}
	all := make([]briefs.Brief, len(list))
	for i, o := range list {
		all[i] = briefs.Brief{Topic: o.Topic, Unmentioned: o.Unmentioned, From: o.From, To: o.To, Since: o.Since}
		for _, s := range o.Sections {
			all[i].Sections = append(all[i].Sections, briefs.Section{Kind: s.Kind, Heading: s.Heading})
		}
	}
	for _, fill := range []func(context.Context, int64, []briefs.Brief) error{a.sources, a.items, a.changes} {
		if err := fill(ctx, key, all); err != nil {
			return nil, err
		}
	}
	for i := range all {
		all[i].Sections = slices.DeleteFunc(all[i].Sections, func(s briefs.Section) bool { return len(s.Items) == 0 })
	}
	return all, nil
}

func (a *archive) sources(ctx context.Context, key int64, all []briefs.Brief) error {
	rows, err := a.tx.QueryContext(ctx, `SELECT brief, n, document, revision FROM briefing_sources WHERE briefing = ? ORDER BY brief, n`, key)
	if err != nil {
		return err
	}
	type stored struct {
		brief, n int
		at       revisionKey
	}
	found, err := collect(rows, func(s *stored) []any { return []any{&s.brief, &s.n, &s.at.document, &s.at.n} })
	if err != nil {
		return err
	}
	for _, s := range found {
		if s.brief < 0 || s.brief >= len(all) {
			return a.damaged()
		}
		d, err := a.revision(ctx, s.at)
		if err != nil {
			return err
		}
		all[s.brief].Sources = append(all[s.brief].Sources, briefs.BriefSource{N: s.n, Document: metadataOf(d)})
	}
	return nil
}

func (a *archive) items(ctx context.Context, key int64, all []briefs.Brief) error {
	quotes, err := a.quotes(ctx, `SELECT q.item, `+quoteColumns+` FROM briefing_items i JOIN briefing_quotes q ON q.item = i.key
		WHERE i.briefing = ? ORDER BY q.key`, key)
	if err != nil {
		return err
	}
	rows, err := a.tx.QueryContext(ctx, `SELECT key, brief, section, label, sources, also, quotes FROM briefing_items WHERE briefing = ? ORDER BY key`, key)
	if err != nil {
		return err
	}
	type stored struct {
		key                    int64
		brief, section, quotes int
		also                   []byte
		briefs.BriefItem
	}
	found, err := collect(rows, func(s *stored) []any {
		return []any{&s.key, &s.brief, &s.section, &s.Label, &s.Sources, &s.also, &s.quotes}
	})
	if err != nil {
		return err
	}
	for _, s := range found {
		if s.brief < 0 || s.brief >= len(all) || s.section < 0 || s.section >= len(all[s.brief].Sections) {
			return a.damaged()
		}
		b := &all[s.brief]
		var also []int
		if err := json.Unmarshal(s.also, &also); err != nil {
			return a.damaged()
		}
		for _, n := range also {
			if slices.ContainsFunc(b.Sources, func(s briefs.BriefSource) bool { return s.N == n }) {
				s.Also = append(s.Also, n)
			}
		}
		if s.Quotes = quotes[s.key]; len(s.Quotes) == 0 && s.quotes > 0 {
			return a.damaged()
		}
		section := &b.Sections[s.section]
		section.Items = append(section.Items, s.BriefItem)
		credit(b, s.Quotes)
	}
	return nil
}

func (a *archive) changes(ctx context.Context, key int64, all []briefs.Brief) error {
	quotes, err := a.quotes(ctx, `SELECT q.change, `+quoteColumns+` FROM briefing_changes c JOIN briefing_quotes q ON q.change = c.key
		WHERE c.briefing = ? ORDER BY q.key`, key)
	if err != nil {
		return err
	}
	rows, err := a.tx.QueryContext(ctx, `SELECT key, brief, kind, document, revision, at FROM briefing_changes WHERE briefing = ? ORDER BY key`, key)
	if err != nil {
		return err
	}
	type stored struct {
		key   int64
		brief int
		at    revisionKey
		when  sql.NullInt64
		briefs.BriefChange
	}
	found, err := collect(rows, func(s *stored) []any {
		return []any{&s.key, &s.brief, &s.Kind, &s.at.document, &s.at.n, &s.when}
	})
	if err != nil {
		return err
	}
	for _, s := range found {
		if s.brief < 0 || s.brief >= len(all) {
			return a.damaged()
		}
		d, err := a.revision(ctx, s.at)
		if err != nil {
			return err
		}
		s.Document, s.Quotes = metadataOf(d), quotes[s.key]
		if s.when.Valid {
			s.At = time.UnixMicro(s.when.Int64).UTC()
		}
		b := &all[s.brief]
		b.Changes = append(b.Changes, s.BriefChange)
		credit(b, s.Quotes)
	}
	return nil
}

// credit enters quotes under the sources of b.
func credit(b *briefs.Brief, quotes []briefs.Citation) {
	for _, c := range quotes {
		i := slices.IndexFunc(b.Sources, func(s briefs.BriefSource) bool { return s.N == c.Source })
		if i < 0 {
			continue
		}
		s := &b.Sources[i]
		if j, found := slices.BinarySearch(s.Quotes, c.N); !found {
			s.Quotes = slices.Insert(s.Quotes, j, c.N)
		}
	}
}

const quoteColumns = `q.n, q.source, q.depth, q.document, q.revision, q.start, q.stop, q.lead_start, q.lead_stop`

// quotes reads the citations of a briefing by the key that query selects first.
func (a *archive) quotes(ctx context.Context, query string, briefing int64) (map[int64][]briefs.Citation, error) {
	rows, err := a.tx.QueryContext(ctx, query, briefing)
	if err != nil {
		return nil, err
	}
	type stored struct {
		of          int64
		at          revisionKey
		span        briefs.Span
		start, stop sql.NullInt64 // of the lead-in
		briefs.Citation
	}
	found, err := collect(rows, func(s *stored) []any {
		return []any{&s.of, &s.N, &s.Source, &s.Depth, &s.at.document, &s.at.n, &s.span.Start, &s.span.End, &s.start, &s.stop}
	})
	if err != nil {
		return nil, err
	}
	quotes := map[int64][]briefs.Citation{}
	for _, s := range found {
		d, err := a.revision(ctx, s.at)
		if err != nil {
			return nil, err
		}
		if s.Quote, err = briefs.NewQuote(d, s.span); err != nil {
			return nil, a.damaged()
		}
		if s.start.Valid {
			lead, err := briefs.NewQuote(d, briefs.Span{Start: int(s.start.Int64), End: int(s.stop.Int64)})
			if err != nil {
				return nil, a.damaged()
			}
			s.LeadIn = &lead
		}
		quotes[s.of] = append(quotes[s.of], s.Citation)
	}
	return quotes, nil
}

// revision reads one revision, once.
func (a *archive) revision(ctx context.Context, at revisionKey) (*briefs.Document, error) {
	if d, ok := a.revisions[at]; ok {
		return d, nil
	}
	var f found
	err := a.tx.QueryRowContext(ctx, `SELECT `+documentColumns+` FROM `+documentTables+` WHERE d.key = ? AND r.n = ?`, at.document, at.n).
		Scan(f.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, a.damaged()
	}
	if err == nil {
		err = a.l.copied(ctx, a.tx.QueryContext, &f)
	}
	if err != nil {
		return nil, err
	}
	d, err := a.l.fill(ctx, a.tx.QueryContext, f)
	if err != nil {
		return nil, err
	}
	a.revisions[at] = &d
	return &d, nil
}

// metadataOf is d without its content.
func metadataOf(d *briefs.Document) briefs.Document {
	m := *d
	m.Text, m.Blocks, m.Enumerations, m.Pages = "", nil, nil, nil
	return m
}
