package ask_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/store"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// article is a document for a test: paragraphs by an author of a publisher, of
// a date.
func article(id, title, author, publisher string, published briefs.Date, paragraphs ...string) briefs.Document {
	d := storetest.Document(id, paragraphs...)
	d.Title, d.Author, d.Publisher, d.Published = title, author, publisher, published
	return again(d)
}

// asker answers from a new library of docs.
func asker(t *testing.T, docs ...briefs.Document) *ask.Asker {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	lib, err := store.Open(context.Background(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	if _, err := lib.PutDocuments(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
	return ask.New(log, lib)
}

func answer(t *testing.T, a *ask.Asker, r ask.Request) briefs.Answer {
	t.Helper()
	r.Scope = briefs.Everything()
	ans, err := a.Ask(context.Background(), r)
	if err != nil {
		t.Fatalf("%s: %v", r.Question, err)
	}
	return ans
}

// previous is what a follow-up of ans builds on.
func previous(ans briefs.Answer, before *ask.Previous) *ask.Previous {
	p := &ask.Previous{Question: ans.Question, Before: before}
	for _, c := range ans.Quotes {
		d := c.Quote.Document()
		p.Documents = append(p.Documents, d.ID)
		p.Quotes = append(p.Quotes, briefs.Ref{Document: d.ID, Revision: d.Revision, Span: c.Quote.Span()})
	}
	return p
}

func quotes(ans briefs.Answer) string {
	var all []string
	for _, c := range ans.Quotes {
		all = append(all, c.Quote.Text())
	}
	return strings.Join(all, " | ")
}

// skerries is about ports and firms that there are not.
func skerries() []briefs.Document {
	return []briefs.Document{
		article("lamps", "Norrhamn and its cranes", "Una Invented", "Gale Review", "2031-05-02",
			"The harbour council of Norrhamn banned cranes of Velmora Lifting because their remote controls could be opened from abroad.",
			"The council had asked for the source code twice. The firm answered neither letter.",
			"A year later the council banned cranes of Tarn and Holt too, because the maker sold its service contracts to Velmora Lifting.",
			"Dock workers welcomed the ban."),
		article("south", "Cranes in the south", "Bo Pretend", "Tide Gazette", "2032-03-04",
			"In Sudhavn the port banned cranes of Velmora Lifting because an insurer refused to cover them.",
			"Its mayor, Ada Specimen, signed the order in March 2032.",
			"The order cost the port eleven million crowns.",
			"Quarries in the hills use no cranes at all."),
		article("fish", "Herring and its price", "Cy Mock", "Tide Gazette", "2030-01-09",
			"The price of herring rose because the fleet stayed in port for most of the winter.",
			"Bakers in Sudhavn do not sell fish."),
		article("pact", "The fishing pact", "Una Invented", "Gale Review", "2029-07-01",
			"Eva Edited leads the fishing pact, which nine towns joined."),
	}
}

// TestFollowUps asks after an answer. Each is answered with what speaks of the
// new, or not at all.
func TestFollowUps(t *testing.T) {
	a := asker(t, skerries()...)
	first := answer(t, a, ask.Request{Question: "Why did Norrhamn ban cranes of Velmora Lifting?"})
	if !strings.Contains(quotes(first), "remote controls") {
		t.Fatalf("first answer: %q, %s", quotes(first), first.Reason)
	}
	for _, c := range []struct {
		question, holds, never string // holds nothing: silence
	}{
		{"And what about Tarn and Holt?", "sold its service contracts", "remote controls"},
		{"what about tarn and holt?", "sold its service contracts", "remote controls"},
		{"and Tarn and Holt?", "sold its service contracts", "remote controls"},
		{"And in Sudhavn?", "an insurer refused", "remote controls"},
		{"How about Sudhavn?", "an insurer refused", "remote controls"},
		{"What about Osterby?", "", ""},
		{"and what about Polder Cranes?", "", ""},
		{"What about quarries?", "", ""},                              // spoken of, but no reason why
		{"And what about Latvia?", "", ""},                            // a state that nobody speaks of
		{"Who leads the fishing pact?", "Eva Edited leads", "cranes"}, // something else altogether
		{"Why did the price of herring rise?", "the fleet stayed in port", "cranes"},
		{"Who welcomed it?", "Dock workers welcomed the ban", "remote controls"},
	} {
		ans := answer(t, a, ask.Request{Question: c.question, After: previous(first, nil)})
		got := quotes(ans)
		switch {
		case c.holds == "" && ans.Answered():
			t.Errorf("%s: answered %q, want silence", c.question, got)
		case !strings.Contains(got, c.holds):
			t.Errorf("%s: %q (%s), want %q", c.question, got, ans.Reason, c.holds)
		case c.never != "" && strings.Contains(got, c.never):
			t.Errorf("%s: %q repeats what was said", c.question, got)
		}
		for _, near := range ans.Near {
			if strings.Contains(near.Quote.Text(), "remote controls") {
				t.Errorf("%s: near %q, which was quoted before", c.question, near.Quote.Text())
			}
		}
	}
}

// TestFollowUpsInARow carries the topic through several follow-ups.
func TestFollowUpsInARow(t *testing.T) {
	a := asker(t, skerries()...)
	var before *ask.Previous
	for _, c := range []struct{ question, holds string }{
		{"Why did Norrhamn ban cranes of Tarn and Holt?", "sold its service contracts"},
		{"And of Velmora Lifting?", "remote controls"},
		{"What about Sudhavn?", "an insurer refused"},
		{"Who signed the order there?", "Ada Specimen"},
		{"And how much did it cost?", "eleven million"},
	} {
		ans := answer(t, a, ask.Request{Question: c.question, After: before})
		if !strings.Contains(quotes(ans), c.holds) {
			t.Errorf("%s: %q (%s), want %q", c.question, quotes(ans), ans.Reason, c.holds)
		}
		before = previous(ans, before)
	}
}

// TestSameAgainAfterwards asks whole questions after others: an answer that was
// given before is given again only to what it speaks of.
func TestSameAgainAfterwards(t *testing.T) {
	a := asker(t, skerries()...)
	first := answer(t, a, ask.Request{Question: "Why did Norrhamn ban cranes of Velmora Lifting?"})
	again := answer(t, a, ask.Request{Question: "Why did the council of Norrhamn ban cranes of Velmora Lifting?", After: previous(first, nil)})
	if !strings.Contains(quotes(again), "remote controls") {
		t.Errorf("asked again: %q (%s)", quotes(again), again.Reason)
	}
}

// TestInTurn asks several questions at once.
func TestInTurn(t *testing.T) {
	a := asker(t, skerries()...)
	for _, c := range []struct {
		question string
		parts    []string // what each answer holds; empty for silence
	}{
		{"Why did Sudhavn ban cranes of Velmora Lifting? And who signed the order?", []string{"an insurer refused", "Ada Specimen"}},
		{"Why did Sudhavn ban cranes of Velmora Lifting, and who signed the order?", []string{"an insurer refused", "Ada Specimen"}},
		{"Who leads the fishing pact? Why did the price of herring rise? What about Zanzibar?", []string{"Eva Edited", "the fleet stayed", ""}},
		{"Who leads the fishing pact and why did the price of herring rise?", []string{"Eva Edited", "the fleet stayed"}},
		{"What and where is Norrhamn?", nil},
		{"Why and how did the price of herring rise?", nil},
		{"Sudhavn banned cranes of Velmora Lifting. Why?", nil},
		{"Why did Norrhamn ban cranes of Velmora Lifting and Tarn?", nil},
	} {
		ans := answer(t, a, ask.Request{Question: c.question})
		if len(ans.Parts) != len(c.parts) {
			t.Errorf("%s: %d parts, want %d", c.question, len(ans.Parts), len(c.parts))
			continue
		}
		n := 0
		for i, p := range ans.Parts {
			if !strings.Contains(quotes(p), c.parts[i]) || p.Answered() != (c.parts[i] != "") {
				t.Errorf("%s: part %d (%s) is %q (%s), want %q", c.question, i, p.Question, quotes(p), p.Reason, c.parts[i])
			}
			n += len(p.Quotes)
		}
		if c.parts == nil {
			continue
		}
		if len(ans.Quotes) != n || !ans.Answered() {
			t.Errorf("%s: %d quotes of %d in its parts, %s", c.question, len(ans.Quotes), n, ans.Reason)
		}
		sources := map[int]briefs.DocumentID{}
		for i, q := range ans.Quotes {
			id := q.Quote.Document().ID
			if was, ok := sources[q.Source]; q.N != i+1 || ok && was != id {
				t.Errorf("%s: quote %d is number %d of source %d, %s and %s", c.question, i, q.N, q.Source, id, was)
			}
			sources[q.Source] = id
		}
	}
}

// TestTime asks for what was published at some time.
func TestTime(t *testing.T) {
	story := func(id string, published briefs.Date, cause string) briefs.Document {
		return article(id, "The Norrhamn ferry", "Una Invented", "Gale Review", published, "The Norrhamn ferry was stopped because "+cause+".")
	}
	a := asker(t, story("y14", "2014-05-02", "the harbour froze"), story("y15", "2015-11-20", "the crew went home"), story("y30", "2030", "its pier burned"),
		story("may31", "2031-05-10", "a crane fell"), story("june31", "2031-06-03", "the fog stayed"), story("undated", "", "of a wedding"),
		article("said", "On winter", "Bo Pretend", "Tide Gazette", "2031-01-01", "Since 2016 the Sudhavn ferry has run at night because the days are full."))
	now := time.Date(2031, 6, 4, 9, 0, 0, 0, time.UTC) // a Wednesday
	for _, c := range []struct {
		question, never string
		want            string // documents that must be quoted, of which the first stands first
	}{
		{"Why was the Norrhamn ferry stopped since 2030?", "y14 y15 undated", "y30 may31 june31"},
		{"Why was the Norrhamn ferry stopped before 2015?", "y15 y30 may31 june31 undated", "y14"},
		{"Why was the Norrhamn ferry stopped after 2015?", "y14 y15 undated", "y30"},
		{"Before the summit of 2014, why was the Norrhamn ferry stopped?", "y15 y30 may31 june31 undated", "y14"},
		{"Why was the Norrhamn ferry stopped since June 2031?", "y14 y15 y30 may31 undated", "june31"},
		{"Why was the Norrhamn ferry stopped last year?", "y14 y15 may31 june31 undated", "y30"},
		{"Why was the Norrhamn ferry stopped last month?", "y14 y15 y30 june31 undated", "may31"},
		{"Why was the Norrhamn ferry stopped this week?", "y14 y15 y30 may31 undated", "june31"},
		{"Why was the Norrhamn ferry stopped in the last two months?", "y14 y15 y30 undated", "may31 june31"},
		{"Why was the Norrhamn ferry stopped?", "", "y14 undated"},
		{"Why has the Sudhavn ferry run at night since 2032?", "y14", ""},
		{"Why has the Sudhavn ferry run at night since 2016?", "y14", "said"},
	} {
		ans := answer(t, a, ask.Request{Question: c.question, Now: now})
		got := map[string]bool{}
		for _, q := range ans.Quotes {
			got[string(q.Quote.Document().ID)] = true
		}
		for _, id := range strings.Fields(c.want) {
			if !got[id] {
				t.Errorf("%s: %q (%s), want %s", c.question, quotes(ans), ans.Reason, id)
			}
		}
		for _, id := range strings.Fields(c.never) {
			if got[id] {
				t.Errorf("%s: %s is quoted: %q", c.question, id, quotes(ans))
			}
		}
	}
	// What the caller asks for binds too.
	ans := answer(t, a, ask.Request{Question: "Why was the Norrhamn ferry stopped since 2030?", Now: now, To: "2030"})
	if got := quotes(ans); !strings.Contains(got, "pier burned") || strings.Contains(got, "crane") {
		t.Errorf("since 2030, until 2030: %q", got)
	}
	// A follow-up may be about another time.
	first := answer(t, a, ask.Request{Question: "Why was the Norrhamn ferry stopped before 2015?", Now: now})
	ans = answer(t, a, ask.Request{Question: "And since 2031?", Now: now, After: previous(first, nil)})
	if got := quotes(ans); !strings.Contains(got, "crane fell") || strings.Contains(got, "froze") {
		t.Errorf("and since 2031: %q (%s)", got, ans.Reason)
	}
	// And one that names none keeps to that of the question before.
	first = answer(t, a, ask.Request{Question: "Why has the Sudhavn ferry run at night before 2020?", Now: now})
	ans = answer(t, a, ask.Request{Question: "What about the Norrhamn ferry?", Now: now, After: previous(first, nil)})
	if got := quotes(ans); strings.Contains(got, "crane fell") {
		t.Errorf("what about the other ferry, after a question about years before 2020: %q (%s)", got, ans.Reason)
	}
}
