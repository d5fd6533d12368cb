package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

func fixedOnce(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	receive(t, lib, 1, came("slack:1", "a", 1))
	k := take(t, lib, 1)
	if _, err := lib.Compose(ctx, k, nil, &briefs.Shown{}); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("an answer without an id: %v", err)
	}
	k = compose(t, lib, k, inThread("t"), &briefs.Shown{ID: "one", Room: "slack:C1", At: minutes(1)})
	again := compose(t, lib, k, inThread("other")[:1], &briefs.Shown{ID: "two", Room: "slack:C1", At: minutes(2)})
	if diff := cmp.Diff(k, again); diff != "" {
		t.Errorf("fixed twice:\n%s", diff)
	}
	if _, err := lib.Shown(ctx, "two"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("what a later call shows: %v", err)
	}
	// Silence is fixed too.
	receive(t, lib, 1, came("slack:2", "b", 1))
	k = compose(t, lib, take(t, lib, 1), nil, nil)
	k = compose(t, lib, k, inThread("t"), nil)
	if !k.Composed || len(k.Replies) != 0 {
		t.Errorf("fixed silence: %+v", k)
	}
	if err := lib.End(ctx, k, briefs.Answered, "", minutes(2)); err != nil {
		t.Error(err)
	}
	sound(t, lib)
}

func replies(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	receive(t, lib, 1, came("slack:1", "a", 1))
	k := take(t, lib, 1)
	conflict := func(what string, errs ...error) {
		t.Helper()
		for _, err := range errs {
			if !errors.Is(err, briefs.ErrConflict) {
				t.Errorf("%s: %v, want ErrConflict", what, err)
			}
		}
	}
	conflict("before it is composed", lib.BeginReply(ctx, k, 1), lib.RetractReply(ctx, k, 1), lib.SentReply(ctx, k, 1, "r", minutes(1)))
	k = compose(t, lib, k, inThread("t"), nil)
	conflict("a reply that never was", lib.BeginReply(ctx, k, 3), lib.RetractReply(ctx, k, 0), lib.SentReply(ctx, k, 3, "r", minutes(1)))
	if err := errors.Join(lib.BeginReply(ctx, k, 1), lib.BeginReply(ctx, k, 1), lib.BeginReply(ctx, k, 2), lib.RetractReply(ctx, k, 2)); err != nil {
		t.Error(err)
	}
	if k = compose(t, lib, k, nil, nil); !k.Replies[0].Begun || k.Replies[1].Begun {
		t.Errorf("replies %+v", k.Replies)
	}
	// Reply 2 is found to be posted although nothing of it is known.
	if err := lib.SentReply(ctx, k, 2, "", minutes(2)); err != nil {
		t.Error(err)
	}
	conflict("a reply that was sent", lib.BeginReply(ctx, k, 2), lib.RetractReply(ctx, k, 2), lib.SentReply(ctx, k, 2, "r", minutes(2)))
	if err := lib.End(ctx, k, briefs.Answered, "", minutes(2)); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("answered although a reply is left: %v", err)
	}
	if err := lib.SentReply(ctx, k, 1, "r", minutes(2)); err != nil {
		t.Error(err)
	}
	nothingToTake(t, lib, 30)
	sound(t, lib)
}

func inboxEnds(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	for i, state := range []briefs.IncomingState{briefs.Answered, briefs.Unsure, briefs.GivenUp} {
		receive(t, lib, 2, came(fmt.Sprint("slack:", i), "a", 1), came(fmt.Sprint("slack:next", i), "a", 1))
		k := take(t, lib, 1)
		for _, none := range []briefs.IncomingState{briefs.Waiting, "", "lost"} {
			if err := lib.End(ctx, k, none, "", minutes(1)); !errors.Is(err, briefs.ErrInvalid) {
				t.Errorf("ended as %q: %v", none, err)
			}
		}
		if err := lib.End(ctx, k, state, "why\xff", minutes(2)); err != nil {
			t.Error(err)
		}
		answered(t, lib, 2, fmt.Sprint("slack:next", i))
	}
	sound(t, lib)
}

func countedAndForgotten(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(oldest time.Time, want map[briefs.IncomingState]int) {
		t.Helper()
		counts, since, err := lib.CountIncoming(ctx)
		if err != nil || !cmp.Equal(counts, want) || !since.Equal(oldest) {
			t.Errorf("counts %v since %s, %v; want %v since %s", counts, since, err, want, oldest)
		}
	}
	check(time.Time{}, map[briefs.IncomingState]int{})
	one := came("slack:1", "a", 3, "slack:alias")
	receive(t, lib, 4, one, came("slack:2", "a", 2), came("slack:3", "b", 5), came("slack:4", "c", 9))
	k := take(t, lib, 9)
	check(minutes(2), map[briefs.IncomingState]int{briefs.Waiting: 4})
	if err := lib.End(ctx, k, briefs.Unsure, "x", minutes(9)); err != nil {
		t.Fatal(err)
	}
	answered(t, lib, 10, "slack:2")
	check(minutes(5), map[briefs.IncomingState]int{briefs.Waiting: 2, briefs.Unsure: 1, briefs.Answered: 1})
	if n, err := lib.ForgetIncoming(ctx, minutes(10)); n != 1 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	receive(t, lib, 0, came("slack:2", "a", 2))
	receive(t, lib, 1, came("slack:alias", "z", 11))
	if n, err := lib.ForgetIncoming(ctx, minutes(900)); n != 1 || err != nil {
		t.Errorf("forgot %d, %v; what waits stays", n, err)
	}
	check(minutes(5), map[briefs.IncomingState]int{briefs.Waiting: 3})
	sound(t, lib)
}

// takersAhead writes times of a clock that is a year ahead, which is then put
// right.
func takersAhead(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	year := 365 * 24 * time.Hour
	receive(t, lib, 2, came("slack:1", "a", 1), came("slack:2", "b", 1))
	if _, ok, err := lib.Take(ctx, "slack", "one", minutes(1).Add(year), lease); !ok || err != nil {
		t.Fatal(ok, err)
	}
	k := take(t, lib, 1)
	equal(t, "taken although its lease ends in a year", k.Key, "slack:1")
	if err := lib.PutBack(ctx, k, "x", minutes(1).Add(year)); err != nil {
		t.Fatal(err)
	}
	equal(t, "taken although it was put back for a year", take(t, lib, 2).Key, "slack:1")
}
