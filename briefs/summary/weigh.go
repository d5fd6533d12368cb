package summary

import (
	"cmp"
	"math"
	"slices"
)

// Constants of the weights, chosen on two sets of different kinds;
// docs/quality.md tells what each gives.
const (
	enoughTopic   = 40   // sentences above whose share of the topic more is no better
	enoughNear    = 10   // and the same of the score of the passage
	topicFloor    = 0.05 // what a sentence without a word of the topic still counts
	nearPower     = 4.0
	nearLeast     = 0.2  // share of the best passage's score below which a passage is off the topic
	mentionPower  = 1.5  // how much more what many sentences mention is worth
	sourcesPower  = 0.5  // and what many documents mention
	covered       = 0.3  // what a term is still worth each time it is said again
	onTopic       = 0.1  // worth of a sentence on the topic beside what it covers, for 100 words
	pairShare     = 1.0  // worth of the pairs of terms beside that of the terms
	alike         = 0.5  // worth of likeness to others, at usualWords
	alikeLength   = 0.75 // and how it grows with the number of words
	usualWords    = 20.0
	lengthPower   = 0.5 // price of a word: 0 long sentences cost nothing, 1 twice the words cost twice
	againSource   = 0.1 // price of a further sentence of the same document, where there are several
	leastGain     = 0.3 // share of what the first point adds below which a point is left out
	leastTogether = 0.5 // share of the topic that some passage must hold
	leastCommon   = 0.2 // unless this share of all passages holds a word of it: then it is what they are about
	leastCoverage = 0.2 // share of the topic that some sentence must hold
)

// weigh fills the weights of the sentences and drops what is off the topic.
func (p *pool) weigh() {
	p.sentences = slices.DeleteFunc(p.sentences, func(s *sentence) bool { return s.topic == 0 && s.near == 0 })
	p.dropFurniture()
	if !p.onTopic() {
		p.sentences = nil
		return
	}
	best := 0.0
	for _, s := range p.sentences {
		best = max(best, s.near)
	}
	p.sentences = slices.DeleteFunc(p.sentences, func(s *sentence) bool { return s.near < nearLeast*best })
	topic := kth(p.sentences, enoughTopic, func(s *sentence) float64 { return s.topic })
	near := kth(p.sentences, enoughNear, func(s *sentence) float64 { return s.near })
	for _, s := range p.sentences {
		s.weight = (topicFloor + min(1, share(s.topic, topic))) / (1 + topicFloor) * math.Pow(min(1, share(s.near, near)), nearPower)
	}
	p.rarity()
}

// onTopic reports whether the library says anything on the topic.
func (p *pool) onTopic() bool {
	return slices.ContainsFunc(p.sentences, func(s *sentence) bool { return s.topic >= leastCoverage })
}

func share(a, b float64) float64 {
	if b == 0 {
		return 1
	}
	return a / b
}

// kth is the k-th largest value, the smallest when there are fewer, 0 for
// none.
func kth(ss []*sentence, k int, of func(*sentence) float64) float64 {
	if len(ss) == 0 {
		return 0
	}
	v := make([]float64, len(ss))
	for i, s := range ss {
		v[i] = of(s)
	}
	slices.SortFunc(v, func(a, b float64) int { return cmp.Compare(b, a) })
	return v[min(k, len(v)-1)]
}

// rarity fills idf.
func (p *pool) rarity() {
	df := make([]float64, len(p.names))
	for _, s := range p.sentences {
		for _, t := range s.terms {
			df[t.id]++
		}
	}
	p.idf = make([]float64, len(p.names))
	for i, n := range df {
		if n > 0 {
			p.idf[i] = math.Log(1 + float64(len(p.sentences))/n)
		}
	}
}

// worth is what each term is worth to a summary of sentences ss: how often
// sentences near the topic mention it, and in how many documents. The sum of
// all is 1.
func (p *pool) worth(ss []*sentence) []float64 {
	w := make([]float64, len(p.names))
	in := make([]int, len(p.names))   // documents that mention the term
	last := make([]int, len(p.names)) // the latest of them, from 1
	documents, at := 0, 0
	for _, s := range ss {
		if s.doc.at+1 != at {
			documents++
			at = s.doc.at + 1
		}
		for _, t := range s.terms {
			w[t.id] += s.weight
			if last[t.id] != at {
				last[t.id] = at
				in[t.id]++
			}
		}
	}
	sum := 0.0
	for i := range w {
		if w[i] > 0 {
			w[i] = math.Pow(w[i], mentionPower) * math.Pow(float64(in[i])/float64(documents), sourcesPower)
			sum += w[i]
		}
	}
	for i := range w {
		if sum > 0 {
			w[i] /= sum
		}
	}
	return w
}
