package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

var shownContracts = []contract{
	{"shown/by reference", shownByReference},
	{"shown/in a thread", shownInThread},
	{"shown/at a message", shownAtMessage},
	{"shown/not what nobody saw", shownToNobody},
	{"shown/purged before it was sent", purgedBeforeReplied},
	{"shown/where the bot has posted", postedInThread},
	{"feedback", feedback},
	{"kept values", keptValues},
}

// shownQuote quotes bytes [start,end) of a document in the first revision.
func shownQuote(n int, id string, start, end int) briefs.ShownQuote {
	return briefs.ShownQuote{N: n, Source: 1, Ref: ref(id, 1, start, end)}
}

// show has shown sent by reply to a thing of that key, with receipt key and
// the number of the reply.
func show(t *testing.T, lib store.Backend, key string, replies []briefs.Outgoing, shown *briefs.Shown) {
	t.Helper()
	receive(t, lib, 1, came(key, key, 1))
	k := compose(t, lib, take(t, lib, 1), replies, shown)
	for n := range replies {
		replied(t, lib, k, 2, key+"-", n+1)
	}
}

func sameShown(t *testing.T, lib store.Backend, want briefs.Shown) {
	t.Helper()
	got, err := lib.Shown(context.Background(), want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("shown (-want +got): %v\n%s", err, diff)
	}
}

func shownByReference(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("gale", "The gale came at night."), Document("tide", "The tide rose."))
	put(t, lib, Document("gale", "The gale came at night, and went."))
	led := shownQuote(1, "gale", 4, 8)
	led.LeadIn, led.Depth, led.Why = &briefs.Span{Start: 0, End: 3}, 2, []briefs.Feature{{Name: "covered", Value: 0.3333333333333333}, {Name: "cue", Value: -2}}
	led.Dispute = 2
	newer := shownQuote(3, "gale", 0, 33)
	newer.Revision, newer.Source = 2, 3
	shown := briefs.Shown{
		ID: "a1", Room: "slack:C1", Thread: "t1", Asker: "slack:U1", Question: "What came?", Kind: briefs.KindWhat, Enumerated: true, At: minutes(1),
		Quotes: []briefs.ShownQuote{led, shownQuote(2, "tide", 0, 14)}, More: []briefs.ShownQuote{newer}, Near: []briefs.ShownQuote{shownQuote(0, "tide", 4, 8)},
		Parts:  []briefs.ShownPart{{Question: "What?", Kind: briefs.KindWhat, Enumerated: true, Quotes: []int{1, 2}}, {Question: "Who?", Kind: briefs.KindWho, Reason: briefs.NoSentence, Source: &briefs.AskedSource{Name: "Una"}}},
		Source: &briefs.AskedSource{Name: "Gale Review", Found: true},
	}
	show(t, lib, "slack:1", inThread("t1"), &shown)
	sameShown(t, lib, shown)

	silent := briefs.Shown{ID: "a2", Room: "slack:C1", Thread: "t1", Asker: "slack:U2", Question: "Who?", Reason: briefs.NoHits, At: minutes(2)}
	show(t, lib, "slack:2", inThread("t1"), &silent)
	sameShown(t, lib, silent)

	// What is not there is left out.
	bad := silent
	bad.ID = "a3"
	outside := shownQuote(1, "tide", 0, 14)
	outside.LeadIn = &briefs.Span{Start: 0, End: 15}
	bad.Quotes = []briefs.ShownQuote{
		shownQuote(1, "none", 0, 3), shownQuote(2, "tide", 0, 15), shownQuote(3, "tide", 4, 4), shownQuote(4, "tide", -1, 4), outside, shownQuote(6, "tide", 0, 3),
	}
	show(t, lib, "slack:3", inThread("t1"), &bad)
	bad.Quotes = bad.Quotes[5:]
	sameShown(t, lib, bad)

	// The first of an id stays.
	other := silent
	other.ID, other.Question = "a1", "What else?"
	show(t, lib, "slack:4", inThread("t1"), &other)
	sameShown(t, lib, shown)
	if _, err := lib.Shown(ctx, "none"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("an answer that never was: %v", err)
	}
	sound(t, lib)

	// What is withdrawn was shown all the same; what is purged was not.
	if err := lib.RemoveDocument(ctx, "gale", false); err != nil {
		t.Fatal(err)
	}
	sameShown(t, lib, shown)
	if err := lib.RemoveDocument(ctx, "gale", true); err != nil {
		t.Fatal(err)
	}
	shown.Quotes, shown.More = shown.Quotes[1:], nil
	sameShown(t, lib, shown)
	put(t, lib, Document("gale", "The gale came at night."))
	sameShown(t, lib, shown)
	sound(t, lib)
}

func shownInThread(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(room briefs.RoomID, thread string, want ...briefs.AnswerID) {
		t.Helper()
		all, err := lib.ShownIn(ctx, room, thread)
		var ids []briefs.AnswerID
		for _, s := range all {
			ids = append(ids, s.ID)
		}
		if err != nil || !slices.Equal(ids, want) {
			t.Errorf("in %s of %s: %q, %v; want %q", thread, room, ids, err, want)
		}
	}
	check("slack:C1", "t")
	put(t, lib, Document("tide", "The tide rose."))
	for i, s := range []briefs.Shown{
		{ID: "late", Room: "slack:C1", Thread: "t", At: minutes(5)},
		{ID: "early", Room: "slack:C1", Thread: "t", At: minutes(2), Quotes: []briefs.ShownQuote{shownQuote(1, "tide", 0, 3)}},
		{ID: "same", Room: "slack:C1", Thread: "t", At: minutes(5)},
		{ID: "thread", Room: "slack:C1", Thread: "u", At: minutes(3)},
		{ID: "room", Room: "slack:C2", Thread: "t", At: minutes(3)},
		{ID: "loose", Room: "slack:C1", At: minutes(3)},
	} {
		show(t, lib, fmt.Sprint("slack:", i), inThread("t")[:1], &s)
	}
	check("slack:C1", "t", "early", "late", "same")
	check("slack:C1", "", "loose")
	check("slack:C2", "t", "room")
	var want []briefs.AnswerID
	for i := range 55 {
		s := briefs.Shown{ID: briefs.AnswerID(fmt.Sprint("n", i)), Room: "slack:C1", Thread: "long", At: minutes(i)}
		show(t, lib, fmt.Sprint("slack:n", i), inThread("long")[:1], &s)
		if i >= 5 {
			want = append(want, s.ID)
		}
	}
	check("slack:C1", "long", want...)
	all, err := lib.ShownIn(ctx, "slack:C1", "t")
	if err != nil || len(all[0].Quotes) != 1 || len(all[1].Quotes) != 0 {
		t.Errorf("quotes of %+v, %v", all, err)
	}
}

func shownAtMessage(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(room briefs.RoomID, receipt string, want briefs.AnswerID) {
		t.Helper()
		id, err := lib.ShownAt(ctx, room, receipt)
		if id != want || want == "" && !errors.Is(err, briefs.ErrNotFound) || want != "" && err != nil {
			t.Errorf("at %s of %s: %q, %v; want %q", receipt, room, id, err, want)
		}
	}
	show(t, lib, "slack:1", inThread("t"), &briefs.Shown{ID: "a1", Room: "slack:C1"})
	show(t, lib, "slack:2", inThread("t"), nil)
	check("slack:C1", "slack:1-1", "a1")
	check("slack:C1", "slack:1-2", "a1")
	check("slack:C1", "slack:2-1", "")
	check("slack:C2", "slack:1-1", "")
	check("slack:C1", "", "")
	if n, err := lib.ForgetIncoming(ctx, minutes(900)); n != 2 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
	check("slack:C1", "slack:1-1", "a1")
	sameShown(t, lib, briefs.Shown{ID: "a1", Room: "slack:C1"})
	// A message whose place another takes shows the latter.
	receive(t, lib, 1, came("slack:3", "3", 1))
	k := compose(t, lib, take(t, lib, 1), inThread("t")[1:], &briefs.Shown{ID: "a3", Room: "slack:C1"})
	if err := lib.SentReply(ctx, k, 1, "slack:1-1", minutes(2)); err != nil {
		t.Fatal(err)
	}
	check("slack:C1", "slack:1-1", "a3")
	sound(t, lib)
}

// shownToNobody gives up before, and after, a reply was begun.
func shownToNobody(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("tide", "The tide rose."))
	for id, c := range map[briefs.AnswerID]struct {
		begin bool
		state briefs.IncomingState
		shown bool
	}{"unseen": {false, briefs.GivenUp, false}, "perhaps": {true, briefs.GivenUp, true}, "unsure": {true, briefs.Unsure, true}} {
		receive(t, lib, 1, came("slack:"+string(id), "", 1))
		k := compose(t, lib, take(t, lib, 1), inThread("t"), &briefs.Shown{ID: id, Quotes: []briefs.ShownQuote{shownQuote(1, "tide", 0, 3)}})
		if c.begin {
			if err := lib.BeginReply(ctx, k, 1); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := lib.Shown(ctx, id); err != nil {
			t.Errorf("%s before it ends: %v", id, err)
		}
		if err := lib.End(ctx, k, c.state, "x", minutes(2)); err != nil {
			t.Fatal(err)
		}
		if _, err := lib.Shown(ctx, id); errors.Is(err, briefs.ErrNotFound) == c.shown {
			t.Errorf("%s: %v", id, err)
		}
	}
	sound(t, lib)
}

func purgedBeforeReplied(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	put(t, lib, Document("gale", "The gale came."), Document("tide", "The tide rose."))
	taken := func(key, id string) briefs.Taken {
		t.Helper()
		receive(t, lib, 2, came(key, key, 1), came(key+"/next", key, 1))
		return compose(t, lib, take(t, lib, 1), inThread("t"), &briefs.Shown{ID: briefs.AnswerID(key), Quotes: []briefs.ShownQuote{shownQuote(1, id, 0, 3)}})
	}
	waiting, begun, half, other := taken("slack:waiting", "gale"), taken("slack:begun", "gale"), taken("slack:half", "gale"), taken("slack:other", "tide")
	replied(t, lib, half, 1, "half", 1)
	replied(t, lib, other, 1, "other", 1)
	if err := lib.BeginReply(ctx, begun, 1); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveDocument(ctx, "gale", true); err != nil {
		t.Fatal(err)
	}
	sound(t, lib)
	for name, k := range map[string]briefs.Taken{"waiting": waiting, "begun": begun, "half": half} {
		if err := lib.BeginReply(ctx, k, 2); !errors.Is(err, briefs.ErrConflict) {
			t.Errorf("%s: sends what was purged: %v", name, err)
		}
	}
	replied(t, lib, other, 2, "other", 2)
	again := take(t, lib, 1)
	if again.Key != "slack:waiting" || again.Composed || len(again.Replies) > 0 || !bytes.Equal(again.Body, waiting.Body) {
		t.Errorf("to be composed again: %+v", again)
	}
	again = compose(t, lib, again, inThread("t")[:1], &briefs.Shown{ID: "slack:waiting", Quotes: []briefs.ShownQuote{shownQuote(1, "tide", 0, 3)}})
	replied(t, lib, again, 2, "again", 1)
	sameShown(t, lib, briefs.Shown{ID: "slack:waiting", Quotes: []briefs.ShownQuote{shownQuote(1, "tide", 0, 3)}})
	sameShown(t, lib, briefs.Shown{ID: "slack:half"})
	counts, _, err := lib.CountIncoming(ctx)
	if want := (map[briefs.IncomingState]int{briefs.Answered: 2, briefs.Unsure: 1, briefs.GivenUp: 1, briefs.Waiting: 4}); err != nil || !cmp.Equal(counts, want) {
		t.Errorf("counts %v, %v", counts, err)
	}
	answered(t, lib, 3, "slack:waiting/next", "slack:begun/next", "slack:half/next", "slack:other/next")
	sound(t, lib)
}

func postedInThread(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(room briefs.RoomID, thread string, want bool) {
		t.Helper()
		got, err := lib.Posted(ctx, room, thread)
		if err != nil || got != want {
			t.Errorf("posted in %q of %s: %v, %v; want %v", thread, room, got, err, want)
		}
	}
	check("slack:C1", "t", false)
	receive(t, lib, 1, came("slack:1", "", 1))
	k := compose(t, lib, take(t, lib, 1), inThread("t"), nil)
	if err := lib.BeginReply(ctx, k, 1); err != nil {
		t.Fatal(err)
	}
	check("slack:C1", "t", false)
	replied(t, lib, k, 1, "r", 1)
	check("slack:C1", "t", true)
	check("slack:C2", "t", false)
	check("slack:C1", "u", false)
	check("slack:C1", "", false)

	// What one member alone saw counts for nobody.
	private, direct := inThread("p")[1], inThread("")[1]
	direct.Room = ""
	show(t, lib, "slack:2", []briefs.Outgoing{private, direct}, nil)
	check("slack:C1", "p", false)
	check("slack:C1", "slack:2-1", false)
	check("", "slack:2-2", false)
	// A thread may hang on a message to the room itself.
	show(t, lib, "slack:3", inThread("")[:1], nil)
	check("slack:C1", "slack:3-1", true)
	check("slack:C1", "", false)

	planned(t, lib, "s", 1)
	c := frozen(t, lib, claim(t, lib, 1), 1)
	sent(t, lib, c, 1)
	check("console:a", "r1", true)
	check("console:b", "r1", false)
	check("console:a", "r2", false)
	check("console:a", "", false)
	sent(t, lib, c, 2)
	if err := lib.Finish(ctx, c, briefs.Posted, "", minutes(2)); err != nil {
		t.Fatal(err)
	}
	check("console:a", "r1", true)
	if _, err := lib.ShownAt(ctx, "console:a", "r1"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("a briefing shows no answer: %v", err)
	}
	if _, err := lib.ForgetIncoming(ctx, minutes(900)); err != nil {
		t.Fatal(err)
	}
	check("slack:C1", "t", true)
	check("slack:C1", "slack:3-1", true)
}

func feedback(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	said := func(answer, who, room string, v briefs.Verdict, m int) briefs.Feedback {
		return briefs.Feedback{
			Answer: briefs.AnswerID(answer), Room: briefs.RoomID(room), Question: "Why?", Who: "slack:" + who, Verdict: v, Note: "It says “ß”\nelsewhere.", At: minutes(m),
		}
	}
	check := func(limit int, rooms []string, want ...briefs.Feedback) {
		t.Helper()
		got, err := lib.Feedback(ctx, limit, rooms...)
		if diff := cmp.Diff(append([]briefs.Feedback{}, want...), append([]briefs.Feedback{}, got...)); err != nil || diff != "" {
			t.Errorf("feedback of %q, at most %d (-want +got): %v\n%s", rooms, limit, err, diff)
		}
	}
	check(9, nil)
	first, second := said("a1", "U1", "slack:C1", briefs.Good, 1), said("a1", "U2", "slack:C1", briefs.Wrong, 5)
	third, changed := said("a2", "U1", "slack:C2", briefs.Outdated, 3), said("a1", "U1", "slack:C1", briefs.Incomplete, 4)
	changed.Note = ""
	for _, f := range []briefs.Feedback{first, second, third} {
		if err := lib.RecordFeedback(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	check(9, nil, second, third, first)
	if err := lib.RecordFeedback(ctx, changed); err != nil {
		t.Fatal(err)
	}
	check(9, nil, second, changed, third)
	check(2, nil, second, changed)
	check(0, nil)
	check(-1, nil)
	check(9, []string{"slack:C2", "slack:C3"}, third)
	check(9, []string{"slack:C3"})
	for _, bad := range []briefs.Feedback{said("", "U1", "slack:C1", briefs.Good, 1), {Answer: "a1", Verdict: briefs.Good}, said("a1", "U1", "slack:C1", "", 1), said("a1", "U1", "slack:C1", "great", 1)} {
		if err := lib.RecordFeedback(ctx, bad); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%+v: %v, want ErrInvalid", bad, err)
		}
	}
	long := said("a3", "U1", "slack:C9", briefs.Good, 9)
	long.Note = strings.Repeat("é", 100_000) + "\xff"
	if err := lib.RecordFeedback(ctx, long); err != nil {
		t.Fatal(err)
	}
	kept, err := lib.Feedback(ctx, 1)
	if err != nil || len(kept) != 1 || kept[0].Note == "" || !strings.HasPrefix(long.Note, kept[0].Note) {
		t.Errorf("a long note is not kept by its beginning (%v)", err)
	}
	sound(t, lib)
}
