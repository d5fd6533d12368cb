package ask

import (
	"regexp"
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
	maxPhrase        = 6 // words of the longest phrase that the thesaurus and the acronyms are asked for
)

// question is a parsed question. Once its candidates are found it does not
// change any more.
type question struct {
	kind  briefs.Kind
	terms []term
	// outcome is the pole of what is asked about: below 0 a bad turn, above 0
	// a good one, after negation; 0 when the words do not tell.
	outcome int
	// negated reports that the predicate is denied: "why did X not Y".
	negated bool
	// spellsOut reports that the question asks what an acronym stands for.
	spellsOut bool
	// namesIt reports that the question asks what somebody or something is
	// called: "what is the name of …".
	namesIt bool
	// source holds the index terms of a named source ("according to X"),
	// nil when none is named.
	source      []string
	sourceForm  sourceForm
	sourceFound bool // the library has something of it
	// speech reports that the predicate is a verb of saying: what somebody
	// said is answered by a sentence that tells him saying it.
	speech bool
	// authorship reports a question about who wrote a document.
	authorship bool
	// corrections reports a question about what was wrong in a document.
	corrections bool
	// lists reports that the question asks for several parallel points.
	lists bool
	// listed holds the index terms of the noun that is listed ("reason",
	// "step"), nil when none is named.
	listed []string
	// pointsBack reports words that stand for something said before: it, they.
	pointsBack bool
	// definitional reports that the question asks what one thing is.
	definitional bool
	// plural holds the terms that are typed in the plural.
	plural map[string]bool
	// advice reports that the question asks what somebody should do.
	advice bool
	// aftermath reports that the question asks what came of something.
	aftermath bool
	// abreast are the terms, by number, that stand side by side: "A, B and C".
	abreast []int
	// stub says how little the question is by itself.
	stub stub
	// followed reports a follow-up that takes up what was asked before, and
	// sameKind that it asks for the same sort of answer.
	followed, sameKind bool
	measure            measure            // what a question about an amount wants
	counted            string             // index term of what "how many" counts
	mass               float64            // sum of the weights of terms; 0 without terms
	passages           int                // that the question may see
	without            map[Mechanism]bool // what answering does without, to measure it
}

// term is one thing that the question is about.
type term struct {
	form      string   // index term
	phrases   []string // runs of the question that hold it, index terms joined by spaces
	surface   string   // as typed
	forms     []form   // what counts as the term, form itself first
	slot      string   // the word before a name that says where, or who of several; "" for none
	name      bool     // a proper name, a number or an acronym
	verb      bool     // stands where the predicate of the question stands
	frame     bool     // frames the question ("reasons", "explain") rather than its topic
	inherited bool     // from the question that this one follows up on
	fresh     bool     // what a follow-up adds to that
	wanted    bool     // and what passages must hold: who or what it names
	source    bool     // part of the name of the source that is asked
	weight    float64  // rarity times role; see weigh
}

// form is one way in which a term may stand in a text.
type form struct {
	words  []string // index terms in a row
	credit float64  // what a match counts, 1 for the term itself
}

// corrective finds the words of questions about corrections.
var corrective = regexp.MustCompile(`(?i)\b(?:correct(?:ed|ions?|ing)?|wrong(?:ly)?|errat(?:um|a)|corrigend(?:um|a)|retract(?:ed|ions?)?|amend(?:ed|ments?)|clarif(?:y|ied|ications?)|(?:earlier|previous|original) versions?|mistakes?|errors?|updated?)\b`)

// parse reads a question. It never fails: a question without any content
// word has no terms.
func parse(q string, lex *lexicon) question {
	q = clip(q, maxQuestionBytes)
	toks := text.QueryTokens(q)
	out := question{kind: kindOf(q, toks)}
	out.stub = stubOf(q, toks, lex)
	out.authorship = out.kind == briefs.KindWho && lex.any(lex.authoring, toks)
	out.corrections = corrective.MatchString(q)
	out.source, out.sourceForm = readSource(q)
	inSource := map[string]bool{}
	for _, t := range out.source {
		inSource[t] = true
	}
	out.aftermath = asksAfter(words(q))
	out.plural = map[string]bool{}
	seen := map[string]bool{}
	allLower := q == strings.ToLower(q)
	phrases := phrasesOf(toks)
	for i, tok := range toks {
		if len(out.terms) == maxTerms {
			break
		}
		if tok.Stop {
			out.pointsBack = out.pointsBack || lex.backward[tok.Term]
			out.advice = out.advice || lex.advice[tok.Term] && out.kind == briefs.KindWhat
			continue
		}
		if seen[tok.Term] {
			continue
		}
		seen[tok.Term] = true
		t := term{form: tok.Term, surface: q[tok.Start:tok.End], phrases: phrases[i], source: inSource[tok.Term]}
		t.name = strings.HasPrefix(t.form, "_") || hasDigit(t.form) || (!allLower && i > 0 && isUpper(t.surface))
		if strings.HasSuffix(t.surface, "s") && !t.name {
			out.plural[t.form] = true
		}
		if i > 0 && t.name && !hasDigit(t.form) && slots[strings.ToLower(q[toks[i-1].Start:toks[i-1].End])] {
			t.slot = strings.ToLower(q[toks[i-1].Start:toks[i-1].End])
		}
		t.frame = lex.framing[t.form] && !t.name || i > 0 && toks[i-1].Term == "how" && lex.amounts[t.form]
		out.terms = append(out.terms, t)
	}
	if out.kind == briefs.KindHowMany {
		out.measure, out.counted = measureOf(toks, lex)
	}
	markPredicate(&out, toks, lex)
	markHead(&out, toks, lex)
	out.spellsOut = out.kind == briefs.KindWhat && asksLongForm(q)
	out.namesIt = out.kind == briefs.KindWhat && asksName(words(q))
	for i := range out.terms {
		if t := &out.terms[i]; !t.name && (out.spellsOut || out.namesIt && t.form == "name") {
			t.frame, t.verb = true, false
		}
	}
	out.abreast = out.sideBySide(q, toks)
	out.listed = listingNoun(toks, lex)
	out.lists = out.kind == briefs.KindList || out.listed != nil
	out.definitional = out.kind == briefs.KindWhat && !out.lists && len(out.plural) == 0 && len(out.terms) <= definedTerms && asksWhatIs(words(q))
	out.outcome, out.negated = lex.questionOutcome(termsOf(toks))
	if out.sourceForm == sourceView {
		out.frameViews()
	}
	if out.source != nil && !slices.ContainsFunc(out.terms, func(t term) bool { return t.source && !t.frame }) {
		out.dropSource() // "what does the article say": any document
		out.source = nil
	}
	if len(out.terms) > 0 && allFrames(out.terms) && !out.authorship {
		for i := range out.terms {
			out.terms[i].frame = false // nothing but frame: then it is the topic
		}
	}
	return out
}

// phrasesOf returns for each token the runs of tokens that hold it, as index
// terms joined by spaces, at most maxPhrase long: each may be a set phrase of
// the thesaurus or the long form of an acronym.
func phrasesOf(toks []text.Token) [][]string {
	out := make([][]string, len(toks))
	for i := range toks {
		for n := 2; n <= maxPhrase && i+n <= len(toks); n++ {
			if toks[i].Stop && toks[i+n-1].Stop {
				continue
			}
			p := joined(toks[i : i+n])
			for k := i; k < i+n; k++ {
				out[k] = append(out[k], p)
			}
		}
	}
	return out
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

// asksLongForm reports whether a question asks for the long form of an
// acronym.
func asksLongForm(q string) bool {
	q = strings.ToLower(q)
	for _, s := range []string{"stand for", "stands for", "short for", "acronym", "abbreviat"} {
		if strings.Contains(q, s) {
			return true
		}
	}
	return false
}

// asksName reports whether the words of a question ask for a name.
func asksName(w []string) bool {
	for i, word := range w[:max(0, len(w)-1)] {
		if (word == "name" || word == "names") && w[i+1] == "of" {
			return true
		}
	}
	return len(w) > 0 && w[len(w)-1] == "called"
}

// asksWhatIs reports whether the words of a question ask what something is.
func asksWhatIs(w []string) bool {
	return len(w) > 1 && (w[0] == "what's" || w[0] == "what" && (w[1] == "is" || w[1] == "was")) || len(w) > 0 && w[0] == "define"
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
