package main

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/store"
)

// witness checks answers against the documents as the library returns them,
// read apart from the asking. It is safe for concurrent use.
type witness struct {
	lib   store.Backend
	mu    sync.Mutex
	known map[string]*briefs.Document
}

func (w *witness) document(ctx context.Context, id briefs.DocumentID, revision int) (*briefs.Document, error) {
	key := fmt.Sprint(revision, " ", id)
	w.mu.Lock()
	defer w.mu.Unlock()
	if d := w.known[key]; d != nil {
		return d, nil
	}
	d, err := w.lib.Document(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	w.known[key] = &d
	return &d, nil
}

// disputeFaults tells what is wrong with the disagreements among quotes: those
// of one stand together, are of different documents, and the newest is last.
func disputeFaults(quotes []briefs.Citation) []string {
	var faults []string
	groups := map[int][]briefs.Citation{}
	for i, c := range quotes {
		if c.Dispute == 0 {
			continue
		}
		if g := groups[c.Dispute]; len(g) > 0 {
			before := g[len(g)-1].Quote.Document()
			d := c.Quote.Document()
			_, was, _ := before.Published.Bounds()
			_, is, _ := d.Published.Bounds()
			if quotes[i-1].Dispute != c.Dispute || d.ID == before.ID || is.Before(was) {
				faults = append(faults, fmt.Sprintf("citation %d disagrees out of order", c.N))
			}
		}
		groups[c.Dispute] = append(groups[c.Dispute], c)
	}
	for n, g := range groups {
		if len(g) < 2 {
			faults = append(faults, fmt.Sprintf("disagreement %d is with nobody", n))
		}
	}
	return faults
}

// faults tells what is wrong with an answer, whatever the question was.
func (w *witness) faults(ctx context.Context, ans *briefs.Answer) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if ans.Answered() != (len(ans.Quotes) > 0) || len(ans.More) > 0 && !ans.Answered() || len(ans.Near) > 0 && ans.Answered() {
		fault("reason %q with %d quotes, %d more, %d near", ans.Reason, len(ans.Quotes), len(ans.More), len(ans.Near))
	}
	parts := ans.Parts
	if len(parts) == 0 {
		parts = []briefs.Answer{*ans}
	}
	for _, p := range parts {
		faults = append(faults, disputeFaults(p.Quotes)...)
		for _, c := range slices.Concat(p.More, p.Near) {
			if c.Dispute != 0 {
				fault("citation %d disagrees, and is not shown first", c.N)
			}
		}
	}
	shown := slices.Concat(ans.Quotes, ans.More)
	for _, p := range ans.Parts {
		for _, c := range slices.Concat(p.Quotes, p.More) {
			if c.N < 1 || c.N > len(shown) || shown[c.N-1].Quote.Span() != c.Quote.Span() || shown[c.N-1].Source != c.Source {
				fault("citation %d of %q is not that of the whole answer", c.N, p.Question)
			}
		}
	}
	for _, list := range [][]briefs.Citation{shown, ans.Near} {
		var sources []briefs.DocumentID
		spans := map[string]bool{}
		for i, c := range list {
			if c.N != i+1 {
				fault("citation %d has number %d", i+1, c.N)
			}
			d := c.Quote.Document()
			if !slices.Contains(sources, d.ID) {
				sources = append(sources, d.ID)
			}
			if at := slices.Index(sources, d.ID) + 1; c.Source != at {
				fault("citation %d has source %d, want %d", c.N, c.Source, at)
			}
			key := fmt.Sprint(c.Quote.Span(), d.Revision, d.ID)
			if spans[key] {
				fault("citation %d is shown twice", c.N)
			}
			spans[key] = true
			if err := w.verbatim(ctx, c.Quote, roleFor(ans)); err != nil {
				fault("citation %d: %v", c.N, err)
			}
			if c.LeadIn == nil {
				continue
			}
			if err := w.verbatim(ctx, *c.LeadIn, mayIntroduce); err != nil {
				fault("lead-in of %d: %v", c.N, err)
			}
			if lead := c.LeadIn.Document(); lead.ID != d.ID || lead.Revision != d.Revision {
				fault("lead-in of %d is of another document", c.N)
			}
		}
	}
	if ans.Enumerated {
		if err := w.whole(ctx, ans.Quotes); err != nil {
			fault("%v", err)
		}
	}
	for _, d := range ans.SeeAlso {
		if d.Text != "" || slices.ContainsFunc(shown, func(c briefs.Citation) bool { return c.Quote.Document().ID == d.ID }) {
			fault("see also %s, which is quoted or has text", d.ID)
		}
	}
	return faults
}

// roleFor returns which blocks may be quoted in ans. Notes about authors and
// titles that name one answer only who-questions.
func roleFor(ans *briefs.Answer) func(briefs.Role) bool {
	return func(r briefs.Role) bool {
		switch r {
		case briefs.RoleByline, briefs.RoleAuthorNote, briefs.RoleTitle:
			return ans.Kind == briefs.KindWho
		}
		return r.Quotable()
	}
}

// mayIntroduce are the blocks that a lead-in may stand in: a heading often is
// all that introduces a list.
func mayIntroduce(r briefs.Role) bool { return r.Quotable() || r == briefs.RoleHeading }

func (w *witness) verbatim(ctx context.Context, q briefs.Quote, may func(briefs.Role) bool) error {
	meta, span := q.Document(), q.Span()
	d, err := w.document(ctx, meta.ID, meta.Revision)
	if err != nil {
		return err
	}
	switch {
	case span.Start < 0 || span.Start >= span.End || span.End > len(d.Text):
		return fmt.Errorf("%s %v: no span of %d bytes", d.ID, span, len(d.Text))
	case d.Text[span.Start:span.End] != q.Text():
		return fmt.Errorf("%s %v: quotes %q, but there stands %q", d.ID, span, q.Text(), d.Text[span.Start:span.End])
	case !utf8.ValidString(q.Text()):
		return fmt.Errorf("%s %v: %q is not UTF-8", d.ID, span, q.Text())
	case strings.TrimSpace(q.Text()) == "":
		return fmt.Errorf("%s %v: %q is empty", d.ID, span, q.Text())
	}
	bare := *d
	bare.Text, bare.Blocks, bare.Enumerations, bare.Passages, bare.Acronyms = "", nil, nil, nil, nil
	if !reflect.DeepEqual(bare, meta) {
		return fmt.Errorf("%s: metadata %+v, stored %+v", d.ID, meta, bare)
	}
	inside := false
	for _, b := range d.Blocks {
		if b.Start < span.End && span.Start < b.End {
			inside = true
			if !may(b.Role) {
				return fmt.Errorf("%s %v: %q stands in a %s", d.ID, span, q.Text(), b.Role)
			}
		}
	}
	if !inside {
		return fmt.Errorf("%s %v: %q stands in no block", d.ID, span, q.Text())
	}
	return nil
}

// whole checks that quotes are every item of one enumeration, in order.
func (w *witness) whole(ctx context.Context, quotes []briefs.Citation) error {
	meta := quotes[0].Quote.Document()
	d, err := w.document(ctx, meta.ID, meta.Revision)
	if err != nil {
		return err
	}
	for _, e := range d.Enumerations {
		same := len(e.Items) == len(quotes) && (quotes[0].LeadIn == nil) == e.LeadIn.Empty()
		for i := 0; same && i < len(quotes); i++ {
			same = quotes[i].Source == 1 && quotes[i].Quote.Span() == e.Items[i].Span && quotes[i].Depth == e.Items[i].Depth
		}
		if same && (e.LeadIn.Empty() || quotes[0].LeadIn.Span() == e.LeadIn) {
			return nil
		}
	}
	return fmt.Errorf("%s: the %d quotes are no whole enumeration", d.ID, len(quotes))
}

// The witness finds each way in which an answer can be false.
func TestVerbatimWitness(t *testing.T) {
	lib := crossingLibrary(t)
	w := &witness{lib: lib, known: map[string]*briefs.Document{}}
	forged := func(id briefs.DocumentID, text string, start, end int) briefs.Quote {
		d, err := lib.Document(t.Context(), id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			d.Text = text
		}
		q, err := briefs.NewQuote(&d, briefs.Span{Start: start, End: end})
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	for name, spoil := range map[string]func(*briefs.Answer){
		"":                          func(*briefs.Answer) {},
		"but there stands":          func(ans *briefs.Answer) { ans.Quotes[1].Quote = forged("n1", strings.Repeat("x", 200), 70, 90) },
		"is empty":                  func(ans *briefs.Answer) { ans.Quotes[1].Quote = forged("n1", "", 3, 4) },
		"has number 7":              func(ans *briefs.Answer) { ans.Quotes[1].N = 7 },
		"has source 2":              func(ans *briefs.Answer) { ans.Quotes[1].Source = 2 },
		"is shown twice":            func(ans *briefs.Answer) { ans.Quotes[1].Quote = ans.Quotes[0].Quote },
		"stands in a author_note":   func(ans *briefs.Answer) { ans.Quotes[1].Quote = forged("n1", "", 190, 210) },
		"no whole enumeration":      func(ans *briefs.Answer) { ans.Quotes = ans.Quotes[:1] },
		"is of another document":    func(ans *briefs.Answer) { q := forged("n2", "", 0, 36); ans.Quotes[0].LeadIn = &q },
		"with 2 quotes":             func(ans *briefs.Answer) { ans.Reason = briefs.NoHits },
		"see also n1, which is":     func(ans *briefs.Answer) { ans.SeeAlso = append(ans.SeeAlso, ans.Quotes[0].Quote.Document()) },
		"citation 1: document gone": func(ans *briefs.Answer) { ans.Quotes[0].Quote = strayQuote(t) },
	} {
		ans, err := newAsker(lib).Ask(t.Context(), ask.Request{Question: "why was the harbour closed?", Scope: briefs.Only("north")})
		if err != nil || !ans.Enumerated || len(ans.Quotes) != 2 {
			t.Fatalf("%v: %+v", err, ans)
		}
		spoil(&ans)
		faults := strings.Join(w.faults(t.Context(), &ans), "\n")
		if name == "" && faults != "" || !strings.Contains(faults, name) {
			t.Errorf("want %q, got %q", name, faults)
		}
	}
}

func strayQuote(t *testing.T) briefs.Quote {
	t.Helper()
	q, err := briefs.NewQuote(&briefs.Document{ID: "gone", Revision: 1, Text: "It rained."}, briefs.Span{Start: 0, End: 10})
	if err != nil {
		t.Fatal(err)
	}
	return q
}
