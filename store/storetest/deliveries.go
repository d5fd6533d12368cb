package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

func oneDelivery(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	planned(t, lib, "s", 2)
	put(t, lib, Document("gale", "The gale came."))
	nothingToClaim(t, lib, 0)
	c := claim(t, lib, 2)
	if c.Key != "s/1" || c.Attempts != 1 || !c.Lease.Equal(minutes(4)) || !c.Previous.IsZero() || c.State != briefs.Planned {
		t.Errorf("claimed %+v", c)
	}
	b := briefs.Briefing{ID: "b1", Schedule: "s", Room: "console:a", Briefs: []briefs.Brief{{
		Topic:    "gales",
		Sections: []briefs.Section{{Kind: briefs.SectionNew, Items: []briefs.BriefItem{{Quotes: []briefs.Citation{cite(t, lib, "gale", 1, 1, 0, 14)}}}}},
		Sources:  []briefs.BriefSource{{N: 1, Document: about(t, lib, "gale"), Quotes: []int{1}}},
	}}}
	if _, err := lib.Freeze(ctx, c, nil, b, minutes(2)); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("frozen without a part: %v", err)
	}
	c, err := lib.Freeze(ctx, c, twoParts, b, minutes(3))
	if err != nil {
		t.Fatal(err)
	}
	again, err := lib.Freeze(ctx, c, twoParts[:1], briefs.Briefing{ID: "b2"}, minutes(4))
	if diff := cmp.Diff(c, again); err != nil || diff != "" {
		t.Errorf("frozen twice: %v\n%s", err, diff)
	}
	if len(c.Parts) != 2 || !cmp.Equal(c.Parts[0].Part, twoParts[0]) || !cmp.Equal(c.Parts[1].Part, twoParts[1]) || !c.Composed.Equal(minutes(3)) {
		t.Errorf("frozen %+v", c)
	}
	if err := lib.Finish(ctx, c, briefs.Posted, "", minutes(3)); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("posted before it was sent: %v", err)
	}
	sent(t, lib, c, 1)
	for _, err := range []error{lib.Begin(ctx, c, 1), lib.Retract(ctx, c, 1), lib.Sent(ctx, c, 3, "r")} {
		if !errors.Is(err, briefs.ErrConflict) {
			t.Errorf("a part that was sent, or never was: %v", err)
		}
	}
	if err := lib.Begin(ctx, c, 2); err != nil {
		t.Fatal(err)
	}
	if c, err = lib.Renew(ctx, c, minutes(4), lease); err != nil || !c.Lease.Equal(minutes(6)) {
		t.Errorf("renewed to %s, %v", c.Lease, err)
	}
	// The process dies here. Another finds the frozen bytes, and what was sent.
	sound(t, lib)
	if c := claim(t, lib, 5); c.Key != "s/2" {
		t.Fatalf("claimed %s", c.Key)
	}
	c = claim(t, lib, 6)
	if c.Key != "s/1" || c.Attempts != 2 || c.State != briefs.Frozen || !c.Parts[0].Sent || c.Parts[0].Receipt != "r1" || !c.Parts[1].Begun || c.Parts[1].Sent ||
		!cmp.Equal(c.Parts[1].Part, twoParts[1]) {
		t.Errorf("claimed again: %+v", c)
	}
	if err := lib.Retract(ctx, c, 2); err != nil {
		t.Fatal(err)
	}
	if err := lib.Retry(ctx, c, "the room is busy", minutes(9)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := lib.Claim(ctx, "two", minutes(8), lease, "s/1"); ok || err != nil {
		t.Error("claimed before it is to be tried again: ", ok, err)
	}
	c = claim(t, lib, 9, "s/1")
	if c.Parts[1].Begun || c.Why != "the room is busy" || c.Orphaned {
		t.Errorf("after a retry: %+v", c)
	}
	sent(t, lib, c, 2)
	if shown, err := lib.Briefings(ctx, 0, 9); err != nil || len(shown) != 0 {
		t.Errorf("shown before it is posted: %v, %v", shown, err)
	}
	if err := lib.Finish(ctx, c, briefs.Posted, "", minutes(10)); err != nil {
		t.Fatal(err)
	}
	shown := briefing(t, lib, "b1")
	if !shown.Posted.Equal(minutes(10)) || len(shown.Briefs) != 1 || len(shown.Briefs[0].Sources) != 1 {
		t.Errorf("shown: %+v", shown)
	}
	all, err := lib.Deliveries(ctx, "s", 10, briefs.Posted)
	if err != nil || len(all) != 1 || len(all[0].Parts) != 2 || all[0].Parts[0].Text != "" || all[0].Parts[1].Receipt != "r2" || !all[0].Ended.Equal(minutes(10)) || all[0].Why != "" {
		t.Errorf("history: %+v, %v", all, err)
	}
	if c := claim(t, lib, 20); c.Key != "s/2" || !c.Previous.Equal(minutes(3)) {
		t.Errorf("the next knows its last briefing of %s", c.Previous)
	}
	sound(t, lib)
}

// onClaim are the calls that want the latest claim.
func onClaim(lib store.Backend, c briefs.Claimed) map[string]error {
	ctx := context.Background()
	_, renew := lib.Renew(ctx, c, minutes(5), lease)
	_, freeze := lib.Freeze(ctx, c, twoParts, briefs.Briefing{}, minutes(5))
	return map[string]error{
		"renew": renew, "freeze": freeze, "begin": lib.Begin(ctx, c, 1), "retract": lib.Retract(ctx, c, 1), "sent": lib.Sent(ctx, c, 1, "r"),
		"retry": lib.Retry(ctx, c, "x", minutes(5)), "hold": lib.Hold(ctx, c, "x", minutes(5)), "finish": lib.Finish(ctx, c, briefs.Failed, "x", minutes(5)),
	}
}

func staleClaim(t *testing.T, lib store.Backend) {
	planned(t, lib, "s", 1)
	old := claim(t, lib, 1)
	next := frozen(t, lib, claim(t, lib, 3), 3)
	for name, err := range onClaim(lib, old) {
		if !errors.Is(err, briefs.ErrConflict) {
			t.Errorf("%s: %v, want ErrConflict", name, err)
		}
	}
	sent(t, lib, next, 1, 2)
	if err := lib.Finish(context.Background(), next, briefs.Posted, "", minutes(4)); err != nil {
		t.Fatal(err)
	}
	for name, err := range onClaim(lib, next) {
		if !errors.Is(err, briefs.ErrConflict) {
			t.Errorf("%s of what has ended: %v, want ErrConflict", name, err)
		}
	}
	sound(t, lib)
}

func leasesEnd(t *testing.T, lib store.Backend) {
	planned(t, lib, "s", 1)
	first := claim(t, lib, 1)
	nothingToClaim(t, lib, 2)
	second := claim(t, lib, 3)
	if second.Key != first.Key || second.Token <= first.Token || second.Attempts != 2 || !second.Orphaned {
		t.Errorf("claimed %+v after %+v", second, first)
	}
	// A lease that is over still holds while nobody else has claimed.
	if err := lib.Retry(context.Background(), second, "late", minutes(30)); err != nil {
		t.Error(err)
	}
	nothingToClaim(t, lib, 29)
}

func heldUntilReleased(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	planned(t, lib, "s", 2)
	for m, posted := range []bool{true, false} {
		c := frozen(t, lib, claim(t, lib, 2+m), 2+m)
		sent(t, lib, c, 1)
		if err := errors.Join(lib.Begin(ctx, c, 2), lib.Hold(ctx, c, "no answer", minutes(4))); err != nil {
			t.Fatal(err)
		}
		held, err := lib.Deliveries(ctx, "", 9, briefs.Held)
		if err != nil || len(held) != 1 || held[0].Why != "no answer" || held[0].Parts[1].Text != "Two" {
			t.Errorf("held: %+v, %v", held, err)
		}
		if _, ok, err := lib.Claim(ctx, "two", minutes(100), lease, c.Key); ok || err != nil {
			t.Error("claimed although held: ", ok, err)
		}
		sound(t, lib)
		if err := lib.Release(ctx, c.Key, posted, minutes(5)); err != nil {
			t.Fatal(err)
		}
		if err := lib.Release(ctx, c.Key, posted, minutes(5)); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("released twice: %v", err)
		}
		c = claim(t, lib, 5, c.Key)
		if !c.Parts[0].Sent || c.Parts[1].Sent != posted || c.Parts[1].Begun != posted {
			t.Errorf("released (posted: %v): %+v", posted, c.Parts)
		}
		if !posted {
			sent(t, lib, c, 2)
		}
		if err := lib.Finish(ctx, c, briefs.Posted, "", minutes(6)); err != nil {
			t.Error(err)
		}
	}
	sound(t, lib)
}

// oneWinner lets several claim at once.
func oneWinner(t *testing.T, lib store.Backend) {
	const n = 40
	planned(t, lib, "s", n)
	var mu sync.Mutex
	winners := map[briefs.DeliveryKey]int{}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for {
				c, ok, err := lib.Claim(context.Background(), fmt.Sprint("w", w), minutes(n), lease)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					return
				}
				mu.Lock()
				winners[c.Key]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for key, n := range winners {
		if n != 1 {
			t.Errorf("%s was claimed %d times", key, n)
		}
	}
	equal(t, "claimed", len(winners), n)
}

func pausedAndDeleted(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	s := planned(t, lib, "s", 3)
	hand := due(s, 4)
	hand.Key = "s/run/4"
	if err := lib.PlanByHand(ctx, hand); err != nil {
		t.Fatal(err)
	}
	begun := frozen(t, lib, claim(t, lib, 3), 3)
	taken := claim(t, lib, 3)
	if _, err := lib.PauseSchedule(ctx, "s", "the room is gone", minutes(5)); err != nil {
		t.Fatal(err)
	}
	equal(t, "history", states(t, lib, "s"), "s/run/4 planned, s/3 skipped, s/2 skipped, s/1 frozen")
	if _, err := lib.Freeze(ctx, taken, twoParts, briefs.Briefing{}, minutes(5)); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("frozen although paused: %v", err)
	}
	if ok, err := lib.Plan(ctx, s, minutes(6), []briefs.Delivery{due(s, 6)}); ok || err != nil {
		t.Error("planned although paused: ", ok, err)
	}
	sent(t, lib, begun, 1, 2)
	if err := lib.Finish(ctx, begun, briefs.Posted, "", minutes(6)); err != nil {
		t.Errorf("what was begun is finished: %v", err)
	}
	equal(t, "by hand", claim(t, lib, 6).Key, briefs.DeliveryKey("s/run/4"))
	nothingToClaim(t, lib, 7)
	if _, err := lib.ResumeSchedule(ctx, "s", minutes(8)); err != nil {
		t.Fatal(err)
	}
	if ok, err := lib.Plan(ctx, stored(t, lib, "s"), minutes(9), []briefs.Delivery{due(s, 9)}); !ok || err != nil {
		t.Error("not planned after it was resumed: ", ok, err)
	}
	if err := lib.DeleteSchedule(ctx, "s", minutes(9)); err != nil {
		t.Fatal(err)
	}
	equal(t, "history of what is gone", states(t, lib, "s", briefs.Skipped), "s/9 skipped, s/3 skipped, s/2 skipped")
	sound(t, lib)
}

func purgedBeforeSent(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	planned(t, lib, "s", 2)
	put(t, lib, Document("gale", "The gale came."), Document("tide", "The tide rose."))
	compose := func(c briefs.Claimed, id briefs.DocumentID) briefs.Claimed {
		t.Helper()
		c, err := lib.Freeze(ctx, c, twoParts, briefs.Briefing{ID: briefs.BriefingID("of " + c.Key), Briefs: []briefs.Brief{{
			Sources: []briefs.BriefSource{{N: 1, Document: about(t, lib, id)}},
		}}}, minutes(3))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	begun, waiting := compose(claim(t, lib, 2), "gale"), compose(claim(t, lib, 2), "gale")
	sent(t, lib, begun, 1)
	if err := lib.RemoveDocument(ctx, "gale", true); err != nil {
		t.Fatal(err)
	}
	sound(t, lib)
	if err := lib.Begin(ctx, waiting, 1); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("sent what was purged: %v", err)
	}
	again := compose(claim(t, lib, 3, waiting.Key), "tide")
	sent(t, lib, again, 1, 2)
	sent(t, lib, begun, 2)
	for _, c := range []briefs.Claimed{begun, again} {
		if err := lib.Finish(ctx, c, briefs.Posted, "", minutes(4)); err != nil {
			t.Error(err)
		}
	}
	equal(t, "sources of what was composed again", len(briefing(t, lib, "of s/2").Briefs[0].Sources), 1)
	equal(t, "sources of what was begun", len(briefing(t, lib, "of s/1").Briefs[0].Sources), 0)
	sound(t, lib)
}

// clocksAhead writes times of a clock that is a year ahead, which is then put
// right.
func clocksAhead(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	year := 365 * 24 * time.Hour
	planned(t, lib, "s", 2)
	ahead, _, err := lib.Claim(ctx, "one", minutes(2).Add(year), lease)
	if err != nil {
		t.Fatal(err)
	}
	late := claim(t, lib, 2)
	if late.Key == ahead.Key || late.Orphaned {
		t.Errorf("claimed %+v", late)
	}
	nothingToClaim(t, lib, 3)
	if c := claim(t, lib, 4, ahead.Key); !c.Orphaned {
		t.Errorf("the lease that ended in a year ends soon: claimed %+v", c)
	}
	if err := lib.Retry(ctx, late, "x", minutes(4).Add(year)); err != nil {
		t.Fatal(err)
	}
	equal(t, "claimed although the retry is due in a year", claim(t, lib, 5, late.Key).Key, late.Key)
	s := stored(t, lib, "s")
	if ok, err := lib.Plan(ctx, s, minutes(0).Add(year), nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := lib.ResumeSchedule(ctx, "s", minutes(4)); !ok || err != nil {
		t.Error("not resumed from now: ", ok, err)
	}
	if got := stored(t, lib, "s").Through; !got.Equal(minutes(4)) {
		t.Errorf("through %s", got)
	}
}
