package structure

import "strings"

// words makes a set of the words of s.
func words(s string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// listing are nouns for points that people enumerate ("three reasons"). The
// list is our own, from the nouns that signal what follows in English
// expository prose (Winter's "unspecific" nouns, Halliday and Hasan's general
// nouns), without those that more often count things than points.
var listing = words(`
	advantage aim alternative answer approach area argument aspect assumption
	barrier benefit benchmark category cause caveat challenge change choice
	circumstance complication component concern conclusion condition consequence
	consideration constraint criticism danger decision deficiency development
	difference difficulty dilemma dimension disadvantage drawback driver duty
	effect element error example fault exception explanation fact factor failing
	failure feature finding flaw form function goal ground guideline
	hurdle hypothesis idea implication indicator ingredient initiative
	innovation insight interest issue item kind lesson limit limitation matter merit
	means measure mechanism method misconception mistake motivation motive myth
	objection objective observation obstacle opportunity option outcome part
	path pattern pillar pitfall point policy possibility precondition
	prerequisite principle priority problem proposal proposition provision
	purpose question reason recommendation reform remedy requirement respect
	response result risk role rule safeguard scenario sense shortcoming sign
	signal similarity solution source stage standard step strand strategy
	strength suggestion task technique tendency theme theory thing threat topic
	tool trend type use version view virtue way weakness worry`)

// listed are the plurals of listing, and announcing those of more nouns, which
// announce points only with a number ("on four counts").
var (
	listed     = plurals("criteria hypotheses phenomena dos don'ts")
	announcing = plurals(`criteria hypotheses phenomena dos don'ts blows
		claims complaints consolations counts demands doubts facets fears
		fronts gaps headings hopes ingredients legs moves observations
		pleas precautions pressures promises qualities questions
		regrets reservations stages tactics temptations tests thoughts traits
		traps truths variants warnings wishes`)
)

func plurals(more string) map[string]bool {
	set := words(more)
	for w := range listing {
		switch {
		case strings.HasSuffix(w, "y") && !strings.HasSuffix(w, "ay") && !strings.HasSuffix(w, "ey"):
			set[w[:len(w)-1]+"ies"] = true
		case strings.HasSuffix(w, "sis"):
			set[w[:len(w)-2]+"es"] = true
		case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "ch"), strings.HasSuffix(w, "x"):
			set[w+"es"] = true
		case strings.HasSuffix(w, "s"):
			set[w] = true
		default:
			set[w+"s"] = true
		}
	}
	return set
}

// numbers are the numbers that announce a list, as words and figures.
var numbers = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10, "11": 11, "12": 12,
}

// quantities announce a list without its number.
var quantities = words(`several various numerous multiple many few some couple
	number variety range host series set list handful dozen myriad certain both
	following`)

// hollow words carry no content of a lead-in by themselves.
var hollow = words(`a another among and are as at be because been between but can come comes
	consider could did do does example examples following follows for from had has have here how i in
	include included includes including indeed instance is it its just key let list main
	major mind might my namely of on or other our particular particularly point primary reason
	respectively she he shows simple simply so specific specifically such sum that the them
	there these they this those thus to too us was we well were what which who why with
	would you your`)

// additives are the phrases of addition by their first word.
var additives = map[string][]string{
	"moreover": {""}, "furthermore": {""}, "besides": {""}, "also": {""}, "additionally": {""},
	"in": {"addition"}, "above": {"all"}, "most": {"importantly", "important", "important of all"},
	"more": {"importantly", "important"}, "equally": {"important", "importantly"},
	"just": {"as important", "as importantly"}, "what": {"is more"}, "what's": {"more"}, "what’s": {"more"},
	"on":    {"top of that", "top of this", "top of all that", "top of it all"},
	"to":    {"make matters worse", "make things worse"},
	"worse": {"", "still", "yet"},
}

// clauseWords make a short sentence a clause of its own ("First, it was
// cheap."), no label.
var clauseWords = words(`is are was were be been has have had do does did can
	could may might must shall should will would it they we i he she you this that
	there who which`)

// ordinals are the ranks of adverbs and adjectives of order.
var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
	"seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
	"firstly": 1, "secondly": 2, "thirdly": 3, "fourthly": 4, "fifthly": 5, "sixthly": 6,
	"seventhly": 7, "eighthly": 8, "ninthly": 9, "tenthly": 10,
}

// class tells of which of the lists above a word is.
type class uint8

const (
	ordering   class = 1 << iota // ordinals, and what closes
	quantity                     // quantities, and numbers above one
	announcer                    // announcing
	listedNoun                   // listed
	breaker                      // breakers
)

// classes are the words that have one, and sieve what classes those have that
// may be told from a word at a glance.
var classes, sieve = func() (m map[string]class, s [1 << 12]class) {
	m = make(map[string]class)
	add := func(c class, w string) { m[w] |= c }
	for w := range ordinals {
		add(ordering, w)
	}
	add(ordering, "finally")
	add(ordering, "lastly")
	for w, n := range numbers {
		if n > 1 {
			add(quantity, w)
		}
	}
	for c, set := range map[class]map[string]bool{quantity: quantities, announcer: announcing, listedNoun: listed, breaker: breakers} {
		for w := range set {
			add(c, w)
		}
	}
	for w, c := range m {
		s[glance(w)] |= c
	}
	return m, s
}()

// glance is a number that few other words have.
func glance(w string) int {
	n := len(w)
	return (int(w[0])*5 ^ int(w[n/2])*37 ^ int(w[n-1])*131 ^ n*517) & (1<<12 - 1)
}

// classOf returns the classes of w, which is not empty.
func classOf(w string) class {
	if sieve[glance(w)] == 0 {
		return 0
	}
	return classes[w]
}
