// Package copies tells whether two documents hold the same piece: a reprint,
// a syndicated article, a print view, the PDF and the HTML of one report. It
// compares texts word by word, keeps nothing and knows no library.
//
// Pieces are sought by a sketch, the least hashes of their runs of words, as
// A. Broder, "On the resemblance and containment of documents", Compression
// and Complexity of Sequences 1997, describes it, and then compared in full:
// pages made from one template resemble each other without being the same.
package copies

import (
	"cmp"
	"slices"
	"sync"

	"briefdesk/briefs"
)

const (
	// MinWords is how many words a piece needs to be told from another one by
	// its words: notes and captions are alike by chance.
	MinWords = 100
	// run is how many words in a row make a shingle. Broder et al., "Syntactic
	// clustering of the Web", 1997, take 10 of whole pages; a run of 4, which
	// measures of extraction use too, survives more edits of a house style.
	run = 4
	// sketched is how many runs a sketch has. Of two pieces that have all but
	// the shares a and b of their runs in common, at most a³+b³ share no hash:
	// 0.3 % where nine runs of ten are common.
	sketched = 3
)

// Sketch are hashes of a few runs of words of a piece, and a negative one of
// all of them, in ascending order: pieces that are the same nearly always share
// a hash, and others seldom do. It is empty for a piece below MinWords.
func Sketch(d *briefs.Document) []int32 {
	r := rooms.Get().(*reader)
	defer rooms.Put(r)
	r.p.words = r.p.words[:0]
	return r.document(d).Sketch()
}

// rooms are readers that make sketches, with the memory of their last piece.
var rooms = sync.Pool{New: func() any { return &reader{p: &Piece{}} }}

// Sketch is the sketch of the document that p was read from.
func (p *Piece) Sketch() []int32 {
	if len(p.words) < MinWords {
		return nil
	}
	var least [sketched]uint64
	n := 0
	for _, h := range p.runs {
		if n == sketched && h >= least[n-1] || slices.Contains(least[:n], h) {
			continue
		}
		if n < sketched {
			n++
		}
		at := n - 1
		for at > 0 && least[at-1] > h {
			least[at] = least[at-1]
			at--
		}
		least[at] = h
	}
	out := make([]int32, n, n+1)
	all := uint64(0)
	for i, h := range least[:n] {
		out[i] = int32(h & (1<<31 - 1)) // the high bits of the least hashes are all alike
		all = mix(all*runFactor + h)
	}
	out = append(out, -1-int32(all&(1<<31-1)))
	slices.Sort(out)
	return slices.Compact(out)
}

// Thresholds of the shares of runs that two pieces must have in common, of
// those of the smaller and of those of both together.
const (
	leastContained = 0.80
	leastAlike     = 0.60
)

// Bounds of the words of a piece that the other lacks. A standfirst, a note
// on where a piece first appeared or who wrote it stands before or after it and
// has up to mostAround words; what was edited in between is a word here and
// there: clauses of laws and handbooks differ by few words and mean another case.
const (
	mostAround      = 60
	mostAroundShare = 0.10
	mostInside      = 12 // in a row
	mostInsideShare = 0.03
	mostInsideShort = 1 // of a piece below shortWords
)

// shortWords is the length of a piece below which its title is part of what it
// says: the entries of a handbook of countries have the same words.
const shortWords = 200

// titlesAlike reports whether most words of the shorter title stand in the other
// one, or one has none.
func titlesAlike(a, b []uint64) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	both := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			both++
		}
	}
	return 2*both > len(a) || len(a) == 0
}

// inBoth are the hashes of a that b holds, both ascending.
func inBoth(a, b []uint64) []uint64 {
	out := make([]uint64, 0, min(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch cmp.Compare(a[0], b[0]) {
		case -1:
			a = a[1:]
		case 1:
			b = b[1:]
		default:
			out = append(out, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return out
}

// Same reports whether a and b are the same piece. It says so the other way
// round too. Two pieces are not the same where one has a number, a date, a
// negation or a word of the opposite sense where the other has another or
// none, where each names somebody or something that the other does not name,
// or where one adds more than a note before or after it.
func Same(a, b *Piece) bool {
	if len(a.words) < MinWords || len(b.words) < MinWords {
		return false
	}
	inA, inB := a.distinct(), b.distinct()
	both := inBoth(inA, inB)
	shared := float64(len(both))
	if shared < leastContained*float64(min(len(inA), len(inB))) || shared < leastAlike*float64(len(inA)+len(inB)-len(both)) {
		return false
	}
	if min(len(a.words), len(b.words)) < shortWords && !titlesAlike(a.title, b.title) {
		return false
	}
	c := comparison{a: a, b: b, commonA: a.common(both), commonB: b.common(both)}
	c.holdsA, c.holdsB = a.holds(), b.holds()
	return c.same()
}

// comparison is one comparison of two pieces.
type comparison struct {
	a, b             *Piece
	commonA, commonB []bool          // words in a run that the other has too
	holdsA, holdsB   map[uint64]bool // words of each
}

// same walks over the gaps between what stands in both in the same order.
func (c *comparison) same() bool {
	anchors := c.anchors()
	if len(anchors) == 0 {
		return false
	}
	x, y := 0, 0
	var around, inside [2]int
	for k := 0; k <= len(anchors); k++ {
		endA, endB := len(c.a.words), len(c.b.words)
		if k < len(anchors) {
			endA, endB = anchors[k][0], anchors[k][1]
		}
		restA, restB := rest(c.a, c.commonA, x, endA), rest(c.b, c.commonB, y, endB)
		if k < len(anchors) {
			x, y = endA+1, endB+1
		}
		if len(restA)+len(restB) == 0 {
			continue
		}
		edge := k == 0 || k == len(anchors)
		if edge && c.clashAround(restA, restB) || !edge && c.clashInside(restA, restB) {
			return false
		}
		add := &inside
		if edge {
			add = &around
		} else if max(len(restA), len(restB)) > mostInside {
			return false
		}
		add[0] += len(restA)
		add[1] += len(restB)
	}
	for i, p := range [...]*Piece{c.a, c.b} {
		n := float64(len(p.words))
		edits := mostInsideShare * n
		if n < shortWords {
			edits = mostInsideShort
		}
		if float64(around[i]) > max(mostAround, mostAroundShare*n) || float64(inside[i]) > edits {
			return false
		}
	}
	return true
}

// rest are the words of p from start to end that stand in no common run.
func rest(p *Piece, common []bool, start, end int) []word {
	var out []word
	for i := start; i < end; i++ {
		if !common[i] {
			out = append(out, p.words[i])
		}
	}
	return out
}

// clashInside reports whether what stands in one place of a and of b cannot be
// two forms of the same.
func (c *comparison) clashInside(a, b []word) bool {
	if counts(a, exact) != counts(b, exact) {
		return true
	}
	if len(a) == 0 || len(b) == 0 {
		return lacks(a, name, c.holdsB) || lacks(b, name, c.holdsA)
	}
	return c.otherNames(a, b)
}

// clashAround is clashInside before or after everything that is common: what
// only one of them has there may say anything.
func (c *comparison) clashAround(a, b []word) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return lacks(a, number, c.holdsB) || lacks(b, number, c.holdsA) || c.otherNames(a, b)
}

// otherNames reports whether each of a and b names what the other piece does
// not name anywhere.
func (c *comparison) otherNames(a, b []word) bool {
	return lacks(a, name, c.holdsB) && lacks(b, name, c.holdsA)
}

func lacks(words []word, kind marks, holds map[uint64]bool) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.marks&kind != 0 && !holds[w.hash] })
}

// counts sums up which words of a kind there are, and how often, in any order.
func counts(words []word, kind marks) (sum uint64) {
	for _, w := range words {
		if w.marks&kind != 0 {
			sum += mix(w.hash)
		}
	}
	return sum
}

// anchors are the words that begin a run which occurs once in a and once in b,
// as many as stand in the same order in both, and the words of these runs.
func (c *comparison) anchors() [][2]int {
	once := map[uint64]int{} // place in b; -1 for several
	for i, h := range c.b.runs {
		if _, ok := once[h]; ok {
			once[h] = -1
		} else {
			once[h] = i
		}
	}
	times := map[uint64]int{}
	for _, h := range c.a.runs {
		times[h]++
	}
	var pairs [][2]int
	for i, h := range c.a.runs {
		if j, ok := once[h]; ok && j >= 0 && times[h] == 1 {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	pairs = rising(pairs)
	var out [][2]int
	for _, p := range pairs {
		for k := range run {
			next := [2]int{p[0] + k, p[1] + k}
			if n := len(out); n == 0 || next[0] > out[n-1][0] && next[1] > out[n-1][1] {
				out = append(out, next)
			}
		}
	}
	return out
}

// rising is the longest part of pairs, which rise in the first number, that
// rises in the second too.
func rising(pairs [][2]int) [][2]int {
	var ends []int // of the runs of each length, indexes of pairs
	from := make([]int, len(pairs))
	for k, p := range pairs {
		n, _ := slices.BinarySearchFunc(ends, p[1], func(e, b int) int { return pairs[e][1] - b })
		from[k] = -1
		if n > 0 {
			from[k] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, k)
		} else {
			ends[n] = k
		}
	}
	var out [][2]int
	if len(ends) > 0 {
		for k := ends[len(ends)-1]; k >= 0; k = from[k] {
			out = append(out, pairs[k])
		}
	}
	slices.Reverse(out)
	return out
}
