package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

var inboxContracts = []contract{
	{"inbox/one question from its coming to its end", oneQuestion},
	{"inbox/each thing once", eachOnce},
	{"inbox/lanes in order", lanesInOrder},
	{"inbox/platforms apart", platformsApart},
	{"inbox/a stale claim changes nothing", staleTaken},
	{"inbox/leases end", takenLeasesEnd},
	{"inbox/put back", putBack},
	{"inbox/fixed once", fixedOnce},
	{"inbox/replies", replies},
	{"inbox/ends", inboxEnds},
	{"inbox/one winner", oneTaker},
	{"inbox/counted and forgotten", countedAndForgotten},
	{"inbox/clocks that were ahead", takersAhead},
}

// came is a thing that came at minute m, in a lane; also with keys that it may
// come under besides.
func came(key, lane string, m int, aliases ...string) briefs.Incoming {
	return briefs.Incoming{Key: key, Aliases: aliases, Lane: lane, Body: []byte("body of \x00" + key), At: minutes(m)}
}

// receive enters all, of which n are new.
func receive(t *testing.T, lib store.Backend, n int, all ...briefs.Incoming) {
	t.Helper()
	added, err := lib.Receive(context.Background(), all)
	if err != nil || added != n {
		t.Errorf("received %d, %v; want %d", added, err, n)
	}
}

// take takes at minute m, which must succeed.
func take(t *testing.T, lib store.Backend, m int) briefs.Taken {
	t.Helper()
	k, ok, err := lib.Take(context.Background(), "slack", "one", minutes(m), lease)
	if err != nil || !ok {
		t.Fatalf("take at %d: %v, %v", m, ok, err)
	}
	return k
}

// nothingToTake fails the test when anything can be taken at minute m.
func nothingToTake(t *testing.T, lib store.Backend, m int) {
	t.Helper()
	if k, ok, err := lib.Take(context.Background(), "slack", "two", minutes(m), lease); ok || err != nil {
		t.Errorf("took %s at minute %d, %v", k.Key, m, err)
	}
}

// answered takes what is to be had at minute m and answers it without a word.
func answered(t *testing.T, lib store.Backend, m int, keys ...string) {
	t.Helper()
	for _, key := range keys {
		k := take(t, lib, m)
		equal(t, "taken", k.Key, key)
		if err := lib.End(context.Background(), k, briefs.Answered, "", minutes(m)); err != nil {
			t.Fatal(err)
		}
	}
}

// inThread are replies to a room: to a thread of it, and to one member.
func inThread(thread string) []briefs.Outgoing {
	at := briefs.Place{Room: "slack:C1", Thread: thread, Own: "https://hooks.example.org/1"}
	private := at
	private.Only = "slack:U1"
	return []briefs.Outgoing{
		{Place: at, Part: briefs.Part{Text: "One “ß”\nline.", Body: []byte(`{"blocks":[]}`)}},
		{Place: private, Part: briefs.Part{Text: "Two", Image: []byte{0, 255, 1}, Alt: "a chart"}, Replace: "r0"},
	}
}

func compose(t *testing.T, lib store.Backend, k briefs.Taken, replies []briefs.Outgoing, shown *briefs.Shown) briefs.Taken {
	t.Helper()
	k, err := lib.Compose(context.Background(), k, replies, shown)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// replied begins and sends replies at minute m, the receipt of reply n being
// receipt and n.
func replied(t *testing.T, lib store.Backend, k briefs.Taken, m int, receipt string, all ...int) {
	t.Helper()
	ctx := context.Background()
	for _, n := range all {
		if err := errors.Join(lib.BeginReply(ctx, k, n), lib.SentReply(ctx, k, n, fmt.Sprint(receipt, n), minutes(m))); err != nil {
			t.Fatal(err)
		}
	}
}

func oneQuestion(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	nothingToTake(t, lib, 0)
	in := came("slack:T1:E1", "C1/t1", 1)
	receive(t, lib, 1, in)
	k := take(t, lib, 2)
	if diff := cmp.Diff(briefs.Taken{Incoming: in, Token: k.Token, Lease: minutes(4), Attempts: 1}, k); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	nothingToTake(t, lib, 3)
	k, err := lib.Extend(ctx, k, minutes(3), lease)
	if err != nil || !k.Lease.Equal(minutes(5)) {
		t.Errorf("extended to %s, %v", k.Lease, err)
	}
	nothingToTake(t, lib, 4)
	k = compose(t, lib, k, inThread("t1"), nil)
	if !k.Composed || len(k.Replies) != 2 || !cmp.Equal(k.Replies[0].Outgoing, inThread("t1")[0]) || !cmp.Equal(k.Replies[1].Outgoing, inThread("t1")[1]) || !k.Lease.Equal(minutes(5)) {
		t.Errorf("composed %+v", k)
	}
	replied(t, lib, k, 3, "r", 1)
	if err := lib.BeginReply(ctx, k, 2); err != nil {
		t.Fatal(err)
	}
	// The process dies here. Another finds the fixed replies, and what was sent.
	sound(t, lib)
	k = take(t, lib, 5)
	if k.Attempts != 2 || !k.Composed || len(k.Replies) != 2 || !cmp.Equal(k.Body, in.Body) {
		t.Fatalf("taken again: %+v", k)
	}
	if r := k.Replies[0]; !r.Begun || !r.Sent || r.Receipt != "r1" {
		t.Errorf("the first reply: %+v", r)
	}
	if r := k.Replies[1]; !r.Begun || r.Sent || !cmp.Equal(r.Outgoing, inThread("t1")[1]) {
		t.Errorf("the second reply: %+v", r)
	}
	replied(t, lib, k, 6, "r", 2)
	if err := lib.End(ctx, k, briefs.Answered, "", minutes(7)); !errors.Is(err, briefs.ErrConflict) {
		t.Errorf("ended after the last reply was sent: %v", err)
	}
	nothingToTake(t, lib, 60)
	counts, oldest, err := lib.CountIncoming(ctx)
	if want := (map[briefs.IncomingState]int{briefs.Answered: 1}); err != nil || !cmp.Equal(counts, want) || !oldest.IsZero() {
		t.Errorf("counts %v, oldest %s, %v", counts, oldest, err)
	}
	sound(t, lib)
}

func eachOnce(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	receive(t, lib, 0)
	mention := came("slack:E1", "a", 1, "slack:C1/m1")
	receive(t, lib, 2, mention, mention, came("slack:E2", "b", 1))
	receive(t, lib, 0, mention)
	receive(t, lib, 0, came("slack:E3", "c", 2, "slack:x", "slack:C1/m1"))
	receive(t, lib, 0, came("slack:C1/m1", "c", 2))
	receive(t, lib, 0, came("slack:E4", "c", 2, "slack:E2"))
	receive(t, lib, 1, mention, came("slack:E5", "c", 2, "slack:E5", "slack:C1/m2"))
	answered(t, lib, 3, "slack:E1", "slack:E2", "slack:E5")
	nothingToTake(t, lib, 9)
	receive(t, lib, 0, mention, came("slack:E6", "d", 9, "slack:C1/m2"))
	// None of them when one is wrong.
	if n, err := lib.Receive(ctx, []briefs.Incoming{came("slack:E7", "d", 9), came("", "d", 9)}); n != 0 || !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("without a key: %d, %v", n, err)
	}
	receive(t, lib, 1, came("slack:E7", "d", 9))
	sound(t, lib)
}

func lanesInOrder(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	receive(t, lib, 5, came("slack:a1", "a", 5), came("slack:a2", "a", 1), came("slack:b1", "b", 3), came("slack:a3", "a", 1), came("slack:b2", "b", 3))
	a1, b1 := take(t, lib, 5), take(t, lib, 5)
	equal(t, "first", a1.Key+" "+b1.Key, "slack:a1 slack:b1")
	nothingToTake(t, lib, 5)
	// What was put back is still the first of its lane.
	if err := lib.PutBack(ctx, a1, "busy", minutes(8)); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, lib, 6)
	if err := lib.End(ctx, b1, briefs.GivenUp, "x", minutes(6)); err != nil {
		t.Fatal(err)
	}
	answered(t, lib, 6, "slack:b2")
	nothingToTake(t, lib, 7)
	receive(t, lib, 3, came("slack:b3", "b", 7), came("slack:0", "", 7), came("slack:00", "", 7))
	answered(t, lib, 8, "slack:a1")
	for _, want := range []string{"slack:a2", "slack:b3", "slack:0", "slack:00"} { // those of no lane wait for no other
		equal(t, "next", take(t, lib, 8).Key, want)
	}
	nothingToTake(t, lib, 8)
	sound(t, lib)
}

func platformsApart(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	receive(t, lib, 2, came("matrix:1", "a", 1), came("slack:1", "a", 1))
	answered(t, lib, 1, "slack:1")
	if _, ok, err := lib.Take(ctx, "mat", "one", minutes(1), lease); ok || err != nil {
		t.Error("taken by the beginning of its platform: ", err)
	}
	k, ok, err := lib.Take(ctx, "matrix", "one", minutes(1), lease)
	if err != nil || !ok || k.Key != "matrix:1" || k.Platform() != "matrix" {
		t.Errorf("taken %+v, %v", k, err)
	}
}

// onTaken are the calls that want the latest claim.
func onTaken(lib store.Backend, k briefs.Taken) map[string]error {
	ctx := context.Background()
	_, extend := lib.Extend(ctx, k, minutes(5), lease)
	_, fix := lib.Compose(ctx, k, inThread("t"), &briefs.Shown{ID: "late"})
	return map[string]error{
		"extend": extend, "compose": fix, "begin": lib.BeginReply(ctx, k, 1), "retract": lib.RetractReply(ctx, k, 1), "sent": lib.SentReply(ctx, k, 1, "r", minutes(5)),
		"put back": lib.PutBack(ctx, k, "x", minutes(5)), "end": lib.End(ctx, k, briefs.GivenUp, "x", minutes(5)),
	}
}

func staleTaken(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	refused := func(what string, k briefs.Taken) {
		t.Helper()
		for name, err := range onTaken(lib, k) {
			if !errors.Is(err, briefs.ErrConflict) {
				t.Errorf("%s of %s: %v, want ErrConflict", name, what, err)
			}
		}
	}
	receive(t, lib, 1, came("slack:1", "a", 1, "slack:other"))
	first := take(t, lib, 1)
	second := compose(t, lib, take(t, lib, 3), inThread("t"), nil)
	refused("what another has taken", first)
	if err := lib.PutBack(ctx, second, "x", minutes(4)); err != nil {
		t.Fatal(err)
	}
	refused("what was put back", second)
	third := take(t, lib, 4)
	if third.Token <= second.Token || second.Token <= first.Token {
		t.Errorf("tokens %d, %d, %d", first.Token, second.Token, third.Token)
	}
	alias := third
	alias.Key = "slack:other"
	refused("what is named by its alias", alias)
	never := third
	never.Key = "slack:never"
	refused("what never came", never)
	replied(t, lib, third, 5, "r", 1, 2)
	refused("what has ended", third)
	if _, err := lib.Shown(ctx, "late"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("shown by a stale claim: %v", err)
	}
	sound(t, lib)
}

func takenLeasesEnd(t *testing.T, lib store.Backend) {
	receive(t, lib, 2, came("slack:1", "a", 1), came("slack:2", "a", 1))
	first := take(t, lib, 1)
	nothingToTake(t, lib, 2)
	second := take(t, lib, 3)
	if second.Key != first.Key || second.Token <= first.Token || second.Attempts != 2 {
		t.Errorf("taken %+v after %+v", second, first)
	}
	// A lease that is over still holds while nobody else has taken it.
	if err := lib.End(context.Background(), second, briefs.Answered, "", minutes(30)); err != nil {
		t.Error(err)
	}
	answered(t, lib, 30, "slack:2")
}

func putBack(t *testing.T, lib store.Backend) {
	receive(t, lib, 1, came("slack:1", "a", 1))
	k := compose(t, lib, take(t, lib, 1), inThread("t"), nil)
	replied(t, lib, k, 1, "r", 1)
	if err := lib.PutBack(context.Background(), k, "the platform is busy", minutes(9)); err != nil {
		t.Fatal(err)
	}
	nothingToTake(t, lib, 8)
	k = take(t, lib, 9)
	if k.Attempts != 2 || !k.Composed || !k.Replies[0].Sent || k.Replies[1].Begun {
		t.Errorf("taken again: %+v", k)
	}
	sound(t, lib)
}

// oneTaker lets several take at once.
func oneTaker(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	const lanes, each = 10, 8
	var all []briefs.Incoming
	for i := range lanes * each {
		all = append(all, came(fmt.Sprintf("slack:%02d", i), fmt.Sprint("lane", i%lanes), 1))
	}
	receive(t, lib, len(all), all...)
	var mu sync.Mutex
	order := map[string][]string{}
	held := map[string]bool{}
	var wg sync.WaitGroup
	left := lanes * each
	for w := range 6 {
		wg.Go(func() {
			for {
				k, ok, err := lib.Take(ctx, "slack", fmt.Sprint("w", w), minutes(1), lease)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				done := left == 0
				if ok {
					if held[k.Lane] {
						t.Errorf("%s was taken while another of its lane was held", k.Key)
					}
					held[k.Lane] = true
					order[k.Lane] = append(order[k.Lane], k.Key)
					left--
				}
				mu.Unlock()
				if done {
					return
				}
				if !ok {
					time.Sleep(time.Millisecond)
					continue
				}
				mu.Lock()
				delete(held, k.Lane)
				mu.Unlock()
				if err := lib.End(ctx, k, briefs.Answered, "", minutes(1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := range lanes {
		var want []string
		for j := range each {
			want = append(want, fmt.Sprintf("slack:%02d", i+j*lanes))
		}
		lane := fmt.Sprint("lane", i)
		equal(t, lane, strings.Join(order[lane], " "), strings.Join(want, " "))
	}
	sound(t, lib)
}
