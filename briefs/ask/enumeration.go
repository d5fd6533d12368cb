package ask

import (
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Constants of the fit of an enumeration, chosen on the golden questions for
// tuning; docs/quality.md tells what the mechanisms give.
const (
	introTitle     = 0.85 // credit of a term that only the title holds
	introHeading   = 0.9  // or the headings above
	introItems     = 0.6  // or the items themselves
	introAround    = 0.6  // or the paragraph before
	introDocument  = 0.6  // or the passages of the document that the search found
	fitAnnounced   = 0.2  // the lead-in announces what the question asks for
	fitUnfitting   = 0.25 // it announces something else
	fitPole        = 0.15 // it tells of a turn for the same side
	fitWrongPole   = 0.4  // or for the other
	fitNames       = 0.5  // share of the names and numbers of the question that the document lacks
	introEnough    = 0.3  // below this share of the question in what introduces it, it is about something else
	fitApart       = 0.4  // what that costs
	fitUntold      = 0.25 // the predicate of the question stands nowhere near it
	fitHoldsBest   = 0.15 // the best sentence stands in it
	pointAlone     = 0.6  // a point that holds this share of the question, and pointMore than its lead-in, is what is asked about
	pointMore      = 0.2
	fitEnough      = 0.7  // below this an enumeration is not offered
	fitEnoughAlone = 0.55 // the same when no single sentence gives a reason
)

// ratedEnumeration is an enumeration read against a question.
type ratedEnumeration struct {
	doc  *briefs.Document
	enum *briefs.Enumeration
	fit  float64 // about 0 to 1.3
	led  float64 // share of the question in its lead-in
	why  []briefs.Feature
}

// wantsEnumeration reports whether the question may be answered by a whole
// enumeration: questions for reasons, lists and ways may, those for one fact
// may not.
func (q *question) wantsEnumeration() bool {
	if q.definitional {
		return false
	}
	switch q.kind {
	case briefs.KindWhy, briefs.KindList, briefs.KindHow, briefs.KindTopic, briefs.KindWhat, briefs.KindCompare:
		return true
	}
	return false
}

// readEnumeration rates how well e, with what introduces it, fits q.
// found holds the credits of the terms in the passages of d that the search
// found.
func (q *question) readEnumeration(lex *lexicon, m *matcher, d *briefs.Document, e *briefs.Enumeration, found []float64, best briefs.Span) ratedEnumeration {
	leadIn := strings.Fields(text.Terms(d.Slice(e.LeadIn)))
	headings := headingsAbove(d, e)
	heading := strings.Fields(text.Terms(headings))
	title := strings.Fields(text.Terms(d.Title))

	known := m.match(leadIn) // what introduces it, then all that is near it
	led := q.share(known)
	join(known, m.match(title), introTitle)
	join(known, m.match(heading), introHeading)
	before := m.match(strings.Fields(text.Terms(paragraphBefore(d, e))))
	join(known, before, introAround)
	introduced := q.share(known)
	var whole briefs.Span
	advising := 0
	for i, it := range e.Items {
		item := strings.Fields(text.Terms(d.Slice(it.Span)))
		join(known, m.match(item), introItems)
		if anyOf(item, func(t string) bool { return lex.advice[t] }) {
			advising++
		}
		if i == 0 {
			whole.Start = it.Start
		}
		whole.End = it.End
	}
	untold := q.untold(known)
	unnamed := q.unnamed(known, found, m.matchLine(bylineTerms(d)))
	join(known, found, introDocument)

	l := ratedEnumeration{doc: d, enum: e, led: led}
	add := func(name string, v float64) {
		if v != 0 {
			l.fit += v
			l.why = append(l.why, briefs.Feature{Name: name, Value: v})
		}
	}
	add("covered", q.share(known))
	if introduced < introEnough && !q.without[IntroducedAbout] {
		add("introduced as something else", -fitApart)
	}
	if !q.without[Announced] {
		add("announced", q.announced(lex, leadIn, heading, title, d.Slice(e.LeadIn)))
	}
	add("names it lacks", -fitNames*unnamed)
	if q.kind == briefs.KindWhy && 2*advising > len(e.Items) {
		add("advises", -fitUnfitting)
	}
	pole := q.pole(lex, leadIn, heading, title)
	switch pole {
	case 1:
		add("same outcome", fitPole)
	case -1:
		add("opposite outcome", -fitWrongPole)
	}
	if untold && (pole < 1 || q.kind != briefs.KindWhy) { // "what went wrong" tells of a failure
		add("lacks the predicate", -fitUntold)
	}
	if whole.Contains(best) || e.LeadIn.Contains(best) {
		add("holds the best sentence", fitHoldsBest)
	}
	return l
}

// ledBy reports whether the sentence at span leads l in: its lead-in, or for
// want of one its first point ("The main reason for X is …").
func (l *ratedEnumeration) ledBy(span briefs.Span) bool {
	return l.enum.LeadIn.Contains(span) || l.enum.LeadIn.Empty() && l.enum.Items[0].Contains(span)
}

// asksOfPoint reports whether a question for reasons is about one point of an
// enumeration, the best sentence, rather than about what the points explain.
func (q *question) asksOfPoint(best *scoredSentence, l *ratedEnumeration) bool {
	own := q.share(best.credits)
	return own >= pointAlone && own >= l.led+pointMore &&
		slices.ContainsFunc(l.enum.Items, func(it briefs.Item) bool { return best.doc == l.doc && it.Contains(best.span) })
}

// unnamed is the share of the names and numbers of q that neither known nor
// byline holds; those that stand elsewhere in the document count half.
func (q *question) unnamed(known, found, byline []float64) float64 {
	names, lacking := 0.0, 0.0
	for t := range q.terms {
		if q.terms[t].name {
			names += q.terms[t].weight
			if known[t] == 0 && byline[t] == 0 {
				lacking += q.terms[t].weight * (1 - found[t]/2)
			}
		}
	}
	if names == 0 {
		return 0
	}
	return lacking / names
}

func bylineTerms(d *briefs.Document) string { return text.Terms(d.Author + " " + d.Publisher) }

// share is the share of q's mass that credits of its terms make.
func (q *question) share(credits []float64) float64 {
	if q.mass == 0 {
		return 0
	}
	sum := 0.0
	for t := range q.terms {
		sum += q.terms[t].weight * credits[t]
	}
	return sum / q.mass
}

// untold reports whether the predicate of q is not among the known terms.
func (q *question) untold(known []float64) bool {
	for t := range q.terms {
		if q.terms[t].verb && known[t] == 0 {
			return true
		}
	}
	return false
}

// announced rates whether the words before the items announce what q wants.
func (q *question) announced(lex *lexicon, leadIn, heading, title []string, wording string) float64 {
	in := func(set map[string]bool, runs ...[]string) bool {
		for _, run := range runs {
			for _, t := range run {
				if set[t] {
					return true
				}
			}
		}
		return false
	}
	if q.asksSame(wording) {
		return fitAnnounced // the author asks himself the same sort of question
	}
	if strings.HasSuffix(strings.TrimSpace(wording), "?") && !q.lists {
		return -fitUnfitting // and here another sort
	}
	if q.listed != nil {
		want := map[string]bool{}
		for _, t := range q.listed {
			want[t] = true
			for _, s := range text.Synonyms(t) {
				want[s] = true
			}
		}
		if in(want, leadIn, heading, title) {
			return fitAnnounced
		}
		if q.kind != briefs.KindWhy {
			if in(lex.listing, leadIn) {
				return -fitUnfitting
			}
			return 0
		}
	}
	switch q.kind {
	case briefs.KindWhy:
		switch {
		case in(lex.cause, leadIn, heading):
			return fitAnnounced
		case in(lex.cause, title):
			return fitAnnounced / 2
		case in(lex.steps, leadIn, heading):
			return -fitUnfitting
		}
		return -fitAnnounced / 2
	case briefs.KindHow:
		if in(lex.steps, leadIn, heading) {
			return fitAnnounced / 2
		}
		return -fitAnnounced / 2
	}
	return -fitAnnounced / 2
}

// headingsAbove returns the texts of the headings over the first item, the
// nearest last, without the title.
func headingsAbove(d *briefs.Document, e *briefs.Enumeration) string {
	var open []string
	var levels []int
	for _, b := range d.Blocks {
		if b.Start >= e.Items[0].Start {
			break
		}
		if b.Role != briefs.RoleHeading {
			continue
		}
		for len(levels) > 0 && levels[len(levels)-1] >= b.Level {
			open, levels = open[:len(open)-1], levels[:len(levels)-1]
		}
		open, levels = append(open, d.Slice(b.Span)), append(levels, b.Level)
	}
	return strings.Join(open, "\n")
}

// paragraphBefore returns the running text that holds the lead-in, or that
// stands right before the first item.
func paragraphBefore(d *briefs.Document, e *briefs.Enumeration) string {
	last := ""
	for _, b := range d.Blocks {
		if b.Start >= e.Items[0].Start {
			break
		}
		if b.Role == briefs.RoleParagraph {
			last = d.Slice(b.Span)
		}
	}
	return last
}
