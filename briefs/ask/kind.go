package ask

import (
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// kindOf tells what sort of answer the question wants, from its question
// word, else from its form.
func kindOf(q string, toks []text.Token) briefs.Kind {
	w := words(q)
	has := func(phrases ...string) bool {
		s := " " + strings.Join(w, " ") + " "
		for _, p := range phrases {
			if strings.Contains(s, " "+p+" ") {
				return true
			}
		}
		return false
	}
	first := func(k string) bool { return firstQuestionWord(w) == k }
	switch {
	case len(w) == 0:
		return briefs.KindTopic
	case has("difference between", "differences between", "compare", "versus", "vs", "differ from"):
		return briefs.KindCompare
	case first("why"), has("how come", "what caused", "what causes", "what explains", "for what reason", "for what reasons"),
		has("reason", "reasons", "causes", "rationale") && (first("what") || first("which") || has("give", "list", "name", "explain", "the")):
		return briefs.KindWhy
	case has("how many", "how much", "what percentage", "what percent", "what share", "what proportion", "how long", "how old",
		"how often", "how far", "how big", "how large", "how high", "how fast", "what number", "the number", "what did it cost", "what does it cost"):
		return briefs.KindHowMany
	case first("when"), has("what year", "which year", "what date", "which date", "what month", "what day", "since when"):
		return briefs.KindWhen
	case first("where"), has("which country", "which countries", "what country", "which city", "what city", "which region"):
		return briefs.KindWhere
	case first("who"), first("whom"), first("whose"), has("which author", "which person"):
		return briefs.KindWho
	case w[0] == "list" || w[0] == "name" || w[0] == "enumerate":
		return briefs.KindList
	case first("how"):
		return briefs.KindHow
	case first("what"), first("which"):
		return briefs.KindWhat
	case auxiliaries[w[0]]:
		return briefs.KindYesNo
	}
	return briefs.KindTopic
}

// firstQuestionWord returns the question word that comes first, "" when none
// does: later ones open clauses ("what did they do when …?").
func firstQuestionWord(w []string) string {
	for _, word := range w {
		switch word {
		case "why", "when", "where", "who", "whom", "whose", "how", "what", "which":
			return word
		case "who's", "what's", "where's", "when's", "how's", "why's":
			return strings.TrimSuffix(word, "'s")
		}
	}
	return ""
}

// auxiliaries are the words that open a yes-or-no question.
var auxiliaries = set("is are was were am do does did has have had can could will would should shall may might must " +
	"isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// words returns the words of q in lower case, typographic apostrophes folded.
func words(q string) []string {
	q = strings.ReplaceAll(strings.ToLower(q), "’", "'")
	return strings.FieldsFunc(q, func(r rune) bool {
		return !(r == '\'' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127)
	})
}

// namedSource returns the index terms of the source that the question names:
// "according to X", "what does X say about …".
func namedSource(q string) []string {
	w := strings.Fields(q)
	lower := words(strings.Join(w, " "))
	if len(lower) != len(w) { // punctuation of its own: compare word by word
		lower = make([]string, len(w))
		for i := range w {
			lower[i] = strings.Join(words(w[i]), "")
		}
	}
	for i := 0; i+2 < len(w); i++ {
		if lower[i] == "according" && lower[i+1] == "to" {
			return nameTerms(w[i+2:], func(word string) bool { return !strings.HasSuffix(word, ",") && !strings.HasSuffix(word, "?") })
		}
	}
	for i := 0; i+2 < len(w); i++ {
		if lower[i] != "does" && lower[i] != "did" && lower[i] != "do" {
			continue
		}
		for j := i + 2; j < len(w) && j <= i+7; j++ {
			if reportingVerbs[lower[j]] {
				return nameTerms(w[i+1:j], func(string) bool { return true })
			}
		}
	}
	return nil
}

// reportingVerbs are the verbs by which a question names a source.
var reportingVerbs = set("say argue think claim recommend propose believe write warn suggest conclude advise maintain contend expect predict advocate call see")

// reports tells whether a word of a question is one of those by which it names
// a source.
func reports(surface string) bool {
	return reportingVerbs[strings.ToLower(surface)] || viewNouns[strings.ToLower(surface)]
}

// nameTerms reads a name from the head of w: up to six words, articles and
// stop words dropped, ended after the first word for which more is false.
func nameTerms(w []string, more func(word string) bool) []string {
	var out []string
	for i, word := range w {
		if i == 6 {
			break
		}
		lower := strings.ToLower(word)
		if i > 0 && auxiliaries[lower] {
			break
		}
		for _, t := range text.QueryTokens(word) {
			if !t.Stop {
				out = append(out, t.Term)
			}
		}
		if !more(word) {
			break
		}
	}
	return out
}
