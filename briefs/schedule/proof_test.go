package schedule_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/store"
)

// prove reports whether the long proofs are wanted.
func prove() bool { return os.Getenv("BRIEFDESK_PROVE") != "" }

// tally is what came of many runs.
type tally struct {
	runs, deliveries, posts, kills, held, doubled, lost int
	seen                                                map[fault]int
}

func (a *tally) add(b tally) {
	a.runs += b.runs
	a.deliveries += b.deliveries
	a.posts += b.posts
	a.kills += b.kills
	a.held += b.held
	a.doubled += b.doubled
	a.lost += b.lost
	if a.seen == nil {
		a.seen = map[fault]int{}
	}
	for f, n := range b.seen {
		a.seen[f] += n
	}
}

// TestKilledAnywhere runs schedules against a platform that fails in every
// way, in processes that die at any call, by a clock that now and then leaps.
// However that goes, each part of each briefing is posted once where the
// platform can be asked; where it cannot, at most once, and what is in doubt
// is held until the operator has looked.
func TestKilledAnywhere(t *testing.T) {
	runs := map[bool]int{true: 160, false: 40} // by whether the platform can be asked
	if testing.Short() {
		runs = map[bool]int{true: 60, false: 20}
	}
	if prove() {
		runs = map[bool]int{true: 10000, false: 2000}
	}
	for askable, n := range runs {
		t.Run(fmt.Sprint("askable ", askable), func(t *testing.T) {
			const lanes = 4 // side by side, each with a library and a platform of its own
			var mu sync.Mutex
			var sum tally
			var wg sync.WaitGroup
			for lane := range lanes {
				lib := openLibrary(t, filepath.Join(t.TempDir(), "library.db"))
				wg.Go(func() {
					for seed := lane; seed < n; seed += lanes {
						one := runSeed(t, lib, uint64(seed), askable)
						mu.Lock()
						sum.add(one)
						mu.Unlock()
						if t.Failed() {
							return
						}
					}
				})
			}
			wg.Wait()
			t.Logf("%d runs, %d kills, %d briefings, %d posts, %d held; faults %v", sum.runs, sum.kills, sum.deliveries, sum.posts, sum.held, sum.seen)
			if !t.Failed() && (sum.kills < n/2 || (sum.held > 0) == askable) {
				t.Error("the runs prove nothing")
			}
		})
	}
}

// runSeed is one run: a schedule of its own, up to three slots of up to three
// parts, and up to four processes one after another, all but the last of which
// die.
func runSeed(t *testing.T, lib store.Backend, seed uint64, askable bool) (sum tally) {
	ctx := context.Background()
	rnd := rand.New(rand.NewPCG(seed, 2026))
	p := newPlatform(t, sometimes(rand.New(rand.NewPCG(seed, 77)), 0.3))
	defer p.server.Close()
	chat := finder{newClient(nil, p.server.URL)}
	defer chat.http.CloseIdleConnections()

	s := daily(briefs.ScheduleID(fmt.Sprintf("seed-%d", seed)))
	s.When, s.CatchUp = "0 * * * *", briefs.CatchUpAll
	begin := wednesday.Add(time.Duration(seed) * time.Minute)
	spec, err := schedule.Parse(s.When, s.Zone, false)
	if err != nil {
		t.Fatal(err)
	}
	var slots []briefs.Slot
	for slot := range spec.Slots(begin, begin.Add(time.Duration(1+rnd.IntN(3))*time.Hour)) {
		slots = append(slots, slot)
	}
	last := slots[len(slots)-1].At
	composed := 0
	compose := func(_ context.Context, w schedule.Work) (schedule.Composed, error) {
		if w.Delivery.Schedule != s.ID {
			return schedule.Composed{}, fmt.Errorf("a delivery of %s is left over", w.Delivery.Schedule)
		}
		composed++
		var parts []briefs.Part
		for i := range 1 + rnd.IntN(3) { // differs each time it is composed
			parts = append(parts, briefs.Part{Text: fmt.Sprintf("%s %d %d", w.Delivery.Slot.Local, composed, i+1)})
		}
		return schedule.Composed{Parts: parts}, nil
	}
	if err := lib.PutSchedule(ctx, s, begin); err != nil { // from then on slots are owed
		t.Fatal(err)
	}
	var alive *life
	start := func() *schedule.Runner {
		alive = &life{rnd: rnd, left: -1}
		if sum.kills < 3 {
			alive.left = 2 + rnd.IntN(40)
		}
		m := mortal{lib, chat, alive}
		o := schedule.Options{Ledger: m, Chat: m, Compose: compose, Schedules: []briefs.Schedule{s}}
		if !askable {
			o.Chat = mute{m}
		}
		return schedule.NewRunner(quiet, o)
	}
	runner := start()
	now, truth := begin, begin // by the clock of the processes, and by that of the platform
	for rounds := 0; ; rounds++ {
		p.setClock(truth)
		err := runner.Tick(ctx, now)
		if alive.ended {
			sum.kills++
			runner = start()
		} else if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		step := time.Duration(10+rnd.IntN(600)) * time.Second
		leap := time.Duration(0)
		if rnd.IntN(20) == 0 { // the clock is put back, or leaps; the platform has settled all the same
			step += p.settle
			leap = time.Duration(rnd.IntN(240)-120) * time.Second
		}
		now, truth = now.Add(step+leap), truth.Add(step)
		if now.Before(last) || alive.left >= 0 && rounds < 5 {
			continue
		}
		open, err := lib.Deliveries(ctx, s.ID, 9, briefs.Planned, briefs.Frozen)
		if err != nil {
			t.Fatal(err)
		}
		all, err := lib.Deliveries(ctx, s.ID, 9)
		if err != nil {
			t.Fatal(err)
		}
		if len(open) == 0 && len(all) >= len(slots) {
			break
		}
		if rounds > 500 {
			t.Errorf("seed %d: does not end: %+v", seed, open)
			return sum
		}
	}
	all, err := lib.Schedules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range all {
		if stored.ID == s.ID { // the run may have lasted into further slots
			slots = slices.Collect(spec.Slots(begin, stored.Through))
		}
	}
	sum.runs, sum.seen = 1, p.seen
	p.setClock(truth.Add(time.Hour))
	sum = examine(t, lib, p, s.ID, slots, sum, now)
	if err := lib.DeleteSchedule(ctx, s.ID, now); err != nil { // the next run begins without it
		t.Error(err)
	}
	return sum
}

// examine compares what the platform shows with what the ledger says. What is
// held it releases as an operator would who has looked.
func examine(t *testing.T, lib store.Backend, p *platform, id briefs.ScheduleID, slots []briefs.Slot, sum tally, now time.Time) tally {
	t.Helper()
	ctx := context.Background()
	shown := map[briefs.DeliveryKey][]string{}
	for _, m := range p.shown() {
		shown[m.Key] = append(shown[m.Key], m.Part.Text)
		sum.posts++
	}
	all, err := lib.Deliveries(ctx, id, 99)
	if err != nil {
		t.Fatal(err)
	}
	sum.deliveries = len(all)
	if len(all) != len(slots) {
		t.Errorf("%s: %d deliveries of %d slots", id, len(all), len(slots))
	}
	for _, d := range all {
		composition := ""
		for i, part := range d.Parts {
			texts := shown[d.Key.Part(i+1)]
			delete(shown, d.Key.Part(i+1))
			if len(texts) > 1 {
				sum.doubled++
				t.Errorf("%s: part %d was posted %d times", d.Key, i+1, len(texts))
			}
			inDoubt := part.Begun && !part.Sent
			switch {
			case len(texts) == 0 && part.Sent:
				sum.lost++
				t.Errorf("%s: part %d was never posted", d.Key, i+1)
			case len(texts) == 1 && !part.Sent && !inDoubt:
				t.Errorf("%s: part %d was posted and is not known", d.Key, i+1)
			}
			if len(texts) == 0 {
				continue
			}
			of := texts[0][:strings.LastIndex(texts[0], " ")]
			if composition != "" && of != composition {
				t.Errorf("%s: parts of %q and %q are mixed", d.Key, composition, of)
			}
			composition = of
		}
		switch d.State {
		case briefs.Posted:
		case briefs.Held:
			sum.held++
			if err := lib.Release(ctx, d.Key, true, now); err != nil {
				t.Error(err)
			}
			c, ok, err := lib.Claim(ctx, "operator", now.Add(time.Hour), time.Minute, d.Key)
			if err != nil || !ok {
				t.Error(ok, err)
			}
			if err := lib.Finish(ctx, c, briefs.Failed, "left as it is", now); err != nil {
				t.Error(err)
			}
		default:
			sum.lost++
			t.Errorf("%s ended as %s: %s", d.Key, d.State, d.Why)
		}
	}
	for key := range shown {
		t.Errorf("%s was posted, and no delivery has that part", key)
	}
	return sum
}
