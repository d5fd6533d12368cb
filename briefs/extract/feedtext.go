package extract

import (
	"html"
	"regexp"
	"strings"
)

// tidyText makes s valid text without control characters and without space
// around it.
func tidyText(s string) string {
	return strings.TrimSpace(normalize(strings.ReplaceAll(s, "\x00", "")))
}

var htmlTag = regexp.MustCompile(`(?s)</?[a-zA-Z][a-zA-Z0-9:]*(?:\s[^<>]*)?/?>|<!--.*?-->`)

// plainLine is the text of a line of HTML. Only what looks like a tag is one:
// many feeds leave "<" as it is.
func plainLine(s string) string {
	s = htmlTag.ReplaceAllString(s, "")
	return oneLine(tidyText(html.UnescapeString(s)))
}

// plainHTML writes plain text as HTML; an empty line parts paragraphs.
func plainHTML(s string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(s, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>")
		}
	}
	return b.String()
}

var mailAddress = regexp.MustCompile(`[^\s<>()@]+@[^\s<>()@]+`)

// personName is the name in "ana@example.org (Ana Example)" and the like;
// empty when there is only an address.
func personName(s string) string {
	rest := mailAddress.ReplaceAllString(s, "")
	if rest == s {
		return s
	}
	return strings.Trim(strings.TrimSpace(rest), "<>()\"' \t")
}
