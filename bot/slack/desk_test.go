package slack

import (
	"context"
	"errors"
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

// today is when everything in these tests happens: a Wednesday.
var today = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

const (
	testRoom  = briefs.RoomID("slack:C01CYBER")
	testOther = briefs.RoomID("slack:C02OTHER") // set up with another collection
	testDM    = briefs.RoomID("slack:D01ANA")
	testUser  = "slack:U01ANA"
	adminUser = "slack:U02BEN"
)

// office is a responder over the sample library: the real thing, at one time
// that never changes.
type office struct {
	*bot.Responder
	lib  store.Backend
	desk *schedule.Desk
}

// newOffice has two rooms, and direct messages that see what the first sees.
func newOffice(t testing.TB) *office {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	lib, err := store.Open(t.Context(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	var documents []briefs.Document
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			t.Fatal(err)
		}
		d.ID, d.Collection, d.Source = briefs.DocumentID(strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name))), f.Collection, f.Name
		d.Added = today.Add(-3 * time.Hour)
		structure.Analyze(&d)
		documents = append(documents, d)
	}
	if _, err := lib.PutDocuments(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
	asker, gather := ask.New(log, lib), summary.New(log, lib)
	o := &office{lib: lib, desk: schedule.NewDesk(lib, func(_ briefs.RoomID, who string) bool { return who != "slack:U09GUEST" })}
	o.Responder = bot.NewResponder(log, bot.Options{
		Grant: func(w bot.Who) bot.Grant {
			g := bot.Grant{SetUp: true, Manage: !w.External, Admin: w.Author == adminUser, Scope: briefs.Only("cyber", "trade")}
			switch {
			case w.Room == testOther:
				g.Scope = briefs.Only("health")
			case w.Room != testRoom && !w.Direct:
				return bot.Grant{}
			}
			g.Outsider = w.External
			return g
		},
		Ask: func(ctx context.Context, q bot.Question) (briefs.Answer, bool, error) {
			r := ask.Request{Question: q.Text, Scope: q.Scope}
			if q.After != nil {
				r.After = &ask.Previous{Question: q.After.Question, Documents: q.After.Documents}
			}
			ans, err := asker.Ask(ctx, r)
			return ans, err == nil && !ans.Answered(), err
		},
		Brief: func(ctx context.Context, topic bot.Topic) (briefs.Brief, error) {
			return gather.Brief(ctx, summary.Request{Topic: topic.Words, Scope: topic.Scope, Since: topic.Since})
		},
		Answers: lib, Document: lib.Document,
		Link: func(_ context.Context, _ briefs.RoomID, q briefs.Quote) (string, error) { return testLink(q), nil },
		Ref:  testRef,
		Desk: o,
		Sources: func(ctx context.Context, s briefs.Scope) (bot.Sources, error) {
			collections, err := lib.Collections(ctx, s)
			return bot.Sources{Collections: collections, Latest: today.Add(-3 * time.Hour), Sources: []bot.Source{
				{Name: "papers", Collection: "cyber", Fetched: today.Add(-3 * time.Hour)},
				{Name: "desk.example/feed.xml", Link: "https://desk.example/feed.xml", Collection: "trade", Fetched: today.Add(-25 * time.Minute)},
				{Name: "desk.example/archive", Link: "https://desk.example/archive", Collection: "trade", Fetched: today.Add(-26 * time.Hour), Failing: true},
			}}, err
		},
		Owners: func(string) []string { return []string{adminUser} },
		Now:    func() time.Time { return today },
	})
	return o
}

func testLink(q briefs.Quote) string {
	d := q.Document()
	return fmt.Sprintf("https://desk.example/d/%s?r=%d&s=%d-%d#q", url.PathEscape(string(d.ID)), d.Revision, q.Span().Start, q.Span().End)
}

func testRef(address string) (ref briefs.Ref, ok bool) {
	n, err := fmt.Sscanf(strings.NewReplacer("https://desk.example/d/", "", "?r=", " ", "&s=", " ", "-", "-", "#q", "").Replace(address), "%s %d %d-%d", &ref.Document, &ref.Revision, &ref.Start, &ref.End)
	return ref, err == nil && n == 4
}

func (o *office) subscription(s briefs.Schedule) (bot.Subscription, error) {
	sub := bot.Subscription{Schedule: s, Name: schedule.Name(s)}
	spec, err := schedule.Parse(s.When, s.Zone, true)
	if err == nil && s.Paused == "" {
		sub.Next = spec.Next(today, 3)
	}
	return sub, err
}

func (o *office) List(ctx context.Context, room briefs.RoomID) (out []bot.Subscription, err error) {
	all, err := o.desk.List(ctx, room)
	for _, s := range all {
		sub, bad := o.subscription(s)
		out, err = append(out, sub), errors.Join(err, bad)
	}
	return out, err
}

func (o *office) Add(ctx context.Context, room briefs.RoomID, who, words string, now time.Time) (bot.Subscription, error) {
	s, _, err := o.desk.Add(ctx, room, who, words, now)
	if err != nil {
		return bot.Subscription{}, err
	}
	return o.subscription(s)
}

func (o *office) Put(ctx context.Context, room briefs.RoomID, who string, s briefs.Schedule, now time.Time) (bot.Subscription, error) {
	s, _, err := o.desk.Put(ctx, room, who, s, now)
	if err != nil {
		return bot.Subscription{}, err
	}
	return o.subscription(s)
}

func (o *office) Pause(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	return o.desk.Pause(ctx, room, who, name, now)
}

func (o *office) Resume(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	return o.desk.Resume(ctx, room, who, name, now)
}

func (o *office) Delete(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	return o.desk.Delete(ctx, room, who, name, now)
}

func (o *office) Preview(ctx context.Context, room briefs.RoomID, name string, _ time.Time) ([]briefs.Part, error) {
	s, err := o.desk.Find(ctx, room, name)
	if err != nil {
		return nil, err
	}
	b, err := o.briefing(ctx, s.Topics)
	return b.Parts(), err
}

// briefing is what would be posted of topics.
func (o *office) briefing(ctx context.Context, topics []string) (*bot.Briefing, error) {
	b := &bot.Briefing{Title: strings.Join(topics, ", "), Due: "Monday 23 November 2026 09:00 Europe/Berlin", Archive: "https://desk.example/briefings/7", Link: testLink}
	for _, topic := range topics {
		one, err := summary.New(slog.New(slog.DiscardHandler), o.lib).Brief(ctx, summary.Request{Topic: topic, Scope: briefs.Only("cyber", "trade")})
		if err != nil {
			return b, err
		}
		b.Briefs = append(b.Briefs, one)
	}
	return b, nil
}

// say is what comes of an event: the parts of all replies.
func (o *office) say(t testing.TB, key string, e bot.Event) []briefs.Part {
	t.Helper()
	resp, err := o.Respond(t.Context(), key, e)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Shown != nil {
		keepShown(t, o.lib, key, e, resp)
	}
	var parts []briefs.Part
	for _, r := range resp.Replies {
		parts = append(parts, r.Part)
	}
	return parts
}

// asked is the answer to a question in a channel.
func (o *office) asked(t testing.TB, key, question string) []briefs.Part {
	t.Helper()
	return o.say(t, key, bot.Event{Kind: bot.EventText, Room: testRoom, Addressed: true, Message: "1.1", Author: testUser, Text: question})
}

// press is a press of a button below the answer to what was asked as key.
func (o *office) press(t testing.TB, key string, what bot.ActionID) bot.Event {
	t.Helper()
	shown, err := o.lib.ShownAt(t.Context(), testRoom, key+"-0")
	if err != nil {
		t.Fatal(err)
	}
	return bot.Event{Kind: bot.EventAction, Room: testRoom, Addressed: true, Author: testUser, Message: key + "-0", Action: what, Answer: shown}
}

// keepShown keeps what a response shows, as a worker does.
func keepShown(t testing.TB, lib store.Backend, key string, e bot.Event, resp bot.Response) {
	t.Helper()
	ctx := t.Context()
	if _, err := lib.Receive(ctx, []briefs.Incoming{{Key: "slack:" + key, Lane: key, Body: []byte("{}"), At: today}}); err != nil {
		t.Fatal(err)
	}
	taken, ok, err := lib.Take(ctx, "slack", "test", today, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if taken, err = lib.Compose(ctx, taken, resp.Replies, resp.Shown); err != nil {
		t.Fatal(err)
	}
	for n := range resp.Replies {
		if err := lib.BeginReply(ctx, taken, n+1); err != nil {
			t.Fatal(err)
		}
		if err := lib.SentReply(ctx, taken, n+1, fmt.Sprintf("%s-%d", key, n), today); err != nil {
			t.Fatal(err)
		}
	}
}
