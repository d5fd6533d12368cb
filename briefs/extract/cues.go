package extract

import (
	"regexp"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

var (
	counts  = regexp.MustCompile(`(?i)^\(?\d[\d.,]*k?\)?\s*(?:comments?|shares?|views?|likes?|replies|responses|reads?|tweets?|min(?:ute)?s?(?: read)?)\b[^a-z]{0,6}(?:read|ago)?\W*$`)
	ago     = regexp.MustCompile(`(?i)^(?:\d+|an?|one|two) (?:second|minute|hour|day|week|month|year)s? ago\W*$`)
	reading = regexp.MustCompile(`(?i)^(?:reading time|read time|estimated reading time|time to read)\b.{0,30}$`)
	starred = regexp.MustCompile(`(?i)^\*\s*(?:required|mandatory|denotes|indicates)\b.{0,60}$`)
	pageNum = regexp.MustCompile(`(?i)^(?:page )?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?$`)
	address = regexp.MustCompile(`(?i)^(?:https?://|www\.)\S+$`)
	handles = regexp.MustCompile(`^(?:(?:Follow|Tweet|Twitter|X)[: ]+)?(?:[@#]\w+[ ,|·]*)+$`)
	gallery = regexp.MustCompile(`(?i)^(?:image|photo|picture|slide) \d{1,3} (?:of|/)(?: ?/)? ?\d{1,3}$`)
	contact = regexp.MustCompile(`(?i)^(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:www\.)?(?:twitter|facebook|instagram|linkedin|youtube|tiktok)\.com/\S+)$`)
	follow  = regexp.MustCompile(`(?i)^follow (?:\S+ ){1,6}on (?:twitter|facebook|instagram|linkedin|youtube|tiktok|mastodon|bluesky|telegram|whatsapp)\b`)
	// credit is the name and the agency of a picture at the end of its
	// caption: "(Ana Example/Agency)", "[Photo: Ana Example]", "AP Photo".
	credit = regexp.MustCompile(`(?:\((?:[Pp]hotos?(?: by)?:? |[Ii]mage:? |[Pp]icture:? )?\p{Lu}[\pL'’. -]{1,40}(?:/| via | for )\p{Lu}[\pL'’&. /-]{1,40}\)|[(\[](?:Photos?|Image|Picture|Credit|Source|Illustration)(?: by|:| courtesy)[^)\]]{2,80}[)\]]|(?:Getty Images|AP Photo(?:/\p{Lu}[\pL. ]+)?|REUTERS(?:/\p{Lu}[\pL. ]+)?|AFP|EPA|Courtesy \p{Lu}\pL+)\)?)\.?$`)

	startWords  = indexStarts()
	buttonWords = indexButtons()
)

var (
	menuCue    = &cue{role: briefs.RoleChrome}
	captionCue = &cue{role: briefs.RoleCaption}
	endCue     = &cue{role: briefs.RoleChrome, ends: true}
)

// indexStarts groups the cues by the first word of their start.
func indexStarts() map[string][]*cue {
	out := map[string][]*cue{}
	for i := range starts {
		w, _, _ := strings.Cut(starts[i].start, " ")
		out[w] = append(out[w], &starts[i])
	}
	return out
}

// indexButtons maps the phrases of buttons to true, those of menus to false.
func indexButtons() map[string]bool {
	out := map[string]bool{}
	for _, b := range buttons {
		out[b] = true
	}
	for _, w := range menuWords {
		out[w] = false
	}
	return out
}

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// longest is the longest unit, in runes, that a cue can mark.
const longest = 900

// local returns the cue that s, a whole line or paragraph of so many runes,
// shows by itself, nil when it shows none.
func local(s string, runes int) *cue {
	if runes > longest {
		return nil
	}
	t := strings.TrimLeft(s, "*†‡_>»›•|[ \u00a0")
	lower := strings.ToLower(t[:min(len(t), 160)])
	first := lower
	if i := strings.IndexFunc(lower, unicode.IsSpace); i >= 0 {
		first = lower[:i]
	}
	for _, c := range startWords[first] {
		if runes <= c.most && hasPrefixWords(lower, c.start) {
			if c.role == briefs.RoleChrome && c.most < 300 && isProse(t, c) {
				continue
			}
			return c
		}
	}
	if strings.HasPrefix(first, "©") {
		return menuCue
	}
	if runes <= 120 {
		switch {
		case counts.MatchString(t):
			if strings.Contains(lower, "comment") {
				return endCue
			}
			return menuCue
		case ago.MatchString(t), reading.MatchString(t), starred.MatchString(s), pageNum.MatchString(t), address.MatchString(t), handles.MatchString(t), gallery.MatchString(t), contact.MatchString(t), follow.MatchString(t), !hasLetter(t) && !hasDigit(t), allButtons(lower):
			return menuCue
		}
	}
	if runes <= 700 && mayCredit(t) && credit.MatchString(t) && sentencesAbout(t) <= 4 {
		return captionCue
	}
	return framed(t, runes)
}

// mayCredit is a cheap test before credit.
func mayCredit(s string) bool {
	end := s[max(0, len(s)-90):]
	return strings.ContainsAny(end, "([/") || strings.HasSuffix(strings.TrimRight(end, "."), "Images") ||
		strings.Contains(end, "Courtesy") || strings.Contains(end, "AFP") || strings.Contains(end, "EPA") || strings.Contains(end, "REUTERS") || strings.Contains(end, "AP Photo")
}

// isProse guards against sentences that begin like a button: "Donate and the
// town wins.", "Back to the river they went." A cue of few words does not
// hold for a line of many that ends as a sentence, unless it addresses the
// reader.
func isProse(s string, c *cue) bool {
	if !endsSentence(s) || strings.HasSuffix(c.start, ":") {
		return false
	}
	words := strings.Fields(strings.ToLower(s))
	if len(words) < 8 {
		return false
	}
	for _, w := range words {
		switch strings.Trim(w, ".,!?:;") {
		case "newsletter", "newsletters", "inbox", "email", "e-mail", "your", "our", "comment", "comments", "facebook", "twitter", "@":
			return false
		}
	}
	return true
}

// hasPrefixWords reports whether s begins with prefix and a word ends there.
func hasPrefixWords(s, prefix string) bool {
	if !strings.HasPrefix(s, prefix) {
		return false
	}
	if last := prefix[len(prefix)-1]; !isWordByte(last) || last >= '0' && last <= '9' {
		return true
	}
	return len(s) == len(prefix) || !isWordByte(s[len(prefix)])
}

// allButtons reports whether the words of s, in lower case, are all words of
// buttons; one word of many meanings is not enough.
func allButtons(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:|·•/()[]<>›»→←*+", r)
	})
	if len(words) == 0 || len(words) > 30 {
		return false
	}
	phrases, sure := 0, false
	for i := 0; i < len(words); phrases++ {
		n := 0
		for k := min(5, len(words)-i); k > 0 && n == 0; k-- {
			if button, ok := buttonWords[strings.Join(words[i:i+k], " ")]; ok {
				n, sure = k, sure || button
			}
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return sure || phrases >= 3
}

func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }
func hasDigit(s string) bool  { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }

// sentencesAbout estimates the number of sentences of s.
func sentencesAbout(s string) int {
	n := 0
	for i := 0; i+2 < len(s); i++ {
		if (s[i] == '.' || s[i] == '!' || s[i] == '?') && s[i+1] == ' ' && s[i+2] >= 'A' && s[i+2] <= 'Z' && i > 2 && s[i-2] != '.' && s[i-2] != ' ' {
			n++
		}
	}
	return n + 1
}
