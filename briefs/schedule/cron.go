package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"briefdesk/briefs"
)

// cronRule is a cron expression.
type cronRule struct{ schedule cron.Schedule }

func (r cronRule) next(wall time.Time) time.Time { return r.schedule.Next(wall) }

// cronFields are the fields in order and what each may hold.
var cronFields = []struct{ name, choice string }{
	{"minute", "0-59"},
	{"hour", "0-23"},
	{"day of the month", "1-31"},
	{"month", "1-12 or JAN-DEC"},
	{"weekday", "0-6 or SUN-SAT, and Sunday is 0"},
}

// isCron tells an expression from words: it begins with @, or its first two
// fields hold no letter and the others no long word.
func isCron(when string) bool {
	if when[0] == '@' {
		return true
	}
	fields := strings.Fields(when)
	for i := range min(2, len(fields)) {
		if strings.Trim(fields[i], "0123456789*/,-?") != "" {
			return false
		}
	}
	for part := range strings.FieldsFuncSeq(when, func(r rune) bool { return strings.ContainsRune(" ,-/", r) }) {
		if len(part) > len("MON") && strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return len(fields) > 1 || strings.ContainsAny(when, "*/")
}

// parseCron reads an expression of five fields or a descriptor. It returns
// ErrInvalid.
func parseCron(when string) (rule, error) {
	fault := func(format string, args ...any) (rule, error) {
		return nil, briefs.Fault(briefs.ErrInvalid, "cron %q: %s", when, fmt.Sprintf(format, args...))
	}
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	if when[0] == '@' {
		when = strings.ToLower(when)
		if strings.HasPrefix(when, "@every") {
			return fault(`counts from the start of the program, not by the clock: write for example "every 2 hours"`)
		}
		s, err := parser.Parse(when)
		if err != nil {
			return fault("is no known word: write @hourly, @daily, @weekly, @monthly or @yearly")
		}
		return cronRule{s}, nil
	}
	fields := strings.Fields(when)
	switch {
	case len(fields) == len(cronFields)+1:
		return fault("has 6 fields: leave out the seconds, which come first")
	case len(fields) != len(cronFields):
		return fault(`has %d of the 5 fields minute, hour, day, month, weekday: write for example "0 9 * * MON"`, len(fields))
	}
	for i, f := range fields {
		alone := []string{"*", "*", "*", "*", "*"}
		alone[i] = f
		_, err := parser.Parse(strings.Join(alone, " "))
		if empty := strings.Trim(f, ",") == ""; err == nil && !empty {
			continue
		}
		mend := "write " + cronFields[i].choice
		if strings.ContainsAny(f, "LW#") {
			mend = `say it in words, such as "last friday of the month 09:00"`
		}
		return fault("%s %q is not right: %s", cronFields[i].name, f, mend)
	}
	s, err := parser.Parse(when)
	if err != nil { // each field alone was right
		return fault("%v", err)
	}
	return cronRule{s}, nil
}
