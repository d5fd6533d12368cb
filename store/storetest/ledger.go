package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

var ledgerContracts = []contract{
	{"ledger/schedules", schedules},
	{"ledger/planning", planning},
	{"ledger/one delivery from plan to end", oneDelivery},
	{"ledger/a stale claim changes nothing", staleClaim},
	{"ledger/leases end", leasesEnd},
	{"ledger/held until released", heldUntilReleased},
	{"ledger/one winner", oneWinner},
	{"ledger/paused and deleted", pausedAndDeleted},
	{"ledger/purged before it was sent", purgedBeforeSent},
	{"ledger/clocks that were ahead", clocksAhead},
}

// weekly is a schedule for tests.
func weekly(id string) briefs.Schedule {
	return briefs.Schedule{
		ID: briefs.ScheduleID(id), Room: "console:a", Topics: []string{"collection:papers", "gulls"}, When: "every tuesday 09:00", Zone: "Europe/Berlin",
		Quiet: briefs.QuietSay, CatchUp: briefs.CatchUpLatest,
	}
}

// due is a delivery of s, planned for minute m.
func due(s briefs.Schedule, m int) briefs.Delivery {
	at := minutes(m)
	return briefs.Delivery{
		Key: briefs.DeliveryKey(fmt.Sprintf("%s/%d", s.ID, m)), Schedule: s.ID, Room: s.Room, State: briefs.Planned, Known: at,
		Slot: briefs.Slot{Local: at.Format("2006-01-02T15:04"), Zone: s.Zone, At: at},
	}
}

// known stores a schedule and returns it as it is stored.
func known(t *testing.T, lib store.Backend, s briefs.Schedule) briefs.Schedule {
	t.Helper()
	if err := lib.PutSchedule(context.Background(), s, minutes(0)); err != nil {
		t.Fatal(err)
	}
	return stored(t, lib, s.ID)
}

func stored(t *testing.T, lib store.Backend, id briefs.ScheduleID) briefs.Schedule {
	t.Helper()
	all, err := lib.Schedules(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(s briefs.Schedule) bool { return s.ID == id })
	if i < 0 {
		return briefs.Schedule{}
	}
	return all[i]
}

// planned plans deliveries of a new schedule, one each minute from 1.
func planned(t *testing.T, lib store.Backend, id string, n int) briefs.Schedule {
	t.Helper()
	s := known(t, lib, weekly(id))
	var all []briefs.Delivery
	for m := range n {
		all = append(all, due(s, m+1))
	}
	if ok, err := lib.Plan(context.Background(), s, minutes(n), all); !ok || err != nil {
		t.Fatal(ok, err)
	}
	return stored(t, lib, s.ID)
}

const lease = 2 * time.Minute

// claim claims at minute m, which must succeed.
func claim(t *testing.T, lib store.Backend, m int, keys ...briefs.DeliveryKey) briefs.Claimed {
	t.Helper()
	c, ok, err := lib.Claim(context.Background(), "one", minutes(m), lease, keys...)
	if err != nil || !ok {
		t.Fatalf("claim at %d: %v, %v", m, ok, err)
	}
	return c
}

// nothingToClaim fails the test when anything can be claimed at minute m.
func nothingToClaim(t *testing.T, lib store.Backend, m int) {
	t.Helper()
	if c, ok, err := lib.Claim(context.Background(), "two", minutes(m), lease); ok || err != nil {
		t.Errorf("claimed %s at minute %d, %v", c.Key, m, err)
	}
}

// states writes the deliveries of a schedule as "key state", latest first.
func states(t *testing.T, lib store.Backend, id briefs.ScheduleID, only ...briefs.DeliveryState) string {
	t.Helper()
	all, err := lib.Deliveries(context.Background(), id, 100, only...)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range all {
		lines = append(lines, string(d.Key)+" "+string(d.State))
	}
	return strings.Join(lines, ", ")
}

var twoParts = []briefs.Part{{Text: "One “ß”\nline."}, {Text: "Two", Image: []byte{0, 255, 1}, Alt: "a chart"}}

func frozen(t *testing.T, lib store.Backend, c briefs.Claimed, m int) briefs.Claimed {
	t.Helper()
	c, err := lib.Freeze(context.Background(), c, twoParts, briefs.Briefing{}, minutes(m))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sent(t *testing.T, lib store.Backend, c briefs.Claimed, parts ...int) {
	t.Helper()
	for _, n := range parts {
		if err := errors.Join(lib.Begin(context.Background(), c, n), lib.Sent(context.Background(), c, n, fmt.Sprint("r", n))); err != nil {
			t.Fatal(err)
		}
	}
}

func schedules(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	a := known(t, lib, weekly("a"))
	want := weekly("a")
	want.Through = minutes(0)
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("as stored (-want +got):\n%s", diff)
	}
	made := weekly("b@console:a")
	made.Made, made.Force, made.Quiet, made.CatchUp = true, true, briefs.QuietSkip, briefs.CatchUpAll
	known(t, lib, made)

	a.Room = "console:b"
	if err := lib.PutSchedule(ctx, a, minutes(5)); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, lib, "a"); got.Room != "console:b" || !got.Through.Equal(minutes(0)) {
		t.Errorf("another room: %+v; it still owes the slots since minute 0", got)
	}
	a.When = "every friday 09:00"
	if err := lib.PutSchedule(ctx, a, minutes(6)); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, lib, "a"); !got.Through.Equal(minutes(6)) {
		t.Errorf("other moments: owes slots since %s", got.Through)
	}
	if ok, err := lib.PauseSchedule(ctx, "a", "by hand", minutes(7)); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := lib.PauseSchedule(ctx, "a", "again", minutes(7)); ok || err != nil {
		t.Error("paused twice: ", ok, err)
	}
	if err := lib.PutSchedule(ctx, a, minutes(8)); err != nil {
		t.Fatal(err)
	}
	equal(t, "paused, after the configuration was read again", stored(t, lib, "a").Paused, "by hand")
	a.Made = true
	if err := lib.PutSchedule(ctx, a, minutes(8)); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("a room takes the name of the configuration: %v", err)
	}
	if ok, err := lib.ResumeSchedule(ctx, "a", minutes(9)); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := lib.ResumeSchedule(ctx, "a", minutes(10)); ok || err != nil {
		t.Error("resumed twice: ", ok, err)
	}
	if got := stored(t, lib, "a"); got.Paused != "" || !got.Through.Equal(minutes(9)) {
		t.Errorf("resumed: %+v", got)
	}
	if err := lib.DeleteSchedule(ctx, "a", minutes(9)); err != nil {
		t.Error(err)
	}
	all, err := lib.Schedules(ctx)
	if err != nil || len(all) != 1 || all[0].ID != made.ID {
		t.Errorf("left: %+v, %v", all, err)
	}
	_, pause := lib.PauseSchedule(ctx, "a", "x", minutes(9))
	_, resume := lib.ResumeSchedule(ctx, "a", minutes(9))
	for name, err := range map[string]error{"pause": pause, "resume": resume, "delete": lib.DeleteSchedule(ctx, "a", minutes(9))} {
		if !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("%s what is not there: %v", name, err)
		}
	}
	sound(t, lib)
}

func planning(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	s := known(t, lib, weekly("s"))
	skipped := due(s, 1)
	skipped.State, skipped.Why, skipped.Ended = briefs.Skipped, "catch_up: skip", minutes(4)
	skipped.First, skipped.Missed = briefs.Slot{Local: "2031-03-04T09:30", Zone: s.Zone, At: minutes(0)}, 3
	if ok, err := lib.Plan(ctx, s, minutes(4), []briefs.Delivery{skipped, due(s, 4)}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := lib.Plan(ctx, s, minutes(5), []briefs.Delivery{due(s, 5)}); ok || err != nil {
		t.Error("planned from an outdated state: ", ok, err)
	}
	all, err := lib.Deliveries(ctx, "s", 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]briefs.Delivery{due(s, 4), skipped}, all); diff != "" {
		t.Errorf("as stored (-want +got):\n%s", diff)
	}
	s = stored(t, lib, "s")
	again := due(s, 4)
	again.Room = "console:other"
	if ok, err := lib.Plan(ctx, s, minutes(6), []briefs.Delivery{again, due(s, 6)}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	equal(t, "history", states(t, lib, "s"), "s/6 planned, s/4 planned, s/1 skipped")
	equal(t, "room of a known one", claim(t, lib, 6).Room, briefs.RoomID("console:a"))
	s = stored(t, lib, "s")
	s.When = "every friday 09:00"
	if ok, err := lib.Plan(ctx, s, minutes(7), nil); ok || err != nil {
		t.Error("planned by other moments than are stored: ", ok, err)
	}
	hand := due(s, 7)
	hand.Key = "s/run/7"
	if err := lib.PlanByHand(ctx, hand); err != nil {
		t.Fatal(err)
	}
	if err := lib.PlanByHand(ctx, hand); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("by hand twice: %v", err)
	}
	if c := claim(t, lib, 7, "s/run/7"); !c.ByHand {
		t.Errorf("claimed %+v", c)
	}
	bad := due(s, 8)
	bad.State = briefs.Posted
	if err := lib.PlanByHand(ctx, bad); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("planned as posted: %v", err)
	}
	counts, err := lib.CountDeliveries(ctx)
	if want := (map[briefs.DeliveryState]int{briefs.Planned: 3, briefs.Skipped: 1}); err != nil || !cmp.Equal(counts, want) {
		t.Errorf("counts %v, %v", counts, err)
	}
	sound(t, lib)
}
