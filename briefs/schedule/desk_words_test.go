package schedule

import (
	"strings"
	"testing"
)

// What a room writes is not taken for a part of its topic when it says when.
func TestParseRequestTellsTopicAndTime(t *testing.T) {
	for words, want := range map[string]string{
		"cyber weekdays 9:30":                 "cyber; every weekday at 09:30",
		"cyber march 15 9:00":                 "cyber; 15th day of March at 09:00",
		"feb 29 9:00":                         "fault",
		"the march on rome every monday 9":    "the march on rome; every Monday at 09:00",
		"cyber biweekly monday 9:00":          "fault",
		"cyber tomorrow 9:00":                 "fault",
		"quarterly results every monday 9:00": "quarterly results; every Monday at 09:00",
	} {
		got := "fault"
		if topics, spec, err := ParseRequest(words); err == nil {
			got = strings.Join(topics, ", ") + "; " + spec.String()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
}
