//go:build homeserver && goolm

package main

import (
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"briefdesk/bot/matrix/matrixtest"
)

// matrixDesk is the program as a process on a real homeserver. Room north sees
// the collection north, room south the other, both in the library crossing.
type matrixDesk struct {
	t       *testing.T
	hs      *matrixtest.Server
	ana     *matrixtest.User
	program string
	dir     string
	said    *outputFile
	cmd     *exec.Cmd
}

const matrixBot = "@desk:matrix.test"

func newMatrixDesk(t *testing.T) *matrixDesk {
	t.Helper()
	d := &matrixDesk{t: t, hs: matrixtest.Start(t, matrixtest.Options{}), program: programPath(t), dir: t.TempDir()}
	d.hs.Register(t, "desk")
	d.ana = d.hs.Register(t, "ana")
	d.said = &outputFile{filepath.Join(d.dir, "said")}
	for _, name := range []string{"north", "south"} {
		d.write(name+".jsonl", crossing[name])
	}
	d.configure("")
	for _, name := range []string{"north", "south"} {
		d.run(t, "add", "--collection", name, name+".jsonl")
	}
	return d
}

func (d *matrixDesk) write(name, content string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// configure writes the configuration with more of rooms.
func (d *matrixDesk) configure(rooms string) {
	d.write("briefdesk.yaml", fmt.Sprintf("matrix: {homeserver: %q, user_id: %q, allow_invites_from: [\"*:matrix.test\"]}\nweb: {listen: \"127.0.0.1:0\"}\n", d.hs.URL, matrixBot)+
		"collections: {north: {}, south: {}, all: {}}\nadmins: [\"matrix:@ana:matrix.test\"]\nrooms:\n  \"matrix:dm\": {collections: [north]}\n"+rooms)
}

func (d *matrixDesk) command(args ...string) *exec.Cmd {
	cmd := exec.Command(d.program, args...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "BRIEFDESK_MATRIX_PASSWORD="+matrixtest.Password, "BRIEFDESK_MATRIX_PICKLE_KEY=a pickle key of the tests", "BRIEFDESK_SECRET_KEY=a secret of the tests that is long enough")
	return cmd
}

func (d *matrixDesk) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := d.command(args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (d *matrixDesk) start() {
	d.t.Helper()
	f, err := os.OpenFile(d.said.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	d.cmd = d.command("serve")
	d.cmd.Stdout, d.cmd.Stderr = f, f
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	cmd := d.cmd
	d.t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		if d.t.Failed() {
			d.t.Logf("serve said:\n%s", d.said)
		}
	})
}

func (d *matrixDesk) kill() {
	_ = d.cmd.Process.Kill()
	_ = d.cmd.Wait()
}

func (d *matrixDesk) stop() {
	d.t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	if err := d.cmd.Wait(); err != nil {
		d.t.Errorf("serve ended with %v", err)
	}
}

// joins waits until the bot is in a room.
func (d *matrixDesk) joins(room string) {
	d.t.Helper()
	matrixtest.Until(d.t, "the bot joins", func() bool {
		var in struct {
			Joined map[string]any `json:"joined"`
		}
		err := d.ana.Call(d.t.Context(), http.MethodGet, "/rooms/"+room+"/joined_members", nil, &in)
		return err == nil && in.Joined[matrixBot] != nil
	})
}

func matrixText(body string, more map[string]any) map[string]any {
	content := map[string]any{"msgtype": "m.text", "body": body}
	for k, v := range more {
		content[k] = v
	}
	return content
}

var mentionDesk = map[string]any{"m.mentions": map[string]any{"user_ids": []string{matrixBot}}}

func inThread(root string) map[string]any {
	return map[string]any{"m.relates_to": map[string]any{"rel_type": "m.thread", "event_id": root, "is_falling_back": true, "m.in_reply_to": map[string]any{"event_id": root}}}
}

// answers waits for n messages of the bot in a thread of a plain room.
func (d *matrixDesk) answers(room, thread string, n int) []matrixtest.Event {
	d.t.Helper()
	var all []matrixtest.Event
	matrixtest.Until(d.t, fmt.Sprintf("%d answers", n), func() bool {
		all = nil
		for _, e := range d.ana.Messages(d.t, room) {
			if e.Sender == matrixBot && e.Type == "m.room.message" && e.Thread() == thread {
				all = append(all, e)
			}
		}
		return len(all) >= n
	})
	return all
}

// An independent client asks in encrypted rooms while the program is killed
// again and again; each question is answered once.
func TestMatrixKills(t *testing.T) {
	d := newMatrixDesk(t)
	p := matrixtest.NewPeer(t, d.hs, d.ana)
	rooms, kills, questions := 2, 4, 12
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		rooms, kills, questions = 20, 20, 200
	}
	var in []string
	yaml := ""
	for i := range rooms {
		in = append(in, d.ana.CreateRoom(t, matrixtest.Room{Name: fmt.Sprint("north ", i), Encrypted: true, Invite: []string{matrixBot}}))
		yaml += fmt.Sprintf("  \"matrix:%s\": {collections: [north]}\n", in[i])
	}
	d.configure(yaml)
	d.start()
	for _, room := range in {
		d.joins(room)
	}
	answer := func(id string) func(matrixtest.Saw) bool {
		return func(s matrixtest.Saw) bool {
			relation, _ := s.Content["m.relates_to"].(map[string]any)
			return s.Sender == matrixBot && s.Event == "message" && relation["event_id"] == id
		}
	}
	random := rand.New(rand.NewSource(6))
	var asked []string
	ask := func() {
		asked = append(asked, p.Send(in[len(asked)%rooms], "desk: why was the harbour closed?", mentionDesk))
	}
	ask()
	p.Wait("reads the first answer", answer(asked[0]))
	for i := range kills {
		for len(asked) < (i+1)*questions/kills {
			ask()
		}
		time.Sleep(time.Duration(random.Intn(600)) * time.Millisecond)
		d.kill()
		time.Sleep(time.Duration(random.Intn(200)) * time.Millisecond)
		d.start()
	}
	for _, id := range asked {
		p.Wait("reads the answer to "+id, answer(id))
	}
	time.Sleep(5 * time.Second) // what should not come has had its time
	for i, id := range asked {
		if got := p.All(answer(id)); len(got) != 1 || !got[0].Encrypted || !strings.Contains(got[0].Body, "“First, the salt had run out.”") {
			t.Errorf("question %d was answered %d times: %+v", i, len(got), got)
		}
	}
	t.Logf("%d questions in %d rooms, %d kills: each answered once", len(asked), rooms, kills)
	d.stop()
}

// Questions asked while the program is down are all answered, once.
func TestMatrixAskedWhileDown(t *testing.T) {
	d := newMatrixDesk(t)
	room := d.ana.CreateRoom(t, matrixtest.Room{Name: "north", Invite: []string{matrixBot}})
	d.configure(fmt.Sprintf("  \"matrix:%s\": {collections: [north]}\n", room))
	d.start()
	d.joins(room)
	first := d.ana.Send(t, room, "m.room.message", "first", matrixText("desk: why was the harbour closed?", mentionDesk))
	d.answers(room, first, 1)
	d.stop()
	var asked []string
	for i := range 60 {
		asked = append(asked, d.ana.Send(t, room, "m.room.message", fmt.Sprint(i), matrixText("desk: why was the harbour closed?", mentionDesk)))
	}
	d.start()
	answered := map[string]int{} // how often, by question
	matrixtest.Until(t, "all are answered", func() bool {
		clear(answered)
		for _, e := range d.ana.Messages(t, room) {
			if e.Sender == matrixBot && e.Thread() != "" {
				answered[e.Thread()]++
			}
		}
		return len(answered) > len(asked)
	})
	d.stop()
	d.start() // it answers nothing again
	last := d.ana.Send(t, room, "m.room.message", "last", matrixText("desk: why was the harbour closed?", mentionDesk))
	d.answers(room, last, 1)
	for _, e := range d.ana.Messages(t, room) {
		if e.Sender == matrixBot && e.Thread() != "" {
			answered[e.Thread()]++
		}
	}
	for i, id := range asked {
		if n := answered[id]; n != 2 { // counted twice
			t.Errorf("question %d was answered %d times", i, n-1)
		}
	}
	d.stop()
}

// A briefing comes to an encrypted room once, with its chart, from serve and
// from a process that posts alone.
func TestMatrixBriefing(t *testing.T) {
	d := newMatrixDesk(t)
	p := matrixtest.NewPeer(t, d.hs, d.ana)
	room := d.ana.CreateRoom(t, matrixtest.Room{Name: "north", Encrypted: true, Invite: []string{matrixBot}})
	d.configure(fmt.Sprintf("  \"matrix:%s\": {collections: [north]}\nschedules:\n  - {name: weekly, room: \"matrix:%s\", topics: [\"collection:north\"], cron: \"0 9 * * MON\", zone: Europe/Berlin}\n", room, room))
	recent := fmt.Sprintf(`{"id":"n3","title":"The Harbour Today","author":"Ada Placeholder","publisher":"The Northern Invention","published":%q,"text":"The harbour holds nine ships today. The salt has come back."}`, time.Now().UTC().AddDate(0, 0, -3).Format(time.DateOnly))
	d.write("recent.jsonl", recent+"\n")
	d.run(t, "add", "--collection", "north", "recent.jsonl")
	d.start()
	d.joins(room)
	id := p.Send(room, "desk: why was the harbour closed?", mentionDesk)
	p.Wait("reads the answer", func(s matrixtest.Saw) bool {
		relation, _ := s.Content["m.relates_to"].(map[string]any)
		return s.Sender == matrixBot && relation["event_id"] == id
	})
	// One process at a time uses the keys.
	if out, err := d.command("schedule", "run", "weekly").CombinedOutput(); err == nil || !strings.Contains(string(out), "another process uses it") {
		t.Errorf("while serve runs: %v\n%s", err, out)
	}
	d.stop()
	if said := d.said.String(); strings.Contains(said, "briefdesk: warning") {
		t.Errorf("serve warned:\n%s", said)
	}
	d.run(t, "schedule", "run", "weekly")
	briefing := func(s matrixtest.Saw) bool {
		return s.Event == "message" && s.Encrypted && strings.HasPrefix(s.Body, "run by hand")
	}
	if s := p.Wait("reads the briefing", briefing); !strings.Contains(s.Body, "The harbour holds nine ships today.") {
		t.Errorf("the briefing is\n%s", s.Body)
	}
	chart := p.Wait("sees the chart", func(s matrixtest.Saw) bool { return s.Event == "picture" })
	if chart.Head != "89504e470d0a1a0a" || !strings.Contains(chart.Body, "Documents published per week") || !chart.Encrypted {
		t.Errorf("the chart is %+v", chart)
	}
	time.Sleep(time.Second)
	if n := len(p.All(briefing)); n != 1 {
		t.Errorf("the briefing came %d times", n)
	}
}
