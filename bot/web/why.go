package web

import (
	"briefdesk/bot"
	"briefdesk/briefs"
)

// reason is one feature of why a sentence was chosen, in words.
type reason struct {
	Meaning string
	Value   string // signed: what is below 0 speaks against it
}

func reasonOf(f briefs.Feature) reason {
	return reason{bot.Reason(f), bot.Signed(f.Value)}
}
