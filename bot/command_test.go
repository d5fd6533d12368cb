package bot

import (
	"testing"
	"time"
)

// What people say to each other is no question to the bot.
func TestAsks(t *testing.T) {
	for text, want := range map[string]bool{
		"why did the talks fail":            true,
		"And Russia?":                       true,
		"what about the envoys":             true,
		"so who signed":                     true,
		"tell me more about the sanctions":  true,
		"list the reasons":                  true,
		"is that so? ":                      true,
		"(is it true?)":                     true,
		"how kind of you":                   false,
		"what a week!":                      false,
		"what we need is a break":           false,
		"when I am home I shall read it":    false,
		"show up tomorrow":                  false,
		"will do":                           false,
		"have a nice weekend":               false,
		"thanks":                            false,
		"great work, this is what I wanted": false,
		"who knows":                         false,
		"":                                  false,
	} {
		if got := asks(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestParseTopic(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for words, want := range map[string]string{
		"export controls since 30d":        "export controls 2026-10-23",
		"export controls since 30 days":    "export controls 2026-10-23",
		"export controls since 1 week":     "export controls 2026-11-15",
		"export controls since 2 Months":   "export controls 2026-09-22",
		"export controls since 2026-11-01": "export controls 2026-11-01",
		"life since independence":          "life since independence 0001-01-01",
		"x since 30 fortnights":            "refused",
		"x since 30s":                      "refused",
	} {
		topic, since, err := parseTopic(words, now)
		got := topic + " " + since.Format(time.DateOnly)
		if err != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
}

func TestParseWords(t *testing.T) {
	for text, want := range map[string]command{
		"why did the talks fail?":        {commandAsk, "why did the talks fail?", true},
		"!ask why?":                      {commandAsk, "why?", false},
		"ask who signed":                 {commandAsk, "who signed", true},
		"brief  export controls":         {commandBrief, "export controls", true},
		"Brief summary of the pact?":     {commandAsk, "Brief summary of the pact?", true},
		"/briefings":                     {commandBriefings, "", false},
		"briefings add x daily at 09:00": {commandBriefings, "add x daily at 09:00", true},
		"briefings were held in May":     {commandAsk, "briefings were held in May", true},
		"sources":                        {commandSources, "", true},
		"sources of conflict":            {commandAsk, "sources of conflict", true},
		"cite 2 apa":                     {commandCite, "2 apa", true},
		"cite [2]":                       {commandCite, "[2]", true},
		"cite the pact":                  {commandAsk, "cite the pact", true},
		"more":                           {commandMore, "", true},
		"Why this?":                      {commandWhy, "", true},
		"help":                           {commandHelp, "", true},
		"\u00a0":                         {commandHelp, "", true},
		"!unknown thing":                 {commandAsk, "!unknown thing", true},
		"brief":                          {commandAsk, "brief", true},
		"cite\n1":                        {commandCite, "1", true},
	} {
		if got := parseWords(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func FuzzParseWords(f *testing.F) {
	for _, s := range []string{"brief x since 30d", "cite 1 apa", "!", "/", "briefings add", "since 1d", "\xff\x00", "brief since"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := parseWords(s)
		if c.name == "" {
			t.Errorf("%q is nothing", s)
		}
		asks(s)
	})
}
