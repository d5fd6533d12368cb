package ask

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// maxParts is how many questions are answered in turn; the last of them takes
// the rest.
const maxParts = 4

// askInTurn answers the questions that r holds one after the other. Each may
// point back to the one before it.
func (a *Asker) askInTurn(ctx context.Context, r Request) (briefs.Answer, error) {
	questions := a.questionsIn(r.Question)
	if len(questions) < 2 {
		return a.askOne(ctx, r)
	}
	out := briefs.Answer{Question: r.Question}
	for i, question := range questions {
		one := r
		one.Question = question
		if i > 0 {
			one.After = &Previous{Question: questions[i-1], Before: one.After}
			one.After.Documents = quotedDocuments(&out.Parts[i-1])
		}
		ans, err := a.askOne(ctx, one)
		if err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, ans)
	}
	out.Kind, out.Reason = out.Parts[0].Kind, out.Parts[0].Reason
	for i := range out.Parts {
		for term, forms := range out.Parts[i].Expanded {
			if out.Expanded == nil {
				out.Expanded = map[string][]string{}
			}
			out.Expanded[term] = forms
		}
	}
	out.Gather()
	return out, nil
}

func quotedDocuments(ans *briefs.Answer) []briefs.DocumentID {
	var ids []briefs.DocumentID
	for _, c := range ans.Quotes {
		if id := c.Quote.Document().ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// andAsked finds a second question in a sentence: "why did X, and who …",
// "how long did X last, and did Y …".
var andAsked = regexp.MustCompile(`(?i)[,;]?\s+and\s+(?:(?:in|at|on|to|for|by|with|from)\s+)?(?:why|who|whom|whose|when|where|how|what|which)\b|` +
	`[,;]\s+and\s+(?:did|does|do|is|are|was|were|has|have|can|could|will|would|should)\b`)

// questionsIn returns the questions that s asks, one that is no more than
// that as it is. What is said between them belongs to the next one.
func (a *Asker) questionsIn(s string) []string {
	s = clip(s, maxQuestionBytes)
	var out []string
	start := 0
	for _, span := range text.Sentences(s) {
		one := s[span.Start:span.End]
		if !strings.HasSuffix(strings.TrimRight(one, `"'”’)`), "?") {
			continue
		}
		if stub := stubOf(one, text.QueryTokens(one), a.lex); stub == stubFragment || stub == stubAbout && len(out) == 0 {
			continue // "Tariffs or not? How do they …?"
		}
		out = append(out, a.joinedIn(strings.TrimSpace(s[start:span.End]))...)
		start = span.End
	}
	rest := strings.TrimSpace(s[start:])
	switch {
	case len(out) == 0:
		return a.joinedIn(rest)
	case rest != "":
		out[len(out)-1] += " " + rest
	}
	if len(out) > maxParts {
		out = append(out[:maxParts-1], strings.Join(out[maxParts-1:], " "))
	}
	return out
}

// joinedIn parts two questions that one sentence joins, when each begins with a
// question word and says something by itself.
func (a *Asker) joinedIn(s string) []string {
	at := andAsked.FindStringIndex(s)
	if at == nil || firstQuestionWord(words(s)[:min(2, len(words(s)))]) == "" && !auxiliaries[words(s)[0]] {
		return []string{s}
	}
	first, second := s[:at[0]], strings.TrimLeft(s[at[0]:], ",; \t\n")
	second = strings.TrimSpace(second[len("and"):])
	for _, part := range []string{first, second} {
		q := a.parse(part)
		own := 0
		for _, t := range q.terms {
			if !t.frame {
				own++
			}
		}
		if own < 1 || own < 2 && !q.pointsBack {
			return []string{s}
		}
	}
	if !tells(words(first)) {
		return []string{s}
	}
	return append([]string{first + "?"}, a.joinedIn(second)...)
}

// tells reports whether a question is whole so far: an auxiliary or more than
// two words stand behind its question word ("who leads the council", not "how").
func tells(w []string) bool {
	return len(w) > 3 || slices.ContainsFunc(w, func(word string) bool { return auxiliaries[word] })
}
