package text

import "briefdesk/briefs"

// Acronyms returns the pairs that s defines, "Long Form (LF)" or "LF (Long
// Form)", each once, in order of appearance.
func Acronyms(s string) []briefs.Acronym { return nil }
