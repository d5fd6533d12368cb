package chart

import (
	"fmt"
	"strings"
	"time"
)

// Alt says in words what the picture shows: the window, the total, each
// group, the busiest week and the empty ones.
func (t *Tally) Alt() string {
	if len(t.Weeks) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Documents published per week by %s, %s: %s.", t.By, t.span(), plural(t.Total(), "document"))
	if t.Total() > 0 {
		var parts []string
		for _, g := range t.Groups {
			parts = append(parts, fmt.Sprintf("%s %d", t.name(g), g.Total))
		}
		fmt.Fprintf(&b, " %s.", strings.Join(parts, ", "))
		b.WriteString(t.extremes())
	}
	if t.Earlier > 0 {
		fmt.Fprintf(&b, " Of earlier weeks, and not drawn: %d.", t.Earlier)
	}
	if t.Undated > 0 {
		fmt.Fprintf(&b, " Without an exact date, and not drawn: %d.", t.Undated)
	}
	return b.String()
}

// extremes names the busiest week, the first of several, and counts the
// empty ones.
func (t *Tally) extremes() string {
	busiest, empty := 0, 0
	for i := range t.Weeks {
		if t.week(i) > t.week(busiest) {
			busiest = i
		}
		if t.week(i) == 0 {
			empty++
		}
	}
	if len(t.Weeks) < 2 {
		return ""
	}
	text := fmt.Sprintf(" Most in the week of %s: %d.", long(t.Weeks[busiest]), t.week(busiest))
	if empty > 0 {
		text += fmt.Sprintf(" None in %s.", plural(empty, "week"))
	}
	return text
}

// span is the weeks from the first Monday to the last Sunday.
func (t *Tally) span() string {
	return long(t.Weeks[0]) + " to " + long(t.Weeks[len(t.Weeks)-1].AddDate(0, 0, 6))
}

func (t *Tally) name(g Group) string {
	switch {
	case g.Others:
		return "others"
	case g.Name == "":
		return "no " + string(t.By)
	}
	return g.Name
}

func long(t time.Time) string { return t.Format("2 January 2006") }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
