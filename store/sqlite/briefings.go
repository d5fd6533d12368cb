package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"briefdesk/briefs"
)

// outlinedBrief is what of a brief belongs to no document.
type outlinedBrief struct {
	Topic       string            `json:"topic"`
	Unmentioned []string          `json:"unmentioned,omitempty"`
	From        briefs.Date       `json:"from"`
	To          briefs.Date       `json:"to"`
	Since       time.Time         `json:"since"`
	Sections    []outlinedSection `json:"sections"`
}

type outlinedSection struct {
	Kind    briefs.SectionKind `json:"kind"`
	Heading string             `json:"heading"`
}

func outline(all []briefs.Brief) (string, error) {
	list := make([]outlinedBrief, len(all))
	for i, b := range all {
		list[i] = outlinedBrief{Topic: b.Topic, Unmentioned: b.Unmentioned, From: b.From, To: b.To, Since: b.Since.UTC()}
		for _, s := range b.Sections {
			list[i].Sections = append(list[i].Sections, outlinedSection{s.Kind, s.Heading})
		}
	}
	b, err := json.Marshal(list)
	return string(b), err
}

// RecordBriefing keeps b as it was posted; one of the same id that is there
// already stays as it is. Quotes and sources are kept as references: those
// that the library does not have (any more) are left out, and with them an
// item without another quote, and what became of such a document. Features of
// citations are not kept. It returns ErrInvalid for a briefing without an id
// and for a lead-in of another revision than its quote.
func (l *Library) RecordBriefing(ctx context.Context, b briefs.Briefing) error {
	return l.write(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.keepBriefing(ctx, b, false)
		return err
	})
}

// keepBriefing stores b, hidden while it is pending, and returns its row; 0
// when one of its id is there already.
func (w *writer) keepBriefing(ctx context.Context, b briefs.Briefing, pending bool) (key int64, err error) {
	if b.ID == "" {
		return 0, briefs.Fault(briefs.ErrInvalid, "record briefing: it has no id")
	}
	outlined, err := outline(b.Briefs)
	if err != nil {
		return 0, err
	}
	r, err := w.exec(ctx, `INSERT INTO briefings (id, schedule, room, slot, posted, outline, pending) VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
		string(b.ID), valid(b.Schedule), valid(b.Room), valid(b.Slot), b.Posted.UnixMicro(), outlined, pending)
	if err != nil {
		return 0, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	if key, err = r.LastInsertId(); err != nil {
		return 0, err
	}
	for i := range b.Briefs {
		k := keeper{w: w, briefing: key, brief: i}
		if err := k.keep(ctx, &b.Briefs[i]); err != nil {
			return 0, err
		}
	}
	return key, w.keepPicture(ctx, key, b.Picture)
}

// keeper stores one brief of a briefing.
type keeper struct {
	w        *writer
	briefing int64
	brief    int // its place in the outline
}

func (k keeper) keep(ctx context.Context, b *briefs.Brief) error {
	for _, s := range b.Sources {
		if _, err := k.w.exec(ctx, `INSERT INTO briefing_sources (briefing, brief, n, document, revision)
			SELECT ?3, ?4, ?5, r.document, r.n FROM documents d JOIN revisions r ON r.document = d.key WHERE d.id = ?1 AND r.n = ?2`,
			string(s.Document.ID), s.Document.Revision, k.briefing, k.brief, s.N); err != nil {
			return err
		}
	}
	for i := range b.Sections {
		for _, item := range b.Sections[i].Items {
			if err := k.item(ctx, i, item); err != nil {
				return err
			}
		}
	}
	for _, c := range b.Changes {
		if err := k.change(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (k keeper) item(ctx context.Context, section int, item briefs.BriefItem) error {
	also, err := json.Marshal(append([]int{}, item.Also...))
	if err != nil {
		return err
	}
	r, err := k.w.exec(ctx, `INSERT INTO briefing_items (briefing, brief, section, label, sources, also, quotes) VALUES (?,?,?,?,?,?,?)`,
		k.briefing, k.brief, section, valid(item.Label), item.Sources, string(also), len(item.Quotes))
	if err != nil {
		return err
	}
	key, err := r.LastInsertId()
	if err != nil {
		return err
	}
	kept, err := k.quotes(ctx, key, nil, item.Quotes)
	if err == nil && kept == 0 && len(item.Quotes) > 0 {
		_, err = k.w.exec(ctx, `DELETE FROM briefing_items WHERE key = ?`, key)
	}
	return err
}

func (k keeper) change(ctx context.Context, c briefs.BriefChange) error {
	var at any
	if !c.At.IsZero() {
		at = c.At.UnixMicro()
	}
	r, err := k.w.exec(ctx, `INSERT INTO briefing_changes (briefing, brief, kind, document, revision, at)
		SELECT ?3, ?4, ?5, r.document, r.n, ?6 FROM documents d JOIN revisions r ON r.document = d.key WHERE d.id = ?1 AND r.n = ?2`,
		string(c.Document.ID), c.Document.Revision, k.briefing, k.brief, string(c.Kind), at)
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
	_, err = k.quotes(ctx, nil, key, c.Quotes)
	return err
}

// quotes stores those of an item or of a change and returns how many it kept.
func (k keeper) quotes(ctx context.Context, item, change any, all []briefs.Citation) (kept int64, err error) {
	for _, c := range all {
		d, span := c.Quote.Document(), c.Quote.Span()
		var start, stop any
		if c.LeadIn != nil {
			lead := c.LeadIn.Document()
			if lead.ID != d.ID || lead.Revision != d.Revision {
				return kept, briefs.Fault(briefs.ErrInvalid, "record briefing: a lead-in is of another revision than its quote")
			}
			start, stop = c.LeadIn.Span().Start, c.LeadIn.Span().End
		}
		r, err := k.w.exec(ctx, `INSERT INTO briefing_quotes (item, change, n, source, depth, document, revision, start, stop, lead_start, lead_stop)
			SELECT ?3, ?4, ?5, ?6, ?7, r.document, r.n, ?8, ?9, ?10, ?11 FROM documents d JOIN revisions r ON r.document = d.key
			WHERE d.id = ?1 AND r.n = ?2 AND ?9 <= r.bytes AND ifnull(?11, 0) <= r.bytes`,
			string(d.ID), d.Revision, item, change, c.N, c.Source, c.Depth, span.Start, span.End, start, stop)
		if err != nil {
			return kept, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return kept, err
		}
		kept += n
	}
	return kept, nil
}
