// Package bot is what every surface for people shares, whatever shows it: the
// fixed words around verbatim sentences. It knows answers, not how a room or a
// page draws them.
package bot

import "briefdesk/briefs"

// The fixed words of answers.
const (
	Silence = "Nothing in this library answers that."
	Nearest = "Nearest, but not an answer:"
	SeeAlso = "See also:"
)

// Framing is the fixed line above an enumeration; "" for other answers.
func Framing(ans *briefs.Answer) string {
	if !ans.Enumerated {
		return ""
	}
	if ans.Kind == briefs.KindWhy {
		return "Reasons given, in order:"
	}
	return "Points given, in order:"
}
