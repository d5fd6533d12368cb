package packed

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The reference: all passages of a library in plain text, and every score by
// going through all of them. It shares only score.go with what it proves.

type refPassage struct {
	key  int64
	text Passage
	doc  Document
}

type refLibrary struct {
	docs     []Document
	passages []refPassage
}

// refWeight is the sum of the weights of the occurrences of words, in halves,
// and how many there are outside of the byline.
func refWeight(p Passage, words []string) (weight uint32, text int) {
	for f, s := range p {
		tokens := strings.Fields(s)
		for i := range tokens {
			if len(tokens)-i >= len(words) && slices.Equal(tokens[i:i+len(words)], words) {
				weight += uint32(halves[f])
				if f != Byline {
					text++
				}
			}
		}
	}
	return weight, text
}

func refLength(p Passage) uint32 {
	n := 0
	for _, s := range p {
		n += len(strings.Fields(s))
	}
	return uint32(n)
}

// search scores what sees says, and returns the best of what lets through.
func (l *refLibrary) search(clauses []Clause, limit int, sees, lets func(p *refPassage) bool) (found []Found, counts []count, s Stats) {
	counts = make([]count, len(clauses))
	for i := range l.passages {
		p := &l.passages[i]
		if !sees(p) {
			continue
		}
		s.Passages++
		s.Tokens += int64(refLength(p.text))
		for c, clause := range clauses {
			if w, text := refWeight(p.text, clause.Terms); w > 0 {
				counts[c].passages++
				if text > 0 {
					counts[c].text++
				}
			}
		}
	}
	for i := range l.passages {
		p := &l.passages[i]
		if !sees(p) || !lets(p) {
			continue
		}
		var sum Score
		any := false
		for c, clause := range clauses {
			if w, _ := refWeight(p.text, clause.Terms); w > 0 {
				any = true
				sum += fixed(s.idf(counts[c].passages), impact(w, norm(refLength(p.text), s.average())))
			}
		}
		if any {
			found = append(found, Found{p.key, sum})
		}
	}
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
	})
	n := min(limit, len(found))
	for n > 0 && n < len(found) && found[n].Score == found[n-1].Score {
		n++
	}
	return found[:n], counts, s
}

// randomLibrary makes a library of about n passages of a small vocabulary, so
// that words meet, and scores are shared.
func randomLibrary(r *rand.Rand, n int) *refLibrary {
	l := &refLibrary{}
	vocabulary := 5 + r.IntN(60)
	longest := 1 + r.IntN(30)
	text := func(most int) string {
		var b strings.Builder
		for range r.IntN(most + 1) {
			w := min(r.IntN(vocabulary), r.IntN(vocabulary), r.IntN(vocabulary))
			b.WriteString("w")
			b.WriteString(fmt.Sprint(w))
			b.WriteString([]string{" ", " ", " ", "\n"}[r.IntN(4)])
		}
		return strings.TrimSpace(b.String())
	}
	key := int64(1 + r.IntN(100))
	for len(l.passages) < n {
		d := Document{First: key, Passages: 1 + r.IntN(1+r.IntN(40)), Collection: int64(r.IntN(4)), Publisher: []string{"", "P", "Q"}[r.IntN(3)]}
		if r.IntN(3) > 0 {
			d.Dated = true
			d.FirstDay = int32(r.IntN(200) - 50)
			d.LastDay = d.FirstDay + int32(r.IntN(2)*r.IntN(40))
		}
		title, byline := text(4), text(2)
		for range d.Passages {
			p := Passage{Title: title, Byline: byline, Heading: text(2), Body: text(longest)}
			l.passages = append(l.passages, refPassage{key, p, d})
			key++
		}
		l.docs = append(l.docs, d)
		key += int64(r.IntN(2) * r.IntN(50))
	}
	return l
}

// segments builds l as segments that end at random documents, of any version, and
// merges some of them.
func (l *refLibrary) segments(t testing.TB, r *rand.Rand, c *Cache, parts int) []*Segment {
	t.Helper()
	ctx := t.Context()
	cuts := []int{0, len(l.docs)}
	for range parts - 1 {
		cuts = append(cuts, r.IntN(len(l.docs)+1))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var segments []*Segment
	at := 0
	for i := range len(cuts) - 1 {
		b := NewBuilder()
		b.version -= byte(r.IntN(Version)) // some are of old versions
		for _, d := range l.docs[cuts[i]:cuts[i+1]] {
			var ps []Passage
			for range d.Passages {
				ps = append(ps, l.passages[at].text)
				at++
			}
			b.Add(d, ps)
		}
		var m memory
		meta, err := b.Seal(m.sink)
		segments = append(segments, opened(t, c, meta, m, err))
	}
	for len(segments) > 1 && r.IntN(3) == 0 {
		i := r.IntN(len(segments) - 1)
		n := 2 + r.IntN(len(segments)-i-1)
		var m memory
		meta, err := Merge(ctx, segments[i:i+n], make([]*Bitmap, n), m.sink)
		segments = slices.Replace(segments, i, i+n, opened(t, c, meta, m, err))
	}
	return segments
}

func opened(t testing.TB, c *Cache, meta Meta, m memory, err error) *Segment {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var src Source = m
	if c != nil {
		src = c.Source(m)
	}
	s, err := Open(t.Context(), meta, src)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
