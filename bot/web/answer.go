package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// answered is an answer as pages show it.
type answered struct {
	Question   string
	Answered   bool
	Corrected  string       // which words were read as others; empty for none
	Parts      []answerPart // what answers it; of several questions each
	Groups     []group      // what is nearest, on silence
	Sources    []source
	More       []group
	MoreSay    string   // what to press for More
	MoreOnly   []source // sources of More that the first quotes have not
	Silence    string   // the fixed words, when nothing answers
	Because    string   // why it is silent, in words
	Nearest    string   // the fixed words above Groups, on silence
	SeeAlso    []work
	SeeAlsoSay string // the fixed words above them
	Kind       string // of the question, in words
	Weighed    string // its words and what they weigh
	Searched   []searched
}

// answerPart answers one of several questions, or the only one.
type answerPart struct {
	Question string // empty for the only one
	Silence  string // the fixed words, when nothing answers it
	Framing  string // fixed line above an enumeration; empty for none
	Groups   []group
}

// parts are the answers that ans is made of. What several quote is shown in
// each, and is a place of the page in the first.
func (p quoter) parts(ans *briefs.Answer) []answerPart {
	if len(ans.Parts) == 0 {
		return []answerPart{{Framing: bot.Framing(ans), Groups: p.groups(ans.Quotes)}}
	}
	var out []answerPart
	shown := map[int]bool{}
	for i := range ans.Parts {
		of := &ans.Parts[i]
		part := answerPart{Question: of.Question, Framing: bot.Framing(of), Groups: p.groups(of.Quotes)}
		if !of.Answered() {
			part.Silence = bot.Silent(of.Source)
		}
		for g := range part.Groups {
			again(part.Groups[g].Quotes, shown)
		}
		out = append(out, part)
	}
	return out
}

// again makes those quotes no places of the page that are one already.
func again(quotes []quoted, shown map[int]bool) {
	for i := range quotes {
		q := &quotes[i]
		if shown[q.N] {
			q.ID = ""
		}
		shown[q.N] = true
		again(q.Within, shown)
	}
}

// searched is a word of the question and what else was searched for it.
type searched struct {
	Term  string
	Forms []string
}

// answered shows ans to v.
func (s *Server) answered(v visitor, ans *briefs.Answer) answered {
	p := s.quoter(v, "")
	a := answered{
		Question: ans.Question, Answered: ans.Answered(), Corrected: bot.SearchedFor(ans.Corrected), Kind: bot.ReadAs(ans.Kind), Weighed: bot.Weighed(ans.Weights),
		SeeAlsoSay: heading(bot.SeeAlso),
	}
	shown := ans.Quotes
	if !a.Answered {
		shown = ans.Near
		a.Silence, a.Nearest, a.Because = bot.Silent(ans.Source), heading(bot.Nearest), bot.Because(ans.Reason)
	}
	a.Sources = p.sources(shown)
	if !a.Answered {
		a.Groups = p.groups(shown)
	} else {
		a.Parts = p.parts(ans)
		a.More, a.MoreSay = p.groups(ans.More), plural(len(ans.More), "more sentence", "more sentences")
		a.MoreOnly = slices.DeleteFunc(p.sources(ans.More), func(o source) bool {
			return slices.ContainsFunc(a.Sources, func(known source) bool { return known.N == o.N })
		})
	}
	for i := range ans.SeeAlso {
		d := &ans.SeeAlso[i]
		a.SeeAlso = append(a.SeeAlso, p.work(d, p.at(d.ID, 0, briefs.Span{})))
	}
	for _, term := range slices.Sorted(maps.Keys(ans.Expanded)) {
		a.Searched = append(a.Searched, searched{term, ans.Expanded[term]})
	}
	return a
}

// heading makes fixed words that end in a colon a heading.
func heading(words string) string { return strings.TrimSuffix(words, ":") }

// plural writes "1 sentence", "2 sentences".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
