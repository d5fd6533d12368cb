package ask

import (
	"cmp"
	"regexp"
	"slices"

	"briefdesk/briefs"
	"briefdesk/briefs/dispute"
)

// What several documents say.
const (
	comparedMost = 40  // of the best sentences are compared with each other
	secondShare  = 0.7 // the best sentence of a second document is shown at this share of the best score
	secondTopic  = 0.9 // when it holds as much of the question as this share of the best one
	fewTerms     = 4   // terms of a sentence that sets nothing right by itself: "That was wrong."
	mostDisputed = 4   // sentences that are shown side by side
)

// choice is what is shown of the pool, in its order, and what is offered.
type choice struct {
	shown, more []*scoredSentence
	disputed    []*scoredSentence // those of shown that disagree, newest last; they stand together
}

// comparing reads sentences of the pool once, to compare them.
type comparing struct {
	*selection
	about map[string]bool // content terms of the question
	read  map[*scoredSentence]*dispute.Statement
}

// choose takes the best sentences that answer and those nearly as good. Of
// several documents that say nearly the same one is shown. Where all of them are of one document, the
// best of a second one is shown too when it answers; where two disagree, both are. What a
// correction takes back is not shown first.
func (s *selection) choose(most int) choice {
	c := comparing{selection: s, about: map[string]bool{}, read: map[*scoredSentence]*dispute.Statement{}}
	for i := range s.q.terms {
		if t := &s.q.terms[i]; !t.frame && !t.source {
			c.about[t.form] = true
		}
	}
	top, several := s.pool[0].total, !s.q.without[SeveralSources]
	var out choice
	var rest []*scoredSentence // that answer, but were not taken
	for i := range s.pool {
		x := &s.pool[i]
		if i > 0 && (x.total < moreShare*top || i >= comparedMost && len(out.more) >= maxMore) {
			break
		}
		ok := i < comparedMost && answers(s.q, &x.reading.reading, &x.sentence) && !(several && c.takenBack(x))
		switch {
		case ok && len(out.shown) < most && x.total >= alsoShare*top && !(several && c.repeats(out.shown, x)):
			out.shown = append(out.shown, x)
		default:
			if ok {
				rest = append(rest, x)
			}
			out.more = append(out.more, x)
		}
	}
	if len(out.shown) == 0 { // all of it is taken back, and nothing else answers
		out.shown, out.more = out.more[:1:1], out.more[1:]
	}
	if several && most > 1 {
		c.dispute(&out, rest)
		c.second(&out, rest, top)
		c.setRight(&out)
	}
	out.more = slices.DeleteFunc(out.more, func(x *scoredSentence) bool { return slices.Contains(out.shown, x) })
	out.more = out.more[:min(maxMore, len(out.more))]
	return out
}

func (c *comparing) of(x *scoredSentence) *dispute.Statement {
	if c.read[x] == nil {
		c.read[x] = c.asker.disputes.Read(x.doc.Slice(x.span), nil)
	}
	return c.read[x]
}

// repeats reports whether a sentence of another document among shown says what
// x says.
func (c *comparing) repeats(shown []*scoredSentence, x *scoredSentence) bool {
	return slices.ContainsFunc(shown, func(o *scoredSentence) bool {
		if o.doc == x.doc {
			return false
		}
		return c.of(o).Restates(c.of(x))
	})
}

func (c *comparing) disagree(x, y *scoredSentence) bool {
	return dispute.Disagree(c.of(x), c.of(y), c.about) != ""
}

// dispute puts what disagrees beside the first of those shown that it disagrees
// with, and what is of one mind with that, one sentence a document, in the order
// of their publication.
func (c *comparing) dispute(out *choice, rest []*scoredSentence) {
	for _, x := range out.shown {
		if !c.states(x) {
			continue
		}
		group := []*scoredSentence{x}
		for _, y := range slices.Concat(out.shown, rest) {
			known := slices.ContainsFunc(group, func(o *scoredSentence) bool { return o.doc == y.doc })
			if !known && len(group) < mostDisputed && c.states(y) && slices.ContainsFunc(group, func(o *scoredSentence) bool { return c.disagree(o, y) }) {
				group = append(group, y)
			}
		}
		if len(group) == 1 {
			continue
		}
		slices.SortStableFunc(group, older)
		at := slices.Index(out.shown, x)
		in := func(y *scoredSentence) bool { return slices.Contains(group, y) }
		before := slices.DeleteFunc(slices.Clone(out.shown[:at]), in)
		after := slices.DeleteFunc(slices.Clone(out.shown[at:]), in)
		out.shown, out.disputed = slices.Concat(before, group, after), group
		return
	}
}

// states reports whether x is a statement of its author: a whole sentence of
// running text, and not the speech of others.
func (c *comparing) states(x *scoredSentence) bool {
	i := x.doc.BlockAt(x.span.Start)
	if i < 0 {
		return false
	}
	b := &x.doc.Blocks[i]
	return wholeSentence(x.doc.Slice(x.span)) && (b.Role == briefs.RoleParagraph || b.Role == briefs.RoleItem) && !dispute.Quoted(x.doc, b, x.span)
}

// older sorts by publication, what has no date first; ties by document.
func older(a, b *scoredSentence) int {
	_, x, _ := a.doc.Published.Bounds()
	_, y, _ := b.doc.Published.Bounds()
	return cmp.Or(x.Compare(y), cmp.Compare(a.doc.ID, b.doc.ID))
}

// second shows the best of rest that is of another document, when all shown are
// of one.
func (c *comparing) second(out *choice, rest []*scoredSentence, top float64) {
	if slices.ContainsFunc(out.shown, func(x *scoredSentence) bool { return x.doc != out.shown[0].doc }) {
		return
	}
	for _, y := range rest {
		best := out.shown[0]
		if y.doc != best.doc && y.total >= secondShare*top && y.covered >= secondTopic*best.covered && y.typed >= best.typed && !c.repeats(out.shown, y) {
			out.shown = append(out.shown, y)
			return
		}
	}
}

var (
	correctiveTitle = regexp.MustCompile(`(?i)\b(?:correction|corrected|corrigend(?:um|a)|errat(?:um|a)|retraction|retracted|clarification)\b`)
	// wasWrong finds sentences that tell what a text said before it was
	// corrected.
	wasWrong = regexp.MustCompile(`(?i)\b(?:we|earlier version|previous version|original version|first version|the article|our article|the report|our report|the post|our post)\b[^.;]*\b(?:wrote|said|stated|reported|gave|claimed|put)\b|\b(?:incorrectly|wrongly|mistakenly|erroneously|misstated|misreported)\b`)
)

// takenBack reports whether another document of those read, no older than that
// of x, says that what x says was wrong.
func (c *comparing) takenBack(x *scoredSentence) bool {
	for _, d := range c.docs {
		if d.ID == x.doc.ID {
			continue
		}
		_, then, ok := x.doc.Published.Bounds()
		if _, now, both := d.Published.Bounds(); ok && both && now.Before(then) {
			continue
		}
		titled := correctiveTitle.MatchString(d.Title)
		for i := range d.Blocks {
			b := &d.Blocks[i]
			if b.Role != briefs.RoleCorrection && !titled {
				continue
			}
			for _, span := range b.Sentences {
				if wasWrong.MatchString(d.Slice(span)) && c.asker.disputes.Read(d.Slice(span), nil).Repeats(c.of(x)) {
					return true
				}
			}
		}
	}
	return false
}

// setRight shows behind a sentence that tells what was wrong what sets it
// right: the next of its paragraph.
func (c *comparing) setRight(out *choice) {
	for i, x := range out.shown {
		at := x.doc.BlockAt(x.span.Start)
		if at < 0 || slices.Contains(out.disputed, x) || !correctiveTitle.MatchString(x.doc.Title) || !wasWrong.MatchString(x.doc.Slice(x.span)) {
			continue
		}
		b := &x.doc.Blocks[at]
		k := slices.Index(b.Sentences, x.span)
		if k < 0 || k+1 == len(b.Sentences) {
			continue
		}
		for _, span := range b.Sentences[k+1:] {
			next := slices.IndexFunc(c.pool, func(o scoredSentence) bool { return o.doc == x.doc && o.span == span })
			if next < 0 || slices.Contains(out.shown, &c.pool[next]) {
				break
			}
			i++
			out.shown = slices.Insert(out.shown, i, &c.pool[next])
			if len(c.pool[next].terms) > fewTerms {
				break
			}
		}
		return
	}
}
