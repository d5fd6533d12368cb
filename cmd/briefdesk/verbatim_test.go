package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/eval"
	"briefdesk/briefs/sample"
	"briefdesk/store"
)

// sharedFolder returns a folder of the data that is kept beside the project;
// the test is skipped where it is absent.
func sharedFolder(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = "../../../shared"
	}
	dir, err := filepath.Abs(filepath.Join(root, "data", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is absent: set BRIEFDESK_SHARED", dir)
		}
		t.Skipf("%s is absent: set BRIEFDESK_SHARED", dir)
	}
	return dir
}

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

// faults tells what is wrong with an answer, whatever the question was.
func (w *witness) faults(ctx context.Context, ans *briefs.Answer) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if ans.Answered() != (len(ans.Quotes) > 0) || len(ans.More) > 0 && !ans.Answered() || len(ans.Near) > 0 && ans.Answered() {
		fault("reason %q with %d quotes, %d more, %d near", ans.Reason, len(ans.Quotes), len(ans.More), len(ans.Near))
	}
	shown := slices.Concat(ans.Quotes, ans.More)
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

// askAll asks every question of lib twice, by two askers, and checks the
// answers. It returns how many were answered and how many quotes they showed.
func askAll(t *testing.T, lib store.Backend, questions []string) (answered, quotes int) {
	t.Helper()
	w := &witness{lib: lib, known: map[string]*briefs.Document{}}
	first, second := newAsker(lib), newAsker(lib)
	var mu sync.Mutex
	var group sync.WaitGroup
	next := make(chan string)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for q := range next {
				ans, err := askEverything(t.Context(), first, q)
				again, err2 := askEverything(t.Context(), second, q)
				if err != nil || err2 != nil {
					if !errors.Is(err, briefs.ErrInvalid) || !errors.Is(err2, briefs.ErrInvalid) || strings.ContainsFunc(q, unicode.IsLetter) {
						t.Errorf("%.200q: %v, again %v", q, err, err2)
					}
					continue
				}
				ans.Elapsed, again.Elapsed = 0, 0
				if !reflect.DeepEqual(ans, again) {
					t.Errorf("%.200q: the same question has two answers:\n%+v\n%+v", q, ans, again)
				}
				for _, fault := range w.faults(t.Context(), &ans) {
					t.Errorf("%.200q: %s", q, fault)
				}
				mu.Lock()
				quotes += len(ans.Quotes) + len(ans.More)
				if ans.Answered() {
					answered++
				}
				mu.Unlock()
			}
		})
	}
	for _, q := range questions {
		next <- q
	}
	close(next)
	group.Wait()
	t.Logf("%d questions, %d answered, %d quotes", len(questions), answered, quotes)
	return answered, quotes
}

func TestVerbatimSample(t *testing.T) {
	golden, err := sample.Golden()
	if err != nil {
		t.Fatal(err)
	}
	var questions []string
	for _, q := range golden {
		questions = append(questions, q.Question)
	}
	for _, f := range sample.Documents() {
		name := strings.TrimSuffix(filepath.Base(f.Name), filepath.Ext(f.Name))
		questions = append(questions, "who wrote "+strings.ReplaceAll(name, "-", " ")+"?")
	}
	if answered, quotes := askAll(t, sampleLibrary(t), questions); answered < len(questions)/4 || quotes < answered {
		t.Errorf("only %d of %d answered: nothing is tested", answered, len(questions))
	}
}

// TestVerbatimShared asks the questions of the labelled sets of their own
// documents.
func TestVerbatimShared(t *testing.T) {
	for _, set := range []struct {
		path string
		most int // questions
	}{{"answers/clapnq", 600}, {"retrieval/cranfield", 225}, {"retrieval/condqa_snippets", 200}} {
		t.Run(filepath.Base(set.path), func(t *testing.T) {
			dir := sharedFolder(t, set.path)
			lib := openLibrary(t)
			addTo(t, lib, "", filepath.Join(dir, "docs.jsonl"))
			queries, err := readFile(filepath.Join(dir, "queries.jsonl"), eval.ReadQueries)
			if err != nil {
				t.Fatal(err)
			}
			var questions []string
			for _, q := range queries {
				questions = append(questions, q.Text)
			}
			questions = questions[max(0, len(questions)-set.most):] // where a set has parts, dev is the last
			if answered, _ := askAll(t, lib, questions); answered < len(questions)/20 {
				t.Errorf("only %d of %d answered: nothing is tested", answered, len(questions))
			}
		})
	}
}

// TestVerbatimOddQuestions asks what nobody would ask.
func TestVerbatimOddQuestions(t *testing.T) {
	lib := sampleLibrary(t)
	var words []string
	err := lib.Export(t.Context(), briefs.Everything(), func(d briefs.Document) error {
		words = append(words, strings.Fields(d.Text)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var questions []string
	for range 2000 {
		questions = append(questions, oddQuestion(random, words))
	}
	if answered, _ := askAll(t, lib, questions); answered < len(questions)/20 {
		t.Errorf("only %d of %d answered: nothing is tested", answered, len(questions))
	}
}

// oddQuestion makes a question of the words of a library and of what a
// search or a terminal could trip over.
func oddQuestion(random *rand.Rand, words []string) string {
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	openings := []string{
		"", "", "why ", "what ", "who wrote ", "who ", "when did ", "where is ", "how many ", "how ", "list ", "compare ", "is ",
		"WHY DID ", "what does X say about ", "according to ", "what are the reasons for ", "and ", "¿por qué ",
	}
	odd := []string{
		"AND", "OR", "NOT", "NEAR(", "NEAR/3", "*", "^", ":", "title:", "{a b}:", "-", "+", "\"", "\"\"", "'", "''", "`", "(", ")", "((", "[", "]", "--", ";",
		"/*", "%", "_", "\\", "\\u0000", "$1", "?", "??", "!", "…", "“", "”", "’", "\x00", "\x1b[31m", "\x07", "\x7f", "\u009b", "\r\n", "\n\n", "\t",
		"\u202e", "\u200b", "\ufeff", "\u00a0", "\u00ad", "é", "e\u0301", "ß", "İ", "ﬁ", "日本", "中国", "العربية", "नमस्ते", "👩‍👩‍👧", "🇺🇸", "\U000e0041",
		"\xff", "\xc0\xaf", "\xed\xa0\x80", "a\xf0\x9f", "<script>", "&amp;", "<@U0123>", "@channel", "https://example.org/?q=1", "U.S.", "u.s.-china",
		"C++", "1,000.5", "3%", "-1", "1e309", "NULL", "DROP TABLE", strings.Repeat("\u0301", 40), strings.Repeat("x", 300),
	}
	var b strings.Builder
	b.WriteString(pick(openings))
	start := random.IntN(len(words))
	for n := range 1 + random.IntN(12) {
		switch k := random.IntN(10); {
		case k < 4: // as it stands in a text
			b.WriteString(words[(start+n)%len(words)])
		case k < 7:
			b.WriteString(pick(words))
		case k < 8:
			b.WriteString(pick(odd))
		case k < 9:
			fmt.Fprintf(&b, "%q", pick(words))
		default:
			b.WriteRune(rune(random.IntN(unicode.MaxRune)))
		}
		if random.IntN(12) > 0 {
			b.WriteByte(' ')
		}
	}
	if random.IntN(2) == 0 {
		b.WriteString("?")
	}
	q := b.String()
	switch random.IntN(200) {
	case 0: // very long
		q = strings.Repeat(q+" ", 1+60_000/len(q))
	case 1: // cut anywhere
		q = q[:random.IntN(len(q))]
	case 2: // a whole stretch of text
		q = strings.Join(words[start:min(start+400, len(words))], " ")
	case 3: // nothing but oddities
		q = pick(odd) + pick(odd)
	}
	return q
}
