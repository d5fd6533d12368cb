package ask

import "time"

// Stage is one part of the work of answering, for those who measure it.
type Stage string

// The stages, in their order; an answer without hits ends after the search.
const (
	StageParse  Stage = "parse"  // the question
	StageWeigh  Stage = "weigh"  // its words, by how common they are in the library
	StageSearch Stage = "search" // for passages
	StageRank   Stage = "rank"   // them
	StageRead   Stage = "read"   // the best documents
	StageSelect Stage = "select" // sentences of them, or silence
)

// Observed returns an Asker like a that tells see how long each stage of each
// question took, also of one that then failed. see is called from the
// goroutines that ask.
func (a *Asker) Observed(see func(s Stage, took time.Duration)) *Asker {
	watched := *a
	watched.see = see
	return &watched
}

// stages returns what ends the stage that has run since the last call, or
// since stages was called.
func (a *Asker) stages() func(Stage) {
	if a.see == nil {
		return func(Stage) {}
	}
	since := time.Now()
	return func(s Stage) {
		now := time.Now()
		a.see(s, now.Sub(since))
		since = now
	}
}
