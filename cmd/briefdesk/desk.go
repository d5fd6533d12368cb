package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/store"
)

// clerk asks on behalf of rooms: every question of a person, wherever it was
// typed, is answered, recorded and counted here. It is safe for concurrent use.
type clerk struct {
	log     *slog.Logger
	lib     store.Backend
	asker   *ask.Asker
	metrics *web.Metrics // nil counts nothing
	now     func() time.Time
}

// newClerk returns a clerk whose stages metrics measure.
func (a *app) newClerk(lib store.Backend, metrics *web.Metrics) *clerk {
	asker := ask.New(a.log, lib)
	if metrics != nil {
		asker = asker.Observed(func(s ask.Stage, took time.Duration) { metrics.Stage(string(s), took) })
	}
	return &clerk{log: a.log, lib: lib, asker: asker, metrics: metrics, now: a.now}
}

// recordTimeout bounds how long a reader waits for the record of an answer
// that is there: while documents are added the library is written to in turns
// of a second or two (docs/benchmarks.md).
const recordTimeout = 2 * time.Second

// The surfaces that questions come from, as metrics name them.
const (
	surfaceCLI  = "cli"
	surfaceDemo = "demo"
	surfaceWeb  = "web"
)

// errNarrowed tells why silence was not recorded: only some of the documents
// that the room sees were asked, and the others may hold the answer.
var errNarrowed = errors.New("only some documents were asked")

// ask answers r for those in room, on surface. narrowed reports that r asks
// only some of the documents that the room sees. unrecorded tells why the
// record could not be made; the answer is good all the same.
func (c *clerk) ask(ctx context.Context, surface, room string, r ask.Request, narrowed bool) (ans briefs.Answer, unrecorded, err error) {
	r.Now = c.now()
	ans, err = c.asker.Ask(ctx, r)
	c.metrics.Question(surface, &ans, err)
	if err != nil {
		c.metrics.Error("ask")
		return ans, nil, err
	}
	if narrowed && !ans.Answered() {
		return ans, errNarrowed, nil
	}
	unrecorded = c.record(ctx, room, &ans)
	if unrecorded != nil && !errors.Is(unrecorded, briefs.ErrInvalid) { // no word is no fault
		c.metrics.Error("record")
		c.log.InfoContext(ctx, "question is not recorded", "room", room, "err", unrecorded)
	}
	return ans, unrecorded, nil
}

// record notes what was asked in room and what was quoted, or that nothing
// was: a gap.
func (c *clerk) record(ctx context.Context, room string, ans *briefs.Answer) error {
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	now := c.now().UTC()
	asked := briefs.Asked{Room: room, Question: ans.Question, Reason: ans.Reason, First: now, Last: now, Count: 1}
	for _, list := range [][]briefs.Citation{ans.Quotes, ans.More} {
		for _, cited := range list {
			d := cited.Quote.Document()
			asked.Quotes = append(asked.Quotes, briefs.Ref{Document: d.ID, Revision: d.Revision, Span: cited.Quote.Span()})
		}
	}
	if err := c.lib.RecordAsked(ctx, asked); err != nil {
		return err
	}
	silent := ans.Parts // those of several questions that are not answered
	if len(silent) == 0 {
		silent = []briefs.Answer{*ans}
	}
	for i := range silent {
		if one := &silent[i]; !one.Answered() {
			if err := c.lib.RecordGap(ctx, briefs.Gap{Room: room, Question: one.Question, Reason: one.Reason, First: now, Last: now, Count: 1}); err != nil {
				return err
			}
		}
	}
	return nil
}

// gapNote is what to tell after silence.
func gapNote(question string, unrecorded error) string {
	switch {
	case unrecorded == nil:
		return "Recorded as a gap. Add sources with: briefdesk add …"
	case errors.Is(unrecorded, errNarrowed):
		return "Only some documents were asked, so that this is not recorded as a gap."
	case errors.Is(unrecorded, briefs.ErrInvalid) && len(strings.Fields(question)) < 2:
		return "Add sources with: briefdesk add …" // no word to record
	}
	return "The gap could not be recorded. Add sources with: briefdesk add …"
}

// address makes the address of a quote.
type address func(briefs.Quote) string

// addresses are those of the command line: they open for whoever it passes
// them on to. Where they cannot be signed, which opens for nobody, it warns.
func (a *app) addresses(ctx context.Context, links *web.Links) address {
	warned := false
	return func(q briefs.Quote) string {
		at, err := links.Quote(ctx, "", q)
		if err != nil && !warned {
			warned = true
			fmt.Fprintf(a.stderr, "briefdesk: warning: links are not signed and will not open: %s\n", oneLine(err))
		}
		return at
	}
}

// links makes addresses by the configuration, with the keys of lib.
func (a *app) links(lib store.Backend) *web.Links {
	w := a.cfg.Web
	return web.NewLinks(lib, web.LinkOptions{
		PublicURL: a.cfg.PublicURL(), Unsigned: web.Local(a.cfg.PublicURL(), w.Listen, w.TrustHeader),
		Days: w.LinkDays, Secret: []byte(a.cfg.Secrets.SecretKey.Reveal()), Now: a.now,
	})
}
