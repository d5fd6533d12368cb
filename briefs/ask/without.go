package ask

import (
	"maps"
	"slices"

	"briefdesk/briefs"
)

// Mechanism is one thing that answering does beyond finding words, by its
// name. It can be taken away, so that its worth can be measured. To add one:
// name it, list it in Mechanisms, and where it acts ask for q.without[It].
type Mechanism string

// The mechanisms.
const (
	Corrections   Mechanism = "mistyped words"
	Rarity        Mechanism = "rare words weigh more"
	Background    Mechanism = "rarity in ordinary English"
	Roles         Mechanism = "words that frame the question weigh less"
	Acronyms      Mechanism = "acronyms of the library"
	Synonyms      Mechanism = "synonyms"
	Kin           Mechanism = "kin (capitals, peoples)"
	SecondSearch  Mechanism = "second search, for synonyms"
	NamedSource   Mechanism = "a source that is named"
	SecondStage   Mechanism = "passages ranked anew"
	PassageTitles Mechanism = "titles and headings, for passages"
	Smoothing     Mechanism = "smoothing (search and briefs)"

	PassageScore   Mechanism = "the passage, in the sentence's score"
	SentenceTitles Mechanism = "titles and headings, for sentences"
	Commonness     Mechanism = "words common in the passage weigh less"
	Before         Mechanism = "the sentence before, for pronouns"
	AskedThere     Mechanism = "the author's own question"
	Wanted         Mechanism = "what the kind of question wants, in the score"
	Definitions    Mechanism = "definitions"
	Outcome        Mechanism = "the outcome told of (why, why not)"
	FurtherQuotes  Mechanism = "further sentences beside the best"
	SeveralSources Mechanism = "what several documents say: alike, apart, taken back"

	Enumerations    Mechanism = "enumerations as wholes"
	Announced       Mechanism = "words that announce reasons or points"
	IntroducedAbout Mechanism = "a lead-in that is about the question"
	LedIn           Mechanism = "the points that the best sentence leads in"
	Behind          Mechanism = "what stands behind an outcome or announcement"
	SideBySide      Mechanism = "each of several things asked"

	Silence        Mechanism = "silence"
	SilenceOpposed Mechanism = "the opposite outcome, for silence"
	SilenceVerb    Mechanism = "the predicate, for silence"
	SilenceNames   Mechanism = "names and numbers, for silence"
	SilenceRarest  Mechanism = "the rarest word, for silence"
	SilenceWanted  Mechanism = "what the kind of question wants, for silence"
	SilenceFact    Mechanism = "the predicate of a fact, for silence"
	SilenceStrays  Mechanism = "another name or year, for silence"
)

// Mechanisms lists all of them, in the order of the work.
func Mechanisms() []Mechanism {
	return []Mechanism{
		Corrections, Rarity, Background, Roles, Acronyms, Synonyms, Kin, SecondSearch, NamedSource, SecondStage, PassageTitles, Smoothing,
		PassageScore, SentenceTitles, Commonness, Before, AskedThere, Wanted, Definitions, Outcome, FurtherQuotes, SeveralSources,
		Enumerations, Announced, IntroducedAbout, LedIn, Behind, SideBySide,
		Silence, SilenceOpposed, SilenceVerb, SilenceNames, SilenceRarest, SilenceWanted, SilenceFact, SilenceStrays,
	}
}

// Without returns an Asker like a that does without m, to measure what m
// gives. It returns ErrInvalid for a mechanism that there is not.
func (a *Asker) Without(m Mechanism) (*Asker, error) {
	if !slices.Contains(Mechanisms(), m) {
		return nil, briefs.Fault(briefs.ErrInvalid, "%q is no mechanism of answering", m)
	}
	less := *a
	less.without = maps.Clone(a.without)
	if less.without == nil {
		less.without = map[Mechanism]bool{}
	}
	less.without[m] = true
	return &less, nil
}

// parse reads a question, to be answered with the mechanisms of a.
func (a *Asker) parse(s string) question {
	q := parse(s, a.lex)
	q.without = a.without
	return q
}
