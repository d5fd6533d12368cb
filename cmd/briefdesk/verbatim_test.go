package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode"

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

// mayDisagree is in how many of 1,000 answers sources may disagree: in none of
// the libraries asked here do any, as far as people found.
const mayDisagree = 2

// every returns the first of each n questions.
func every(n int, questions []string) []string {
	var some []string
	for i := 0; i < len(questions); i += n {
		some = append(some, questions[i])
	}
	return some
}

// askAll asks every question of lib, of many each fourth again by another
// asker, and checks the answers. At least the share least must be answered, lest nothing is tested.
func askAll(t *testing.T, lib store.Backend, questions []string, least float64) {
	t.Helper()
	if testing.Short() {
		questions = every(20, questions)
	}
	w := &witness{lib: lib, known: map[string]*briefs.Document{}}
	first, second := newAsker(lib), newAsker(lib)
	answered, quotes, disagree := 0, 0, 0
	var mu sync.Mutex
	var group sync.WaitGroup
	type turn struct {
		question string
		twice    bool
	}
	next := make(chan turn)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for turn := range next {
				q := turn.question
				ans, err := askEverything(t.Context(), first, q)
				if err != nil {
					if !errors.Is(err, briefs.ErrInvalid) || strings.ContainsFunc(q, unicode.IsLetter) {
						t.Errorf("%.200q: %v", q, err)
					}
					continue
				}
				if turn.twice {
					again, err := askEverything(t.Context(), second, q)
					ans.Elapsed, again.Elapsed = 0, 0
					if err != nil || !reflect.DeepEqual(ans, again) {
						t.Errorf("%.200q: the same question has two answers: %v\n%+v\n%+v", q, err, ans, again)
					}
				}
				for _, fault := range w.faults(t.Context(), &ans) {
					t.Errorf("%.200q: %s", q, fault)
				}
				mu.Lock()
				quotes += len(ans.Quotes) + len(ans.More)
				if ans.Answered() {
					answered++
				}
				if forms := disputeForms(&ans); len(forms) > 0 {
					disagree++
					for _, c := range ans.Quotes {
						t.Logf("%.200q: disagreement %d: %s", q, c.Dispute, c.Quote.Text())
					}
				}
				mu.Unlock()
			}
		})
	}
	for i, q := range questions {
		next <- turn{q, len(questions) < 500 || i%4 == 0}
	}
	close(next)
	group.Wait()
	t.Logf("%d questions, %d answered, %d quotes, in %d answers sources disagree", len(questions), answered, quotes, disagree)
	if disagree > mayDisagree*answered/1000 {
		t.Errorf("in %d of %d answers sources disagree", disagree, answered)
	}
	if float64(answered) < least*float64(len(questions)) || quotes < answered {
		t.Errorf("only %d of %d answered: nothing is tested", answered, len(questions))
	}
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
	askAll(t, sampleLibrary(t), questions, 0.25)
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
			askAll(t, lib, questions, 0.1)
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
	askAll(t, lib, questions, 0.1)
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
