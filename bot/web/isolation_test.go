package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// crossing are two collections that tell of the same places in the same
// words. Each defines an acronym that the other one only uses.
func crossing() map[string][]briefs.Document {
	const ada, bo = "Ada Placeholder", "Bo Invented"
	list := map[string][]briefs.Document{
		"north": {
			{
				ID: "n1", Title: "The Harbour Fund", Author: ada, Publisher: "The Northern Invention", Published: "2014-04-10",
				Text: "The Lorem Transfer Board (LTB) closed the harbour for two reasons. First, the salt had run out. Second, the envoys had lost the key. The ministers of Ipsum signed the pact in May.",
			},
			{
				ID: "n2", Title: "Letters on the Pact", Author: ada, Published: "2015",
				Text: "The pact of Ipsum holds nine articles. The DQC has read every one of them and found no fault. The board of the harbour met on Monday.",
			},
		},
		"south": {
			{
				ID: "s1", Title: "The Harbour Fund Revisited", Author: bo, Publisher: "The Southern Invention", Published: "2016-05-01",
				Text: "The Dolor Quarantine Committee (DQC) opened the harbour for three reasons. First, the salt had arrived. Second, the key was found. Third, the LTB had asked for it. The ministers of Ipsum broke the pact in June.",
			},
			{
				ID: "s2", Title: "Why the Pact Broke", Author: bo, Published: "2017",
				Text: "The pact of Ipsum broke because the LTB and the DQC disagreed about salt. The zeppelin of the envoys landed in the harbour.",
			},
		},
	}
	for collection, documents := range list {
		for i := range documents {
			d := &documents[i]
			d.Collection, d.Source, d.Added = collection, "/papers/"+collection+"/"+string(d.ID), time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
			d.Blocks = blocksOf(d)
			structure.Analyze(d)
		}
	}
	return list
}

// newCrossing serves collections, each to a reader of its name, with all that
// is recorded of a room: what was asked, fetched and posted.
func newCrossing(t *testing.T, collections ...string) *desk {
	t.Helper()
	all := crossing()
	var documents []briefs.Document
	for _, c := range collections {
		documents = append(documents, all[c]...)
	}
	d := newDesk(t, documents)
	for _, c := range collections {
		room, when := "web:"+c, d.clock.now().Add(-time.Hour)
		d.rooms[room] = briefs.Only(c)
		d.page(t, 200, c, at("/", "q", "why was the harbour closed?"))
		d.page(t, 200, c, at("/", "q", "who feeds the camels of "+c+"?"))
		if err := d.lib.RecordFetch(t.Context(), briefs.Fetch{Source: "/papers/" + c, Collection: c, At: when, Failed: len(c), Problem: c}); err != nil {
			t.Fatal(err)
		}
		first := &all[c][0]
		q, err := briefs.NewQuote(first, first.Blocks[0].Sentences[0])
		if err != nil {
			t.Fatal(err)
		}
		cited := briefs.Citation{N: 1, Source: 1, Quote: q}
		err = d.lib.RecordBriefing(t.Context(), briefs.Briefing{
			ID: briefs.BriefingID("weekly-" + c), Schedule: "weekly " + c, Room: room, Slot: "2026-11-16T09:00 UTC", Posted: when,
			Briefs: []briefs.Brief{{
				Topic: "collection:" + c, Sources: []briefs.BriefSource{{N: 1, Document: q.Document(), Quotes: []int{1}}},
				Sections: []briefs.Section{{Kind: briefs.SectionKeyPoints, Heading: "Key points", Items: []briefs.BriefItem{{Quotes: []briefs.Citation{cited}}}}},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// crossingAddresses are pages that a reader might open, about everything that
// stands in either collection.
func crossingAddresses() []string {
	addresses := []string{
		"/", "/library", "/library?order=title", "/library?page=2", "/briefings", "/briefings?page=2", "/briefings.atom", "/questions", "/brief",
		"/library/search", "/healthz", "/nothing", "/d/never", "/d/n1", "/d/n1/diff?from=1&to=1",
	}
	words := map[string]bool{}
	for collection, documents := range crossing() {
		addresses = append(
			addresses, at("/library", "collection", collection), at("/", "q", "why?", "collection", collection), at("/brief", "topic", "collection:"+collection),
			at("/brief", "topic", "harbour", "collection", collection), "/briefings/weekly-"+collection, at("/", "q", "who feeds the camels of "+collection+"?"),
		)
		for _, d := range documents {
			addresses = append(
				addresses, "/d/"+string(d.ID), "/d/"+string(d.ID)+"?r=1&s=0-10", "/d/"+string(d.ID)+"/diff?from=1&to=1", at("/library", "find", d.Title), at("/library", "find", d.Author), at("/library/search", "q", d.Title),
				at("/", "q", "what does "+d.Author+" say about the harbour?"), at("/", "q", "who wrote "+d.Title+"?"), at("/", "q", "what about the pact?", "from", string(d.Published), "to", string(d.Published)),
			)
			if d.Publisher != "" {
				addresses = append(addresses, at("/library", "publisher", d.Publisher), at("/", "q", "why the harbour?", "publisher", d.Publisher))
			}
			for w := range strings.FieldsFuncSeq(d.Text+" "+d.Title, func(r rune) bool { return strings.ContainsRune(" .,()", r) }) {
				words[strings.ToLower(w)] = true
			}
		}
	}
	for w := range words {
		addresses = append(addresses, at("/", "q", "what about the "+w+"?"), at("/library/search", "q", w), at("/brief", "topic", w), at("/library", "find", w))
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// A room sees of a library what it would see if the other collections did not
// exist: every page is the same, byte for byte.
func TestPagesKeepRoomsApart(t *testing.T) {
	both, alone := newCrossing(t, "north", "south"), newCrossing(t, "north")
	statuses := map[int]int{}
	for _, address := range crossingAddresses() {
		with, without := both.get("north", address), alone.get("north", address)
		statuses[with.Code]++
		if with.Code != without.Code || !slices.Equal(headersOf(with.Header()), headersOf(without.Header())) || with.Body.String() != without.Body.String() {
			t.Errorf("%s tells of another collection: status %d and %d:\n%s\nwithout it:\n%s", address, with.Code, without.Code, with.Body, without.Body)
		}
	}
	if statuses[200] < 100 || statuses[400] < 5 || statuses[404] < 5 {
		t.Errorf("statuses %v: too few to prove anything", statuses)
	}
	for _, address := range []string{"/", "/library", "/briefings", "/library?find=harbour"} { // the test can fail
		if page := both.page(t, 200, "south", address); address != "/" && !strings.Contains(page, "south") && !strings.Contains(page, "Southern") {
			t.Errorf("%s shows nothing to its own room:\n%s", address, page)
		}
	}
}

func headersOf(h http.Header) (lines []string) {
	for name, values := range h {
		lines = append(lines, name+": "+strings.Join(values, ", "))
	}
	slices.Sort(lines)
	return lines
}
