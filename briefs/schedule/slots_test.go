package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// TestOracle holds the oracle itself against facts that anybody can look up:
// in 2026 Berlin leapt from 02:00 to 03:00 on 29 March and put 03:00 back to
// 02:00 on 25 October.
func TestOracle(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		shape int
		from  string // UTC, two days follow
		want  string
	}{
		{0, "2026-03-28T00:00", "[{2026-03-28T02:30 01:30} {2026-03-29T03:00 01:00}]"},
		{1, "2026-03-28T00:00", "[{2026-03-28T03:00 02:00} {2026-03-29T03:00 01:00}]"},
		{0, "2026-10-24T00:00", "[{2026-10-24T02:30 00:30} {2026-10-25T02:30 00:30}]"},
		{7, "2026-10-25T00:00", "[{2026-10-26T09:00 08:00}]"},
		{9, "2026-03-29T00:30", "[{2026-03-29T01:45 00:45} {2026-03-29T03:00 01:00} {2026-03-29T03:05 01:05} " +
			"{2026-03-29T03:25 01:25} {2026-03-29T03:45 01:45} {2026-03-29T04:05 02:05} {2026-03-29T04:25 02:25} {2026-03-29T04:45 02:45}]"},
	} {
		from, err := time.Parse(minuteForm, test.from)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range oracle(shapes[test.shape], berlin, from, from.Add(48*time.Hour)) {
			got = append(got, fmt.Sprintf("{%s %s}", d.local, d.at.Format("15:04")))
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s from %s: %v, want %s", shapes[test.shape].cron, test.from, got, test.want)
		}
	}
}

// TestEveryZoneChange runs the twelve shapes over the changes of every clock
// from 2020 to 2035. What several zones share is taken once. BRIEFDESK_PROVE
// takes every change, three days around it; otherwise every tenth, a day.
func TestEveryZoneChange(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	prove := os.Getenv("BRIEFDESK_PROVE") != ""
	around, stride := 13*time.Hour, 10
	if prove {
		around, stride = 36*time.Hour, 1
	}
	var specs []map[string]*schedule.Spec // by shape, then zone
	for range shapes {
		specs = append(specs, map[string]*schedule.Spec{})
	}
	seen := map[string]bool{}
	zones, moments, slots, leapt, repeated := 0, 0, 0, 0, 0
	for _, name := range zoneNames(t) {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		all := changes(loc)
		for i, c := range all {
			id := fmt.Sprint(all[max(0, i-1):min(i+2, len(all))]) // with its neighbours, which may be near
			if seen[id] || i%stride != zones%stride {
				continue
			}
			seen[id] = true
			moments++
			if c.after > c.before {
				leapt++
			} else {
				repeated++
			}
			from, to := c.at.Add(-around), c.at.Add(around)
			for j, want := range walk(shapes, loc, from, to) {
				s := specs[j][name]
				if s == nil {
					if s, err = schedule.Parse(shapes[j].cron, name, true); err != nil {
						t.Fatal(err)
					}
					specs[j][name] = s
				}
				slots += len(want)
				if got := slices.Collect(s.Slots(from, to)); !same(got, want) {
					t.Fatalf("%s %s around %s:\n%v, want\n%v", shapes[j].cron, name, c.at, got, want)
				}
			}
		}
		zones++
	}
	t.Logf("%d changes of %d zones (%d leaps, %d repeats), %d slots of %d shapes", moments, zones, leapt, repeated, slots, len(shapes))
	if leapt == 0 || repeated == 0 || zones < 590 {
		t.Error("the database was not met")
	}
}

func same(got []briefs.Slot, want []due) bool {
	return slices.EqualFunc(got, want, func(s briefs.Slot, d due) bool { return s.Local == d.local && s.At.Equal(d.at) })
}

// TestYearsInTicks lets a clock run through years in ticks of any length, as a
// runner sees it, now and then not at all for weeks: what the ticks give
// together is each slot of the oracle once.
func TestYearsInTicks(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	years, names := 1, []string{"Europe/Berlin", "Australia/Lord_Howe"}
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		years = 16
		names = append(names, "America/New_York", "America/Santiago", "Antarctica/Troll", "Antarctica/Casey", "Asia/Gaza", "Africa/Casablanca")
	}
	rnd := rand.New(rand.NewPCG(7, 11))
	from := time.Date(2020, 1, 1, 0, 0, 30, 0, time.UTC)
	for _, name := range names {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		to := from.AddDate(years, 0, 0)
		for j, want := range walk(shapes, loc, from, to) {
			s, err := schedule.Parse(shapes[j].cron, name, true)
			if err != nil {
				t.Fatal(err)
			}
			var got []briefs.Slot
			for last := from; last.Before(to); {
				step := time.Duration(rnd.Int64N(int64(8 * time.Hour)))
				if rnd.IntN(50) == 0 {
					step *= 100
				}
				now := last.Add(step)
				if now.After(to) {
					now = to
				}
				got = slices.AppendSeq(got, s.Slots(last, now))
				last = now
			}
			if !same(got, want) {
				t.Errorf("%s %s: %d slots, want %d", shapes[j].cron, name, len(got), len(want))
			}
			local := map[string]bool{}
			for _, slot := range got {
				if local[slot.Local] {
					t.Errorf("%s %s: %s twice", shapes[j].cron, name, slot.Local)
				}
				local[slot.Local] = true
			}
		}
	}
}

func BenchmarkNext(b *testing.B) {
	s, err := schedule.Parse("0 9 * * MON", "Europe/Berlin", false)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.Next(start, 5)
	}
}
