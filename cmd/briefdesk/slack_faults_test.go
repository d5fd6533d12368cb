package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
)

// manyRooms configures n channels of north, and makes them and some members.
func manyRooms(n int) string {
	var b strings.Builder
	b.WriteString("rooms:\n")
	for i := range n {
		fmt.Fprintf(&b, "  \"slack:CM%d\": {collections: [north]}\n", i)
	}
	return b.String()
}

func (d *slackDesk) addRooms(n int) {
	for i := range n {
		d.s.AddChannel(faultserver.Channel{ID: fmt.Sprint("CM", i), Name: fmt.Sprint("room-", i), Members: []string{"U1", "U2"}})
	}
}

// asked is a question and where it was asked.
type asked struct{ channel, ts string }

// once fails the test unless each question has one answer, and nothing else was
// said anywhere.
func (d *slackDesk) once(t *testing.T, all []asked, rooms int) {
	t.Helper()
	threads := map[asked]int{}
	for i := range rooms {
		channel := fmt.Sprint("CM", i)
		for _, m := range d.s.Said(channel) {
			threads[asked{channel, m.Thread}]++
		}
	}
	wrong := 0
	for _, q := range all {
		if threads[q] != 1 && wrong < 10 {
			wrong++
			t.Errorf("a question in %s, %s, has %d answers", q.channel, q.ts, threads[q])
		}
		delete(threads, q)
	}
	for q, n := range threads {
		t.Errorf("%d messages in %s, thread %q, answer nothing", n, q.channel, q.ts)
	}
	if lost := d.s.Lost(); len(lost) > 0 {
		t.Errorf("Slack gave up %d deliveries: the process was away too long for this test: %q", len(lost), lost)
	}
}

// answered waits until so many messages were said in the rooms.
func (d *slackDesk) answered(t *testing.T, limit time.Duration, want, rooms int) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		n := 0
		for i := range rooms {
			n += len(d.s.Said(fmt.Sprint("CM", i)))
		}
		if n >= want && d.s.Idle() {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%d of %d questions were answered within %v", n, want, limit)
			return
		}
	}
}

// slackFaultsScene asks over signed HTTP while every kind of fault meets what is
// posted: each question has one answer.
func slackFaultsScene(t *testing.T) {
	const rooms, each = 6, 2
	d := newSlackDesk(t, faultserver.Options{Minute: time.Second}, "http", manyRooms(rooms))
	d.addRooms(rooms)
	d.start()
	t.Cleanup(func() {
		if d.cmd.ProcessState == nil {
			d.kill()
		}
	})
	var address string
	d.s.Await(t, "serve listens", func() (ok bool) {
		_, said, _ := strings.Cut(d.said.String(), "Slack: ")
		address, _, ok = strings.Cut(said, "\n")
		return ok
	})
	d.s.SetRequestURL(address)
	for i, kind := range []faultserver.Kind{faultserver.Cut, faultserver.CutBefore, faultserver.BrokenAfter, faultserver.BrokenBefore, faultserver.Limited, faultserver.Late} {
		d.s.Plan(faultserver.Fault{Method: "chat.postMessage", Channel: fmt.Sprint("CM", i), Kind: kind, Times: 1, Wait: time.Second})
	}
	var all []asked
	for range each {
		for i := range rooms {
			q := asked{channel: fmt.Sprint("CM", i)}
			q.ts = d.s.Say(faultserver.Words{Channel: q.channel, User: "U2", Text: faultserver.Mention + " " + why})
			all = append(all, q)
		}
	}
	d.answered(t, patience, rooms*each, rooms)
	d.settle(t)
	d.once(t, all, rooms)
	d.stop()
	for _, v := range d.s.Violations() {
		t.Error(v)
	}
	faults := 0
	for _, c := range d.s.Calls("chat.postMessage") {
		if c.Fault != "" {
			faults++
		}
	}
	if faults != rooms {
		t.Errorf("%d faults met a call, %d were planned", faults, rooms)
	}
}

func (d *slackDesk) replace(file, from, to string) {
	d.t.Helper()
	data, err := os.ReadFile(d.dir + "/" + file)
	if err != nil || !strings.Contains(string(data), from) {
		d.t.Fatalf("%s: %q is not in it: %v", file, from, err)
	}
	d.write(file, strings.ReplaceAll(string(data), from, to))
}

// slackKilledScene kills serve again and again while it is asked, with Slack
// delivering again what was not taken: each question is answered once.
// BRIEFDESK_PROVE asks 1,000 questions in 60 channels and kills 20 times.
func slackKilledScene(t *testing.T) {
	questions, rooms, kills, every, minute := 36, 12, 3, 25*time.Millisecond, 3*time.Second
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		questions, rooms, kills, every, minute = 1000, 60, 20, 50*time.Millisecond, 15*time.Second
	}
	d := newSlackDesk(t, faultserver.Options{Minute: minute, Seed: 5}, "socket", manyRooms(rooms))
	d.addRooms(rooms)
	d.connected()
	// Slack answers late, so that kills fall between a post and the word of it.
	const answersAfter = 400 * time.Millisecond
	d.s.Plan(faultserver.Fault{Method: "chat.postMessage", Kind: faultserver.Late, Wait: answersAfter, Every: 3})
	late := func() (n int) {
		for _, c := range d.s.Calls("chat.postMessage") {
			if c.Fault == faultserver.Late {
				n++
			}
		}
		return n
	}
	random := rand.New(rand.NewSource(5))
	var all []asked
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		spread := time.Duration(questions) * every / time.Duration(kills)
		for range kills {
			time.Sleep(spread/4 + time.Duration(random.Int63n(int64(spread/2))))
			before := late()
			d.s.Wait(time.Second, func() bool { return late() > before })
			time.Sleep(time.Duration(random.Int63n(int64(answersAfter))))
			d.kill()
			d.start()
		}
	}()
	for i := range questions {
		q := asked{channel: fmt.Sprint("CM", i%rooms)}
		q.ts = d.s.Say(faultserver.Words{Channel: q.channel, User: "U2", Text: faultserver.Mention + " " + why})
		all = append(all, q)
		time.Sleep(every)
	}
	<-killed
	d.answered(t, 10*time.Minute, questions, rooms)
	d.settle(t)
	d.once(t, all, rooms)
	_, attempts := d.s.Acks()
	begun := len(d.s.Calls("chat.postMessage"))
	if begun > questions {
		t.Errorf("%d messages were sent for %d questions", begun, questions)
	}
	t.Logf("%d questions, %d kills: %d deliveries in %d attempts, %d messages posted, %d looked for", questions, kills, len(d.s.Delivered("")), attempts, begun,
		len(d.s.Calls("conversations.replies"))+len(d.s.Calls("conversations.history")))
	d.stop()
	d.run(t, "library", "check")
	for _, v := range d.s.Violations() {
		t.Error(v)
	}
}

// slackBriefingScene delivers a briefing with its chart, once, though the answer
// of Slack is lost.
func slackBriefingScene(t *testing.T) {
	d := newSlackDesk(t, faultserver.Options{}, "socket", manyRooms(1)+`schedules:
  - {name: weekly, room: "slack:CM0", topics: ["collection:north", "the pact"], cron: "0 9 * * MON", zone: Europe/Berlin}
`)
	d.addRooms(1)
	d.write("new.jsonl", fmt.Sprintf(`{"id":"new","title":"The Pact, Lately","author":"Ada Placeholder","published":%q,"text":"The ministers of Ipsum read the pact again."}`, time.Now().AddDate(0, 0, -9).Format(time.DateOnly))+"\n")
	d.run(t, "add", "--collection", "north", "new.jsonl")
	d.s.Plan(faultserver.Fault{Method: "chat.postMessage", Kind: faultserver.Cut, Times: 1})
	d.run(t, "schedule", "run", "weekly")
	var listed struct {
		Schedules []struct {
			Last struct{ State string }
		}
	}
	for range 240 { // what is in doubt settles first
		if err := json.Unmarshal([]byte(d.run(t, "schedule", "list", "--json")), &listed); err != nil {
			t.Fatal(err)
		}
		if listed.Schedules[0].Last.State == "posted" {
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	said := d.s.Said("CM0")
	if len(said) == 0 {
		t.Fatalf("nothing was posted; %v", listed)
	}
	seen, charts := map[string]int{}, 0
	for _, m := range said {
		seen[whole(m)]++
		charts += strings.Count(mustJSON(t, m.Blocks), `"slack_file"`)
	}
	for words, n := range seen {
		if n > 1 && strings.TrimSpace(words) != "" {
			t.Errorf("%d times:\n%s", n, words)
		}
	}
	if charts != 1 {
		t.Errorf("%d charts in %d messages", charts, len(said))
	}
	for _, v := range d.s.Violations() {
		t.Error(v)
	}
}
