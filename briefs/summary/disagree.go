package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"briefdesk/briefs/text"
)

// What two sentences of different voices must have in common to be about one
// thing, and what makes them disagree. By judgement over the sample library:
// few and right rather than many.
const (
	commonTerms   = 4    // content terms
	commonCosine  = 0.25 // by rarity
	commonShare   = 0.5  // of the content terms of the shorter one
	objectedReach = 6    // words behind an author's name within which a negation objects to him
	repliedCosine = 0.2  // when one names the author of the other
	deniedReach   = 4    // terms behind a negation that it denies
	withoutReach  = 1    // and behind "without", which denies one thing, not what is said
	mostPairs     = 3
	mostViews     = 600 // sentences that are compared in pairs
	readable      = 0.5 // least fit of either sentence
	nearTopic     = 0.2 // least weight
)

// disagreements are pairs of sentences of different authors about one thing of
// which one denies what the other says, says the opposite, or objects to the
// other's author by name. Two that contradict may be nearly the same in words.
func (w *work) disagreements(words int) []item {
	var ss []*sentence
	for _, s := range w.pool.heaviestOf(w.pool.sentences, mostViews) {
		if !s.used && s.fit >= readable && s.weight >= nearTopic && !s.quoted() {
			ss = append(ss, s)
		}
	}
	views := make([]view, len(ss))
	opposites, objecting := oppositeTerms(), objectingTerms()
	for i, s := range ss {
		views[i] = w.pool.view(s, opposites, objecting)
	}
	type pair struct {
		a, b    *sentence
		worth   float64
		replies bool // one names the other's author, and no more is known
	}
	compared := w.pool.comparison()
	var pairs []pair
	for i, a := range views {
		for k := i + 1; k < len(views); k++ {
			b := views[k]
			if a.doc.first == b.doc.first || a.voice == b.voice {
				continue
			}
			contradicts, answers := a.contradicts(&b) || b.contradicts(&a), a.answers(&b) || b.answers(&a)
			contradicts = contradicts && !compared.elsewhere(a.sentence, b.sentence)
			if !contradicts && !answers {
				continue
			}
			common, cosine := w.pool.alike(a.sentence, b.sentence)
			near := common >= commonTerms && float64(common) >= commonShare*float64(min(len(a.terms), len(b.terms))) && cosine >= commonCosine
			if contradicts && near || answers && cosine >= repliedCosine {
				pairs = append(pairs, pair{a.sentence, b.sentence, cosine * math.Sqrt(a.weight*b.weight) * a.fit * b.fit, !contradicts})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.worth, a.worth) })
	var out []item
	for _, p := range pairs {
		if len(out) == mostPairs {
			break
		}
		if n := p.a.words + p.b.words; n > words || p.replies && same(p.a.terms, p.b.terms) || w.chosen.says(p.a) || w.chosen.says(p.b) {
			continue
		}
		w.chosen.add(p.a)
		w.chosen.add(p.b)
		words -= p.a.words + p.b.words
		out = append(out, item{sentences: []*sentence{p.a, p.b}})
	}
	return out
}

// view is a sentence with what it affirms and denies.
type view struct {
	*sentence
	voice    string       // who speaks
	affirmed map[int]bool // content terms outside a negation
	denied   map[int]bool // and behind one
	opposite map[int]bool // terms that stand for the opposite of one of its own
	authors  []string     // surnames
	objects  bool         // holds a word of objection
	denies   bool         // as a whole
}

func (p *pool) view(s *sentence, opposites map[string][]string, objecting map[string]bool) view {
	v := view{
		sentence: s, voice: cmp.Or(s.doc.Author, s.doc.Publisher, string(s.doc.ID)),
		affirmed: map[int]bool{}, denied: map[int]bool{}, opposite: map[int]bool{}, authors: surnames(s.doc.Author), denies: denies(s.text),
	}
	since, reach := 1, 0
	for _, t := range text.Tokens(s.text) {
		since++
		if text.Negative(t.Term) {
			since, reach = 0, deniedReach
			if t.Term == "without" {
				reach = withoutReach
			}
		}
		v.objects = v.objects || objecting[t.Term]
		if t.Stop {
			continue
		}
		id := p.id(t.Term)
		if since <= reach {
			v.denied[id] = true
		} else {
			v.affirmed[id] = true
		}
		for _, o := range opposites[t.Term] {
			v.opposite[p.id(o)] = true
		}
	}
	return v
}

// contradicts reports whether v denies what o affirms, or affirms the opposite.
// Two that both deny something may well agree.
func (v *view) contradicts(o *view) bool {
	for t := range v.denied {
		if o.affirmed[t] && !o.denied[t] && !v.affirmed[t] && !o.denies {
			return true
		}
	}
	for t := range v.opposite {
		if o.affirmed[t] && !v.affirmed[t] {
			return true
		}
	}
	return false
}

// answers reports whether v names an author of o and objects: anywhere by a
// word of objection, or by a negation soon after the name.
func (v *view) answers(o *view) bool {
	return slices.ContainsFunc(o.authors, func(name string) bool {
		_, behind, found := strings.Cut(v.text, name)
		if !found || v.objects {
			return found
		}
		tokens := text.Tokens(behind)
		return slices.ContainsFunc(tokens[:min(objectedReach, len(tokens))], func(t text.Token) bool { return text.Negative(t.Term) })
	})
}

// surnames are the last words of the names of authors.
func surnames(authors string) []string {
	var out []string
	for name := range strings.SplitSeq(authors, ", ") {
		if words := strings.Fields(name); len(words) > 1 {
			out = append(out, words[len(words)-1])
		}
	}
	return out
}

// alike counts the common terms of two sentences and returns their cosine by
// rarity.
func (p *pool) alike(a, b *sentence) (common int, cosine float64) {
	dot, aa, bb := 0.0, 0.0, 0.0
	weight := func(t term) float64 { return t.count * p.idf[t.id] }
	for _, t := range a.terms {
		aa += weight(t) * weight(t)
	}
	for _, t := range b.terms {
		bb += weight(t) * weight(t)
	}
	for i, j := 0, 0; i < len(a.terms) && j < len(b.terms); {
		switch {
		case a.terms[i].id == b.terms[j].id:
			common++
			dot += weight(a.terms[i]) * weight(b.terms[j])
			i++
			j++
		case a.terms[i].id < b.terms[j].id:
			i++
		default:
			j++
		}
	}
	if aa == 0 || bb == 0 {
		return common, 0
	}
	return common, dot / math.Sqrt(aa*bb)
}

func objectingTerms() map[string]bool {
	return terms(`wrong mistaken mistake disagree dispute reject deny doubt object objection contradict overstate exaggerate ignore overlook
		misread misleading flawed nonsense`)
}

// oppositeTerms maps terms to those of their opposites.
func oppositeTerms() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(oppositeList) {
		left, right, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if !ok {
			continue
		}
		l, r := strings.Fields(text.Terms(left)), strings.Fields(text.Terms(right))
		for _, a := range l {
			out[a] = append(out[a], r...)
		}
		for _, b := range r {
			out[b] = append(out[b], l...)
		}
	}
	return out
}

// oppositeList holds words that contradict each other when said of one thing.
const oppositeList = `
rise rose increase grow grew gain climb | fall fell decrease decline drop shrink shrank
succeed success successful work worked effective | fail failure unsuccessful ineffective useless
support favour back endorse approve accept | oppose reject refuse condemn resist
strengthen reinforce bolster | weaken undermine erode
help benefit | harm hurt damage
improve better | worsen worse deteriorate
cheap cheaper inexpensive affordable | expensive dear costly
safe secure | dangerous unsafe risky
likely probable | unlikely improbable
possible feasible | impossible unfeasible
legal lawful | illegal unlawful
necessary needed essential | unnecessary needless superfluous
agree agreed | disagree disagreed dispute
true right correct | false wrong mistaken
fast faster quick quickly | slow slower slowly
many most majority | few fewest minority
expand extend widen | reduce cut narrow limit
start begin began open | end stop halt close
allow permit | forbid ban prohibit prevent
justified | unjustified unfair
temporary | permanent
strong stronger | weak weaker
high higher | low lower
trust | distrust mistrust
enough sufficient adequate | insufficient inadequate
`
