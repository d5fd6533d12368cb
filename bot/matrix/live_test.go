//go:build homeserver

package matrix_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot"
	"briefdesk/bot/matrix"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// desk is a bot on a real library that says back what it heard.
type desk struct {
	t     testing.TB
	o     matrix.Options
	chat  *matrix.Chat
	stop  func()
	logs  *lines
	mu    sync.Mutex
	heard []bot.Heard
	reply func(h bot.Heard) (briefs.Outgoing, bool)
}

// lines is what a log holds, for tests that look for a line.
type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// options of a bot named desk on hs, with a library of its own.
func options(t testing.TB, hs *matrixtest.Server) matrix.Options {
	t.Helper()
	dir := t.TempDir()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(dir, "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return matrix.Options{
		Homeserver: hs.URL, UserID: "@desk:" + hs.Name, Password: matrixtest.Password,
		CryptoFile: filepath.Join(dir, "keys.db"), PickleKey: "a pickle key", AllowFrom: []string{"*:" + hs.Name},
		Keep: lib, Secret: "a secret of the tests", Now: time.Now,
	}
}

func start(t testing.TB, o matrix.Options) *desk {
	t.Helper()
	d := &desk{t: t, o: o, logs: &lines{}}
	d.reply = func(h bot.Heard) (briefs.Outgoing, bool) {
		if h.Event.Kind == bot.EventAction || h.Event.Kind == bot.EventJoined {
			return briefs.Outgoing{}, false
		}
		return briefs.Outgoing{Place: h.Event.Home(), Part: briefs.Part{Text: "heard " + h.Event.Command + ": " + h.Event.Text}}, true
	}
	d.up()
	t.Cleanup(func() { d.down() })
	return d
}

func (d *desk) up() {
	d.t.Helper()
	chat, err := matrix.New(slog.New(slog.NewTextHandler(d.logs, nil)), d.o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.chat = chat
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := chat.Run(ctx, d.handle); err != nil {
			fmt.Fprintf(d.logs, "Run: %v\n", err)
		}
	}()
	d.stop = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
}

func (d *desk) down() {
	d.stop()
	if d.t.Failed() {
		d.t.Log(d.logs.String())
	}
}

func (d *desk) handle(ctx context.Context, all ...bot.Heard) error {
	for _, h := range all {
		d.mu.Lock()
		known := slices.ContainsFunc(d.heard, func(o bot.Heard) bool { return o.Key == h.Key })
		if !known {
			d.heard = append(d.heard, h)
		}
		d.mu.Unlock()
		if o, ok := d.reply(h); ok && !known {
			if _, err := d.chat.Send(ctx, o, briefs.DeliveryKey(h.Key).Part(1)); err != nil {
				fmt.Fprintf(d.logs, "Send: %v\n", err)
			}
		}
	}
	return nil
}

func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	matrixtest.Until(t, what, ok)
}

// member waits until somebody is in a room.
func member(t testing.TB, u *matrixtest.User, room, who string) {
	t.Helper()
	until(t, who+" joins "+room, func() bool {
		var in struct {
			Joined map[string]any `json:"joined"`
		}
		if err := u.Call(t.Context(), http.MethodGet, "/rooms/"+room+"/joined_members", nil, &in); err != nil {
			return false
		}
		_, ok := in.Joined[who]
		return ok
	})
}

func said(t testing.TB, u *matrixtest.User, room, by string) []matrixtest.Event {
	var out []matrixtest.Event
	for _, e := range u.Messages(t, room) {
		if e.Sender == by && (e.Type == "m.room.message" || e.Type == "m.room.encrypted") {
			out = append(out, e)
		}
	}
	return out
}

func text(body string, mention ...string) map[string]any {
	return map[string]any{"msgtype": "m.text", "body": body, "m.mentions": map[string]any{"user_ids": append([]string{}, mention...)}}
}

func TestPlainRoom(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	until(t, "the bot greets", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.heard) == 1 && d.heard[0].Event.Kind == bot.EventJoined && d.heard[0].Event.Author == "matrix:"+ana.ID
	})

	q := ana.Send(t, room, "m.room.message", "1", text("desk: why?", d.o.UserID))
	until(t, "the answer", func() bool { return len(said(t, ana, room, d.o.UserID)) == 1 })
	a := said(t, ana, room, d.o.UserID)[0]
	if a.Thread() != q || a.Body() != "heard : why?" || a.Content["msgtype"] != "m.notice" {
		t.Errorf("answered %+v", a)
	}
	if m, ok := a.Content["m.mentions"].(map[string]any); !ok || len(m) != 0 {
		t.Errorf("m.mentions is %v", a.Content["m.mentions"])
	}

	// Notices, edits and others' talk are passed over; commands and replies are not.
	notice := text("desk: I am a bot", d.o.UserID)
	notice["msgtype"] = "m.notice"
	ana.Send(t, room, "m.room.message", "2", notice)
	edit := text("* desk: what?", d.o.UserID)
	edit["m.new_content"] = text("desk: what?", d.o.UserID)
	edit["m.relates_to"] = map[string]any{"rel_type": "m.replace", "event_id": q}
	ana.Send(t, room, "m.room.message", "3", edit)
	ana.Send(t, room, "m.room.message", "4", text("!brief export controls since 30d"))
	follow := text("and who?")
	follow["m.relates_to"] = map[string]any{"rel_type": "m.thread", "event_id": q, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": a.ID}}
	ana.Send(t, room, "m.room.message", "5", follow)
	ana.Send(t, room, "m.reaction", "6", map[string]any{"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": a.ID, "key": "👍🏽"}})
	until(t, "all is heard", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.heard) >= 5 })
	d.mu.Lock()
	var got []string
	for _, h := range d.heard[1:] {
		e := h.Event
		got = append(got, fmt.Sprintf("%s|%s|%s|%v|%v|%s|%s", e.Kind, e.Command, e.Text, e.Addressed, e.Thread == q, e.Action, map[bool]string{true: "receipt"}[e.Receipt == a.ID]))
		if e.Room != briefs.RoomID("matrix:"+room) {
			t.Errorf("room %s", e.Room)
		}
	}
	d.mu.Unlock()
	want := []string{"text||why?|true|false||", "command|brief|export controls since 30d|true|false||", "text||and who?|false|true||", "action|||false|false|good|receipt"}
	if !slices.Equal(got, want) {
		t.Errorf("heard\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// The same key is posted once, and found.
	key := briefs.DeliveryKey("weekly/2031").Part(1)
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	if _, ok, err := d.chat.Find(t.Context(), at, key); ok || err != nil {
		t.Errorf("found before it was sent: %v, %v", ok, err)
	}
	first, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "weekly"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "weekly"}}, key)
	if err != nil || second != first {
		t.Errorf("sent again: %s, %v; first %s", second, err, first)
	}
	until(t, "Find", func() bool { r, ok, err := d.chat.Find(t.Context(), at, key); return ok && err == nil && r == first })
}

// What was asked while the bot was down is heard when it is back, however much
// it was, however many asked at the same moment, and however little the
// homeserver gives at once; what was before it came is not.
func TestAskedWhileDown(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	proxy.Page = 20
	o.Homeserver = proxy.URL
	d := start(t, o)
	all, room := crowd(t, hs, 6)
	ana := all[0]
	ana.Send(t, room, "m.room.message", "early", text("desk: too early?", o.UserID))
	if err := ana.Call(t.Context(), http.MethodPost, "/rooms/"+room+"/invite", map[string]any{"user_id": o.UserID}, nil); err != nil {
		t.Fatal(err)
	}
	member(t, ana, room, o.UserID)
	ana.Send(t, room, "m.room.message", "now", text("desk: now?", o.UserID))
	until(t, "the first answer", func() bool { return len(said(t, ana, room, o.UserID)) == 1 })
	d.down()
	other := ana.CreateRoom(t, matrixtest.Room{Name: "other"}) // where the last is that was written before
	ana.Send(t, other, "m.room.message", "other", text("elsewhere"))
	const many = 30 // of each
	var asking sync.WaitGroup
	for n, u := range all {
		asking.Go(func() {
			for i := range many {
				u.Send(t, room, "m.room.message", fmt.Sprint(n, "-", i), text(fmt.Sprintf("desk: question %d of %d?", i, n), o.UserID))
			}
		})
	}
	asking.Wait()
	there := ana.Messages(t, room)
	t.Logf("pages of 20 give %d of %d events", len(paged(t, ana, room, 20)), len(there))
	d.reply = func(bot.Heard) (briefs.Outgoing, bool) { return briefs.Outgoing{}, false } // no answer makes another gap
	d.up()
	last := ana.Send(t, room, "m.room.message", "last", text("desk: the last?", o.UserID))
	until(t, "the last question is heard", func() bool { return d.last().Event.Message == last })
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := map[string]int{}
	for _, h := range d.heard {
		seen[h.Event.Text]++
	}
	for n := range all {
		for i := range many {
			if times := seen[fmt.Sprintf("question %d of %d?", i, n)]; times != 1 {
				t.Errorf("question %d of %d was heard %d times", i, n, times)
			}
		}
	}
	if seen["too early?"] > 0 || seen["now?"] != 1 {
		t.Errorf("heard %v", seen)
	}
}

func TestInvitesOfStrangersAreDeclined(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana, bob := hs.Register(t, "ana"), hs.Register(t, "bob")
	o := options(t, hs)
	o.AllowFrom = []string{ana.ID}
	d := start(t, o)
	room := bob.CreateRoom(t, matrixtest.Room{Invite: []string{o.UserID}})
	until(t, "the invite is declined", func() bool {
		var m struct {
			Membership string `json:"membership"`
		}
		err := bob.Call(t.Context(), http.MethodGet, "/rooms/"+room+"/state/m.room.member/"+o.UserID, nil, &m)
		return err == nil && m.Membership == "leave"
	})
	if log := d.logs.String(); !strings.Contains(log, "an invite is declined") || !strings.Contains(log, bob.ID) {
		t.Errorf("the log does not tell: %s", log)
	}
	direct := ana.CreateRoom(t, matrixtest.Room{Direct: true, Invite: []string{o.UserID}})
	member(t, ana, direct, o.UserID)
	ana.Send(t, direct, "m.room.message", "1", text("why?"))
	until(t, "the answer", func() bool { return len(said(t, ana, direct, o.UserID)) == 1 })
	d.mu.Lock()
	e := d.heard[len(d.heard)-1].Event
	d.mu.Unlock()
	if !e.Direct || !e.Addressed || e.Room != briefs.RoomID("matrix:dm/"+direct) {
		t.Errorf("heard %+v", e)
	}
}

func (d *desk) last() bot.Heard {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.heard[len(d.heard)-1]
}

func notFound(err error) bool { return errors.Is(err, briefs.ErrNotFound) }
