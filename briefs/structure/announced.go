package structure

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// fewestRun is how many alike sentences must follow an announcement without a
// number, and openingWords how far into a sentence they are compared.
const (
	fewestRun    = 3
	openingWords = 6
)

// backwards begin sentences that go on about the one before, so that they are
// no points of their own.
var backwards = words(`this that these those such however yet thus therefore hence
	instead still nor then also moreover furthermore meanwhile indeed both neither
	none all each either otherwise nevertheless nonetheless consequently accordingly
	similarly likewise conversely together it he she they his her their its here
	there so but or rather perhaps afterwards later since because even taken what
	now well yes actually anyway okay`)

// faint words make sentences no more alike by being their first one.
var faint = words(`the a an in on at of it he she we i they this that there as when
	while his her its their our my your by for to with from under after before during
	since although though these those such what you one most some many all`)

// announced finds the enumerations whose points have neither cues nor labels:
// an announcement with a number, which as many sentences or paragraphs follow
// up to the end of the paragraph or section, or an announcement and a run of
// sentences that begin alike. What taken holds is left out.
func (r *reader) announced(taken []found) []found {
	var starts []int // of the items of taken
	leads := make(map[int]bool)
	for _, f := range taken {
		leads[f.LeadIn.End] = true
		for _, item := range f.Items {
			starts = append(starts, item.Start)
		}
	}
	sort.Ints(starts)
	var out []found
	for k, u := range r.units {
		if r.item(k) || leads[u.End] || k+1 >= len(r.units) {
			continue
		}
		var points []int // units
		lead, first := r.units[k].Span, -1
		switch rest := r.start[u.block+1] - k - 1; {
		case rest == 0:
			if points = r.alikeRun(k); points == nil {
				points = r.paragraphRun(k)
			}
		case rest > 0:
			if points = r.alikeRun(k); points == nil {
				points = r.sentenceRun(k, rest)
			}
			if points == nil {
				if points, first = r.colonRun(k, rest); first > 0 {
					lead.End = first
				}
			}
		}
		if len(points) < 2 || within(starts, r.units[points[0]].Start, r.units[points[len(points)-1]].End) {
			continue
		}
		f := found{lead: u.block}
		if f.LeadIn = lead; first < 0 {
			f.LeadIn = r.widen(k)
		}
		for _, p := range points {
			s := r.units[p].Span
			if p == k {
				s = trim(r.d.Text, briefs.Span{Start: first, End: s.End})
			}
			f.Items = append(f.Items, briefs.Item{Span: s, Sentences: []briefs.Span{s}})
			f.blocks = append(f.blocks, r.units[p].block)
		}
		out = append(out, f)
	}
	return out
}

// within reports whether one of the sorted starts is in [from,to).
func within(starts []int, from, to int) bool {
	i := sort.SearchInts(starts, from)
	return i < len(starts) && starts[i] < to
}

// sentenceRun returns the points among the rest sentences behind unit k in
// its paragraph.
func (r *reader) sentenceRun(k, rest int) []int {
	if rest < 2 {
		return nil
	}
	if _, cued := readCue(r.scan(k + 1)); cued && !r.fresh(k+1, false) {
		return nil
	}
	alike := 1 // the first so many begin alike
	for alike < min(rest, mostLabels+1) && parallel(r.opening(k+alike), r.opening(k+alike+1)) {
		alike++
	}
	if alike < 2 && rest > mostLabels {
		return nil
	}
	p, ok := r.promise(k)
	switch {
	case !ok:
		return nil
	case alike >= 2 && r.run(k+1, alike) && (alike == p.n || p.n == 0 && alike >= fewestRun):
		return upTo(k+1, alike)
	case rest == p.n && p.plain && r.separate(k+1, rest):
		return upTo(k+1, rest)
	}
	return nil
}

// colonRun returns the points where unit k both announces them and, behind a
// colon, makes the first: "Three complaints: The bread is late." It returns
// where the first one begins, or -1.
func (r *reader) colonRun(k, rest int) ([]int, int) {
	before, after, ok := strings.Cut(r.text(k), ": ")
	if !ok || rest >= mostLabels {
		return nil, -1
	}
	if c, _ := utf8.DecodeRuneInString(after); !unicode.IsUpper(c) {
		return nil, -1
	}
	p, ok := readPromise(before + ":")
	if !ok || p.n != rest+1 || !r.separate(k+1, rest) {
		return nil, -1
	}
	return upTo(k, p.n), r.units[k].Start + len(before) + 1
}

// run reports whether the n units from k on, which begin alike, begin with the
// same word, or none of them goes on about the one before.
func (r *reader) run(k, n int) bool {
	first := r.opening(k)[0].word
	for j := k; j < k+n; j++ {
		if w := r.opening(j)[0].word; w != first && (backwards[w] || backwards[first]) {
			return false
		}
	}
	return true
}

// upTo returns n numbers from k on.
func upTo(k, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = k + i
	}
	return out
}

// separate reports whether none of the n units from k on goes on about the
// one before.
func (r *reader) separate(k, n int) bool {
	for j := k; j < k+n; j++ {
		if !r.fresh(j, j == k+n-1) {
			return false
		}
	}
	return true
}

// fresh reports whether unit j does not go on about what is before it, and has
// no cue of another enumeration; the last of several points may begin with
// "and".
func (r *reader) fresh(j int, last bool) bool {
	h := readHeads(r.scan(j))
	w := h.at(0)
	if backwards[w] || w == "and" && !last || asks(r.text(j)) || h.n < 2 || strings.ContainsAny(r.text(j)[:1], "\"(") || strings.HasPrefix(r.text(j), "“") {
		return false
	}
	c, cued := readCue(r.scan(j))
	return !cued || c.quiet
}

// paragraphRun returns the first sentences of the paragraphs behind unit k,
// the last of its own, up to the end of the section.
func (r *reader) paragraphRun(k int) []int {
	var points []int
	p := promise{n: -1}
	for i := r.units[k].block + 1; i < len(r.d.Blocks); i++ {
		switch r.d.Blocks[i].Role {
		case briefs.RoleItem, briefs.RoleTable:
			return nil
		case briefs.RoleCaption, briefs.RoleChrome, briefs.RoleFootnote, briefs.RoleQuotation:
			continue
		case briefs.RoleParagraph:
			j := r.start[i]
			if j == r.start[i+1] {
				return nil
			}
			if p.n < 0 { // not before, as most sentences end here
				var ok bool
				if p, ok = r.promise(k); !ok {
					return nil
				}
			}
			if r.units[j].section != r.units[k].section {
				break
			}
			if len(points) == p.n && p.n > 0 {
				if refers(r.text(j), p.noun) {
					return points
				}
				return nil
			}
			if !r.fresh(j, false) || len(points) == mostLabels {
				return nil
			}
			points = append(points, j)
			continue
		}
		break // the section ends
	}
	if len(points) != p.n && (p.n > 0 || len(points) < fewestRun) {
		return nil
	}
	for i := 1; i < len(points) && (p.n == 0 || !p.plain); i++ {
		if !parallel(r.opening(points[i-1]), r.opening(points[i])) {
			return nil
		}
	}
	return points
}

// refers reports whether s speaks of the points with this noun as made:
// "among the reasons", "all three reasons".
func refers(s, noun string) bool {
	scan := wordScanner{s: s}
	for i, near := 0, -9; scan.next(); i++ {
		switch w := scan.word; {
		case w == noun && i-near <= 2:
			return true
		case w == "the" || w == "these" || w == "those" || w == "all" || w == "both":
			near = i
		}
	}
	return false
}

// opening returns the first words of unit k, without a conjunction.
func (r *reader) opening(k int) []seenWord {
	words := r.words[r.first[k]:r.first[k+1]]
	words = words[:min(len(words), len(heads{}.word))]
	above := len(words) > 1 && words[0].word == "above" && words[1].word == "all"
	if len(words) > 0 && (words[0].word == "and" || words[0].word == "or" || words[0].word == "but") {
		words = words[1:]
	}
	if above {
		words = words[2:]
	}
	return words[:min(len(words), openingWords)]
}

// parallel reports whether sentences that open with a and b are built alike:
// they begin with the same word ("No …", "If …"), the same two, or have the
// same verb or noun near the beginning ("Exporters say", "Importers say").
func parallel(a, b []seenWord) bool {
	if len(a) < 2 || len(b) < 2 {
		return false
	}
	if a[0].word == b[0].word {
		return !faint[a[0].word] || a[1].word == b[1].word
	}
	for i := range a[1:] {
		w := a[i+1].word
		if len(w) < 3 {
			continue
		}
		for j := range b[1:] {
			if b[j+1].word == w && !hollow[w] && !faint[w] && !breakers[w] {
				return true
			}
		}
	}
	return false
}
