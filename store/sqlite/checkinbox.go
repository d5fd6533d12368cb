package sqlite

// faults reports, as "what id has fault", the rows of query, whose columns are
// what, id and fault.
func (c *checker) faults(query string) error {
	rows, err := c.tx.QueryContext(c.ctx, query)
	if err != nil {
		return err
	}
	type row struct{ what, id, fault string }
	found, err := collect(rows, func(r *row) []any { return []any{&r.what, &r.id, &r.fault} })
	for _, r := range found {
		if err := c.report("%s %q has %s", r.what, r.id, r.fault); err != nil {
			return err
		}
	}
	return err
}

// incoming checks that what came has what its state needs, and that just the
// first of each lane can be taken.
func (c *checker) incoming() error {
	return c.faults(`SELECT 'incoming', id, CASE
		WHEN state NOT IN ('waiting', 'answered', 'unsure', 'given_up') THEN 'an unknown state'
		WHEN NOT known THEN 'no key'
		WHEN state = 'waiting' AND body IS NULL THEN 'no body'
		WHEN state <> 'waiting' AND (body IS NOT NULL OR held > 0) THEN 'content after its end'
		WHEN state = 'waiting' AND bodies < replies THEN 'a reply without content'
		WHEN state = 'answered' AND sent < replies THEN 'a reply that was not sent'
		WHEN replies > 0 AND NOT composed THEN 'replies already'
		WHEN replies > 0 AND last <> replies THEN 'a gap in its replies'
		WHEN head <> (state = 'waiting' AND (lane = '' OR NOT before)) THEN 'a wrong place in its lane' ELSE '' END AS fault
		FROM (SELECT i.*, count(r.n) AS replies, total(r.sent) AS sent, total(json_valid(r.message)) AS bodies, count(r.message) AS held, max(r.n) AS last,
			EXISTS (SELECT 1 FROM incoming_keys k WHERE k.incoming = i.key AND k.id = i.id) AS known,
			EXISTS (SELECT 1 FROM incoming b WHERE b.platform = i.platform AND b.lane = i.lane AND b.state = 'waiting' AND b.key < i.key) AS before
			FROM incoming i LEFT JOIN incoming_replies r ON r.incoming = i.key GROUP BY i.key) WHERE fault <> ''`)
}

// shown checks what is kept of answers, but for spans, which are checked with
// the texts.
func (c *checker) shown() error {
	return c.faults(`SELECT 'answer', s.id, 'a quote that cannot be read' FROM shown_quotes q JOIN shown s ON s.key = q.shown
			WHERE q.list NOT IN (0, 1, 2) OR NOT json_valid(q.why) GROUP BY s.key
		UNION ALL SELECT 'feedback on', answer, 'an unknown verdict' FROM feedback WHERE verdict NOT IN ('good', 'wrong', 'incomplete', 'outdated')`)
}
