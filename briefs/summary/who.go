package summary

import (
	"cmp"
	"slices"
	"strings"

	"briefdesk/briefs/text"
)

// stanceBonus is how much more a sentence is worth that takes a stand.
const stanceBonus = 0.5

// titleBonus is how much more a sentence is worth that holds every term of
// its document's title.
const titleBonus = 1.0

// who is one row an author, or organisation where no author is named: what
// he, she or it says on the topic; what they quote of others is not theirs. One
// voice alone is no comparison.
func (w *work) who(words int) []item {
	of := map[string][]*sentence{}
	documents := map[string]map[*source]bool{} // texts, which several may have printed
	weight := map[string]float64{}
	var names []string
	for _, s := range w.pool.sentences {
		name := s.doc.Author
		if name == "" {
			name = s.doc.Publisher
		}
		if name == "" || s.quoted() {
			continue
		}
		if documents[name] == nil {
			names = append(names, name)
			documents[name] = map[*source]bool{}
		}
		documents[name][s.doc.first] = true
		of[name] = append(of[name], s)
		weight[name] = max(weight[name], s.weight)
	}
	if len(names) < 2 {
		return nil
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(weight[b], weight[a]) })
	stances := stanceTerms()
	var out []item
	for _, name := range names {
		for _, s := range w.pool.pick(&w.chosen, of[name], words, 1, func(s *sentence) float64 { return stance(stances, s) }) {
			words -= s.words
			out = append(out, item{label: name, sentences: []*sentence{s}, sources: len(documents[name])})
		}
	}
	if len(out) < 2 {
		for _, it := range out {
			w.chosen.drop(it.sentences[0])
		}
		return nil
	}
	return out
}

// stanceTerms are the terms of words by which a writer takes a stand.
func stanceTerms() map[string]bool {
	return terms(`should must ought argue believe think need urge recommend propose suggest conclude claim insist warn reject oppose
		support agree disagree mistake fail cannot`)
}

func terms(words string) map[string]bool {
	out := map[string]bool{}
	for t := range strings.FieldsSeq(text.Terms(words)) {
		out[t] = true
	}
	return out
}

// stance is more than 1 for a sentence that takes a stand or says again what
// the title of its document says.
func stance(stances map[string]bool, s *sentence) float64 {
	worth := 1 + titleBonus*ofTitle(s)
	for _, t := range text.Tokens(s.text) {
		if stances[t.Term] {
			return worth * (1 + stanceBonus)
		}
	}
	return worth
}

// ofTitle is the share of the content terms of its document's title that a
// sentence holds.
func ofTitle(s *sentence) float64 {
	in := terms(s.text)
	held, all := 0, 0
	for _, t := range text.Tokens(s.doc.Title) {
		if !t.Stop {
			all++
			if in[t.Term] {
				held++
			}
		}
	}
	return share(float64(held), float64(max(all, 1)))
}
