package summary

import (
	"cmp"
	"math"
	"slices"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// eventBonus is how much more a day, a month and a year are worth than no
// date, by the length of the date.
var eventBonus = map[int]float64{10: 1, 7: 0.8, 4: 0.5}

// timeline are dated sentences in the order of their dates.
func (w *work) timeline(words int) []item {
	var dated []*sentence
	dates := map[*sentence]briefs.Date{}
	for _, s := range w.pool.sentences {
		if d := text.Date(s.text); d != "" && !s.used {
			dates[s] = d
			dated = append(dated, s)
		}
	}
	out := alone(w.pool.pick(&w.chosen, dated, words, mostRows, func(s *sentence) float64 { return eventBonus[len(dates[s])] }))
	if len(out) < 2 && len(w.r.Sections) != 1 { // one event is no line
		for _, it := range out {
			w.chosen.drop(it.sentences[0])
		}
		return nil
	}
	for i := range out {
		out[i].label = dates[out[i].sentences[0]].Long()
	}
	slices.SortStableFunc(out, func(a, b item) int {
		fa, la, _ := dates[a.sentences[0]].Bounds()
		fb, lb, _ := dates[b.sentences[0]].Bounds()
		return cmp.Or(fa.Compare(fb), la.Compare(lb), inOrder(a.sentences[0], b.sentences[0]))
	})
	return out
}

// mostRows bounds the items of a section.
const mostRows = 12

// pick takes from ss the best by weight, reading and worth, one after the
// other, none that says nearly what was taken, until words are used up or
// most are taken.
func (p *pool) pick(c *chosen, ss []*sentence, words, most int, worth func(*sentence) float64) []*sentence {
	if p.mentions == nil {
		p.mentions = p.worth(p.sentences)
	}
	value := map[*sentence]float64{}
	order := make([]*sentence, 0, len(ss))
	for _, s := range ss {
		if s.used {
			continue
		}
		v := 0.0
		for _, t := range s.terms {
			v += p.mentions[t.id]
		}
		value[s] = v / math.Pow(float64(s.words), lengthPower) * s.weight * s.fit * worth(s)
		if value[s] > 0 {
			order = append(order, s)
		}
	}
	slices.SortStableFunc(order, func(a, b *sentence) int { return cmp.Compare(value[b], value[a]) })
	var out []*sentence
	for _, s := range order {
		if len(out) == most {
			break
		}
		if s.words <= words && !c.says(s) {
			c.add(s)
			out = append(out, s)
			words -= s.words
		}
	}
	return out
}

// drop gives s back.
func (c *chosen) drop(s *sentence) {
	s.used = false
	c.all = slices.DeleteFunc(c.all, func(o *sentence) bool { return o == s })
}
