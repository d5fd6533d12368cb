package schedule_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

var quiet = slog.New(slog.DiscardHandler)

func openLibrary(t *testing.T, path string) store.Backend {
	t.Helper()
	lib, err := store.Open(context.Background(), quiet, path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if problems, err := lib.Check(context.Background()); err != nil || len(problems) > 0 {
			t.Errorf("check: %q, %v", problems, err)
		}
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

// desk is a runner, a library and a platform, with a clock that the test sets.
type desk struct {
	*testing.T
	lib      store.Backend
	platform *platform
	o        schedule.Options
	runner   *schedule.Runner
	now      time.Time

	mu      sync.Mutex
	events  []schedule.Event
	fault   fault
	works   []schedule.Work
	nothing bool
}

// Wednesday before a Thursday slot.
var wednesday = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)

// newDesk has one schedule, daily at 9 in Berlin, of two parts.
func newDesk(t *testing.T, change ...func(*schedule.Options)) *desk {
	d := &desk{T: t, fault: works, now: wednesday}
	d.lib = openLibrary(t, filepath.Join(t.TempDir(), "library.db"))
	d.platform = newPlatform(t, d.draw)
	d.o = schedule.Options{
		Ledger: d.lib, Chat: finder{newClient(t, d.platform.server.URL)}, Compose: d.compose,
		Schedules: []briefs.Schedule{daily("daily")},
		Observe: func(e schedule.Event) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.events = append(d.events, e)
		},
	}
	for _, f := range change {
		f(&d.o)
	}
	d.runner = schedule.NewRunner(quiet, d.o)
	d.tick(0)
	return d
}

// draw is the fault that the platform has now.
func (d *desk) draw() fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fault
}

func (d *desk) breaks(f fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = f
}

func daily(id briefs.ScheduleID) briefs.Schedule {
	return briefs.Schedule{
		ID: id, Room: "fault:a", Topics: []string{"gulls"}, When: "every day at 09:00", Zone: "Europe/Berlin",
		Quiet: briefs.QuietSay, CatchUp: briefs.CatchUpLatest,
	}
}

func (d *desk) compose(_ context.Context, w schedule.Work) (schedule.Composed, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.works = append(d.works, w)
	n := len(d.works)
	text := strings.TrimSpace(fmt.Sprintf("%s briefing %d", w.Heading(), n))
	return schedule.Composed{
		Parts: []briefs.Part{{Text: text}, {Text: fmt.Sprint("more of ", n)}}, Nothing: d.nothing,
		Briefs: []briefs.Brief{{Topic: "gulls"}},
	}, nil
}

// tick lets time pass, and ticks.
func (d *desk) tick(pass time.Duration) {
	d.Helper()
	d.now = d.now.Add(pass)
	d.platform.setClock(d.now)
	if err := d.runner.Tick(context.Background(), d.now); err != nil {
		d.Errorf("tick: %v", err)
	}
}

// day ticks a minute after the slot of the next day.
func (d *desk) day(n int) {
	d.Helper()
	next := time.Date(d.now.Year(), d.now.Month(), d.now.Day()+n, 8, 1, 0, 0, time.UTC)
	d.tick(next.Sub(d.now))
}

func (d *desk) restart() { d.runner = schedule.NewRunner(quiet, d.o) }

// posts are the texts that the room shows, "key: text".
func (d *desk) posts() string {
	var all []string
	for _, p := range d.platform.shown() {
		all = append(all, fmt.Sprintf("%s: %s", p.Key, p.Part.Text))
	}
	return strings.Join(all, "\n")
}

func (d *desk) count(kind schedule.EventKind) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		if e.Kind == kind {
			n += e.Slots
		}
	}
	return n
}

// history is "slot state" of all deliveries, oldest first.
func (d *desk) history() string {
	d.Helper()
	all, err := d.lib.Deliveries(context.Background(), "", 1000)
	if err != nil {
		d.Fatal(err)
	}
	slices.Reverse(all)
	var lines []string
	for _, v := range all {
		lines = append(lines, fmt.Sprintf("%s %s", v.Slot.Local, v.State))
	}
	return strings.Join(lines, ", ")
}

func (d *desk) want(what, got, want string) {
	d.Helper()
	if got != want {
		d.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func (d *desk) equal(what string, got, want any) {
	d.Helper()
	d.want(what, fmt.Sprint(got), fmt.Sprint(want))
}
