package ask

import "briefdesk/briefs"

// evidence is what speaks for and against a sentence answering a question.
// Every part is a share of the question, so that it means the same in a
// library of two documents and of a million.
type evidence struct {
	covered  float64 // share of the question's mass in the sentence, with a little credit for title and heading
	titled   float64 // the same with full credit for title and heading
	nearby   float64 // share in the passage with title and heading
	names    float64 // share of the mass of names and numbers that passage and title lack
	heaviest float64 // share of the mass that the heaviest term lacking in passage and title has
	untold   float64 // 1 when the predicate of the question stands neither in the sentence nor around it, untoldSpeech when that is a verb of saying
	opposed  float64 // 1 when a why-question is told the opposite
	rival    float64 // 1 when it lacks a name of the question and tells of another
	redated  float64 // 1 when it lacks a year of the question and tells of another
	unstated float64 // 1 when the predicate is untold and the question is for one fact
	untyped  float64 // 1 when the kind of question wants a number, a date, a name, a place or a cause, and none stands in the sentence
}

// weigh up the evidence for s, a sentence of r.
func (q *question) evidence(r *reading, s *sentence) evidence {
	e := evidence{covered: s.covered}
	var names, lacking float64
	for t := range q.terms {
		w := q.terms[t].weight / q.mass
		around := r.around[t] / creditTitle
		e.titled += w * max(s.credits[t], around)
		here := max(r.body[t], around)
		e.nearby += w * here
		if q.terms[t].verb && max(s.credits[t], s.context[t]) == 0 {
			e.untold = 1
			switch {
			case q.speech && s.speaks:
				e.untold = 0
			case q.speech:
				e.untold = untoldSpeech
			}
		}
		if q.terms[t].name {
			names += w
			if r.document != nil {
				here = max(here, elsewhere*r.document[t])
			}
			lacking += w * (1 - here)
		}
		e.heaviest = max(e.heaviest, w*(1-here))
	}
	if names > 0 {
		e.names = lacking / names
	}
	e.opposed, e.rival, e.redated = s.opposed, s.rival, s.redated
	if q.spellsOut || q.namesIt {
		e.untyped = 1 - s.typed
	}
	switch q.kind {
	case briefs.KindHowMany, briefs.KindWhen:
		e.unstated = min(1, e.untold)
		e.untyped = uncounted * (1 - s.typed)
	case briefs.KindWho, briefs.KindWhere:
		e.unstated = min(1, e.untold)
		e.untyped = 1 - s.typed
	case briefs.KindWhy:
		e.untyped = 1 - s.typed
	}
	if q.without != nil {
		e.leaveOut(q.without)
	}
	return e
}

// leaveOut takes out the parts of e that are measured by doing without them.
func (e *evidence) leaveOut(without map[Mechanism]bool) {
	for m, part := range map[Mechanism]*float64{
		SilenceOpposed: &e.opposed, SilenceVerb: &e.untold, SilenceNames: &e.names, SilenceRarest: &e.heaviest, SilenceWanted: &e.untyped,
		SilenceFact: &e.unstated,
	} {
		if without[m] {
			*part = 0
		}
	}
	if without[SilenceStrays] {
		e.rival, e.redated = 0, 0
	}
}

// uncounted is what a missing amount or date counts, which are told from other
// words more surely than names and causes are.
const uncounted = 1.6

// untoldSpeech is what a missing verb of saying counts: what was said is the
// whole of such a question.
const untoldSpeech = 4

// elsewhere is the credit of a name that another passage of the document
// holds: texts give a name once and go on with "its members".
const elsewhere = 0.7

// explain lists what spoke for and against a sentence: what it scored, and
// the evidence with its weights applied, as far as it is not 0.
func (q *question) explain(c *scoredSentence) []briefs.Feature {
	e := q.evidence(&c.reading.reading, &c.sentence)
	out := []briefs.Feature{{Name: "covered", Value: c.covered}, {Name: "sentence", Value: c.score}, {Name: "passage", Value: c.reading.score}}
	for _, f := range []briefs.Feature{
		{Name: "with title and heading", Value: e.titled},
		{Name: "with the passage", Value: e.nearby},
		{Name: "holds what is asked", Value: c.typed},
		{Name: "names it lacks", Value: weightNames * e.names},
		{Name: "rarest word it lacks", Value: weightHeaviest * e.heaviest},
		{Name: "lacks what is asked", Value: weightUntyped * e.untyped},
		{Name: "lacks the predicate", Value: weightUntold*e.untold + weightUnstated*e.unstated},
		{Name: "names another", Value: weightRival * e.rival},
		{Name: "tells of another year", Value: weightRedated * e.redated},
		{Name: "opposite outcome", Value: weightOpposed * e.opposed},
		{Name: "log-odds of an answer", Value: e.sum()},
	} {
		if f.Value != 0 {
			out = append(out, f)
		}
	}
	return out
}

// answers reports whether s, a sentence of r, answers q.
func answers(q *question, r *reading, s *sentence) bool {
	if q.mass == 0 {
		return false
	}
	return q.without[Silence] || q.evidence(r, s).sum() >= 0
}

// Weights of the evidence: a logistic regression on the questions of clapnq
// and the golden questions for tuning, each set counting the same, and then a
// search by small steps for more silence when in doubt, on halves of all sets
// (docs/quality.md).
const (
	biasEvidence   = -2.4
	weightCovered  = 3.9
	weightTitled   = 1.9
	weightNearby   = 1.7
	weightNames    = -4.5
	weightHeaviest = -1.3
	weightUntyped  = -3.3
	weightOpposed  = -4.0
	weightUntold   = -1.8
	weightUnstated = -1.5
	weightRival    = -1.0
	weightRedated  = -1.4
)

// sum is the log-odds that the sentence answers.
func (e evidence) sum() float64 {
	return biasEvidence + weightCovered*e.covered + weightTitled*e.titled + weightNearby*e.nearby +
		weightNames*e.names + weightHeaviest*e.heaviest + weightUntyped*e.untyped + weightOpposed*e.opposed +
		weightUntold*e.untold + weightUnstated*e.unstated + weightRival*e.rival + weightRedated*e.redated
}

// coveredEnough is the share of a question below which a passage is not even
// near an answer.
const coveredEnough = 0.5

// silence tells why nothing was chosen.
func silence(q *question, rs []ranked) briefs.Reason {
	best := 0.0
	for i := range rs {
		covered := 0.0
		for t := range q.terms {
			covered += q.terms[t].weight * max(rs[i].body[t], rs[i].around[t])
		}
		best = max(best, covered/q.mass)
	}
	if best < coveredEnough {
		return briefs.LowCoverage
	}
	return briefs.NoSentence
}
