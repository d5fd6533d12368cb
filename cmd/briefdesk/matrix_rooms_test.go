//go:build homeserver && goolm

package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// has looks for words in an answer.
func (d *matrixDesk) has(e matrixtest.Event, words ...string) {
	d.t.Helper()
	html, _ := e.Content["formatted_body"].(string)
	for _, w := range words {
		if !strings.Contains(e.Body(), w) && !strings.Contains(html, w) {
			d.t.Errorf("%q is not in the answer:\n%s\n%s", w, e.Body(), html)
		}
	}
}

// commands does everything that stands in the table of what a room can do, in
// a room that sees north: say writes there, and answer waits for the nth answer
// in a thread.
func (d *matrixDesk) commands(room string, say func(body string, more map[string]any) string, answer func(thread string, n int) matrixtest.Event) {
	t := d.t
	t.Helper()
	q := say("desk: why was the harbour closed?", mentionDesk)
	a := answer(q, 1)
	d.has(a, "“First, the salt had run out.”", "“Second, the envoys had lost the key.”", "<blockquote>", "The Harbour Fund", "http://127.0.0.1:")
	say("who signed the pact?", inThread(q))
	d.has(answer(q, 2), "The ministers of Ipsum signed the pact in May.")
	d.ana.Send(t, room, "m.reaction", "r1", map[string]any{"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": a.ID, "key": "👎"}})
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(d.dir, "briefdesk.db"), sqlite.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	matrixtest.Until(t, "the feedback is kept", func() bool {
		all, err := lib.Feedback(t.Context(), 10)
		return err == nil && len(all) == 1 && all[0].Verdict == briefs.Wrong && all[0].Who == "matrix:"+d.ana.ID
	})
	say("!cite 1 APA", inThread(q))
	d.has(answer(q, 3), "Placeholder, A.")
	for _, c := range []struct {
		says string
		want []string
	}{
		{"!help", []string{"!ask", "!brief", "!briefings", "!sources", "cite 1 apa"}},
		{"!ask why was the harbour closed?", []string{"“First, the salt had run out.”"}},
		{"!brief harbour", []string{"harbour"}},
		{"!sources", []string{"north"}},
		{"!sources add https://127.0.0.1:1/feed.xml", []string{"127.0.0.1"}}, // nobody answers there, which is told
		{"!briefings", []string{"!briefings add"}},
		{"!briefings add salt every monday 09:00 Europe/Berlin", []string{"salt"}},
		{"!briefings list", []string{"salt", "Europe/Berlin"}},
		{"!briefings preview salt", []string{"A preview"}},
		{"!briefings pause salt", []string{"salt"}},
		{"!briefings resume salt", []string{"salt"}},
		{"!briefings delete salt", []string{"salt"}},
	} {
		d.has(answer(say(c.says, nil), 1), c.want...)
	}
	if out := d.run(t, "schedule", "list"); strings.Contains(out, "salt") {
		t.Errorf("schedule list after the briefing was deleted: %s", out)
	}
}

// What a member does in a plain room with the program: everything in the
// table of what a room can do.
func TestMatrixRoomWithTheProgram(t *testing.T) {
	d := newMatrixDesk(t)
	north := d.ana.CreateRoom(t, matrixtest.Room{Name: "north", Invite: []string{matrixBot}})
	south := d.ana.CreateRoom(t, matrixtest.Room{Name: "south", Invite: []string{matrixBot}})
	d.configure(fmt.Sprintf("  \"matrix:%s\": {collections: [north]}\n  \"matrix:%s\": {collections: [south]}\n", north, south))
	d.start()
	d.joins(north)
	d.joins(south)
	txn := 0
	say := func(room, body string, more map[string]any) string {
		txn++
		return d.ana.Send(t, room, "m.room.message", fmt.Sprint(txn), matrixText(body, more))
	}
	d.commands(north, func(body string, more map[string]any) string { return say(north, body, more) },
		func(thread string, n int) matrixtest.Event { return d.answers(north, thread, n)[n-1] })

	// One who is in both rooms learns in each only what it may see.
	q := say(south, "desk: why was the harbour closed?", mentionDesk)
	if text := d.answers(south, q, 1)[0].Body(); strings.Contains(text, "salt had run out") || strings.Contains(text, "The Harbour Fund\n") {
		t.Errorf("room south learns of north:\n%s", text)
	}
	direct := d.ana.CreateRoom(t, matrixtest.Room{Direct: true, Invite: []string{matrixBot}})
	d.joins(direct)
	q = say(direct, "why was the harbour closed?", nil)
	d.has(d.answers(direct, q, 1)[0], "“First, the salt had run out.”")

	told, _ := d.command("doctor").CombinedOutput() // it finds faults
	for _, w := range []string{"answers, and knows Matrix up to", matrixBot + " is signed in as device", "the user has no cross-signing keys", "the bot is in 3 rooms", "matrix:" + north + ": the bot is there"} {
		if !strings.Contains(strings.Join(strings.Fields(string(told)), " "), w) {
			t.Errorf("doctor does not say %q:\n%s", w, told)
		}
	}
	d.stop()
}

// The same in an encrypted room, by an independent client; and alone with the
// bot in another.
func TestMatrixEncryptedRoomWithTheProgram(t *testing.T) {
	d := newMatrixDesk(t)
	p := matrixtest.NewPeer(t, d.hs, d.ana)
	north := d.ana.CreateRoom(t, matrixtest.Room{Name: "north", Encrypted: true, Invite: []string{matrixBot}})
	d.configure(fmt.Sprintf("  \"matrix:%s\": {collections: [north]}\n", north))
	d.start()
	d.joins(north)
	answer := func(thread string, n int) matrixtest.Event {
		t.Helper()
		var all []matrixtest.Saw
		matrixtest.Until(t, fmt.Sprintf("the peer reads %d answers", n), func() bool {
			all = p.All(func(s matrixtest.Saw) bool {
				relation, _ := s.Content["m.relates_to"].(map[string]any)
				return s.Event == "message" && s.Sender == matrixBot && s.Encrypted && relation["event_id"] == thread
			})
			return len(all) >= n
		})
		return matrixtest.Event{ID: all[n-1].ID, Content: all[n-1].Content}
	}
	d.commands(north, func(body string, more map[string]any) string { return p.Send(north, body, more) }, answer)
	direct := d.ana.CreateRoom(t, matrixtest.Room{Direct: true, Encrypted: true, Invite: []string{matrixBot}})
	d.joins(direct)
	d.has(answer(p.Send(direct, "why was the harbour closed?", nil), 1), "“First, the salt had run out.”")
	for _, room := range []string{north, direct} {
		for _, e := range d.ana.Messages(t, room) {
			if e.Type == "m.room.message" {
				t.Errorf("plain text in an encrypted room: %v", e.Content)
			}
		}
	}
	d.stop()
}
