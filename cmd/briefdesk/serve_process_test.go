package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"briefdesk/bot/console"
	"briefdesk/briefs"
	"briefdesk/config"
	"briefdesk/store"
)

// owing is a folder with a library and schedules that owe their slots of the
// last hour, as after an outage.
type owing struct {
	program, dir, posts string
	a                   *app
}

// newOwing makes n schedules, due at the minutes of cron.
func newOwing(t *testing.T, n int, cron string) *owing {
	t.Helper()
	dir := t.TempDir()
	o := &owing{program: programPath(t), dir: dir, posts: filepath.Join(dir, "posts.jsonl"), a: testApp()}
	o.a.now = time.Now
	yaml := "web: {listen: \"127.0.0.1:0\"}\nschedules:\n"
	for i := range n {
		s := config.Schedule{Name: fmt.Sprint("s", i), Room: fmt.Sprint("console:", i), Topics: []string{"the pact", "harbour"}, Cron: cron, CatchUp: "all", Force: true}
		o.a.cfg.Schedules = append(o.a.cfg.Schedules, s)
		yaml += fmt.Sprintf("  - {name: %s, room: %q, topics: [the pact, harbour], cron: %q, catch_up: all, force: true}\n", s.Name, s.Room, s.Cron)
	}
	o.a.cfg.Library.Path = filepath.Join(dir, "briefdesk.db")
	for name, content := range map[string]string{"briefdesk.yaml": yaml, "docs.jsonl": crossing["north"] + crossing["south"]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, o.program, "--library", o.a.cfg.Library.Path, "add", filepath.Join(dir, "docs.jsonl"))
	lib := o.open(t)
	defer lib.Close()
	made, problems := o.a.configured()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, s := range made {
		if err := lib.PutSchedule(t.Context(), s, time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o *owing) open(t *testing.T) store.Backend {
	t.Helper()
	lib, err := o.a.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// serve starts briefdesk serve; its messages end up in what is returned.
func (o *owing) serve(t *testing.T) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(o.program, "serve", "--console", o.posts)
	cmd.Dir, cmd.Stderr = o.dir, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &stderr
}

// stop ends a serve as an operator does.
func stop(t *testing.T, cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
		t.Errorf("serve: %v, %s", err, stderr)
	}
}

// lines are what was posted.
func (o *owing) lines(t *testing.T) []console.Line {
	t.Helper()
	data, err := os.ReadFile(o.posts)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return consoleLines(data)
}

// check fails the test unless the file shows each part of each delivery that
// the library says was posted, once, and nothing else. It returns how many
// were posted.
func (o *owing) check(t *testing.T) int {
	t.Helper()
	shown := map[briefs.DeliveryKey]int{}
	for _, l := range o.lines(t) {
		shown[l.Key.Part(l.Part)]++
	}
	lib := o.open(t)
	defer lib.Close()
	all, err := lib.Deliveries(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	posted := 0
	for _, d := range all {
		if d.State != briefs.Posted {
			continue
		}
		posted++
		for i := range d.Parts {
			key := d.Key.Part(i + 1)
			if shown[key] != 1 {
				t.Errorf("%s stands there %d times", key, shown[key])
			}
			delete(shown, key)
		}
	}
	for key := range shown {
		t.Errorf("%s stands there, and is not known as posted", key)
	}
	if problems, err := lib.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("check: %q, %v", problems, err)
	}
	return posted
}

// TestServeKilled kills briefdesk serve again and again while it catches up,
// and lets another finish, later by the clock. The file of the console shows
// each key once. BRIEFDESK_PROVE kills fifty times.
func TestServeKilled(t *testing.T) {
	t.Parallel()
	kills, schedules := 6, 2
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		kills, schedules = 50, 20
	}
	o := newOwing(t, schedules, "*/5 * * * *")
	random := rand.New(rand.NewSource(11))
	longest := 600 * time.Millisecond
	for range kills {
		before := len(o.lines(t))
		cmd, _ := o.serve(t)
		time.Sleep(time.Duration(random.Int63n(int64(longest))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		if len(o.lines(t)) == before {
			longest = min(longest*5/4, 2*time.Second) // a slow machine, or all is taken on by the dead
		}
	}
	reached := len(o.lines(t))
	lib := o.open(t)
	all, err := o.a.connect(t.Context(), lib, nil, nil, o.posts)
	if err != nil {
		t.Fatal(err)
	}
	defer all.close()
	runner, err := o.a.newRunner(lib, all.mux(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, later := range []time.Duration{0, 10 * time.Minute, 20 * time.Minute} { // leases end, and what was in doubt has settled
		if err := runner.Tick(t.Context(), time.Now().Add(later)); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	posted := o.check(t)
	if posted < 10*schedules {
		t.Errorf("%d briefings were posted, %d were owed", posted, 10*schedules)
	}
	t.Logf("%d kills; %d messages before the last, %d briefings in all", kills, reached, posted)
}

// TestTwoServes lets two processes serve one library: they share what is owed.
// BRIEFDESK_PROVE goes on for three real minutes, with slots in each.
func TestTwoServes(t *testing.T) {
	t.Parallel()
	o := newOwing(t, 2, "* * * * *")
	one, saidOne := o.serve(t)
	two, saidTwo := o.serve(t)
	minutes := 0
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		minutes = 3
	}
	begin := time.Now()
	time.Sleep(time.Duration(minutes) * time.Minute)
	late, onTime := 0, 0
	for start := time.Now(); time.Since(start) < 4*time.Minute && late+onTime < 20; time.Sleep(100 * time.Millisecond) {
		late, onTime = 0, 0
		for _, l := range o.lines(t) {
			_, slot, _ := strings.Cut(string(l.Key), "/")
			due, err := time.Parse("2006-01-02T15:04", strings.TrimSuffix(slot, "/UTC"))
			switch {
			case err != nil:
				t.Fatal(err)
			case l.Part > 1:
			case due.Before(begin):
				late++
			default:
				onTime++
			}
		}
	}
	stop(t, one, saidOne)
	stop(t, two, saidTwo)
	posted := o.check(t)
	if late+onTime < 20 || onTime < 2*minutes { // a minute may have begun before they were planned
		t.Errorf("%d late and %d on time", late, onTime)
	}
	t.Logf("%d briefings, %d of slots that came meanwhile", posted, onTime)
}
