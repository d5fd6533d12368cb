package briefs

import (
	"fmt"
	"time"
)

// Date is a publication date as precise as it is known: "2006-01-02",
// "2006-01", "2006", or empty when unknown. Dates compare as strings within
// one precision; use Bounds to compare across precisions.
type Date string

// ParseDate reads one of the forms of Date. It returns ErrInvalid otherwise.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return "", nil
	}
	for _, layout := range [...]string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return Date(s), nil
		}
	}
	return "", fmt.Errorf("date %q: %w: write YYYY-MM-DD, YYYY-MM or YYYY", s, ErrInvalid)
}

// Bounds returns the first and the last day that d can mean, UTC midnight.
// ok is false when d is empty or malformed.
func (d Date) Bounds() (first, last time.Time, ok bool) {
	switch len(d) {
	case 4:
		t, err := time.Parse("2006", string(d))
		return t, t.AddDate(1, 0, -1), err == nil
	case 7:
		t, err := time.Parse("2006-01", string(d))
		return t, t.AddDate(0, 1, -1), err == nil
	case 10:
		t, err := time.Parse("2006-01-02", string(d))
		return t, t, err == nil
	}
	return time.Time{}, time.Time{}, false
}

// Long writes d for a reader: "10 April 2014", "April 2014", "2014", or "".
func (d Date) Long() string {
	t, _, ok := d.Bounds()
	if !ok {
		return ""
	}
	switch len(d) {
	case 4:
		return t.Format("2006")
	case 7:
		return t.Format("January 2006")
	}
	return t.Format("2 January 2006")
}

// Age says for a reader how old a publication of d is at now, no finer than its
// date is known; "" when the date is unknown or still to come.
func (d Date) Age(now time.Time) string {
	_, last, ok := d.Bounds()
	if !ok || now.Before(last) && len(d) == len("2006-01-02") {
		return ""
	}
	now = now.UTC()
	months := (now.Year()-last.Year())*12 + int(now.Month()) - int(last.Month())
	if len(d) == len("2006-01-02") && now.Day() < last.Day() {
		months--
	}
	days := int(now.Sub(last).Hours() / 24)
	switch {
	case len(d) == len("2006"):
		return old(now.Year()-last.Year(), "year")
	case months >= 24:
		return old(months/12, "year")
	case months >= 1:
		return old(months, "month")
	case len(d) == len("2006-01"):
		return ""
	case days == 0:
		return "today"
	}
	return old(days, "day")
}

func old(n int, unit string) string {
	switch {
	case n < 1:
		return ""
	case n == 1:
		return "1 " + unit + " old"
	}
	return fmt.Sprintf("%d %ss old", n, unit)
}
