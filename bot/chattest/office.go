// Package chattest holds the tests that every platform must pass, and a desk
// over the sample library for tests of what rooms see.
package chattest

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/schedule"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// Office is a desk over the sample library, with real parts. Where Grants says
// nothing of a room, it sees the collection "cyber".
type Office struct {
	*bot.Responder
	Lib    store.Backend
	Desk   *schedule.Desk
	Grants map[briefs.RoomID]bot.Grant
	Owners []string
	Files  bot.Opener // brings what was sent; nil where nothing is
	Now    func() time.Time
	// Asked is called before a question is answered; nil for nothing. An error
	// is that of the answer.
	Asked func(q bot.Question) error
}

// Reason is a question that the sample library answers with five reasons, and
// Reasons are these, each a sentence of one document.
const Reason = "why did us-china cyber relations not break down?"

// Reasons are the answer to Reason.
func Reasons() []string {
	return []string{
		"First, the people who repair networks never stopped talking to each other.",
		"Second, each side was holding the other's plumbing.",
		"Third, business on both shores acted as a shock absorber.",
		"Fourth, there was always another room in which to argue.",
		"Finally, both governments feared silence more than they disliked talk.",
	}
}

// NewOffice opens an office in a folder of its own.
func NewOffice(t testing.TB, now func() time.Time) *Office {
	t.Helper()
	return OpenOffice(t, filepath.Join(t.TempDir(), "library.db"), now)
}

// OpenOffice opens the office in the file at path, and furnishes it first
// where there is none.
func OpenOffice(t testing.TB, file string, now func() time.Time) *Office {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	lib, err := store.Open(t.Context(), log, file, sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	furnish(t, lib)
	o := &Office{Lib: lib, Grants: map[briefs.RoomID]bot.Grant{}, Now: now}
	o.Desk = schedule.NewDesk(lib, func(room briefs.RoomID, who string) bool {
		return o.grant(bot.Who{Room: room, Author: who}).Manage
	})
	asker, gather := ask.New(log, lib), summary.New(log, lib)
	o.Responder = bot.NewResponder(log, bot.Options{
		Grant: o.grant,
		Ask: func(ctx context.Context, q bot.Question) (briefs.Answer, bool, error) {
			if o.Asked != nil {
				if err := o.Asked(q); err != nil {
					return briefs.Answer{}, false, err
				}
			}
			r := ask.Request{Question: q.Text, Scope: q.Scope}
			if q.After != nil {
				r.After = &ask.Previous{Question: q.After.Question, Documents: q.After.Documents, Quotes: q.After.Quotes}
			}
			ans, err := asker.Ask(ctx, r)
			return ans, err == nil && !ans.Answered() && !q.Try, err
		},
		Brief: func(ctx context.Context, topic bot.Topic) (briefs.Brief, error) {
			return gather.Brief(ctx, summary.Request{Topic: topic.Words, Scope: topic.Scope, Since: topic.Since})
		},
		Answers: lib, Document: lib.Document,
		Link: func(_ context.Context, room briefs.RoomID, q briefs.Quote) (string, error) {
			d := q.Document()
			return fmt.Sprintf("https://desk.example/d/%s?r=%d&s=%d-%d&k=%s#q", url.PathEscape(string(d.ID)), d.Revision, q.Span().Start, q.Span().End, url.QueryEscape(string(room))), nil
		},
		Desk: &roomDesk{Desk: o.Desk, now: now, gather: gather, grant: o.grant},
		Sources: func(ctx context.Context, s briefs.Scope) (bot.Sources, error) {
			collections, err := lib.Collections(ctx, s)
			return bot.Sources{Collections: collections, Latest: now()}, err
		},
		Add: func(ctx context.Context, a bot.Addition) (bot.Added, error) {
			d := briefs.Document{ID: "added", Title: a.File.Name, URL: a.Address, Published: "2031-05-03"}
			if a.Address != "" {
				d.Title = "The page at " + a.Address
			} else if o.Files != nil {
				data, err := o.Files.OpenFile(ctx, a.Who.Room, a.File, 1<<20)
				if err != nil {
					return bot.Added{}, err
				}
				d.Title = string(data)
			}
			return bot.Added{Documents: []bot.AddedDocument{{Document: d, Passages: 3, Outcome: briefs.Added, Missing: []string{"no author"}}}}, nil
		},
		Unfollow: func(_ context.Context, _ bot.Who, address string, _ briefs.Scope) error {
			if strings.HasSuffix(address, "/none") {
				return briefs.Fault(briefs.ErrNotFound, "%s: is no source that is followed", address)
			}
			return nil
		},
		Owners: func(string) []string { return o.Owners },
		Now:    now,
	})
	return o
}

func furnish(t testing.TB, lib store.Backend) {
	t.Helper()
	have, err := lib.CountDocuments(t.Context(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil {
		t.Fatal(err)
	}
	if have > 0 {
		return
	}
	var documents []briefs.Document
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			t.Fatal(err)
		}
		d.ID, d.Collection, d.Source = briefs.DocumentID(strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name))), f.Collection, f.Name
		structure.Analyze(&d)
		documents = append(documents, d)
	}
	if _, err := lib.PutDocuments(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
}

func (o *Office) grant(w bot.Who) bot.Grant {
	g, ok := o.Grants[w.Room]
	if !ok {
		g = bot.Grant{SetUp: true, Scope: briefs.Only("cyber")}
	}
	if w.External && g.SetUp {
		return bot.Grant{SetUp: true, Outsider: true}
	}
	return g
}

// Worker answers what is heard on chat, and Receiver keeps it.
func (o *Office) Worker(chat bot.Chat, with bot.WorkerOptions) (*bot.Worker, *bot.Receiver) {
	log := slog.New(slog.DiscardHandler)
	w := bot.NewWorker(log, o.Lib, o, chat, with)
	return w, bot.NewReceiver(log, o.Lib, o.Wants, w.Wake, o.Now)
}

// roomDesk is a bot.Desk.
type roomDesk struct {
	*schedule.Desk
	now    func() time.Time
	gather *summary.Summarizer
	grant  func(bot.Who) bot.Grant
}

func (d *roomDesk) subscription(s briefs.Schedule) (bot.Subscription, error) {
	sub := bot.Subscription{Schedule: s, Name: schedule.Name(s)}
	spec, err := schedule.Parse(s.When, s.Zone, true)
	if err == nil && s.Paused == "" {
		sub.Next = spec.Next(d.now(), 3)
	}
	return sub, err
}

// List implements bot.Desk.
func (d *roomDesk) List(ctx context.Context, room briefs.RoomID) ([]bot.Subscription, error) {
	all, err := d.Desk.List(ctx, room)
	var out []bot.Subscription
	for _, s := range all {
		sub, bad := d.subscription(s)
		if bad != nil {
			return nil, bad
		}
		out = append(out, sub)
	}
	return out, err
}

// Add implements bot.Desk.
func (d *roomDesk) Add(ctx context.Context, room briefs.RoomID, who, words string, now time.Time) (bot.Subscription, error) {
	s, _, err := d.Desk.Add(ctx, room, who, words, now)
	if err != nil {
		return bot.Subscription{}, err
	}
	return d.subscription(s)
}

// Put implements bot.Desk.
func (d *roomDesk) Put(ctx context.Context, room briefs.RoomID, who string, s briefs.Schedule, now time.Time) (bot.Subscription, error) {
	s, _, err := d.Desk.Put(ctx, room, who, s, now)
	if err != nil {
		return bot.Subscription{}, err
	}
	return d.subscription(s)
}

// Preview implements bot.Desk.
func (d *roomDesk) Preview(ctx context.Context, room briefs.RoomID, name string, _ time.Time) ([]briefs.Part, error) {
	s, err := d.Find(ctx, room, name)
	if err != nil {
		return nil, err
	}
	b := &bot.Briefing{Title: schedule.Name(s), Due: "Monday", Link: func(briefs.Quote) string { return "" }}
	for _, topic := range s.Topics {
		one, err := d.gather.Brief(ctx, summary.Request{Topic: topic, Scope: d.grant(bot.Who{Room: room}).Scope})
		if err != nil {
			return nil, err
		}
		b.Briefs = append(b.Briefs, one)
	}
	return b.Parts(), nil
}
