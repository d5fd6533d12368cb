package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"briefdesk/briefs"
	"briefdesk/store"
)

var briefingContracts = []contract{
	{"briefings/read back, also after a revision", briefingReadBack},
	{"briefings/pages and rooms", briefingPages},
	{"briefings/what was purged is left out", briefingPurged},
	{"briefings/pictures", briefingPictures},
}

// cite quotes [start,end) of the current revision of id as number n.
func cite(t *testing.T, lib store.Backend, id briefs.DocumentID, n, source, start, end int) briefs.Citation {
	t.Helper()
	d := open(t, lib, id, 0)
	q, err := briefs.NewQuote(&d, briefs.Span{Start: start, End: end})
	if err != nil {
		t.Fatal(err)
	}
	return briefs.Citation{N: n, Source: source, Quote: q}
}

// about is the metadata of the current revision of id.
func about(t *testing.T, lib store.Backend, id briefs.DocumentID) briefs.Document {
	t.Helper()
	d := open(t, lib, id, 0)
	d.Text, d.Blocks, d.Enumerations = "", nil, nil
	return d
}

// posted makes a briefing about three documents, which it stores: gale and
// tide, and fog, which only says the same.
func posted(t *testing.T, lib store.Backend) briefs.Briefing {
	t.Helper()
	put(
		t, lib, Document("gale", "There are two reasons. First, überall wind. Second, more wind."), Document("tide", "The tide rose."), Document("fog", "The tide rose, too."),
	)
	lead := cite(t, lib, "gale", 0, 0, 0, 22).Quote
	first, second := cite(t, lib, "gale", 1, 1, 23, 44), cite(t, lib, "gale", 2, 1, 45, 63)
	first.LeadIn, second.Depth = &lead, 1
	tide := cite(t, lib, "tide", 3, 2, 0, 14)
	return briefs.Briefing{
		ID: "weekly#1", Schedule: "weekly", Room: "console:a", Slot: "2031-03-04T09:00 Europe/Berlin", Posted: minutes(1),
		Briefs: []briefs.Brief{
			{
				Topic: "wind & tide", Unmentioned: []string{"gulls", "<b>"}, From: "2031-02", Since: minutes(-60),
				Sections: []briefs.Section{
					{Kind: briefs.SectionKeyPoints, Heading: "Key points", Items: []briefs.BriefItem{
						{Sources: 1, Quotes: []briefs.Citation{first, second}},
						{Sources: 2, Also: []int{3}, Quotes: []briefs.Citation{tide}},
					}},
					{Kind: briefs.SectionWho, Heading: "Who says what", Items: []briefs.BriefItem{{Label: "Una Invented", Quotes: []briefs.Citation{first, tide}}}},
					{Kind: briefs.SectionGaps, Heading: "Gaps", Items: []briefs.BriefItem{{Label: "who counts the gulls?"}}},
				},
				Sources: []briefs.BriefSource{
					{N: 1, Document: about(t, lib, "gale"), Quotes: []int{1, 2, 4}},
					{N: 2, Document: about(t, lib, "tide"), Quotes: []int{3}},
					{N: 3, Document: about(t, lib, "fog")},
				},
				Changes: []briefs.BriefChange{
					{Kind: briefs.ChangeCorrected, Document: about(t, lib, "gale"), At: minutes(-5), Quotes: []briefs.Citation{cite(t, lib, "gale", 4, 1, 45, 63)}},
					{Kind: briefs.ChangeWithdrawn, Document: about(t, lib, "fog")},
				},
			},
			{Topic: "collection:quiet"},
		},
	}
}

func sameBriefing(t *testing.T, what string, want, got briefs.Briefing) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b briefs.Quote) bool {
		return a.Text() == b.Text() && a.Span() == b.Span() && a.Page() == b.Page() && cmp.Equal(a.Document(), b.Document())
	})); diff != "" {
		t.Errorf("%s: briefing differs (-want +got):\n%s", what, diff)
	}
}

func briefing(t *testing.T, lib store.Backend, id briefs.BriefingID) briefs.Briefing {
	t.Helper()
	b, err := lib.Briefing(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func briefingReadBack(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	b := posted(t, lib)
	for range 2 { // the second changes nothing
		if err := lib.RecordBriefing(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	other := b
	other.Briefs = nil
	if err := lib.RecordBriefing(ctx, other); err != nil {
		t.Fatal(err)
	}
	sameBriefing(t, "as posted", b, briefing(t, lib, b.ID))
	sound(t, lib)

	put(t, lib, Document("gale", "Nothing of that stands here now."))
	if err := lib.RemoveDocument(ctx, "fog", false); err != nil {
		t.Fatal(err)
	}
	again := briefing(t, lib, b.ID)
	equal(t, "a quote after a revision", again.Briefs[0].Sections[0].Items[0].Quotes[0].Quote.Text(), "First, überall wind.")
	equal(t, "sources after one was withdrawn", len(again.Briefs[0].Sources), 3)
	equal(t, "the withdrawn one is told so", again.Briefs[0].Changes[1].Document.Withdrawn, true)

	foreign := cite(t, lib, "tide", 1, 1, 0, 8).Quote
	bad := briefs.Briefing{ID: "bad", Briefs: []briefs.Brief{{Sections: []briefs.Section{{Items: []briefs.BriefItem{{Quotes: []briefs.Citation{
		{N: 1, Source: 1, Quote: cite(t, lib, "gale", 1, 1, 0, 7).Quote, LeadIn: &foreign},
	}}}}}}}}
	for name, b := range map[string]briefs.Briefing{"no id": {}, "foreign lead-in": bad} {
		if err := lib.RecordBriefing(ctx, b); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	if _, err := lib.Briefing(ctx, "bad"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("half a briefing was stored: %v", err)
	}
	sound(t, lib)
}

func briefingPages(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	for i := range 5 {
		b := briefs.Briefing{ID: briefs.BriefingID(fmt.Sprint("b", i)), Room: []string{"a", "b"}[i%2], Posted: minutes(i / 2)}
		if err := lib.RecordBriefing(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		offset, limit int
		rooms         []string
		want          string
	}{
		{0, 10, nil, "b4b2b3b0b1"},
		{1, 2, nil, "b2b3"},
		{9, 2, nil, ""},
		{-1, 1, nil, "b4"},
		{0, 0, nil, ""},
		{0, 10, []string{"b"}, "b3b1"},
		{1, 10, []string{"b", "c"}, "b1"},
		{0, 10, []string{""}, ""},
	} {
		all, err := lib.Briefings(ctx, c.offset, c.limit, c.rooms...)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, b := range all {
			got += string(b.ID)
		}
		equal(t, fmt.Sprintf("%d after %d of %q", c.limit, c.offset, c.rooms), got, c.want)
	}
	if b, err := lib.Briefing(ctx, "b1", "b", "c"); err != nil || b.ID != "b1" {
		t.Errorf("its own room: %v", err)
	}
	_, foreign := lib.Briefing(ctx, "b1", "a")
	_, none := lib.Briefing(ctx, "b9", "a")
	if !errors.Is(foreign, briefs.ErrNotFound) || !errors.Is(none, briefs.ErrNotFound) || foreign.Error() != none.Error() {
		t.Errorf("another room's briefing: %v; one that never was: %v", foreign, none)
	}
}

func briefingPurged(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	b := posted(t, lib)
	late := b
	late.ID = "weekly#2"
	if err := lib.RecordBriefing(ctx, b); err != nil {
		t.Fatal(err)
	}
	for _, id := range []briefs.DocumentID{"gale", "fog"} {
		if err := lib.RemoveDocument(ctx, id, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.RecordBriefing(ctx, late); err != nil { // composed before, recorded after
		t.Fatal(err)
	}
	brief := b.Briefs[0]
	tide := brief.Sections[0].Items[1]
	tide.Also = nil
	who := brief.Sections[1].Items[0]
	who.Quotes = who.Quotes[1:]
	brief.Sections = []briefs.Section{
		{Kind: briefs.SectionKeyPoints, Heading: "Key points", Items: []briefs.BriefItem{tide}},
		{Kind: briefs.SectionWho, Heading: "Who says what", Items: []briefs.BriefItem{who}},
		brief.Sections[2],
	}
	brief.Sources, brief.Changes = brief.Sources[1:2], nil
	for _, want := range []briefs.Briefing{b, late} {
		want.Briefs = []briefs.Brief{brief, b.Briefs[1]}
		sameBriefing(t, string(want.ID), want, briefing(t, lib, want.ID))
	}
	sound(t, lib)
	if err := lib.RemoveDocument(ctx, "tide", true); err != nil {
		t.Fatal(err)
	}
	left := briefing(t, lib, b.ID).Briefs[0]
	if len(left.Sections) != 1 || left.Sections[0].Kind != briefs.SectionGaps || len(left.Sources) != 0 {
		t.Errorf("without a document there is left: %+v", left)
	}
	sound(t, lib)
}
