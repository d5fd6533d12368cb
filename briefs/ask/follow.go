package ask

import (
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// dropSource takes the name of the source, and that it says something, out of
// what the question is about.
func (q *question) dropSource() {
	q.speech = false
	for i := range q.terms {
		if t := &q.terms[i]; reports(t.surface) {
			q.mass -= t.weight * (1 - roleFrame)
			t.weight *= roleFrame
			t.verb, t.frame = false, true
		}
	}
	q.terms = slices.DeleteFunc(q.terms, func(t term) bool {
		if t.source {
			q.mass -= t.weight
		}
		return t.source
	})
}

const (
	// selfSufficient is how many content terms of its own make a follow-up a
	// question that stands alone.
	selfSufficient = 4
	// fragmentWords is how long a follow-up without a predicate may be to put
	// new words into the earlier question: "and in small ports?".
	fragmentWords = 6
	// maxBefore is how many earlier questions a follow-up looks back.
	maxBefore = 4
)

// follow makes q a follow-up of p and reports whether it is one: when it points
// back ("and how did they …?") or says too little by itself. The terms of the
// earlier question join it at a lower weight. One that only names something else
// ("and what about X?") asks of that what was asked before: of the same kind,
// and names of the same sort give way to it.
func (q *question) follow(p *Previous, lex *lexicon) bool { return q.followBack(p, lex, maxBefore) }

func (q *question) followBack(p *Previous, lex *lexicon, reach int) bool {
	if p == nil || reach == 0 || strings.TrimSpace(p.Question) == "" {
		return false
	}
	own := 0
	for _, t := range q.terms {
		if !t.frame {
			own++
		}
	}
	if own >= selfSufficient && !q.pointsBack && q.stub == stubNone {
		return false
	}
	before := parse(p.Question, lex)
	before.followBack(p.Before, lex, reach-1)
	q.followed, q.sameKind = true, q.kind == before.kind
	if q.stub != stubNone {
		q.asks(&before)
	}
	if w := windowOf(p.Question, anyDay); w != nil {
		before.date(w) // the window itself is carried by carriedWindow
	}
	names := map[string]bool{} // sorts of the names that are new
	for i := range q.terms {
		t := &q.terms[i]
		t.fresh = !t.frame && !before.has(t.form)
		t.wanted = t.fresh && !t.source && (t.name || q.stub != stubNone)
		if t.fresh && t.name && q.stub != stubNone {
			names[sortOf(t)] = true
		}
	}
	for _, t := range before.terms {
		if q.has(t.form) || t.name && names[sortOf(&t)] || len(q.terms) == maxTerms {
			continue
		}
		t.inherited, t.verb, t.wanted, t.fresh = true, false, false, false
		q.terms = append(q.terms, t)
	}
	return true
}

// setApart makes q a question of its own although p came before it: what was
// quoted then stays out, unless it speaks of what is asked now.
func (q *question) setApart() {
	q.followed, q.sameKind = true, true
	for i := range q.terms {
		q.terms[i].fresh = !q.terms[i].frame
	}
}

// anyDay stands for the day of a question of which only the words matter.
var anyDay = time.Unix(0, 0)

// carriedWindow is the window of publication of the latest question that names
// one.
func carriedWindow(p *Previous, now time.Time) *window {
	for range maxBefore {
		if p == nil {
			break
		}
		if w := windowOf(p.Question, now); w != nil {
			return w
		}
		p = p.Before
	}
	return nil
}

func (q *question) has(form string) bool {
	return slices.ContainsFunc(q.terms, func(t term) bool { return t.form == form })
}

// asks makes q ask what before asks.
func (q *question) asks(before *question) {
	q.kind, q.sameKind = before.kind, true
	q.outcome, q.negated = before.outcome, before.negated
	q.spellsOut, q.namesIt, q.authorship, q.corrections = before.spellsOut, before.namesIt, before.authorship, before.corrections
	q.lists, q.listed = before.lists, before.listed
	q.measure, q.counted = before.measure, before.counted
}

// sortOf tells names of states and bodies, names of others, and numbers apart:
// one of a sort takes the place of another.
func sortOf(t *term) string {
	switch {
	case hasDigit(t.form):
		return "number"
	case strings.HasPrefix(t.form, "_"):
		return "state"
	}
	return "name"
}

// stub says how little a question is by itself.
type stub uint8

const (
	stubNone     stub = iota // it has a predicate, or a question word
	stubFragment             // a few words: "small ports?"
	stubAbout                // it names something else to ask about: "what about small ports?"
)

// stubOf reads whether a question only names something.
func stubOf(q string, toks []text.Token, lex *lexicon) stub {
	w := words(q)
	joined := false
	for len(w) > 0 && conjunctions[w[0]] {
		w, joined = w[1:], true
	}
	if len(w) > 1 && (w[0] == "what" || w[0] == "how") && w[1] == "about" || len(w) > 1 && w[0] == "what" && w[1] == "of" {
		return stubAbout
	}
	if len(w) == 0 || len(w) > fragmentWords || firstQuestionWord(w) != "" || auxiliaries[w[0]] {
		return stubNone
	}
	for _, t := range toks {
		if lex.speech[t.Term] || t.Stop && (lex.be[t.Term] || lex.support[t.Term]) {
			return stubNone
		}
	}
	if joined {
		return stubAbout
	}
	return stubFragment
}

// conjunctions open a follow-up.
var conjunctions = set("and but or so also then ok okay yes no well")

// standsAlone reports whether a follow-up may be a question of its own, about
// something else.
func (q *question) standsAlone() bool { return !q.pointsBack && q.stub != stubAbout }

// admits reports whether a sentence of a passage may answer the follow-up q.
// What it names must stand in the passage, its title or headings. was reports
// that the sentence was quoted before: then it must speak of the new itself.
func (q *question) admits(r *reading, s *sentence, was bool) bool {
	if !q.followed {
		return true
	}
	wanted, there, fresh, told := 0.0, 0.0, false, false
	for t := range q.terms {
		u := &q.terms[t]
		if u.wanted {
			wanted += u.weight
			if max(r.body[t], r.around[t]) > 0 {
				there += u.weight
			}
		}
		if u.fresh {
			fresh = true
			told = told || s.credits[t] > 0 && (u.wanted || !q.wants())
		}
	}
	if there < wantedEnough*wanted {
		return false
	}
	switch {
	case !was:
		return true
	case fresh:
		return told
	}
	return !q.sameKind && s.typed > 0 // "and when?": it may tell that too
}

// wantedEnough is the share of what a follow-up names that a passage must hold:
// of a name in two words one will do.
const wantedEnough = 0.5

// admitsList is admits for an enumeration of d, of which any part may have been
// quoted before.
func (q *question) admitsList(m *matcher, d *briefs.Document, e *briefs.Enumeration, p *Previous) bool {
	if !q.followed {
		return true
	}
	was := p.quoted(d, e.LeadIn)
	own := text.Terms(d.Slice(e.LeadIn))
	for _, it := range e.Items {
		was = was || p.quoted(d, it.Span)
		own += " " + text.Terms(d.Slice(it.Span))
	}
	s := sentence{credits: m.matchLine(own), typed: 1}
	r := reading{body: s.credits, around: m.matchLine(text.Terms(d.Title + " " + headingsAbove(d, e)))}
	return q.admits(&r, &s, was)
}

// wants reports whether q names something that an answer must speak of.
func (q *question) wants() bool {
	return slices.ContainsFunc(q.terms, func(t term) bool { return t.wanted })
}

// quoted reports whether span was quoted in an answer that p or one before it
// gave.
func (p *Previous) quoted(d *briefs.Document, span briefs.Span) bool {
	for ; p != nil; p = p.Before {
		for _, r := range p.Quotes {
			if r.Document == d.ID && r.Revision == d.Revision && r.Start < span.End && span.Start < r.End {
				return true
			}
		}
	}
	return false
}
