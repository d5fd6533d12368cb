package web

import (
	"slices"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// Bounds of a comparison, so that any two texts are compared in a time and on
// a page that a reader waits for.
const (
	maxTable   = 250_000 // cells of one table of common subsequences: 500 sentences by 500
	maxSplits  = 16      // how often a stretch is split at what is unique in it
	maxChanged = 2000    // sentences of changes that are shown
	maxFolded  = 500     // sentences of an unchanged stretch that are shown when it is unfolded
	minFolded  = 4       // fewer are not worth a click
	nearby     = 1       // unchanged sentences shown around a change
	maxReword  = 20_000  // bytes of two forms of a sentence that are compared word by word
	lookAhead  = 8       // added sentences among which the new form of a removed one is sought
)

// sentencesOf cuts d into what is compared: its sentences, and its blocks that
// have none, each with what stands before it in its block, in one line.
func sentencesOf(d *briefs.Document) []string {
	var out []string
	add := func(from, to int) {
		if s := strings.Join(strings.Fields(d.Text[from:to]), " "); s != "" {
			out = append(out, s)
		}
	}
	for _, b := range blocksOf(d) {
		at := b.Start
		for i, s := range b.Sentences {
			if i > 0 && s.Start > at && s.Start < b.End {
				add(at, s.Start)
				at = s.Start
			}
		}
		add(at, b.End)
	}
	return out
}

// pair is an element of one list that is equal to one of the other.
type pair struct{ a, b int }

// common returns equal elements of a and b in order, as many as a table of
// common subsequences finds; long lists are split at elements that occur once
// in each first.
func common(a, b []string) []pair {
	ids := map[string]int{}
	number := func(list []string) []int {
		out := make([]int, len(list))
		for i, s := range list {
			id, ok := ids[s]
			if !ok {
				id = len(ids)
				ids[s] = id
			}
			out[i] = id
		}
		return out
	}
	var out []pair
	match(number(a), number(b), 0, 0, maxSplits, &out)
	return out
}

// match appends the pairs of a and b, which begin at i and j of their lists.
func match(a, b []int, i, j, splits int, out *[]pair) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		*out = append(*out, pair{i, j})
		a, b, i, j = a[1:], b[1:], i+1, j+1
	}
	tail := 0
	for tail < min(len(a), len(b)) && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	switch {
	case len(a) == 0 || len(b) == 0:
	case len(a)*len(b) <= maxTable:
		table(a, b, i, j, out)
	case splits > 0:
		x, y := 0, 0
		for _, p := range anchors(a, b) {
			match(a[x:p.a], b[y:p.b], i+x, j+y, splits-1, out)
			*out = append(*out, pair{i + p.a, j + p.b})
			x, y = p.a+1, p.b+1
		}
		if x > 0 {
			match(a[x:], b[y:], i+x, j+y, splits-1, out)
		}
	}
	for k := range tail {
		*out = append(*out, pair{i + len(a) + k, j + len(b) + k})
	}
}

// table appends the longest common subsequence of a and b.
func table(a, b []int, i, j int, out *[]pair) {
	width := len(b) + 1
	long := make([]int32, (len(a)+1)*width) // of a[x:], b[y:]
	for x := len(a) - 1; x >= 0; x-- {
		for y := len(b) - 1; y >= 0; y-- {
			if a[x] == b[y] {
				long[x*width+y] = long[(x+1)*width+y+1] + 1
			} else {
				long[x*width+y] = max(long[(x+1)*width+y], long[x*width+y+1])
			}
		}
	}
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x] == b[y]:
			*out = append(*out, pair{i + x, j + y})
			x, y = x+1, y+1
		case long[(x+1)*width+y] >= long[x*width+y+1]:
			x++
		default:
			y++
		}
	}
}

// anchors are elements that occur once in a and once in b, as many as stand in
// the same order in both.
func anchors(a, b []int) []pair {
	type seen struct{ inA, inB, a, b int }
	places := map[int]seen{}
	for k, id := range a {
		p := places[id]
		p.inA, p.a = p.inA+1, k
		places[id] = p
	}
	for k, id := range b {
		if p, ok := places[id]; ok {
			p.inB, p.b = p.inB+1, k
			places[id] = p
		}
	}
	var unique []pair
	for _, id := range a {
		if p := places[id]; p.inA == 1 && p.inB == 1 {
			unique = append(unique, pair{p.a, p.b})
		}
	}
	// The longest run of rising b, by the last element of each length.
	var ends []int // indexes of unique
	from := make([]int, len(unique))
	for k, p := range unique {
		n, _ := slices.BinarySearchFunc(ends, p.b, func(e, b int) int { return unique[e].b - b })
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
	var out []pair
	if len(ends) > 0 {
		for k := ends[len(ends)-1]; k >= 0; k = from[k] {
			out = append(out, unique[k])
		}
	}
	slices.Reverse(out)
	return out
}

// change says whether words stayed, came or went.
type change int

const (
	kept change = iota
	added
	removed
)

// changedWords is a run of words with one fate.
type changedWords struct {
	Change change
	Text   string
	Moved  bool // a sentence that went here and came elsewhere, or the other way round
}

// Added and Removed are for templates.
func (w changedWords) Added() bool   { return w.Change == added }
func (w changedWords) Removed() bool { return w.Change == removed }

// reword compares two forms of a sentence word by word.
func reword(from, to string) []changedWords {
	a, b := strings.Fields(from), strings.Fields(to)
	var out []changedWords
	add := func(c change, w []string) {
		if len(w) > 0 {
			out = append(out, changedWords{Change: c, Text: strings.Join(w, " ")})
		}
	}
	x, y := 0, 0
	pairs := append(common(a, b), pair{len(a), len(b)})
	for k := 0; k < len(pairs); {
		add(removed, a[x:pairs[k].a])
		add(added, b[y:pairs[k].b])
		x, y = pairs[k].a, pairs[k].b
		start := x
		for k < len(pairs) && pairs[k] == (pair{x, y}) {
			x, y, k = x+1, y+1, k+1
		}
		add(kept, a[start:min(x, len(a))])
	}
	return out
}

// leastMoved is how many words a sentence has at least that is said to have
// moved; shorter ones, as "Yes.", come again by chance.
const leastMoved = 4

// movedBetween are the sentences that stand once in a and once in b, but in
// another place among those that both have in order.
func movedBetween(a, b []string, pairs []pair) map[string]bool {
	rest := func(list []string, at func(pair) int) map[string]int {
		n := map[string]int{}
		for _, s := range list {
			n[s]++
		}
		for _, p := range pairs {
			if k := at(p); k < len(list) {
				n[list[k]] += 2 // in its place
			}
		}
		return n
	}
	inA, inB := rest(a, func(p pair) int { return p.a }), rest(b, func(p pair) int { return p.b })
	moved := map[string]bool{}
	for s, n := range inA {
		if n == 1 && inB[s] == 1 && strings.Count(s, " ")+1 >= leastMoved {
			moved[s] = true
		}
	}
	return moved
}

// goesOn reports whether most words of s stand in whole and not in other: what
// was one sentence is two, s the second of them.
func goesOn(s, whole, other string) bool {
	if len(s)+len(whole)+len(other) > maxReword {
		return false
	}
	have := map[string]int{}
	for _, w := range wordsOf(whole) {
		have[w]++
	}
	for _, w := range wordsOf(other) {
		have[w]--
	}
	words, both := wordsOf(s), 0
	for _, w := range words {
		if have[w] > 0 {
			have[w]--
			both++
		}
	}
	return both > 1 && 3*both >= 2*len(words)
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// alikeWords reports whether two sentences have half of their words in
// common, so that one reads as the new form of the other.
func alikeWords(from, to string) bool {
	if len(from)+len(to) > maxReword {
		return false
	}
	a, b := wordsOf(from), wordsOf(to)
	have := map[string]int{}
	for _, w := range a {
		have[w]++
	}
	both := 0
	for _, w := range b {
		if have[w] > 0 {
			have[w]--
			both++
		}
	}
	return 4*both >= len(a)+len(b) && both > 0
}
