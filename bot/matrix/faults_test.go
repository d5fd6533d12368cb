//go:build homeserver

package matrix_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// sends reports a request that sends an event to a room.
func sends(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/send/")
}

// Lost answers, limits and faults of the homeserver neither double an answer
// nor lose one.
func TestFaultsOfTheNetwork(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	o.Homeserver = proxy.URL
	d := start(t, o)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	asked := 0
	ask := func(what string) {
		t.Helper()
		asked++
		ana.Send(t, room, "m.room.message", fmt.Sprint(asked), text(fmt.Sprintf("desk: %s?", what), o.UserID))
		until(t, "the answer to "+what, func() bool {
			n := 0
			for _, e := range said(t, ana, room, o.UserID) {
				if e.Body() == "heard : "+what+"?" {
					n++
				}
			}
			return n == 1
		})
	}
	first := func(f matrixtest.Fault, of func(*http.Request) bool, times int64) {
		var n atomic.Int64
		proxy.Spoil(func(r *http.Request) matrixtest.Fault {
			if of(r) && n.Add(1) <= times {
				return f
			}
			return matrixtest.None
		})
	}
	syncs := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/sync") }
	first(matrixtest.Lost, sends, 1)
	ask("lost")
	first(matrixtest.Limited, sends, 3)
	ask("limited")
	first(matrixtest.Broken, sends, 1)
	ask("refused")
	first(matrixtest.Broken, syncs, 2)
	ask("deaf")
	first(matrixtest.Lost, syncs, 1)
	ask("lost news")
	proxy.Spoil(nil)

	// The homeserver forgets which transactions it knew.
	key := briefs.DeliveryKey("weekly/2031").Part(1)
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	var lost atomic.Bool
	down := make(chan struct{})
	proxy.Spoil(func(r *http.Request) matrixtest.Fault {
		if sends(r) && lost.CompareAndSwap(false, true) {
			close(down)
			return matrixtest.Lost
		}
		return matrixtest.None
	})
	go func() {
		<-down
		time.Sleep(200 * time.Millisecond) // the event is stored
		hs.Stop()
		hs.Up(t)
	}()
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "once"}}, key); err != nil {
		t.Logf("the first attempt: %v", err)
		until(t, "a later attempt", func() bool {
			_, ok, err := d.chat.Find(t.Context(), at, key)
			return ok && err == nil
		})
	}
	ask("after all")
	n := map[string]int{}
	for _, e := range said(t, ana, room, o.UserID) {
		n[e.Body()]++
	}
	for body, times := range n {
		if times != 1 {
			t.Errorf("%q was posted %d times", body, times)
		}
	}
	if len(n) != asked+1 {
		t.Errorf("posted %v", n)
	}
}

// A token that died is renewed, on the same device where it lives on.
func TestTokenDies(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	other := hs.SignIn(t, d.o.UserID)
	if err := other.Call(t.Context(), http.MethodPost, "/logout/all", nil, nil); err != nil {
		t.Fatal(err)
	}
	ana.Send(t, room, "m.room.message", "1", text("desk: still there?", d.o.UserID))
	until(t, "the answer", func() bool { return len(said(t, ana, room, d.o.UserID)) == 1 })
	if log := d.logs.String(); !strings.Contains(log, "the access token has died") {
		t.Errorf("the log does not tell: %s", log)
	}
}

// Removed from a room, the bot says that it cannot post there; the operator
// is told once.
func TestRemoved(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	if err := d.chat.Check(t.Context(), at.Room); err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"kick", "ban"} {
		if err := ana.Call(t.Context(), http.MethodPost, "/rooms/"+room+"/"+how, map[string]any{"user_id": d.o.UserID}, nil); err != nil {
			t.Fatal(err)
		}
		until(t, "the bot knows", func() bool { return notFound(d.chat.Check(t.Context(), at.Room)) })
		if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "x"}}, briefs.DeliveryKey(how).Part(1)); !notFound(err) {
			t.Errorf("after %s: %v", how, err)
		}
		if how == "kick" {
			if err := ana.Call(t.Context(), http.MethodPost, "/rooms/"+room+"/invite", map[string]any{"user_id": d.o.UserID}, nil); err != nil {
				t.Fatal(err)
			}
			member(t, ana, room, d.o.UserID)
			until(t, "the bot is back", func() bool { return d.chat.Check(t.Context(), at.Room) == nil })
		}
	}
}

// A room that was upgraded keeps its name; a room that only claims to be an
// upgrade has one of its own.
func TestUpgrade(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	var made struct {
		ID string `json:"replacement_room"`
	}
	if err := ana.Call(t.Context(), http.MethodPost, "/rooms/"+room+"/upgrade", map[string]any{"new_version": "11"}, &made); err != nil {
		t.Fatal(err)
	}
	if err := ana.Call(t.Context(), http.MethodPost, "/rooms/"+made.ID+"/invite", map[string]any{"user_id": d.o.UserID}, nil); err != nil {
		t.Fatal(err)
	}
	member(t, ana, made.ID, d.o.UserID)
	ana.Send(t, made.ID, "m.room.message", "1", text("desk: new room?", d.o.UserID))
	until(t, "the answer", func() bool { return len(said(t, ana, made.ID, d.o.UserID)) == 1 })
	if got := d.last().Event.Room; got != briefs.RoomID("matrix:"+room) {
		t.Errorf("the new room is %s, want the name of the old, %s", got, room)
	}
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "weekly"}}, "weekly#1"); err != nil {
		t.Fatal(err)
	}
	until(t, "the message in the new room", func() bool { return len(said(t, ana, made.ID, d.o.UserID)) == 2 })

	var false2 struct {
		ID string `json:"room_id"`
	}
	claim := map[string]any{"preset": "private_chat", "name": "false", "invite": []string{d.o.UserID}, "creation_content": map[string]any{"predecessor": map[string]any{"room_id": room, "event_id": "$x"}}}
	if err := ana.Call(t.Context(), http.MethodPost, "/createRoom", claim, &false2); err != nil {
		t.Fatal(err)
	}
	member(t, ana, false2.ID, d.o.UserID)
	ana.Send(t, false2.ID, "m.room.message", "2", text("desk: give me theirs?", d.o.UserID))
	until(t, "the answer", func() bool { return len(said(t, ana, false2.ID, d.o.UserID)) == 1 })
	if got := d.last().Event.Room; got != briefs.RoomID("matrix:"+false2.ID) {
		t.Errorf("a room that claims to be an upgrade goes by the name %s", got)
	}
}

// Where the homeserver lets nobody do much at once, all is answered still.
func TestRateLimit(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{RateLimit: true})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{d.o.UserID}})
	slow := func() { time.Sleep(700 * time.Millisecond) } // people are not so fast
	member(t, ana, room, d.o.UserID)
	for i := range 8 {
		slow()
		ana.Send(t, room, "m.room.message", fmt.Sprint(i), text(fmt.Sprintf("desk: question %d?", i), d.o.UserID))
	}
	slow()
	until(t, "all answers", func() bool { time.Sleep(time.Second); return len(said(t, ana, room, d.o.UserID)) == 8 })
}

// A member is told something alone: in the room that they share with the bot
// already, or in a new one, and always in the same.
func TestPrivately(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana, bob := hs.Register(t, "ana"), hs.Register(t, "bob")
	d := start(t, options(t, hs))
	direct := ana.CreateRoom(t, matrixtest.Room{Direct: true, Invite: []string{d.o.UserID}})
	member(t, ana, direct, d.o.UserID)
	tell := func(who, key string) {
		t.Helper()
		o := briefs.Outgoing{Place: briefs.Place{Only: "matrix:" + who}, Part: briefs.Part{Text: key}}
		if _, err := d.chat.Send(t.Context(), o, briefs.DeliveryKey(key).Part(1)); err != nil {
			t.Fatal(err)
		}
	}
	tell(ana.ID, "one")
	tell(ana.ID, "two")
	until(t, "both in the room that there was", func() bool { return len(said(t, ana, direct, d.o.UserID)) == 2 })
	tell(bob.ID, "three")
	tell(bob.ID, "four")
	var in struct {
		Rooms struct {
			Invite map[string]any `json:"invite"`
		} `json:"rooms"`
	}
	until(t, "bob's invite", func() bool {
		if err := bob.Call(t.Context(), http.MethodGet, "/sync?timeout=0", nil, &in); err != nil {
			t.Fatal(err)
		}
		return len(in.Rooms.Invite) > 0
	})
	if n := len(in.Rooms.Invite); n != 1 {
		t.Errorf("bob is invited to %d rooms", n)
	}
}

// What was meant for one person is not posted where others have come.
func TestNoLongerDirect(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana, bob := hs.Register(t, "ana"), hs.Register(t, "bob")
	d := start(t, options(t, hs))
	direct := ana.CreateRoom(t, matrixtest.Room{Direct: true, Invite: []string{d.o.UserID}})
	member(t, ana, direct, d.o.UserID)
	at := briefs.Place{Room: briefs.RoomID("matrix:dm/" + direct)}
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "alone"}}, "a#1"); err != nil {
		t.Fatal(err)
	}
	if err := ana.Call(t.Context(), http.MethodPost, "/rooms/"+direct+"/invite", map[string]any{"user_id": bob.ID}, nil); err != nil {
		t.Fatal(err)
	}
	until(t, "the bot knows", func() bool { return notFound(d.chat.Check(t.Context(), at.Room)) })
	if _, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "secret"}}, "b#1"); !notFound(err) {
		t.Errorf("with others there: %v", err)
	}
	ana.Send(t, direct, "m.room.message", "1", text("desk: and now?", d.o.UserID))
	until(t, "the bot hears", func() bool {
		e := d.last().Event
		return e.Text == "and now?" && !e.Direct && e.Room == briefs.RoomID("matrix:"+direct)
	})
}

// Started and stopped again and again, the connection leaves nothing running.
func TestNothingIsLeftRunning(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	o := options(t, hs)
	o.Client = &http.Client{Transport: &http.Transport{}}
	d := start(t, o)
	cycle := func() {
		until(t, "the bot signs in", func() bool { return strings.Contains(d.logs.String(), "matrix: signed in") })
		d.down()
		d.logs = &lines{}
	}
	cycle()
	before := goleak.IgnoreCurrent()
	for range 5 {
		d.up()
		cycle()
	}
	o.Client.CloseIdleConnections()
	if err := goleak.Find(before, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop")); err != nil {
		t.Error(err)
	}
}

// When the homeserver wants the bot to sign in again and keeps its device, the
// bot does, as the same device: what it could read it still can, what it posted
// it still finds, and the operator is told.
func TestSoftLogout(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	o.Homeserver = proxy.URL
	d := start(t, o)
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	key := briefs.DeliveryKey("weekly/2031").Part(1)
	receipt, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "weekly"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	var dead atomic.Pointer[string] // the token that is no longer taken
	proxy.Spoil(func(r *http.Request) matrixtest.Fault {
		token := r.Header.Get("Authorization")
		if token == "" {
			return matrixtest.None
		}
		dead.CompareAndSwap(nil, &token)
		if token == *dead.Load() {
			return matrixtest.SoftLogout
		}
		return matrixtest.None
	})
	ana.Send(t, room, "m.room.message", "1", text("desk: still there?", o.UserID))
	until(t, "the answer", func() bool { return len(said(t, ana, room, o.UserID)) == 2 })
	if got, ok, err := d.chat.Find(t.Context(), at, key); err != nil || !ok || got != receipt {
		t.Errorf("what was posted under the other token: %s, %v, %v", got, ok, err)
	}
	log := d.logs.String()
	if devices := devicesIn(log); len(devices) != 2 || devices[0] != devices[1] {
		t.Errorf("signed in as devices %q", devices)
	}
	if n := strings.Count(log, `msg="matrix: the access token has died" soft_logout=true`); n != 1 {
		t.Errorf("the operator is told %d times:\n%s", n, log)
	}
}

// devicesIn are the devices that a log says the bot signed in as.
func devicesIn(log string) (all []string) {
	for _, line := range strings.Split(log, "\n") {
		if _, rest, ok := strings.Cut(line, "matrix: signed in"); ok {
			_, rest, _ = strings.Cut(rest, "device=")
			device, _, _ := strings.Cut(rest, " ")
			all = append(all, device)
		}
	}
	return all
}

// With a secret that does not open the kept token the bot signs in anew, as
// the same device, and finds what it posted before.
func TestSignsInAnew(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	ana := hs.Register(t, "ana")
	d := start(t, options(t, hs))
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Encrypted: true, Invite: []string{d.o.UserID}})
	member(t, ana, room, d.o.UserID)
	root := ana.Send(t, room, "m.room.encrypted", "root", map[string]any{"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "y"})
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room), Thread: root}
	key := briefs.DeliveryKey("answer").Part(1)
	receipt, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "encrypted"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	d.down()
	d.o.Secret = "another secret"
	d.up()
	until(t, "it is found under the new token", func() bool {
		got, ok, err := d.chat.Find(t.Context(), at, key)
		return err == nil && ok && got == receipt
	})
	log := d.logs.String()
	if devices := devicesIn(log); len(devices) != 2 || devices[0] != devices[1] {
		t.Errorf("signed in as devices %q", devices)
	}
	if n := strings.Count(log, "was sealed with another key: signing in anew"); n != 1 {
		t.Errorf("the operator is told %d times:\n%s", n, log)
	}
}

// What the homeserver does wrong is told to the operator, each in one line, at
// first as a warning.
func TestOperatorIsTold(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	o := options(t, hs)
	proxy := matrixtest.NewProxy(t, hs)
	o.Homeserver = proxy.URL
	d := start(t, o)
	until(t, "the bot signs in", func() bool { return strings.Contains(d.logs.String(), "matrix: signed in") })
	for _, test := range []struct {
		name  string
		fault matrixtest.Fault
		says  string
	}{
		{"500", matrixtest.Broken, "HTTP 500"},
		{"429", matrixtest.Limited, "M_LIMIT_EXCEEDED"},
	} {
		var times atomic.Int64
		proxy.Spoil(func(r *http.Request) matrixtest.Fault {
			if strings.HasSuffix(r.URL.Path, "/sync") && times.Add(1) == 1 {
				return test.fault
			}
			return matrixtest.None
		})
		hs.SignIn(t, o.UserID) // wakes a sync that waits: the devices of the user change
		until(t, test.name+" is told", func() bool {
			n := 0
			for _, line := range strings.Split(d.logs.String(), "\n") {
				if strings.Contains(line, "level=WARN") && strings.Contains(line, "matrix: listening failed") && strings.Contains(line, test.says) && strings.Contains(line, "again_in=") {
					n++
				}
			}
			return n == 1
		})
	}
	proxy.Spoil(nil)
	hs.Stop()
	until(t, "that it is gone is told", func() bool { return strings.Contains(d.logs.String(), `err="matrix: listening: EOF"`) })
	if log := d.logs.String(); strings.Contains(log, "http://") || strings.Contains(log, `\n`) {
		t.Errorf("the log is no list of clear lines:\n%s", log)
	}
	hs.Up(t)
	ana := hs.Register(t, "ana")
	room := ana.CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: []string{o.UserID}})
	member(t, ana, room, o.UserID)
	ana.Send(t, room, "m.room.message", "1", text("desk: well?", o.UserID))
	until(t, "the answer", func() bool { return len(said(t, ana, room, o.UserID)) == 1 })
}
