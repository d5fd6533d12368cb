package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/chart"
	"briefdesk/briefs/schedule"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

const (
	// earlierBriefings bounds how many of a room's last briefings are read, so
	// that none of their sentences is told as new again: a year of weeks.
	earlierBriefings = 60
	// chartedWeeks is the window of a briefing's picture.
	chartedWeeks = 12
)

// composer makes the briefings of schedules. It is safe for concurrent use.
type composer struct {
	lib     store.Backend
	summary *summary.Summarizer
	links   *web.Links
	scope   func(briefs.RoomID) (briefs.Scope, bool)
}

func (a *app) newComposer(lib store.Backend) *composer {
	return &composer{lib: lib, summary: a.summarizer(lib), links: a.links(lib), scope: a.briefingScope}
}

// compose gathers what the library says about the topics of w, and what of it
// is new since the last briefing.
func (c *composer) compose(ctx context.Context, w schedule.Work) (schedule.Composed, error) {
	room := string(w.Delivery.Room)
	scope, ok := c.scope(w.Delivery.Room)
	if !ok {
		return schedule.Composed{}, briefs.Fault(briefs.ErrInvalid, "room %s is not set up: name its collections under rooms", room)
	}
	gaps, err := c.lib.Gaps(ctx, room)
	if err != nil {
		return schedule.Composed{}, err
	}
	posted, err := c.lib.Briefings(ctx, 0, earlierBriefings, room)
	if err != nil {
		return schedule.Composed{}, err
	}
	slices.Reverse(posted) // the latest last
	var earlier []briefs.Brief
	for _, p := range posted {
		earlier = append(earlier, p.Briefs...)
	}
	b := bot.Briefing{Title: string(w.Schedule.ID), Due: w.Due(), Heading: w.Heading(), Since: w.Since}
	if w.Schedule.Made {
		b.Title = schedule.Name(w.Schedule)
	}
	var sections []briefs.SectionKind // all for the first one; a room need not be told again what it knows
	if !w.Since.IsZero() {
		sections = []briefs.SectionKind{briefs.SectionNew, briefs.SectionGaps}
	}
	for _, topic := range w.Schedule.Topics {
		brief, err := c.summary.Brief(ctx, summary.Request{Topic: topic, Scope: scope, Since: w.Since, Earlier: earlier, Gaps: gaps, Sections: sections})
		if errors.Is(err, briefs.ErrNotFound) { // a collection that the room does not see, or that is empty
			brief, err = briefs.Brief{Topic: topic}, nil
		}
		if err != nil {
			return schedule.Composed{}, err
		}
		brief.Since = w.Since
		earlier = append(earlier, brief) // not told again under the next topic
		b.Briefs = append(b.Briefs, brief)
	}
	if err := c.link(ctx, &b, room, w.ID); err != nil {
		return schedule.Composed{}, err
	}
	composed := schedule.Composed{Parts: b.Parts(), Nothing: b.Nothing()}
	if composed.Nothing {
		return composed, nil
	}
	composed.Briefs = b.Briefs
	picture, err := c.picture(ctx, scope, w)
	if err != nil {
		return schedule.Composed{}, err
	}
	if picture != nil {
		composed.Picture = picture
		composed.Parts = append(composed.Parts, briefs.Part{Text: picture.Alt, Image: picture.Light, Alt: picture.Alt})
	}
	return composed, nil
}

// link gives b the addresses of its quotes and of itself, signed for its room.
// One that cannot be made is an error: a briefing without sources is none.
func (c *composer) link(ctx context.Context, b *bot.Briefing, room string, id briefs.BriefingID) error {
	at := map[briefs.Ref]string{}
	ref := func(q briefs.Quote) briefs.Ref {
		d := q.Document()
		return briefs.Ref{Document: d.ID, Revision: d.Revision, Span: q.Span()}
	}
	for i := range b.Briefs {
		for _, q := range quotesOf(&b.Briefs[i]) {
			address, err := c.links.Quote(ctx, room, q)
			if err != nil {
				return err
			}
			at[ref(q)] = address
		}
	}
	b.Link = func(q briefs.Quote) string { return at[ref(q)] }
	var err error
	b.Archive, err = c.links.Briefing(ctx, room, id)
	return err
}

func quotesOf(b *briefs.Brief) []briefs.Quote {
	var all []briefs.Quote
	add := func(cited []briefs.Citation) {
		for _, c := range cited {
			all = append(all, c.Quote)
		}
	}
	for _, s := range b.Sections {
		for _, it := range s.Items {
			add(it.Quotes)
		}
	}
	for _, c := range b.Changes {
		add(c.Quotes)
	}
	return all
}

// picture is the chart of a briefing; nil when nothing was published in its
// window.
func (c *composer) picture(ctx context.Context, scope briefs.Scope, w schedule.Work) (*briefs.Picture, error) {
	to := w.Now.UTC()
	from := to.AddDate(0, 0, -7*chartedWeeks)
	list, err := c.lib.Documents(ctx, briefs.Listing{Scope: scope, From: briefs.Date(from.Format(time.DateOnly)), To: briefs.Date(to.Format(time.DateOnly))})
	if err != nil {
		return nil, err
	}
	collections := map[string]bool{}
	documents := make([]briefs.Document, len(list))
	for i, l := range list {
		documents[i] = l.Document
		collections[l.Collection] = true
	}
	by := chart.ByPublisher
	if len(collections) > 1 {
		by = chart.ByCollection
	}
	tally, err := chart.Count(documents, by, from, to)
	if err != nil || tally.Total() == 0 {
		return nil, err
	}
	p := briefs.Picture{Alt: tally.Alt(), Collections: slices.Sorted(maps.Keys(collections)), Width: chart.Width, Height: chart.Height}
	if p.Light, err = tally.PNG(chart.Light); err == nil {
		p.Dark, err = tally.PNG(chart.Dark)
	}
	return &p, err
}
