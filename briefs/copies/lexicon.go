package copies

import (
	"strconv"
	"strings"
	"sync"
)

// entry is what is known of a word: its marks, and the form it is compared in;
// empty for the word itself.
type entry struct {
	marks
	as string
}

// Words of which another one in the same place says something else. Of two
// that are opposites it is enough to know the one that is no synonym of a
// common word.
const (
	numberWords = "zero one two three four five six seven eight nine ten eleven twelve"
	months      = "january february march april may june july august september october november december"
	shortMonths = "jan feb mar apr jun jul aug sep sept oct nov dec"
	units       = "monday tuesday wednesday thursday friday saturday sunday half quarter third fifth percent hundred thousand million billion trillion"
	negations   = "not no never none nor neither nobody nothing nowhere without hardly scarcely barely"
	opposites   = "rise rises rose risen rising fall falls fell fallen falling " +
		"increase increases increased increasing decrease decreases decreased decreasing decline declines declined declining " +
		"grow grows grew grown growing shrink shrinks shrank shrunk shrinking gain gains gained loss losses lose loses lost win wins won " +
		"less fewer least lower lowest below under before " +
		"support supports supported supporting oppose opposes opposed opposing accept accepts accepted reject rejects rejected " +
		"approve approves approved ban bans banned forbid forbids forbade forbidden end ends ended stop stops stopped close closes closed " +
		"failure failures fail fails failed unable few rarely seldom illegal false unlikely impossible " +
		"exclude excludes excluded excluding guilty innocent confirm confirms confirmed deny denies denied import imports imported export exports exported"
)

type lexicon struct{ known map[string]entry }

var theLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{map[string]entry{}}
	for i, w := range strings.Fields(numberWords) {
		l.known[w] = entry{number, strconv.Itoa(i)}
	}
	for _, w := range strings.Fields(months + " " + shortMonths) {
		l.known[w] = entry{number, w[:3]}
	}
	for _, w := range strings.Fields(units) {
		l.known[w] = entry{number, ""}
	}
	for _, w := range strings.Fields(negations + " " + opposites) {
		l.known[w] = entry{negation, ""}
	}
	return l
})
