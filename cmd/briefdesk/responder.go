package main

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/schedule"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

// newResponder makes the replies to what rooms ask of lib. chats bring the files
// that are sent; they may be filled in until the first reply.
func (a *app) newResponder(lib store.Backend, metrics *web.Metrics, chats bot.Mux) *bot.Responder {
	c, links, s := a.newClerk(lib, metrics), a.links(lib), a.summarizer(lib)
	in := &adder{app: a, lib: lib, chats: chats}
	return bot.NewResponder(a.log, bot.Options{
		Grant: a.grant,
		Ask: func(ctx context.Context, q bot.Question) (briefs.Answer, bool, error) {
			r := ask.Request{Question: q.Text, Scope: q.Scope}
			r.After = previousOf(q.After)
			ans, unrecorded, err := c.ask(ctx, q.Who.Room.Platform(), string(q.Who.Room), r, q.Try)
			return ans, err == nil && unrecorded == nil && !ans.Answered(), err
		},
		Brief: func(ctx context.Context, t bot.Topic) (briefs.Brief, error) {
			gaps, err := lib.Gaps(ctx, string(t.Who.Room))
			if err != nil {
				return briefs.Brief{}, err
			}
			b, err := s.Brief(ctx, summary.Request{Topic: t.Words, Scope: t.Scope, Since: t.Since, Gaps: gaps})
			if errors.Is(err, briefs.ErrNotFound) { // a collection that the room does not see, or that is empty
				return briefs.Brief{Topic: t.Words, Since: t.Since}, nil
			}
			return b, err
		},
		Answers: lib,
		Briefing: func(ctx context.Context, room briefs.RoomID, receipt string) (briefs.Briefing, bool, error) {
			return briefingAt(ctx, lib, room, receipt)
		},
		Document: lib.Document,
		Link: func(ctx context.Context, room briefs.RoomID, q briefs.Quote) (string, error) {
			return links.Quote(ctx, string(room), q)
		},
		Ref:      quoteAt(a.cfg.PublicURL()),
		Desk:     &roomDesk{app: a, lib: lib, desk: schedule.NewDesk(lib, a.mayManage)},
		Sources:  func(ctx context.Context, s briefs.Scope) (bot.Sources, error) { return sourcesOf(ctx, lib, s) },
		Add:      in.add,
		Unfollow: in.remove,
		Owners:   a.owners,
		Sign: func(platform string) string {
			if platform == "slack" {
				return "/"
			}
			return "!"
		},
		Now: a.now,
	})
}

// previousOf is p as package ask takes it.
func previousOf(p *bot.Previous) *ask.Previous {
	if p == nil {
		return nil
	}
	return &ask.Previous{Question: p.Question, Documents: p.Documents, Quotes: p.Quotes, Before: previousOf(p.Before)}
}

// recentDeliveries is among how many of the latest briefings that of a message
// is sought.
const recentDeliveries = 300

// briefingAt is the briefing that a message of a room shows.
func briefingAt(ctx context.Context, lib store.Backend, room briefs.RoomID, receipt string) (b briefs.Briefing, ok bool, err error) {
	posted, err := lib.Deliveries(ctx, "", recentDeliveries, briefs.Posted)
	if err != nil {
		return b, false, err
	}
	for _, d := range posted {
		if d.Room != room || !slices.ContainsFunc(d.Parts, func(p briefs.SentPart) bool { return p.Receipt == receipt }) {
			continue
		}
		b, err = lib.Briefing(ctx, schedule.BriefingID(d.Key), string(room))
		if errors.Is(err, briefs.ErrNotFound) { // one that told of no document
			return b, false, nil
		}
		return b, err == nil, err
	}
	return b, false, nil
}

// quoteAt reads the addresses of quotes below base; see web.Links.
func quoteAt(base string) func(address string) (briefs.Ref, bool) {
	return func(address string) (ref briefs.Ref, ok bool) {
		rest, ok := strings.CutPrefix(address, base+"/d/")
		if !ok {
			return ref, false
		}
		u, err := url.Parse(rest)
		if err != nil || u.Host != "" {
			return ref, false
		}
		id, err := url.PathUnescape(u.EscapedPath())
		revision, bad := strconv.Atoi(u.Query().Get("r"))
		if err != nil || bad != nil || revision < 1 {
			return ref, false
		}
		from, to, _ := strings.Cut(u.Query().Get("s"), "-")
		start, err := strconv.Atoi(from)
		end, bad := strconv.Atoi(to)
		ref = briefs.Ref{Document: briefs.DocumentID(id), Revision: revision, Span: briefs.Span{Start: start, End: end}}
		return ref, err == nil && bad == nil
	}
}

// sourcesOf is what s sees and where it comes from. Of files on this machine
// only the name is told.
func sourcesOf(ctx context.Context, lib store.Backend, s briefs.Scope) (bot.Sources, error) {
	var out bot.Sources
	var err error
	if out.Collections, err = lib.Collections(ctx, s); err != nil {
		return out, err
	}
	latest, err := lib.Documents(ctx, briefs.Listing{Scope: s, Order: briefs.ByAdded, Limit: 1})
	if err != nil {
		return out, err
	}
	if len(latest) > 0 {
		out.Latest = latest[0].Added
	}
	followed, err := lib.Sources(ctx, s)
	if err != nil {
		return out, err
	}
	fetches, err := lib.Fetches(ctx, s)
	if err != nil {
		return out, err
	}
	known := map[briefs.SourceKey]bool{}
	for _, f := range followed {
		known[f.Key()] = true
		src := sourceAt(f.Address, f.Collection, f.Read, f.Problem)
		if f.As != "" && f.As != briefs.SourcePage && f.As != briefs.SourcePath {
			src.Name = cmp.Or(f.Title, src.Name)
		}
		out.Sources = append(out.Sources, src)
	}
	for _, f := range fetches {
		if !known[briefs.SourceKey{Collection: f.Collection, Address: f.Source}] {
			out.Sources = append(out.Sources, sourceAt(f.Source, f.Collection, f.At, f.Problem))
		}
	}
	return out, nil
}

func sourceAt(address, collection string, read time.Time, problem string) bot.Source {
	src := bot.Source{Name: filepath.Base(address), Collection: collection, Fetched: read, Failing: problem != ""}
	if u, err := url.Parse(address); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		u.User = nil
		src.Name, src.Link = path.Join(u.Host, u.Path), u.String()
	}
	return src
}

// roomDesk manages the briefings of rooms.
type roomDesk struct {
	*app
	lib  store.Backend
	desk *schedule.Desk
}

var _ bot.Desk = (*roomDesk)(nil)

// nextShown is how many of the next slots a room is told.
const nextShown = 3

func (d *roomDesk) subscription(s briefs.Schedule, now time.Time) (bot.Subscription, error) {
	sub := bot.Subscription{Schedule: s, Name: schedule.Name(s)}
	spec, err := schedule.Parse(s.When, s.Zone, true)
	if err == nil && s.Paused == "" {
		sub.Next = spec.Next(now, nextShown)
	}
	return sub, err
}

// List implements bot.Desk.
func (d *roomDesk) List(ctx context.Context, room briefs.RoomID) ([]bot.Subscription, error) {
	all, err := d.desk.List(ctx, room)
	if err != nil {
		return nil, err
	}
	out := make([]bot.Subscription, len(all))
	for i, s := range all {
		if out[i], err = d.subscription(s, d.now()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Add implements bot.Desk.
func (d *roomDesk) Add(ctx context.Context, room briefs.RoomID, who, words string, now time.Time) (bot.Subscription, error) {
	if topics, _, err := schedule.ParseRequest(words); err == nil {
		if err := d.openQueries(room, topics); err != nil {
			return bot.Subscription{}, err
		}
	}
	s, _, err := d.desk.Add(ctx, room, who, words, now)
	if err != nil {
		return bot.Subscription{}, err
	}
	return d.subscription(s, now)
}

// Put implements bot.Desk.
func (d *roomDesk) Put(ctx context.Context, room briefs.RoomID, who string, s briefs.Schedule, now time.Time) (bot.Subscription, error) {
	if err := d.openQueries(room, s.Topics); err != nil {
		return bot.Subscription{}, err
	}
	s, _, err := d.desk.Put(ctx, room, who, s, now)
	if err != nil {
		return bot.Subscription{}, err
	}
	return d.subscription(s, now)
}

// Pause implements bot.Desk.
func (d *roomDesk) Pause(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	return d.desk.Pause(ctx, room, who, name, now)
}

// Resume implements bot.Desk.
func (d *roomDesk) Resume(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	return d.desk.Resume(ctx, room, who, name, now)
}

// Delete implements bot.Desk.
func (d *roomDesk) Delete(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	return d.desk.Delete(ctx, room, who, name, now)
}

// Preview implements bot.Desk.
func (d *roomDesk) Preview(ctx context.Context, room briefs.RoomID, name string, now time.Time) ([]briefs.Part, error) {
	s, err := d.desk.Find(ctx, room, name)
	if err != nil {
		return nil, err
	}
	spec, err := schedule.Parse(s.When, s.Zone, true)
	if err != nil {
		return nil, err
	}
	before, err := d.lib.Deliveries(ctx, s.ID, 100, briefs.Posted)
	if err != nil {
		return nil, err
	}
	composed, err := d.newComposer(d.lib).compose(ctx, schedule.Preview(s, spec, now, lastComposed(before)))
	return composed.Parts, err
}
