//go:build homeserver

package matrix_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"briefdesk/bot"
	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
)

// crowd are people who are all in one room.
func crowd(t *testing.T, hs *matrixtest.Server, n int, with ...string) (all []*matrixtest.User, room string) {
	t.Helper()
	for i := range n {
		all = append(all, hs.Register(t, fmt.Sprint("user", i)))
	}
	invite := with
	for _, u := range all[1:] {
		invite = append(invite, u.ID)
	}
	room = all[0].CreateRoom(t, matrixtest.Room{Name: "cyber", Invite: invite})
	for _, u := range all[1:] {
		if err := u.Call(t.Context(), http.MethodPost, "/join/"+room, map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return all, room
}

// paged are the events of a room by pages of /messages, as clients read them
// that trust these.
func paged(t *testing.T, u *matrixtest.User, room string, limit int) map[string]bool {
	t.Helper()
	all, from := map[string]bool{}, ""
	for {
		var page struct {
			Chunk []matrixtest.Event `json:"chunk"`
			End   string             `json:"end"`
		}
		if err := u.Call(t.Context(), http.MethodGet, fmt.Sprintf("/rooms/%s/messages?dir=b&limit=%d&from=%s", url.PathEscape(room), limit, url.QueryEscape(from)), nil, &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Chunk {
			all[e.ID] = true
		}
		if page.End == "" || page.End == from || len(page.Chunk) == 0 {
			return all
		}
		from = page.End
	}
}

// What the bot posted while many wrote is found, also where the pages of the
// homeserver leave it out: wherever they end, and in a long thread.
func TestFindsWhatPagesLeaveOut(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	d := start(t, options(t, hs))
	d.reply = func(bot.Heard) (briefs.Outgoing, bool) { return briefs.Outgoing{}, false }
	all, room := crowd(t, hs, 6, d.o.UserID)
	ana := all[0]
	member(t, ana, room, d.o.UserID)
	at := briefs.Place{Room: briefs.RoomID("matrix:" + room)}
	if err := d.chat.Check(t.Context(), at.Room); err != nil {
		t.Fatal(err)
	}
	const each = 10
	var writing sync.WaitGroup
	for n, u := range all {
		writing.Go(func() {
			for i := range 2 * each {
				u.Send(t, room, "m.room.message", fmt.Sprint(n, "-", i), text(fmt.Sprint("talk ", i)))
			}
		})
	}
	posted := map[string]briefs.DeliveryKey{}
	for i := range each {
		key := briefs.DeliveryKey(fmt.Sprint("post-", i)).Part(1)
		receipt, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "posted"}}, key)
		if err != nil {
			t.Error(err)
		}
		posted[receipt] = key
	}
	writing.Wait()
	d.down() // what it remembers of its posts is gone
	d.up()
	until(t, "the bot signs in", func() bool { _, _, err := d.chat.Find(t.Context(), at, "none#1"); return err == nil })
	hidden := 0
	for i := range 100 { // each message moves the ends of the pages by one
		ana.Send(t, room, "m.room.message", fmt.Sprint("more", i), text("more"))
		there := paged(t, ana, room, 100)
		for receipt, key := range posted {
			if there[receipt] {
				continue
			}
			hidden++
			if got, ok, err := d.chat.Find(t.Context(), at, key); err != nil || !ok || got != receipt {
				t.Fatalf("%s is not found: %s, %v, %v", receipt, got, ok, err)
			}
		}
		if hidden >= 3 {
			break
		}
	}
	t.Logf("pages left %d posts out", hidden)

	root := ana.Send(t, room, "m.room.message", "root", text("a long thread"))
	for i := range 55 {
		c := text(fmt.Sprint("reply ", i))
		c["m.relates_to"] = map[string]any{"rel_type": "m.thread", "event_id": root}
		ana.Send(t, room, "m.room.message", fmt.Sprint("reply", i), c)
		if i != 2 && i != 30 && i != 54 {
			continue
		}
		at, key := briefs.Place{Room: at.Room, Thread: root}, briefs.DeliveryKey(fmt.Sprint("reply-", i)).Part(1)
		receipt, err := d.chat.Send(t.Context(), briefs.Outgoing{Place: at, Part: briefs.Part{Text: "posted"}}, key)
		if err != nil {
			t.Fatal(err)
		}
		posted[receipt] = key
		until(t, fmt.Sprintf("it is found after %d replies", i), func() bool { // a moment after it was sent
			got, ok, err := d.chat.Find(t.Context(), at, key)
			return err == nil && ok && got == receipt
		})
	}
	if got, ok, err := d.chat.Find(t.Context(), briefs.Place{Room: at.Room, Thread: root}, "reply-2#1"); err != nil || !ok {
		t.Errorf("at the beginning of a long thread: %s, %v, %v", got, ok, err)
	}
}
