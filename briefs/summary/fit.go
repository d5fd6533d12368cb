package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// How well a sentence must read to be quoted by itself, and what each fault
// leaves of its worth. By judgement over the sample library; the sets of
// docs/quality.md hardly notice.
const (
	fewestWords   = 5
	mostWords     = 70
	fitBackward   = 0.35 // opens with a word that points back: however, it
	fitListed     = 0.5  // opens as one of several points: second, finally
	fitSpeaking   = 0.7  // a writer or speaker of himself: I, let me
	fitSelf       = 0.3  // speaks of the text itself: this article
	fitUnended    = 0.5  // without a full stop
	fitUnopened   = 0.6  // begins in the middle of a sentence
	fitUnbalanced = 0.6  // half of a pair of quotation marks or brackets
	fitItem       = 0.8  // point of a list
	fitAsking     = 0.25
	fitShort      = 0.6 // fewer words than shortWords say little by themselves
	shortWords    = 7
)

// readsWell tells how well s reads without what stands around it: 1 is best,
// 0 is no sentence to quote.
func readsWell(s *sentence) float64 {
	fit := 1.0
	switch s.role {
	case briefs.RoleParagraph, briefs.RoleQuotation:
	case briefs.RoleItem:
		fit = fitItem
	default:
		return 0
	}
	words := strings.Fields(s.text)
	if len(words) < fewestWords || len(words) > mostWords {
		return 0
	}
	if len(words) < shortWords {
		fit *= fitShort
	}
	unended := false
	end := strings.TrimRightFunc(s.text, func(r rune) bool { return strings.ContainsRune(`"'”’»)]*_ `, r) })
	last, _ := utf8.DecodeLastRuneInString(end)
	switch last {
	case '.', '!', '…', '。', '؟', '।':
	case '?':
		fit *= fitAsking
	case ':':
		return 0 // leads in what follows
	default:
		unended = true
		fit *= fitUnended
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	if unicode.IsLower(first) {
		fit *= fitUnopened
	}
	if !balanced(s.text) {
		fit *= fitUnbalanced
	}
	opening := plain(words[0])
	two := opening + " " + plain(words[1])
	three := two + " " + plain(words[2])
	switch {
	case backward[opening], backward[two], plain(words[1]) == "of" && backward[plain(words[2])]:
		fit *= fitBackward
	case speaking[opening], speaking[two]:
		fit *= fitSpeaking
	case listed[opening], listed[two], listed[three]:
		fit *= fitListed
	}
	lower := strings.ToLower(s.text)
	for name := range strings.SplitSeq(strings.ToLower(s.doc.Author), ", ") {
		if name != "" && strings.HasPrefix(lower, name) {
			if unended {
				return 0 // a byline
			}
			return fit * fitSelf
		}
	}
	for _, w := range ofItself {
		if strings.Contains(lower, w) {
			return fit * fitSelf
		}
	}
	return fit
}

// plain is a word in lower case without what stands around it.
func plain(w string) string {
	return strings.TrimFunc(strings.ToLower(w), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// balanced reports whether every bracket and typographic quotation mark of s
// has its other half.
func balanced(s string) bool {
	return strings.Count(s, "(") == strings.Count(s, ")") && strings.Count(s, "“") == strings.Count(s, "”") &&
		strings.Count(s, `"`)%2 == 0
}

// backward are openings that need the sentence before.
var backward = set(`however but and so yet it its they them their he his him she her this that these those such also
	moreover furthermore therefore thus hence consequently instead otherwise nevertheless nonetheless still then similarly
	likewise meanwhile or nor which who neither either another others indeed too accordingly conversely rather yes no both`,
	`for example`, `for instance`, `in addition`, `in contrast`, `by contrast`, `in fact`, `of course`, `the former`, `the latter`,
	`the same`, `in turn`, `after that`, `even so`, `in short`, `in other`)

// listed are openings of one of several points.
var listed = set(`first second third fourth fifth firstly secondly thirdly lastly finally next last`, `to begin with`, `above all`, `the first`,
	`the second`, `the third`, `the fourth`, `the fifth`, `the last`, `one more`, `first of all`, `in the first`, `to make matters`, `there are`, `there were`, `there is`)

// speaking are openings by which a writer or speaker tells of himself.
var speaking = set(`i my we our let readers`, `thank you`, `thanks for`)

// ofItself are words by which a text speaks of itself or to its reader.
var ofItself = []string{
	"this article", "this paper", "this report", "this note", "this post", "this page", "this column", "this brief", "this essay",
	"this notice", "this section", "this chapter", "this document", "sign up", "subscribe", "click", "read more", "all rights reserved", "newsletter",
	"see below", "see above", "is below", "are below",
}

func set(words string, phrases ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	for _, p := range phrases {
		out[p] = true
	}
	return out
}
