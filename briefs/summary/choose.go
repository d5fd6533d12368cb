package summary

import (
	"cmp"
	"math"
	"slices"

	"briefdesk/briefs/dispute"
	"briefdesk/briefs/text"
)

// NearDuplicate reports whether one of two sentences says nearly what the
// other says: the distinct content terms of the shorter one stand to three
// quarters in the other, or the cosine of their term counts is .6 or more.
// Sentences without a content term are not compared.
func NearDuplicate(a, b string) bool {
	p := pool{ids: map[string]int{}}
	return same(p.termsOf(a), p.termsOf(b))
}

// same is NearDuplicate over terms by id.
func same(a, b []term) bool {
	common, dot, aa, bb := 0, 0.0, 0.0, 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].id == b[j].id:
			common++
			dot += a[i].count * b[j].count
			i++
			j++
		case a[i].id < b[j].id:
			i++
		default:
			j++
		}
	}
	if common == 0 {
		return false
	}
	for _, t := range a {
		aa += t.count * t.count
	}
	for _, t := range b {
		bb += t.count * t.count
	}
	return dispute.SaySame(common, min(len(a), len(b)), dot, aa, bb)
}

// termsOf are the content terms of a sentence by id.
func (p *pool) termsOf(sentence string) []term {
	at := map[int]int{}
	var out []term
	for _, tok := range text.Tokens(sentence) {
		if tok.Stop {
			continue
		}
		id := p.id(tok.Term)
		k, ok := at[id]
		if !ok {
			k = len(out)
			at[id] = k
			out = append(out, term{id: id})
		}
		out[k].count++
	}
	slices.SortFunc(out, func(a, b term) int { return a.id - b.id })
	return out
}

// chosen holds the sentences of a brief so far.
type chosen struct {
	all []*sentence
}

// add takes s.
func (c *chosen) add(s *sentence) {
	s.used = true
	c.all = append(c.all, s)
}

// says reports whether a sentence taken already says nearly what s says.
func (c *chosen) says(s *sentence) bool {
	return slices.ContainsFunc(c.all, func(o *sentence) bool { return same(s.terms, o.terms) })
}

// cover takes from ss, one after the other, the sentence that adds most to
// what is covered for its length, until words are used up or most are taken
// (0 is no limit; else what adds little is left), and returns them in that
// order. It is the greedy algorithm
// for a submodular objective under a budget (Lin and Bilmes 2011); ties go to
// the earlier sentence.
func (p *pool) cover(c *chosen, ss []*sentence, words, most int) []*sentence {
	ss = p.heaviestOf(ss, heaviest)
	worth := p.worth(ss)
	value := slices.Clone(worth) // of saying each term now
	pairs, pairValue := pairsOf(ss)
	rank := p.rank(ss)
	sources := map[*source]int{}
	open := make([]bool, len(ss))
	several := false
	for i, s := range ss {
		open[i] = !s.used && !c.says(s)
		several = several || s.doc != ss[0].doc
	}
	var out []*sentence
	for most == 0 || len(out) < most {
		best, top := -1, 0.0
		for i, s := range ss {
			if !open[i] || s.words > words {
				continue
			}
			gain := 0.0
			for _, t := range s.terms {
				gain += value[t.id]
			}
			for _, t := range pairs[i] {
				gain += pairShare * pairValue[t]
			}
			gain = s.fit * (gain + onTopic*s.weight*float64(s.words)/100 + alike*rank[i]*math.Pow(float64(s.words)/usualWords, alikeLength)) / math.Pow(float64(s.words), lengthPower)
			if several {
				gain /= 1 + againSource*float64(sources[s.doc])
			}
			if gain > top {
				best, top = i, gain
			}
		}
		if best < 0 || most > 0 && top < leastGain*p.top {
			break
		}
		p.top = max(p.top, top)
		s := ss[best]
		c.add(s)
		out = append(out, s)
		words -= s.words
		sources[s.doc]++
		for _, t := range s.terms {
			value[t.id] *= covered
		}
		for _, t := range pairs[best] {
			pairValue[t] *= covered
		}
		for i, o := range ss {
			open[i] = open[i] && !same(s.terms, o.terms)
		}
	}
	return out
}

// heaviestOf bounds what is compared: it returns the most sentences that by
// themselves cover most, in their order.
func (p *pool) heaviestOf(ss []*sentence, most int) []*sentence {
	if len(ss) <= most {
		return ss
	}
	worth := p.worth(ss)
	order := slices.Clone(ss)
	of := map[*sentence]float64{}
	for _, s := range ss {
		for _, t := range s.terms {
			of[s] += worth[t.id]
		}
		of[s] *= s.fit * s.weight / math.Pow(float64(s.words), lengthPower)
	}
	slices.SortStableFunc(order, func(a, b *sentence) int { return cmp.Compare(of[b], of[a]) })
	order = order[:most]
	slices.SortFunc(order, inOrder)
	return order
}

// inOrder sorts by document, then place.
func inOrder(a, b *sentence) int {
	return cmp.Or(cmp.Compare(a.doc.at, b.doc.at), cmp.Compare(a.span.Start, b.span.Start))
}
