package schedule_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

const (
	thursday = "daily/2026-11-19T09:00/Europe/Berlin"
	friday   = "daily/2026-11-20T09:00/Europe/Berlin"
)

func TestPostsOnTime(t *testing.T) {
	d := newDesk(t)
	d.day(1)
	d.tick(time.Minute)
	d.want("posts", d.posts(), thursday+"#1: briefing 1\n"+thursday+"#2: more of 1")
	shown, err := d.lib.Briefings(context.Background(), 0, 9, "fault:a")
	if err != nil || len(shown) != 1 || shown[0].Slot != "2026-11-19T09:00 Europe/Berlin" || shown[0].ID != d.works[0].ID {
		t.Errorf("archive: %+v, %v", shown, err)
	}
	all, err := d.lib.Deliveries(context.Background(), "daily", 9)
	if err != nil || all[0].Parts[0].Receipt != "m1" || all[0].Parts[1].Receipt != "m2" {
		t.Errorf("history: %+v, %v", all, err)
	}
	d.day(1)
	d.equal("posts", len(d.platform.shown()), 4)
	d.equal("since", d.works[1].Since.Truncate(time.Minute), d.works[0].Now.Truncate(time.Minute))
	d.equal("posted", d.count(schedule.EventPosted), 2)
}

func TestCatchUp(t *testing.T) {
	for policy, want := range map[briefs.CatchUp]struct{ posts, history string }{
		briefs.CatchUpLatest: {
			"daily/2026-11-22T09:00/Europe/Berlin#1: late: due Sunday 22 November 2026 09:00 Europe/Berlin; covers 3 more that were missed since Thursday 19 November 2026 09:00 briefing 1",
			"2026-11-22T09:00 posted, 2026-11-23T09:00 posted",
		},
		briefs.CatchUpAll: {
			thursday + "#1: late: due Thursday 19 November 2026 09:00 Europe/Berlin briefing 1",
			"2026-11-19T09:00 posted, 2026-11-20T09:00 posted, 2026-11-21T09:00 posted, 2026-11-22T09:00 posted, 2026-11-23T09:00 posted",
		},
		briefs.CatchUpSkip: {"daily/2026-11-23T09:00/Europe/Berlin#1: briefing 1", "2026-11-22T09:00 skipped, 2026-11-23T09:00 posted"},
	} {
		t.Run(string(policy), func(t *testing.T) {
			d := newDesk(t, func(o *schedule.Options) { o.Schedules[0].CatchUp = policy })
			d.restart() // it was down
			d.tick(4 * 24 * time.Hour)
			d.day(1)
			d.want("history", d.history(), want.history)
			d.want("first post", strings.Split(d.posts(), "\n")[0], want.posts)
			if skipped := d.count(schedule.EventSkipped); (policy == briefs.CatchUpSkip) != (skipped == 4) {
				t.Errorf("%d skipped", skipped)
			}
		})
	}
	t.Run("many", func(t *testing.T) {
		d := newDesk(t, func(o *schedule.Options) { o.Schedules[0].CatchUp = briefs.CatchUpAll })
		d.tick(30*24*time.Hour + 2*time.Hour)
		d.equal("skipped", d.count(schedule.EventSkipped), 20)
		d.equal("posted", d.count(schedule.EventPosted), 10)
		all, err := d.lib.Deliveries(context.Background(), "daily", 99, briefs.Skipped)
		if err != nil || len(all) != 1 || all[0].Missed != 19 || all[0].First.Local != "2026-11-19T09:00" || all[0].Slot.Local != "2026-12-08T09:00" {
			t.Errorf("skipped: %+v, %v", all, err)
		}
	})
	t.Run("back in time for a slot", func(t *testing.T) {
		d := newDesk(t)
		d.day(3)
		d.want("history", d.history(), "2026-11-21T09:00 posted")
		if want := "late: due Saturday 21 November 2026 09:00 Europe/Berlin; covers 2 more that were missed since"; !strings.Contains(d.posts(), want) {
			t.Errorf("posts: %s", d.posts())
		}
	})
}

func TestQuiet(t *testing.T) {
	for policy, posts := range map[briefs.Quiet]int{briefs.QuietSay: 2, briefs.QuietSkip: 0} {
		d := newDesk(t, func(o *schedule.Options) { o.Schedules[0].Quiet = policy })
		d.nothing = true
		d.day(1)
		d.tick(time.Minute)
		d.equal(string(policy), len(d.platform.shown()), posts)
		d.equal("silent", d.count(schedule.EventNothing), 1-posts/2)
		hand, err := d.runner.RunByHand(context.Background(), "daily", d.now)
		if err != nil || hand.State != briefs.Posted {
			t.Errorf("by hand: %+v, %v", hand, err)
		}
	}
}

func TestByHand(t *testing.T) {
	d := newDesk(t)
	d.day(1)
	d.tick(time.Hour)
	hand, err := d.runner.RunByHand(context.Background(), "daily", d.now)
	if err != nil || hand.State != briefs.Posted || !hand.ByHand {
		t.Fatalf("%+v, %v", hand, err)
	}
	if !strings.Contains(d.posts(), "#1: run by hand briefing 2") {
		t.Errorf("posts: %s", d.posts())
	}
	d.day(1)
	d.equal("slots", strings.Contains(d.posts(), friday), true)
	d.equal("since, by hand left aside", d.works[2].Since, d.works[1].Since)
	if _, err := d.runner.RunByHand(context.Background(), "other", d.now); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}

// The answer is lost in every way there is; each time the platform is asked.
func TestUnknownOutcomeIsAskedFor(t *testing.T) {
	for _, f := range []fault{dropped, postDrop, fails, postFails, postLater, garbled, slow} {
		t.Run(string(f), func(t *testing.T) {
			d := newDesk(t)
			d.breaks(f)
			d.day(1)
			d.breaks(works)
			d.tick(10 * time.Second)
			if early := len(d.platform.all()); early > 2 {
				t.Errorf("%d posts before the platform had settled", early)
			}
			d.tick(2 * time.Minute)
			d.tick(2 * time.Minute)
			d.want("posts", d.posts(), thursday+"#1: briefing 1\n"+thursday+"#2: more of 1")
			d.equal("composed", len(d.works), 1)
		})
	}
}

// What cannot be asked is held, and the operator decides.
func TestUnknownOutcomeIsHeld(t *testing.T) {
	for f, posted := range map[fault]bool{postDrop: true, dropped: false} {
		d := newDesk(t, func(o *schedule.Options) { o.Chat = o.Chat.(finder).client })
		d.breaks(f)
		d.day(1)
		d.breaks(works)
		d.tick(time.Hour)
		d.want("history", d.history(), "2026-11-19T09:00 held")
		d.equal("held", d.count(schedule.EventHeld), 1)
		if err := d.lib.Release(context.Background(), thursday, posted, d.now); err != nil {
			t.Fatal(err)
		}
		d.tick(time.Minute)
		d.want("posts", d.posts(), thursday+"#1: briefing 1\n"+thursday+"#2: more of 1")
	}
}

// A refusal is certain: nothing needs to be asked.
func TestRefusedWithoutAsking(t *testing.T) {
	d := newDesk(t, func(o *schedule.Options) { o.Chat = o.Chat.(finder).client })
	d.breaks(refuses)
	d.day(1)
	d.breaks(works)
	d.tick(time.Hour)
	d.want("posts", d.posts(), thursday+"#1: briefing 1\n"+thursday+"#2: more of 1")
}

func TestRefused(t *testing.T) {
	d := newDesk(t)
	d.breaks(refuses)
	d.day(1)
	for range 30 {
		d.tick(time.Minute)
	}
	d.equal("attempts in half an hour, a minute apart and doubling", d.count(schedule.EventRetry), 5)
	d.breaks(works)
	d.tick(31 * time.Minute)
	d.want("posts", d.posts(), thursday+"#1: briefing 1\n"+thursday+"#2: more of 1")

	d.breaks(refuses)
	d.day(1)
	for range 50 {
		d.tick(30 * time.Minute)
	}
	d.equal("given up", d.count(schedule.EventFailed), 1)
	if got := d.history(); !strings.HasPrefix(got, "2026-11-19T09:00 posted, 2026-11-20T09:00 failed") {
		t.Errorf("history: %s", got)
	}
}

func TestRoomGone(t *testing.T) {
	d := newDesk(t)
	d.breaks(gone)
	d.day(1)
	d.day(1)
	d.restart()
	d.day(1)
	d.want("history", d.history(), "2026-11-19T09:00 failed")
	d.equal("told", d.count(schedule.EventPaused), 1)
	d.breaks(works)
	if _, err := d.lib.ResumeSchedule(context.Background(), "daily", d.now); err != nil {
		t.Fatal(err)
	}
	d.day(1)
	d.want("history", d.history(), "2026-11-19T09:00 failed, 2026-11-22T09:00 posted")
}

// The configuration is changed while the program is down: what was missed
// under the old one is owed, and nothing under the new one.
func TestChangedWhileDown(t *testing.T) {
	d := newDesk(t)
	d.o.Schedules = []briefs.Schedule{daily("daily")}
	d.o.Schedules[0].When = "every day at 11:00"
	d.restart()
	d.tick(25 * time.Hour) // Thursday 14:00 in Berlin
	d.want("history", d.history(), "2026-11-19T09:00 posted")
	d.day(1)
	d.tick(2 * time.Hour)
	d.want("history", d.history(), "2026-11-19T09:00 posted, 2026-11-20T11:00 posted")
}

// A clock that leaps about posts nothing twice.
func TestClockLeaps(t *testing.T) {
	d := newDesk(t)
	d.day(1)
	for _, leap := range []time.Duration{-2 * time.Minute, time.Minute, -time.Minute, 2 * time.Minute, -24 * time.Hour, 24 * time.Hour} {
		d.tick(leap)
	}
	d.want("posts", d.posts(), thursday+"#1: briefing 1\n"+thursday+"#2: more of 1")
	d.equal("told", d.count(schedule.EventClock) > 0, true)

	d.tick(365 * 24 * time.Hour) // wrong by a year
	d.equal("posts of the wrong year", len(d.platform.shown()), 4)
	d.tick(-365 * 24 * time.Hour)
	told := d.count(schedule.EventClock)
	d.day(1)
	d.equal("told", d.count(schedule.EventClock) > told, true)
	if _, err := d.lib.ResumeSchedule(context.Background(), "daily", d.now); err != nil {
		t.Fatal(err)
	}
	d.day(1)
	if !strings.Contains(d.posts(), "daily/2026-11-21T09:00/Europe/Berlin#1: briefing") {
		t.Errorf("posts: %s", d.posts())
	}
}

// The clock leaps, or the machine sleeps, while one process sends: the lease
// is over by the clock, but another leaves the part alone as long as a send
// may take.
func TestClockLeapsWhileSending(t *testing.T) {
	d := newDesk(t, func(o *schedule.Options) { o.Chat.(finder).http.Timeout = 0 })
	sending, answer := make(chan bool), make(chan bool)
	var first sync.Once
	d.platform.meanwhile = func() {
		first.Do(func() {
			sending <- true
			<-answer
		})
	}
	one := d.runner
	d.now = d.now.Add(24 * time.Hour)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := one.Tick(context.Background(), d.now); err != nil {
			t.Error(err)
		}
	})
	<-sending
	d.restart()
	d.tick(time.Hour)
	close(answer)
	wg.Wait()
	d.equal("posts", len(d.platform.shown()), 1)
	d.tick(2 * time.Minute)
	d.want("posts", d.posts(), thursday+"#1: late: due Thursday 19 November 2026 09:00 Europe/Berlin briefing 1\n"+thursday+"#2: more of 1")
}

// A process that is stopped ends what it sends and leaves the rest to others,
// who need not wait for its lease.
func TestStopped(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(context.Background())
	d.platform.meanwhile = cancel // while the first part is sent
	d.now = d.now.Add(24 * time.Hour)
	if err := d.runner.Tick(ctx, d.now); err != nil {
		t.Fatal(err)
	}
	d.equal("posts", len(d.platform.shown()), 1)
	d.restart()
	d.tick(time.Second)
	d.equal("posts", len(d.platform.shown()), 2)
	d.equal("composed", len(d.works), 1)
}

func TestComposeFails(t *testing.T) {
	broken := true
	d := newDesk(t)
	compose := d.o.Compose
	d.o.Compose = func(ctx context.Context, w schedule.Work) (schedule.Composed, error) {
		if broken {
			return schedule.Composed{}, errors.New("the disk is\nfull")
		}
		return compose(ctx, w)
	}
	d.restart()
	d.day(1)
	all, err := d.lib.Deliveries(context.Background(), "daily", 1)
	if err != nil || all[0].State != briefs.Planned || all[0].Why != "compose: the disk is full" {
		t.Errorf("%+v, %v", all, err)
	}
	broken = false
	d.tick(2 * time.Minute)
	d.equal("posts", len(d.platform.shown()), 2)
}

// TestRun lets several runners run at once by the real clock.
func TestRun(t *testing.T) {
	lib := openLibrary(t, filepath.Join(t.TempDir(), "library.db"))
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p := newPlatform(t, func() fault { return works })
	now := time.Now()
	s := daily("minutes")
	s.When, s.CatchUp, s.Made = "* * * * *", briefs.CatchUpAll, true
	if err := lib.PutSchedule(context.Background(), s, now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 2 {
		chat := finder{newClient(t, p.server.URL)}
		r := schedule.NewRunner(quiet, schedule.Options{
			Ledger: lib, Chat: chat, Interval: 5 * time.Millisecond,
			Compose: func(_ context.Context, w schedule.Work) (schedule.Composed, error) {
				return schedule.Composed{Parts: []briefs.Part{{Text: w.Delivery.Slot.Local}}}, nil
			},
		})
		wg.Go(func() {
			if err := r.Run(ctx); err != nil {
				t.Error(err)
			}
			chat.http.CloseIdleConnections()
		})
	}
	for deadline := time.Now().Add(5 * time.Minute); len(p.shown()) < 15 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // for what should not come
	cancel()
	wg.Wait()
	once(t, p.shown())
	if n := len(p.shown()); n < 15 || n > 17 { // ten late, those on time, and a minute that passed meanwhile
		t.Errorf("%d posts", n)
	}
	p.server.Close()
}

// once fails the test when a key was posted twice.
func once(t *testing.T, posts []post) {
	t.Helper()
	seen := map[briefs.DeliveryKey]bool{}
	for _, p := range posts {
		if seen[p.Key] {
			t.Errorf("%s was posted twice", p.Key)
		}
		seen[p.Key] = true
	}
}
