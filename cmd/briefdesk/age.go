package main

import (
	"fmt"
	"time"

	"briefdesk/briefs"
)

// age says for a reader how old a publication is at now, no finer than its
// date is known; "" when the date is unknown or still to come.
func age(d briefs.Date, now time.Time) string {
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
