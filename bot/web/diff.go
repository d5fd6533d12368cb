package web

import (
	"net/http"

	"briefdesk/briefs"
)

// diffPage is what changed between two revisions of a document.
type diffPage struct {
	page
	documentHead
	From, To               revision
	Alone                  bool // there is no other revision to compare with
	Same                   bool // the words are the same
	Parts                  []diffPart
	Added, Removed, Worded int // sentences
	Moved                  int // sentences that stand elsewhere now
	moved                  map[string]bool
	Unshown                int // changes that are not shown
	Revisions              []revision
}

// diffPart is a stretch of sentences.
type diffPart struct {
	Folded  int // how many unchanged sentences are folded away; 0 for a stretch that is shown
	Lines   [][]changedWords
	Unshown int // further ones
}

// diff serves what changed between the revisions that the query names: by
// default between the current one and the one before it.
func (s *Server) diff(w http.ResponseWriter, r *http.Request) {
	v, query := visitorOf(r), r.URL.Query()
	all, to, err := s.revisionOf(r, briefs.DocumentID(pathID(r)), query, "to")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	n := before(all, to.Revision)
	if query.Has("from") {
		n = number(query.Get("from"))
	}
	data := diffPage{page: s.page(r, "Changes in "+titleOf(&to), "library"), Alone: n == 0 && !query.Has("from")}
	data.documentHead = s.headOf(v, &to, briefs.Span{})
	data.Revisions = s.revisionLines(v, to.ID, all, to.Revision)
	if !data.Alone {
		if !holdsRevision(all, n) {
			s.fail(w, r, briefs.ErrNotFound)
			return
		}
		from, err := s.o.Library.Document(r.Context(), to.ID, n)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data.compare(&from, &to)
		data.From, data.To = revisionLine(data.Revisions, n), revisionLine(data.Revisions, to.Revision)
	}
	s.render(w, r, http.StatusOK, "diff.html", data)
}

func revisionLine(all []revision, n int) revision {
	for _, r := range all {
		if r.N == n {
			return r
		}
	}
	return revision{}
}

// compare fills in what changed from one revision to the other.
func (p *diffPage) compare(from, to *briefs.Document) {
	a, b := sentencesOf(from), sentencesOf(to)
	pairs := append(common(a, b), pair{len(a), len(b)})
	p.moved = movedBetween(a, b, pairs)
	x, y := 0, 0
	for k := 0; k < len(pairs); {
		p.changed(a[x:pairs[k].a], b[y:pairs[k].b])
		x, y = pairs[k].a, pairs[k].b
		start := x
		for k < len(pairs) && pairs[k] == (pair{x, y}) {
			x, y, k = x+1, y+1, k+1
		}
		p.kept(a[start:min(x, len(a))], start == 0, k == len(pairs))
	}
	p.Same = p.Added+p.Removed+p.Worded+p.Moved == 0
}

// kept adds unchanged sentences: those next to a change are shown, the others
// folded away.
func (p *diffPage) kept(same []string, first, last bool) {
	head, tail := nearby, len(same)-nearby
	if first {
		head = 0
	}
	if last {
		tail = len(same)
	}
	if tail-head < minFolded {
		p.show(same)
		return
	}
	p.show(same[:head])
	folded := diffPart{Folded: tail - head}
	for _, s := range same[head:min(tail, head+maxFolded)] {
		folded.Lines = append(folded.Lines, []changedWords{{Change: kept, Text: s}})
	}
	folded.Unshown = folded.Folded - len(folded.Lines)
	p.Parts = append(p.Parts, folded)
	p.show(same[tail:])
}

func (p *diffPage) show(same []string) {
	for _, s := range same {
		p.add([]changedWords{{Change: kept, Text: s}})
	}
}

// add shows one sentence.
func (p *diffPage) add(words []changedWords) {
	if n := len(p.Parts); n == 0 || p.Parts[n-1].Folded > 0 {
		p.Parts = append(p.Parts, diffPart{})
	}
	last := &p.Parts[len(p.Parts)-1]
	last.Lines = append(last.Lines, words)
}

// changed adds sentences that went and came. One that is alike is shown once,
// with the words that changed, and so are those that were made of one or became
// one.
func (p *diffPage) changed(gone, come []string) {
	for k := 0; k < len(gone); k++ {
		g := gone[k]
		if p.full() {
			p.Removed, p.Unshown = p.Removed+1, p.Unshown+1
			continue
		}
		if p.moved[g] {
			p.add([]changedWords{{Change: removed, Text: g, Moved: true}})
			continue
		}
		at := -1
		for i := range min(lookAhead, len(come)) {
			if !p.moved[come[i]] && alikeWords(g, come[i]) {
				at = i
				break
			}
		}
		if at < 0 {
			p.Removed++
			p.add([]changedWords{{Change: removed, Text: g}})
			continue
		}
		p.come(come[:at])
		p.Worded++
		to := come[at]
		come = come[at+1:]
		for len(come) > 0 && !p.moved[come[0]] && goesOn(come[0], g, to) { // it was split
			to, come = to+" "+come[0], come[1:]
		}
		for k+1 < len(gone) && !p.moved[gone[k+1]] && goesOn(gone[k+1], to, g) { // it was merged
			k++
			g += " " + gone[k]
		}
		p.add(reword(g, to))
	}
	p.come(come)
}

// full reports whether the page shows as many changes as it may.
func (p *diffPage) full() bool { return p.Added+p.Removed+p.Worded+p.Moved >= maxChanged }

// come adds sentences that are new.
func (p *diffPage) come(new []string) {
	for _, s := range new {
		if p.full() {
			p.Added, p.Unshown = p.Added+1, p.Unshown+1
			continue
		}
		if p.moved[s] {
			p.Moved++
			p.add([]changedWords{{Change: added, Text: s, Moved: true}})
			continue
		}
		p.Added++
		p.add([]changedWords{{Change: added, Text: s}})
	}
}
