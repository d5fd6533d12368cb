package dispute

// lexicon is the fixed vocabulary by which two sentences are compared, as
// index terms. It is general English.
type lexicon struct {
	conditional map[string]bool // what may be so
	modal       map[string]bool // what is to be so, or wanted
	timed       map[string]bool // when it is so
	months      map[string]bool
	reporting   map[string]bool // who says it, and that it is said: they make no other thing of it
	punctual    map[string]bool // events that happen once
	partial     map[string]bool // behind "not": what is denied in part
	breaks      map[string]bool // where a further statement may begin
	bounds      map[string]bool // before a number: it is no more than a bound
	rough       map[string]bool // or no exact one
	currency    map[string]bool
	numbers     map[string]float64
	scales      map[string]float64
}

func newLexicon() *lexicon {
	return &lexicon{
		conditional: termsOf(`if whether unless could may might perhaps maybe possibly`),
		modal: termsOf(`would can should must ought will shall hope fear expect plan forecast budget
			propose proposal target aim intend promise predict project threaten want seek try likely unlikely probable risk almost nearly`),
		timed: termsOf(`january february march april may june july august september october november december spring summer autumn winter
			monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow now currently already still yet
			before after since until during then once again later earlier former formerly previous previously initial initially first second third last
			next recent recently long short year month week day decade century morning evening night ago annual annually monthly weekly daily`),
		months: termsOf(`january february march april may june july august september october november december`),
		reporting: termsOf(`say said report audit auditor official ministry minister ministerial government spokesman spokeswoman agency accord according account
			estimate figure put total overall altogether study paper survey expert analyst author write wrote written find found show showed calculate reckon
			count record give gave state tell told announce article researcher inquiry investigation review confirm actually really fact amount sum
			cost number`),
		punctual: termsOf(`sign found die born bear launch open begin begun began start end adopt publish establish create join elect ratify close kill
			arrive land sink sank invade declare announce enter leave left abolish arrest resign appoint merge dissolve inaugurate complete finish happen
			occur approve`),
		partial: termsOf(`only merely just simply solely always everywhere entirely fully wholly completely quite exactly necessarily alone all every enough much
			very particularly especially immediately because`),
		breaks:   map[string]bool{"and": true, "but": true, "while": true, "whereas": true, "which": true, "who": true, "because": true, "although": true, "though": true, "as": true, "so": true},
		bounds:   map[string]bool{"than": true, "least": true, "most": true, "over": true, "above": true, "under": true, "below": true, "up": true, "between": true, "exceeding": true, "within": true, "beyond": true, "minimum": true, "maximum": true},
		rough:    map[string]bool{"about": true, "around": true, "roughly": true, "approximately": true, "some": true, "nearly": true, "almost": true, "circa": true, "estimated": true},
		currency: termsOf(`dollar euro pound yen yuan franc rupee rouble peso krone crown cent`),
		numbers: map[string]float64{
			"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
			"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
			"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
		},
		scales: map[string]float64{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9},
	}
}
