package schedule

import (
	"strconv"
	"strings"
)

// number reads a time of day, or how many minutes or hours, or the day of a
// month that follows it.
func (r *wordReader) number(w string) error {
	part := clockPattern.FindStringSubmatch(w)
	n, err := strconv.Atoi(part[1])
	if err != nil {
		return r.fault("%s is no time of day: write for example 09:00", w)
	}
	half := part[3]
	if next := r.peek(0); half == "" && (next == "am" || next == "pm") {
		r.i++
		half = next
	}
	if bare := part[2] == "" && half == "" && !strings.HasSuffix(w, "h"); bare {
		switch next := strings.TrimSuffix(r.peek(0), "s"); next {
		case "minute", "min":
			r.i++
			return r.interval(n)
		case "hour":
			r.i++
			return r.interval(n * 60)
		case "day", "weekday", "week":
			return r.fault(`"every %s %ss" is not offered: name the days, such as "monday and thursday 09:00"`, w, next)
		}
		if half == "" && (monthWords[r.peek(0)] != 0 || (r.peek(0) == "of" && monthWords[r.peek(1)] != 0)) {
			return r.day(w + "th")
		}
	}
	minute := 0
	if part[2] != "" {
		if minute, err = strconv.Atoi(part[2]); err != nil || minute > 59 {
			return r.fault("%s is no time of day: write for example 09:00", w)
		}
	}
	switch {
	case half != "" && (n < 1 || n > 12):
		return r.fault("%s is no time of day: write for example 9pm or 21:00", strings.TrimSuffix(w, half)+half)
	case half == "pm" && n < 12:
		n += 12
	case half == "am" && n == 12:
		n = 0
	}
	if n > 23 {
		return r.fault("%s is no time of day: the last is 23:59", w)
	}
	return r.minute(n*60 + minute)
}

// minute adds a minute of the day.
func (r *wordReader) minute(m int) error {
	if r.c.every != 0 {
		return r.fault("names a time and an interval: leave one out")
	}
	r.c.minutes = append(r.c.minutes, m)
	return r.turn('t')
}

// interval spreads minutes over the day.
func (r *wordReader) interval(minutes int) error {
	const day = 24 * 60
	if len(r.c.minutes) > 0 {
		return r.fault("names a time and an interval: leave one out")
	}
	if minutes < 1 || minutes >= day || (minutes < 60 && 60%minutes != 0) || (minutes > 60 && (minutes%60 != 0 || day%minutes != 0)) {
		return r.fault("does not divide the hour or the day evenly: write 15, 20 or 30 minutes, or 1, 2, 3, 4, 6, 8 or 12 hours")
	}
	r.c.every = minutes
	for m := 0; m < day; m += minutes {
		r.c.minutes = append(r.c.minutes, m)
	}
	return nil
}
