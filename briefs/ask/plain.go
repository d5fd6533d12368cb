package ask

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What people say around a question. What they ask must follow, or stand before.
var (
	greeting = regexp.MustCompile(`(?i)^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: (?:there|all|everyone|everybody|team|folks|colleagues|bot|briefdesk))?\b[\s,.!:;–-]*)+`)
	asking   = regexp.MustCompile(`(?i)^(?:(?:so|ok|okay|sorry|please|just)[,:]?\s+)*(?:(?:a )?(?:quick )?question\s*[:,–-]\s*)?` +
		`(?:(?:please[, ]+)?(?:can|could|would|will|may|might) (?:you|anyone|anybody|someone|somebody)(?: please)? (?:tell|explain to|remind|show|help)(?: (?:me|us))?(?: understand)?` +
		`|(?:do|does|would|might) (?:you|anyone|anybody|someone|somebody)(?: happen to)? know` +
		`|(?:i|we)(?:['’]d| would)? (?:also )?(?:like|love|want|need)(?: to)? (?:know|understand|ask|find out|learn|hear)(?: you)?` +
		`|(?:i|we)(?:['’](?:m|re)| am| are| was| were|['’]ve been| have been)? (?:just )?wonder(?:ing)?` +
		`|(?:may|can|could|might) i ask(?: you)?|(?:please )?(?:tell|remind) (?:me|us)(?: please)?|let me ask(?: you)?|any idea|what i (?:want|need) to know is)` +
		`[\s,:–-]+`)
	thanks   = regexp.MustCompile(`(?i)[\s,.;!?–-]+(?:(?:please|pls|thanks|thank you|thx|many thanks|cheers|kindly)(?: (?:so much|very much|a lot|in advance|again))?[\s,.!?]*)+$`)
	openings = set("why when where who whom whose how what which if whether is are was were do does did has have had can could will would should in on at to by for from with since until during under according about")
)

// bare is a question without what is said around it: greetings, "can you tell
// me", "please"; in single spaces, and not in capitals alone. Where nothing
// would be left, it is as it was.
func bare(s string) string {
	s = strings.Join(strings.Fields(clip(s, maxQuestionBytes)), " ")
	q := s
	if m := thanks.FindStringIndex(q); m != nil {
		end := ""
		if strings.Contains(q[m[0]:m[1]], "?") {
			end = "?"
		}
		q = q[:m[0]] + end
	}
	q = greeting.ReplaceAllString(q, "")
	if m := asking.FindStringIndex(q); m != nil {
		rest, said := words(q[m[1]:]), words(q[:m[1]])
		if len(rest) > 1 && (openings[rest[0]] || slices.ContainsFunc(said, func(w string) bool { return w == "me" || w == "us" || w == "know" })) {
			q = q[m[1]:]
		}
	}
	if len(words(q)) == 0 {
		q = s
	}
	if len(words(q)) > 2 && strings.ContainsFunc(q, unicode.IsUpper) && !strings.ContainsFunc(q, unicode.IsLower) {
		q = strings.ToLower(q)
	}
	return q
}
