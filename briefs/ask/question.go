package ask

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Limits on what a question may cost. A pasted page is a legal question: its
// first words are used.
const (
	maxQuestionBytes = 4 << 10
	maxTerms         = 24
	maxCompound      = 4 // words of the longest phrase that the thesaurus is asked for
)

// question is a parsed question. It is immutable once parsed and weighted.
type question struct {
	kind  briefs.Kind
	terms []term
	// negated reports that what is asked about is denied: "why did X not Y".
	negated bool
	// outcome is the pole of what is asked about: below 0 a bad turn, above 0
	// a good one, after negation; 0 when the words do not tell.
	outcome int
	// source holds the index terms of a named source ("according to X"),
	// nil when none is named.
	source []string
	// authorship reports a question about who wrote a document.
	authorship bool
	// lists reports that the question asks for several parallel points.
	lists bool
	// listing holds the index terms of the noun that is listed ("reason",
	// "step"), nil when none is named.
	listing []string
	// pointsBack reports words that stand for something said before: it, they.
	pointsBack bool
	mass       float64 // sum of the weights of terms; 0 without terms
}

// term is one thing that the question is about: a word or a set phrase.
type term struct {
	form      string  // index terms, joined by spaces
	surface   string  // as typed
	forms     []form  // what counts as the term, form itself first
	name      bool    // a proper name, a number or an acronym
	verb      bool    // stands where the predicate of the question stands
	frame     bool    // frames the question ("reasons", "explain") rather than its topic
	spread    float64 // InExpB2's (F+1)/n of the term
	inherited bool    // from the question that this one follows up on
	source    bool    // part of the name of the source that is asked
	weight    float64 // rarity times role; see weigh
}

// form is one way in which a term may stand in a text.
type form struct {
	words  []string // index terms in a row
	credit float64  // what a match counts, 1 for the term itself
}

// parse reads a question. It never fails: a question without any content
// word has no terms.
func parse(q string, lex *lexicon) question {
	q = clip(q, maxQuestionBytes)
	toks := text.QueryTokens(q)
	out := question{kind: kindOf(q, toks)}
	out.authorship = out.kind == briefs.KindWho && lex.any(lex.authoring, toks)
	out.source = namedSource(q)
	inSource := map[string]bool{}
	for _, t := range out.source {
		inSource[t] = true
	}
	seen := map[string]bool{}
	allLower := q == strings.ToLower(q)
	for i := 0; i < len(toks) && len(out.terms) < maxTerms; {
		n := compound(toks[i:], lex)
		run := toks[i : i+n]
		i += n
		if n == 1 && run[0].Stop {
			out.negated = out.negated || text.Negative(run[0].Term)
			out.pointsBack = out.pointsBack || lex.backward[run[0].Term]
			continue
		}
		t := term{form: joined(run), surface: q[run[0].Start:run[n-1].End]}
		if seen[t.form] {
			continue
		}
		seen[t.form] = true
		t.source = inSource[t.form]
		first := run[0].Start == 0 || i == n
		t.name = strings.HasPrefix(t.form, "_") || hasDigit(t.form) || (!allLower && !first && isUpper(t.surface))
		t.frame = lex.framing[t.form] && !t.name
		out.terms = append(out.terms, t)
	}
	markVerb(&out, toks, lex)
	out.listing = listingNoun(toks, lex)
	out.lists = out.kind == briefs.KindList || out.listing != nil
	out.outcome = lex.outcome(termsOf(toks))
	if len(out.terms) > 0 && allFrames(out.terms) {
		for i := range out.terms {
			out.terms[i].frame = false // nothing but frame: then it is the topic
		}
	}
	return out
}

// compound returns how many tokens at the head of toks make one set phrase of
// the thesaurus, at least 1.
func compound(toks []text.Token, lex *lexicon) int {
	for n := min(maxCompound, len(toks)); n > 1; n-- {
		if toks[0].Stop && toks[n-1].Stop {
			continue
		}
		if len(text.Synonyms(joined(toks[:n]))) > 0 {
			return n
		}
	}
	return 1
}

func joined(toks []text.Token) string {
	if len(toks) == 1 {
		return toks[0].Term
	}
	return strings.Join(termsOf(toks), " ")
}

func termsOf(toks []text.Token) []string {
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.Term
	}
	return out
}

func allFrames(ts []term) bool {
	for _, t := range ts {
		if !t.frame {
			return false
		}
	}
	return true
}

// markVerb marks the term that stands where the predicate stands: after an
// auxiliary and a subject, the last term that is no name, unless the question
// asks for a noun ("what are the risks of …").
func markVerb(q *question, toks []text.Token, lex *lexicon) {
	aux := false
	for _, t := range toks {
		aux = aux || auxiliaries[t.Term]
	}
	if !aux {
		return
	}
	for i := range q.terms {
		if lex.speech[q.terms[i].form] {
			q.terms[i].verb = true
		}
	}
}

// clip cuts s to at most n bytes at a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func hasDigit(s string) bool {
	return strings.ContainsFunc(s, unicode.IsDigit)
}

func isUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// listingNoun returns the index terms of the plural noun that the question
// asks to have listed, nil when it asks for none.
func listingNoun(toks []text.Token, lex *lexicon) []string {
	for _, t := range toks {
		if lex.listing[t.Term] {
			return []string{t.Term}
		}
	}
	return nil
}

// dropSource takes the name of the source out of what the question is about.
func (q *question) dropSource() {
	q.terms = slices.DeleteFunc(q.terms, func(t term) bool {
		if t.source {
			q.mass -= t.weight
		}
		return t.source
	})
}

// follow makes q a follow-up of p: when it points back ("and how did they
// …?") or says too little by itself, the terms of the earlier question join
// it at a lower weight.
func (q *question) follow(p *Previous, lex *lexicon) {
	if p == nil {
		return
	}
	own := 0
	for _, t := range q.terms {
		if !t.frame {
			own++
		}
	}
	if own >= selfSufficient && !q.pointsBack {
		return
	}
	before := parse(p.Question, lex)
	for _, t := range before.terms {
		if !slices.ContainsFunc(q.terms, func(u term) bool { return u.form == t.form }) && len(q.terms) < maxTerms {
			t.inherited, t.verb = true, false
			q.terms = append(q.terms, t)
		}
	}
}

// selfSufficient is how many content terms of its own make a follow-up a
// question that stands alone.
const selfSufficient = 4
