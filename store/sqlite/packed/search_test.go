package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// question is a search with all that can be asked for.
type question struct {
	clauses     []Clause
	limit       int
	collections []int64
	filter      *Filter
}

// randomQuestion asks for words and phrases of l, and some that are not there.
func (l *refLibrary) randomQuestion(r *rand.Rand) question {
	var q question
	for range 1 + r.IntN(5) {
		p := l.passages[r.IntN(len(l.passages))].text
		words := strings.Fields(p[r.IntN(int(fields))])
		switch {
		case r.IntN(8) == 0:
			words = []string{"absent"}
		case len(words) == 0:
			words = []string{fmt.Sprint("w", r.IntN(5))}
		default:
			i := r.IntN(len(words))
			n := 1
			if r.IntN(3) == 0 {
				n = min(1+r.IntN(3), len(words)-i)
			}
			words = words[i : i+n]
		}
		q.clauses = append(q.clauses, Clause{words})
	}
	q.limit = []int{1, 2, 5, 10, 10, 10, 50, 100, 1000}[r.IntN(9)]
	if r.IntN(3) == 0 {
		for range r.IntN(3) {
			q.collections = append(q.collections, int64(r.IntN(5)))
		}
		if q.collections == nil {
			q.collections = []int64{}
		}
	}
	if r.IntN(2) == 0 {
		q.filter = l.randomFilter(r)
	}
	return q
}

func (l *refLibrary) randomFilter(r *rand.Rand) *Filter {
	f := &Filter{}
	if r.IntN(3) == 0 {
		from := int32(r.IntN(200) - 50)
		f.From = &from
	}
	if r.IntN(3) == 0 {
		to := int32(r.IntN(200) - 50)
		f.To = &to
	}
	if r.IntN(4) == 0 {
		publisher := []string{"", "P", "R"}[r.IntN(3)]
		f.Publisher = &publisher
	}
	if r.IntN(3) == 0 {
		f.Documents = l.randomSpans(r, 1+r.IntN(4))
	}
	if r.IntN(2) == 0 {
		f.Hidden = l.randomSpans(r, 1+r.IntN(50))
	}
	return f
}

// randomSpans are the keys of one document in n, or so.
func (l *refLibrary) randomSpans(r *rand.Rand, n int) []Span {
	spans := []Span{}
	for _, d := range l.docs {
		if r.IntN(n) == 0 {
			spans = append(spans, Span{d.First, d.First + int64(d.Passages)})
		}
	}
	return spans
}

func inside(spans []Span, key int64) bool {
	return slices.ContainsFunc(spans, func(s Span) bool { return s.First <= key && key < s.End })
}

// lets is what a filter does, said again.
func (q *question) lets(p *refPassage) bool {
	f := q.filter
	return f == nil ||
		(f.From == nil || p.doc.Dated && p.doc.LastDay >= *f.From) &&
			(f.To == nil || p.doc.Dated && p.doc.FirstDay <= *f.To) &&
			(f.Publisher == nil || p.doc.Publisher == *f.Publisher) &&
			(f.Documents == nil || inside(f.Documents, p.key)) &&
			!inside(f.Hidden, p.key)
}

// ask answers q from segments, as a library would.
func (q *question) ask(t testing.TB, segments []*Segment, dead []Span) (found []Found, counts []count, stats Stats) {
	t.Helper()
	ctx := t.Context()
	var views []*View
	for _, s := range segments {
		v, err := s.View(ctx, dead, q.collections)
		if err != nil {
			t.Fatal(err)
		}
		if v, err = v.Filter(ctx, q.filter); err != nil {
			t.Fatal(err)
		}
		views = append(views, v)
	}
	stats = StatsOf(views)
	found, err := Search(ctx, views, q.clauses, stats, q.limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range q.clauses {
		var n count
		for _, v := range views {
			passages, text, err := Count(ctx, v, c)
			if err != nil {
				t.Fatal(err)
			}
			n.passages += passages
			n.text += text
		}
		counts = append(counts, n)
	}
	return found, counts, stats
}

// checkQuestion compares what segments answer with the reference.
func (l *refLibrary) checkQuestion(t *testing.T, q question, segments []*Segment, dead []Span) {
	t.Helper()
	found, counts, stats := q.ask(t, segments, dead)
	want, wantCounts, wantStats := l.search(q.clauses, q.limit, func(p *refPassage) bool {
		return !inside(dead, p.key) && (q.collections == nil || slices.Contains(q.collections, p.doc.Collection))
	}, q.lets)
	if stats != wantStats {
		t.Fatalf("statistics %v, want %v", stats, wantStats)
	}
	if diff := cmp.Diff(wantCounts, counts, cmp.AllowUnexported(count{})); diff != "" {
		t.Fatalf("%v: counts (-want +got):\n%s", q.clauses, diff)
	}
	if !slices.Equal(found, want) {
		t.Fatalf("%v, limit %d (-want +got):\n%s", q.clauses, q.limit, cmp.Diff(want, found))
	}
}

// TestSearchIsExact compares random questions to random libraries with the
// reference: however the passages are spread over segments, whatever was
// removed and merged, the same ones are found, with the same scores.
func TestSearchIsExact(t *testing.T) {
	libraries := 40
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		libraries = 3000
	}
	for seed := range libraries {
		r := rand.New(rand.NewPCG(uint64(seed), 8))
		n := 1 + r.IntN(1+r.IntN(1500))
		if seed%20 == 7 {
			n = 20_000 // several windows
		}
		l := randomLibrary(r, n)
		var c *Cache
		if r.IntN(4) > 0 {
			c = NewCache(int64(1 << (10 + r.IntN(15))))
		}
		segments := l.segments(t, r, c, 1+r.IntN(6))
		var dead []Span
		for range 4 {
			for range 5 {
				l.checkQuestion(t, l.randomQuestion(r), segments, dead)
			}
			if r.IntN(2) == 0 {
				dead = l.randomSpans(r, 1+r.IntN(60))
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestSearchKeepsAllTies asks for one of very many passages that are the same.
func TestSearchKeepsAllTies(t *testing.T) {
	l := &refLibrary{}
	for k := range int64(9000) {
		d := Document{First: k, Passages: 1}
		l.docs = append(l.docs, d)
		l.passages = append(l.passages, refPassage{k, Passage{Body: "all the same"}, d})
	}
	r := rand.New(rand.NewPCG(1, 1))
	segments := l.segments(t, r, nil, 3)
	for _, clauses := range [][]Clause{{{[]string{"same"}}}, {{[]string{"all"}}, {[]string{"the", "same"}}}} {
		q := question{clauses: clauses, limit: 1}
		l.checkQuestion(t, q, segments, nil)
		if found, _, _ := q.ask(t, segments, nil); len(found) != 9000 {
			t.Fatalf("%d found", len(found))
		}
	}
}

// TestSearchTogether asks from several goroutines, which share a cache that is
// too small for them.
func TestSearchTogether(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	l := randomLibrary(r, 900)
	segments := l.segments(t, r, NewCache(1<<16), 3)
	dead := l.randomSpans(r, 20)
	filter := l.randomFilter(r)
	for g := range uint64(4) {
		t.Run(fmt.Sprint(g), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(g, 2))
			for range 25 {
				q := l.randomQuestion(r)
				if q.filter != nil {
					q.filter = filter
				}
				l.checkQuestion(t, q, segments, dead)
			}
		})
	}
}

// TestSearchOfDamage asks of segments whose blobs were changed so that the
// check sums hold: whatever is found, it ends and does not panic.
func TestSearchOfDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	l := randomLibrary(r, 1500)
	b := NewBuilder()
	for i := 0; i < len(l.passages); {
		d := l.passages[i].doc
		var ps []Passage
		for _, p := range l.passages[i : i+d.Passages] {
			ps = append(ps, p.text)
		}
		b.Add(d, ps)
		i += d.Passages
	}
	var whole memory
	meta, err := b.Seal(whole.sink)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	failed := 0
	for range 300 {
		var m memory
		for _, blob := range whole {
			m = append(m, slices.Clone(blob))
		}
		n := r.IntN(len(m))
		for range 1 + r.IntN(3) {
			m[n][r.IntN(len(m[n])-footer)] ^= 1 << r.IntN(8)
		}
		end := len(m[n]) - 4
		binary.LittleEndian.PutUint32(m[n][end:], blobSum(n, m[n][:end]))
		s, err := Open(ctx, meta, m)
		if err != nil {
			failed++
			continue
		}
		for range 10 {
			q := l.randomQuestion(r)
			v, err := s.View(ctx, nil, q.collections)
			if err == nil {
				v, err = v.Filter(ctx, q.filter)
			}
			if err == nil {
				_, err = Search(ctx, []*View{v}, q.clauses, StatsOf([]*View{v}), q.limit)
			}
			if err != nil {
				failed++
				if !errors.Is(err, ErrDamaged) {
					t.Fatal(err)
				}
			}
		}
	}
	if failed == 0 {
		t.Fatal("no damage was found")
	}
}

// FuzzSearch asks fuzzed questions of a fixed library.
func FuzzSearch(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 3))
	l := randomLibrary(r, 700)
	c := NewCache(1 << 20)
	segments := l.segments(f, r, c, 4)
	dead := l.randomSpans(r, 9)
	f.Add("w1 w2\nw3\nw1", 10, uint64(1), false)
	f.Add("w0\n\nw0 w0\n \x00", 1, uint64(2), true)
	f.Add("", 0, uint64(0), true)
	f.Fuzz(func(t *testing.T, text string, limit int, seed uint64, filtered bool) {
		q := question{limit: limit % 2000}
		for line := range strings.SplitSeq(text, "\n") {
			if words := strings.Fields(line); len(words) > 0 && len(q.clauses) < 20 {
				q.clauses = append(q.clauses, Clause{words})
			}
		}
		if filtered {
			q.filter = l.randomFilter(rand.New(rand.NewPCG(seed, 1)))
		}
		if q.limit < 1 || len(q.clauses) == 0 {
			if found, _, _ := q.ask(t, segments, dead); len(found) > 0 {
				t.Fatalf("%d found", len(found))
			}
			return
		}
		l.checkQuestion(t, q, segments, dead)
	})
}
