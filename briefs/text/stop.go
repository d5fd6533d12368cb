package text

import "strings"

// stopWords are words that carry no topic by themselves: function words, and
// the framing of questions.
func stopWords() map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(stopList) {
		m[w] = true
	}
	for w := range negativeWords {
		m[w] = true
	}
	return m
}

const stopList = `
a an the this that these those
and or but if then than so as because while although though whether
of in on at by for from to with into onto upon about over under between among through during before after against within
i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself
it its itself they them their theirs themselves one ones
am is are was were be been being
do does did doing done have has had having
can could will would shall should may might must ought
what which who whom whose when where why how
there here also too very just only even still such same other another any some all both each every
e g eg ie etc
`

// Stop reports whether term, as Terms has it, is a stop word: one that carries
// no topic by itself.
func Stop(term string) bool { return theLexicon().stop[term] }

// negativeWords are kept apart: they turn a question round.
var negativeWords = map[string]bool{
	"not": true, "no": true, "never": true, "neither": true, "nor": true, "none": true, "without": true,
	"nobody": true, "nothing": true, "nowhere": true,
}

// Negative reports whether term is a word of negation ("not", "never",
// "without"). All of them are stop words. Verbs such as "fail" and "refuse"
// are topics and not among them.
func Negative(term string) bool { return negativeWords[term] }
