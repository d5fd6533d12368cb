package sqlite

import (
	"encoding/json"

	"briefdesk/briefs"
)

// references returns the spans that records quote of a document, by revision.
func (c *checker) references(document int64) (map[int][]briefs.Span, error) {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT revision, start, stop FROM asked_quotes WHERE document = ?1
		UNION ALL SELECT revision, start, stop FROM briefing_quotes WHERE document = ?1
		UNION ALL SELECT revision, lead_start, lead_stop FROM briefing_quotes WHERE document = ?1 AND lead_start IS NOT NULL
		UNION SELECT revision, start, stop FROM shown_quotes WHERE document = ?1
		UNION SELECT revision, lead_start, lead_stop FROM shown_quotes WHERE document = ?1 AND lead_start IS NOT NULL`, document)
	if err != nil {
		return nil, err
	}
	type row struct {
		revision int
		briefs.Span
	}
	found, err := collect(rows, func(r *row) []any { return []any{&r.revision, &r.Start, &r.End} })
	spans := map[int][]briefs.Span{}
	for _, r := range found {
		spans[r.revision] = append(spans[r.revision], r.Span)
	}
	return spans, err
}

// records checks what is recorded beside the documents, but for foreign keys
// and for spans, which are checked with the texts.
func (c *checker) records() error {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT id FROM link_keys WHERE length(secret) < ?`, minSecret)
	if err != nil {
		return err
	}
	short, err := collect(rows, func(id *int) []any { return []any{id} })
	if err != nil {
		return err
	}
	for _, id := range short {
		if err := c.report("link key %d is too short", id); err != nil {
			return err
		}
	}
	if rows, err = c.tx.QueryContext(c.ctx, `SELECT key, id, outline FROM briefings ORDER BY key`); err != nil {
		return err
	}
	type posted struct {
		key     int64
		id      string
		outline []byte
	}
	briefings, err := collect(rows, func(p *posted) []any { return []any{&p.key, &p.id, &p.outline} })
	if err != nil {
		return err
	}
	for _, step := range []func() error{c.deliveries, c.pictures, c.incoming, c.shown, c.sources} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, p := range briefings {
		var list []outlinedBrief
		if json.Unmarshal(p.outline, &list) != nil {
			if err := c.report("briefing %q: its outline cannot be read", p.id); err != nil {
				return err
			}
			continue
		}
		if err := c.briefing(p.key, p.id, list); err != nil {
			return err
		}
	}
	return nil
}

// deliveries checks that each delivery has what its state needs.
func (c *checker) deliveries() error {
	return c.faults(`SELECT 'delivery or schedule', id, CASE
		WHEN state NOT IN ('planned', 'frozen', 'held', 'posted', 'nothing', 'skipped', 'failed') THEN 'an unknown state'
		WHEN state = 'planned' AND parts > 0 THEN 'parts already'
		WHEN state IN ('frozen', 'held', 'posted') AND parts = 0 THEN 'no part'
		WHEN state = 'posted' AND sent < parts THEN 'a part that was not sent'
		WHEN state IN ('frozen', 'held') AND bodies < parts THEN 'a part without content'
		WHEN parts > 0 AND last <> parts THEN 'a gap in its parts'
		WHEN first_due > due OR (missed > 0) <> (first_due > 0) THEN 'missed slots that cannot be' ELSE '' END AS fault
		FROM (SELECT d.*, count(p.n) AS parts, total(p.sent) AS sent, total(json_valid(p.body)) AS bodies, max(p.n) AS last
			FROM deliveries d LEFT JOIN delivery_parts p ON p.delivery = d.key GROUP BY d.key) WHERE fault <> ''
		UNION ALL SELECT 'delivery or schedule', id, 'topics that cannot be read' FROM schedules WHERE NOT json_valid(topics)`)
}

// briefing checks that what a briefing holds stands inside its outline, and
// that its items have what they need.
func (c *checker) briefing(key int64, id string, list []outlinedBrief) error {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT 'an item', brief, section,
			json_valid(also) AND (quotes = 0 OR EXISTS (SELECT 1 FROM briefing_quotes q WHERE q.item = i.key)) FROM briefing_items i WHERE briefing = ?1
		UNION ALL SELECT 'a source', brief, -1, 1 FROM briefing_sources WHERE briefing = ?1
		UNION ALL SELECT 'a change', brief, -1, 1 FROM briefing_changes WHERE briefing = ?1`, key)
	if err != nil {
		return err
	}
	type part struct {
		what           string
		brief, section int
		whole          bool
	}
	parts, err := collect(rows, func(p *part) []any { return []any{&p.what, &p.brief, &p.section, &p.whole} })
	if err != nil {
		return err
	}
	for _, p := range parts {
		fault := ""
		switch {
		case p.brief < 0 || p.brief >= len(list) || p.section >= len(list[p.brief].Sections):
			fault = "stands outside its outline"
		case !p.whole:
			fault = "is not whole"
		default:
			continue
		}
		if err := c.report("briefing %q: %s %s", id, p.what, fault); err != nil {
			return err
		}
	}
	return nil
}
