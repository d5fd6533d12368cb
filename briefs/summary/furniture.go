package summary

import (
	"slices"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// dropFurniture drops what stands in many texts word for word, and what at
// the end of a document nearly stands at the end of another one, of the same
// house where a topic was asked for: disclaimers, notes on licences, calls to subscribe. A text that
// several printed counts once, and a sentence that holds a word of the topic
// is what they agree on.
func (p *pool) dropFurniture() {
	p.findReprints()
	in := map[string]int{} // texts that hold a sentence
	held := map[string]map[*source]bool{}
	tails := map[*source]int{}
	var closing []*sentence
	for _, s := range p.sentences {
		if held[s.text] == nil {
			held[s.text] = map[*source]bool{}
		}
		if !held[s.text][s.doc.first] {
			held[s.text][s.doc.first] = true
			in[s.text]++
		}
		if _, ok := tails[s.doc]; !ok {
			tails[s.doc] = tail(s.doc.Document)
		}
		if s.span.Start >= tails[s.doc] {
			closing = append(closing, s)
		}
	}
	p.sentences = slices.DeleteFunc(p.sentences, func(s *sentence) bool {
		if p.namesTopic(s) {
			return false
		}
		return in[s.text] >= furniture || s.span.Start >= tails[s.doc] && slices.ContainsFunc(closing, func(o *sentence) bool {
			return o.doc.first != s.doc.first && (p.whole || sameHouse(o.doc, s.doc)) && same(o.terms, s.terms)
		})
	})
}

// namesTopic reports whether s itself holds a word of a topic of words.
func (p *pool) namesTopic(s *sentence) bool {
	return slices.ContainsFunc(s.terms, func(t term) bool { return p.about[p.names[t.id]] })
}

// sameHouse reports whether a and b share an author or a publisher, or one of
// them names neither.
func sameHouse(a, b *source) bool {
	named := func(s *source) bool { return s.Author != "" || s.Publisher != "" }
	return !named(a) || !named(b) || a.Author != "" && a.Author == b.Author || a.Publisher != "" && a.Publisher == b.Publisher
}

// findReprints fills source.first: the first document most of whose sentences
// a document repeats word for word, itself for a text of its own. The library
// folds copies of one collection; this sees those of several, and editions and
// sequels that are no copies but repeat what was said.
func (p *pool) findReprints() {
	holder := map[string]*source{}
	for _, src := range p.sources {
		src.first = src
		shared := map[*source]int{}
		all := 0
		for _, b := range src.Blocks {
			for _, span := range b.Sentences {
				all++
				if h := holder[src.Slice(span)]; h != nil {
					shared[h]++
				}
			}
		}
		for _, h := range p.sources[:src.at] { // in order, so that the same one is found again
			if 2*shared[h] > all {
				src.first = h
				break
			}
		}
		for _, b := range src.Blocks {
			for _, span := range b.Sentences {
				if t := src.Slice(span); holder[t] == nil {
					holder[t] = src.first
				}
			}
		}
	}
}

// aboutTopic are the content terms of a topic of words and those that name the
// same.
func aboutTopic(topic string) map[string]bool {
	about := map[string]bool{}
	for _, t := range text.QueryTokens(topic) {
		if !t.Stop {
			about[t.Term] = true
			for _, s := range text.Synonyms(t.Term) {
				about[s] = true
			}
		}
	}
	return about
}

// tail is where the last sentences of d begin, in its second half.
func tail(d *briefs.Document) int {
	all := 0
	for i := range d.Blocks {
		all += len(d.Blocks[i].Sentences)
	}
	left := min(tailSentences, all/2)
	for i := len(d.Blocks) - 1; i >= 0 && left > 0; i-- {
		for k := len(d.Blocks[i].Sentences) - 1; k >= 0; k-- {
			if left--; left == 0 {
				return d.Blocks[i].Sentences[k].Start
			}
		}
	}
	return len(d.Text)
}
