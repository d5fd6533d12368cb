package slack

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"
)

// The three characters that Slack's text gives a meaning, wherever it reads
// text as mrkdwn (https://docs.slack.dev/messaging/formatting-message-text#escaping).
const controls = "&<>"

// escape makes text literal where Slack reads mrkdwn: nothing in it can ping,
// link or name a channel. Emphasis needs no such character: text of others
// stands in blocks that know none, and in mrkdwn only as the words of
// notifications.
func escape(text string) string {
	if !strings.ContainsAny(text, controls) {
		return text
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// unescape is what was written before Slack, or escape, escaped it.
func unescape(text string) string {
	if !strings.Contains(text, "&") {
		return text
	}
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(text)
}

// units is the length of text as Slack counts characters, or more: no
// documentation says how it counts those beyond the first plane, which count
// twice here, and controls count as long as JSON writes them.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += runeUnits(r)
	}
	return n
}

func runeUnits(r rune) int {
	if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f || r == '\u2028' || r == '\u2029' {
		return len(`\u0000`)
	}
	return max(1, utf16.RuneLen(r))
}

// cut divides text into pieces of at most limit units, at the end of a line or
// a word where there is one in the last third, never inside a character or
// between a letter and what is set upon it. The pieces joined are text. limit
// is at least 6.
func cut(text string, limit int) []string {
	var pieces []string
	for units(text) > limit {
		at := cutAt(text, limit)
		pieces = append(pieces, text[:at])
		text = text[at:]
	}
	return append(pieces, text)
}

// cutAt is where a piece of at most limit units of text ends, in bytes.
func cutAt(text string, limit int) int {
	const joiner = '\u200d' // of emoji
	var last rune
	length, end, word, line := 0, 0, 0, 0
	for i, r := range text {
		n := runeUnits(r)
		if last != joiner && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			end = i // a piece may end before r
		}
		if length+n > limit {
			if end == 0 { // nothing but marks
				end = i
			}
			break
		}
		length += n
		last = r
		if length > limit*2/3 {
			switch {
			case r == '\n':
				line = i + 1
			case r == ' ':
				word = i + 1
			}
		}
	}
	switch {
	case line > 0 && line <= end:
		return line
	case word > 0 && word <= end:
		return word
	}
	return end
}

// isolate is what to put before and after text so that the direction in which
// it is read changes nothing around it; both are empty for most. The text
// between them stays as it is: a document may hold controls of direction that
// it never ends (https://www.unicode.org/reports/tr9/).
func isolate(text string) (before, after string) {
	const (
		firstStrong, popIsolate, popEmbedding = '\u2068', '\u2069', '\u202c'
	)
	needed := false
	open := []rune{firstStrong}
	for _, r := range text {
		switch {
		case r == '\u2066' || r == '\u2067' || r == firstStrong || r == '\u202a' || r == '\u202b' || r == '\u202d' || r == '\u202e':
			open, needed = append(open, r), true
		case r == popEmbedding:
			if last := len(open) - 1; last >= 0 && open[last] >= '\u202a' && open[last] <= '\u202e' {
				open = open[:last]
			}
			needed = true
		case r == popIsolate:
			for last := len(open) - 1; last >= 0; last-- {
				if open[last] >= '\u2066' && open[last] <= firstStrong {
					open = open[:last]
					break
				}
			}
			needed = true
		case unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko):
			needed = true
		}
	}
	if !needed {
		return "", ""
	}
	if len(open) > 20 { // an end of a line ends them all
		return string(firstStrong), "\n"
	}
	var ends strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] >= '\u2066' {
			ends.WriteRune(popIsolate)
		} else {
			ends.WriteRune(popEmbedding)
		}
	}
	return string(firstStrong), ends.String()
}

// linkLength is how long an address may be, in bytes. A button takes 3,000
// (https://docs.slack.dev/reference/block-kit/block-elements/button-element);
// with less, a piece of rich text with its link fits a message in any script.
const linkLength = 2_000

// webLink is link when it leads to a page on the web, else "": what a document
// names as its address may be anything.
func webLink(link string) string {
	if len(link) > linkLength || strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>|"\`, r) }) {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return link
}
