package briefs_test

import (
	"testing"
	"time"

	"briefdesk/briefs"
)

func TestAge(t *testing.T) {
	day := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		date briefs.Date
		want string
	}{
		{"2014-04-10", "12 years old"},
		{"2024-11-20", "2 years old"},
		{"2024-11-21", "23 months old"},
		{"2026-10-20", "1 month old"},
		{"2026-10-21", "30 days old"},
		{"2026-11-19", "1 day old"},
		{"2026-11-20", "today"},
		{"2026-11-21", ""},
		{"2026-11", ""},
		{"2026-10", "1 month old"},
		{"2026", ""},
		{"2025", "1 year old"},
		{"2027", ""},
		{"", ""},
		{"soon", ""},
	} {
		if got := test.date.Age(day); got != test.want {
			t.Errorf("%q.Age = %q, want %q", test.date, got, test.want)
		}
	}
}
