package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// explanation prints how a question was read and searched, and what spoke for and
// against each sentence.
func (p *printer) explanation(ans *briefs.Answer, citations []briefs.Citation) {
	if len(ans.Parts) == 0 {
		p.reading(ans)
	}
	for i := range ans.Parts {
		fmt.Fprintf(p.w, "\n%s", p.paragraph(" ", "“"+ans.Parts[i].Question+"”"))
		p.reading(&ans.Parts[i])
	}
	if len(citations) == 0 {
		return
	}
	heading := "Why these sentences"
	if !ans.Answered() {
		heading = "Why not the nearest sentences"
	}
	fmt.Fprintf(p.w, "\n %s %s\n", p.bold(heading), p.dim("(figures with a minus spoke against them)"))
	for i, c := range citations {
		text := cell(c.Quote.Text(), explainedQuote)
		fmt.Fprint(p.w, p.paragraph(fmt.Sprintf(" %3d  ", c.N), "“"+strings.TrimRight(text, " ")+"”"))
		if i+1 < len(citations) && bot.SameReasons(c, citations[i+1]) {
			continue // said once, below the last of them
		}
		for _, f := range c.Why {
			fmt.Fprint(p.w, p.paragraph(fmt.Sprintf("      %7s  ", bot.Signed(f.Value)), bot.Reason(f)))
		}
	}
}

// explainedQuote is how much of a quote stands above its reasons, in columns; all
// of it stands in the answer.
const explainedQuote = 60

// reading prints how one question was read, and why it is met with silence.
func (p *printer) reading(ans *briefs.Answer) {
	fmt.Fprintf(p.w, "\n %s\n", p.bold("How the question was read"))
	fmt.Fprint(p.w, p.paragraph("   ", "Kind of question: "+string(ans.Kind)+" ("+bot.ReadAs(ans.Kind)+")"))
	if len(ans.Weights) > 0 {
		fmt.Fprint(p.w, p.paragraph("   Words, the rarer the heavier: ", bot.Weighed(ans.Weights)))
	}
	for _, term := range slices.Sorted(maps.Keys(ans.Expanded)) {
		fmt.Fprint(p.w, p.paragraph("   Searched for "+clean(term)+": also ", strings.Join(ans.Expanded[term], ", ")))
	}
	if !ans.Answered() {
		fmt.Fprint(p.w, p.paragraph("   Silent because: ", bot.Because(ans.Reason)))
	}
}
