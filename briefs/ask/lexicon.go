package ask

import (
	"maps"
	"strings"

	"briefdesk/briefs/text"
)

// lexicon is the small fixed vocabulary that reading a question needs, as
// index terms. It is general English, made once for an Asker and never
// changed.
type lexicon struct {
	framing    map[string]bool // words that frame a question: reason, explain, article
	listing    map[string]bool // nouns that ask for parallel points: reasons, steps
	cause      map[string]bool // words by which a text announces reasons
	causal     map[string]bool // words by which a sentence states a cause
	steps      map[string]bool // words by which a text announces what to do
	authoring  map[string]bool // words of questions about authorship
	speech     map[string]bool // verbs of saying
	opinion    map[string]bool // words of holding an opinion
	support    map[string]bool // auxiliaries before a subject and a verb
	be         map[string]bool // forms of to be
	verbs      map[string]bool // common verbs, to find the predicate of a question
	backward   map[string]bool // pronouns that point back
	scant      map[string]bool // words of scarcity
	nobody     map[string]bool // negations that are subjects
	advice     map[string]bool // words by which a sentence advises
	bad, good  map[string]bool // words for a bad or a good turn of events
	amounts    map[string]bool // words that stand after how: many, long
	many       map[string]bool // the word before what is counted
	numbers    map[string]bool // number words
	several    map[string]bool // words that count without a number
	fractions  map[string]bool // half, third
	shares     map[string]bool // words for a part of a whole
	prices     map[string]bool // words of questions about money
	currencies map[string]bool // words of amounts of money
	timeUnits  map[string]bool // words of durations
	rates      map[string]bool // words of frequencies
	agents     map[string]bool // nouns for those who act
	calendar   map[string]bool // months and weekdays
	all        map[string]bool // all of these
}

func newLexicon() *lexicon {
	l := &lexicon{
		framing: terms(`reason cause factor driver explanation explain rationale article document paper report piece post op-ed author written wrote write
			text passage list name describe mention discuss say tell argue according identify give outline summary
			summarise main key major important different various example kind type way point thing role exactly actually
			happen mean purpose significance happened`),
		listing: terms(`reason cause factor driver explanation step measure way method option recommendation proposal problem
			challenge obstacle barrier risk threat lesson principle condition requirement criterion benefit advantage
			disadvantage drawback cost consequence effect impact implication feature element component part pillar phase stage
			goal aim objective priority task change reform argument objection question finding weakness strength gap limit
			mistake failure trend type kind category form source tool instrument role function duty area issue test
			rule exception ground pressure trap myth fact difference similarity choice action mechanism guarantee promise`),
		cause: terms(`reason cause factor driver explanation explain why because rationale root ground motive motivation
			account underlie contribute due mistake problem weakness obstacle`),
		causal: terms(`because due owing thanks result reason cause lead led explain therefore thus hence consequence ground
			consequently stem arise produce trigger prompt factor`),
		steps: terms(`step measure way recommendation recommend should must proposal propose option action need priority
			principle remedy reform`),
		authoring: terms(`write wrote written author authored byline writer`),
		speech:    terms(`say said tell told ask asked promise warn reply announce declare state claim deny admit remark comment urge insist`),
		opinion:   terms(`according argue think believe contend maintain suggest predict expect write view opinion`),
		support:   terms(`do does did will would can could shall should may might must has have had`),
		be:        terms(`is are was were`),
		verbs:     terms(verbList),
		backward:  terms(`it its they them their this that these those he she his her him there such former latter same`),
		nobody:    terms(`nobody none nothing`),
		scant:     terms(`low lower lowest little less least lack few fewer scarce short thin limited hardly barely rarely`),
		advice:    terms(`should must ought`),
		bad: terms(`bad worse worst poor weak fail failure collapse deteriorate worsen sour strain rupture breakdown break suffer
			fall fell decline drop lose loss crisis conflict tension distrust mistrust flawed flaw undermine damage harm hurt
			block stall delay obstacle trouble troubled problem negative hostile frosty cold friction breach crumble unravel
			backfire disappoint slow hinder hamper erode threaten divide dispute deadlock stalemate abandon collapse shortage
			miss missed late behind struggle difficult difficulty unable disrupt disruption fray wrong mistake`),
		good: terms(`good better best strong succeed success successful improve improvement hold held survive stable stability
			steady cooperate cooperation calm endure recover recovery rise gain grow growth progress positive friendly trust
			smooth agree agreement resilient resilience robust intact usual normal unscathed sustain continue work`),
		amounts: terms(`many much long often far big large high fast old deep wide soon quickly`),
		many:    terms(`many`),
		numbers: terms(`one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million billion
			trillion half third quarter fifth percent percentage double twice triple`),
		several:    terms(`several various multiple mix mixture range variety host handful`),
		fractions:  terms(`half third quarter fifth sixth seventh eighth ninth tenth`),
		shares:     terms(`percent percentage share proportion fraction`),
		prices:     terms(`much cost price pay paid spend spent fee revenue budget charge worth fund earn expensive`),
		currencies: terms(`dollar euro pound yen yuan franc rupee rouble peso cent billion million trillion`),
		timeUnits:  terms(`minute hour day week month year decade century`),
		rates:      terms(`once twice time every each per daily weekly monthly yearly annual annually never always often`),
		agents: terms(`officer official worker minister ministry government committee council judge court president parliament
			congress agency commission company firm institute team group panel author director chief secretary ambassador
			general union police army board bank party mayor governor expert analyst adviser driver nurse doctor engineer
			scientist owner member people family citizen voter farmer resident volunteer inspector regulator operator vendor`),
		calendar: terms(`january february march april may june july august september october november december monday tuesday
			wednesday thursday friday saturday sunday spring summer autumn winter yesterday today tomorrow`),
		all: map[string]bool{},
	}
	for _, set := range []map[string]bool{
		l.framing, l.listing, l.cause, l.causal, l.steps, l.authoring, l.speech, l.support, l.be, l.verbs, l.backward, l.scant, l.nobody,
		l.advice, l.bad, l.good, l.amounts, l.many, l.numbers, l.fractions, l.shares, l.prices, l.currencies, l.timeUnits, l.rates, l.agents, l.calendar,
	} {
		maps.Copy(l.all, set)
	}
	return l
}

// known reports whether a term is of a word of common English that this
// vocabulary or the thesaurus knows.
func (l *lexicon) known(term string) bool {
	return l.all[term] || text.Synonyms(term) != nil || text.Related(term) != nil
}

// terms makes a set of the index terms of words.
func terms(words string) map[string]bool {
	out := map[string]bool{}
	for _, t := range strings.Fields(text.Terms(words)) {
		out[t] = true
	}
	return out
}

// advises reports whether an index term is a word of advice.
func (l *lexicon) advises(term string) bool { return l.advice[term] }

func (l *lexicon) any(set map[string]bool, toks []text.Token) bool {
	for _, t := range toks {
		if set[t.Term] {
			return true
		}
	}
	return false
}

// verbList holds common verbs of policy prose, by hand; a verb that also
// names a thing (rule, state) is left out where the noun is the usual one.
const verbList = `chair abandon abolish accept accuse achieve act adapt add adopt affect agree allow announce answer apply appoint
	approve argue arise arrest arrive ask assess attack attempt avoid award ban become begin believe benefit block borrow break
	bring build buy call cancel carry cause cease change charge choose claim close collapse collect combine come commit compare
	compete complain comply conclude condemn confirm consider consist contain continue contribute control cooperate cost cover
	create cross cut deal decide declare decline decrease defend delay deliver demand deny depend deploy describe destroy
	determine develop die differ disagree discover discuss dismiss dissolve divide double drop earn emerge employ enable end
	endorse enforce enter establish estimate exceed exclude exist expand expect expel explain export extend face fail fall favour
	feel fight file find finish fire fix follow forbid force form found freeze gain get give go grant grow guarantee handle
	happen hate have help hide hire hold impose improve include increase inform insist install intend introduce invade invest
	invite involve issue join keep kill know lack last launch lay lead learn leave lend let lift limit live look lose maintain
	make manage mean measure meet merge miss mislead move need negotiate object obtain occur offer open operate oppose order
	organise overcome overtake own pass pay perform permit persuade plan play pledge postpone prefer prepare prevent produce
	prohibit promise promote propose protect prove provide publish pull pursue push put quit raise reach react read receive
	recognise recommend recover reduce refuse regard reject relate release rely remain remove renew repair repeal replace reply
	report represent require resign resist resolve respond restart restore restrict result resume retain retire return reveal
	reverse rise run save say see seek seem seize sell send separate serve set settle shift show shrink shut sign slip slow solve
	speak spend split spread stand start stay stop strain strengthen strike struggle submit succeed suffer suggest support
	suspend take target teach tell tend test threaten trade train transfer treat trigger trust try turn undermine understand
	urge use vote wait want warn weaken widen win withdraw work worsen write`
