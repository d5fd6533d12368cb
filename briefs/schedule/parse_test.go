package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// Thursday; a year with 29 February follows in 2028.
var start = time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)

func locals(slots []briefs.Slot) string {
	var all []string
	for _, s := range slots {
		all = append(all, s.Local)
	}
	return strings.Join(all, " ")
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ when, zone, want, next string }{
		{"0 9 * * MON", "Europe/Berlin", "0 9 * * MON", "2026-11-23T09:00 2026-11-30T09:00 2026-12-07T09:00"},
		{" 0  9 * *\tMON ", "europe/berlin", "0 9 * * MON", "2026-11-23T09:00 2026-11-30T09:00 2026-12-07T09:00"},
		{"@daily", "", "@daily", "2026-11-20T00:00 2026-11-21T00:00 2026-11-22T00:00"},
		{"@Monthly", "", "@Monthly", "2026-12-01T00:00 2027-01-01T00:00 2027-02-01T00:00"},
		{"0 12 29 2 *", "", "0 12 29 2 *", "2028-02-29T12:00 2032-02-29T12:00 2036-02-29T12:00"},
		{"0 9 30 2 MON", "", "0 9 30 2 MON", "2027-02-01T09:00 2027-02-08T09:00 2027-02-15T09:00"},

		{"every monday 09:00 Europe/Berlin", "", "every Monday at 09:00", "2026-11-23T09:00 2026-11-30T09:00 2026-12-07T09:00"},
		{"Mondays at 9 in Europe/Berlin time", "Europe/Berlin", "every Monday at 09:00", "2026-11-23T09:00 2026-11-30T09:00 2026-12-07T09:00"},
		{"every week on monday, 9am", "", "every Monday at 09:00", "2026-11-23T09:00 2026-11-30T09:00 2026-12-07T09:00"},
		{"monday 9 america/new york", "", "every Monday at 09:00", "2026-11-23T09:00 2026-11-30T09:00 2026-12-07T09:00"},
		{"first weekday of the month 08:30", "", "1st weekday of the month at 08:30", "2026-12-01T08:30 2027-01-01T08:30 2027-02-01T08:30"},
		{"the first working day of every month at 8.30", "", "1st weekday of the month at 08:30", "2026-12-01T08:30 2027-01-01T08:30 2027-02-01T08:30"},
		{"every weekday 8:00", "", "every weekday at 08:00", "2026-11-20T08:00 2026-11-23T08:00 2026-11-24T08:00"},
		{"weekdays 8h30", "", "every weekday at 08:30", "2026-11-20T08:30 2026-11-23T08:30 2026-11-24T08:30"},
		{"mon-fri 8:00", "", "every weekday at 08:00", "2026-11-20T08:00 2026-11-23T08:00 2026-11-24T08:00"},
		{"friday to monday at noon", "", "every Monday and Friday and Saturday and Sunday at 12:00", "2026-11-20T12:00 2026-11-21T12:00 2026-11-22T12:00"},
		{"mon, wed and fri 9:15 pm", "", "every Monday and Wednesday and Friday at 21:15", "2026-11-20T21:15 2026-11-23T21:15 2026-11-25T21:15"},
		{"daily at 9", "", "every day at 09:00", "2026-11-20T09:00 2026-11-21T09:00 2026-11-22T09:00"},
		{"09:00", "", "every day at 09:00", "2026-11-20T09:00 2026-11-21T09:00 2026-11-22T09:00"},
		{"every day at 9 and 17:30 and 12 am", "", "every day at 00:00 and 09:00 and 17:30", "2026-11-19T17:30 2026-11-20T00:00 2026-11-20T09:00"},
		{"every 2nd tuesday 10:00", "", "2nd Tuesday of the month at 10:00", "2026-12-08T10:00 2027-01-12T10:00 2027-02-09T10:00"},
		{"2nd and 4th tuesday of the month 10:00", "", "2nd and 4th Tuesday of the month at 10:00", "2026-11-24T10:00 2026-12-08T10:00 2026-12-22T10:00"},
		{"last friday of the month at midnight", "", "last Friday of the month at 00:00", "2026-11-27T00:00 2026-12-25T00:00 2027-01-29T00:00"},
		{"last day of the month 23:59", "", "last day of the month at 23:59", "2026-11-30T23:59 2026-12-31T23:59 2027-01-31T23:59"},
		{"fifth friday of the month 9:00", "", "5th Friday of the month at 09:00", "2027-01-29T09:00 2027-04-30T09:00 2027-07-30T09:00"},
		{"1st and 15th of the month 7:00", "", "1st and 15th day of the month at 07:00", "2026-12-01T07:00 2026-12-15T07:00 2027-01-01T07:00"},
		{"on the 31st at 7:00", "", "31st day of the month at 07:00", "2026-12-31T07:00 2027-01-31T07:00 2027-03-31T07:00"},
		{"29 february 9:00", "", "29th day of February at 09:00", "2028-02-29T09:00 2032-02-29T09:00 2036-02-29T09:00"},
		{"march 15 at 9", "", "15th day of March at 09:00", "2027-03-15T09:00 2028-03-15T09:00 2029-03-15T09:00"},
		{"first monday of january and july 9:00", "", "1st Monday of January and July at 09:00", "2027-01-04T09:00 2027-07-05T09:00 2028-01-03T09:00"},
		{"every monday in june 9:00", "", "every Monday of June at 09:00", "2027-06-07T09:00 2027-06-14T09:00 2027-06-21T09:00"},
		{"weekends 10:00", "", "every weekend day at 10:00", "2026-11-21T10:00 2026-11-22T10:00 2026-11-28T10:00"},
		{"every 15 minutes", "", "every day every 15 minutes", "2026-11-19T12:15 2026-11-19T12:30 2026-11-19T12:45"},
		{"every 6 hours on weekdays", "", "every weekday every 6 hours", "2026-11-19T18:00 2026-11-20T00:00 2026-11-20T06:00"},
		{"hourly UTC", "", "every day every 1 hours", "2026-11-19T13:00 2026-11-19T14:00 2026-11-19T15:00"},
	} {
		s, err := schedule.Parse(test.when, test.zone, false)
		if err != nil {
			t.Errorf("%q: %v", test.when, err)
			continue
		}
		if s.String() != test.want {
			t.Errorf("%q means %q, want %q", test.when, s, test.want)
		}
		if got := locals(s.Next(start, 3)); got != test.next {
			t.Errorf("%q: next %s, want %s", test.when, got, test.next)
		}
		again, err := schedule.Parse(s.String(), s.Zone(), false)
		if err != nil || again.String() != s.String() || locals(again.Next(start, 9)) != locals(s.Next(start, 9)) {
			t.Errorf("%q is read back as %v, %v", s, again, err)
		}
	}
	s, err := schedule.Parse("every monday 09:00 Europe/Berlin", "", false)
	if err != nil || s.Zone() != "Europe/Berlin" {
		t.Fatal(s, err)
	}
	if got, want := s.Next(start, 1)[0].At, time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("at %s, want %s", got, want)
	}
}

func TestParseFaults(t *testing.T) {
	for _, test := range []struct{ when, zone, want string }{
		{"", "", `no time is given: write for example "every monday 09:00"`},
		{"0 9 * * MON", "Europe/Berln", `time zone "Europe/Berln" is unknown: did you mean Europe/Berlin?`},
		{"0 9 * * MON", "Berlin", `time zone "Berlin" is unknown: did you mean Europe/Berlin?`},
		{"0 9 * * MON", "Asia/Kolkatta", `did you mean Asia/Kolkata?`},
		{"0 9 * * MON", "Europe/New_York", `did you mean America/New_York?`},
		{"0 9 * * MON", "PST", `did you mean America/Los_Angeles?`},
		{"0 9 * * MON", "Local", `did you mean UTC?`},
		{"0 9 * * MON", "right/Europe/Berlin", `time zone "right/Europe/Berlin" is unknown: `},
		{"0 9 * * MON", "../../etc/passwd", `is unknown: write an IANA name such as Europe/Berlin`},
		{"0 9 30 2 *", "", `"0 9 30 2 *" never fires, for there is no such date: correct the day or the month`},
		{"0 9 31 4,6,9,11 *", "", `never fires`},
		{"every february 30 09:00", "", `"every february 30 09:00" never fires, for there is no such date: correct the day or the month`},
		{"31st of june 9:00", "", `never fires`},
		{"*/10 * * * *", "", `"*/10 * * * *" fires every 10 minutes: leave at least 15 minutes between two times, or set force: true`},
		{"* * * * *", "", `fires every minute: `},
		{"0,5 9 1 1 *", "", `fires every 5 minutes: `},
		{"0,55 0,23 * * *", "", `fires every 5 minutes: `},
		{"55 23 * * *", "", ``},
		{"*/14 * * * *", "", `fires every 4 minutes: `},
		{"every 5 minutes", "", `"every 5 minutes" fires every 5 minutes: `},
		{"daily at 9:00 and 9:10", "", `fires every 10 minutes: `},
		{"0 9 * *", "", `cron "0 9 * *": has 4 of the 5 fields minute, hour, day, month, weekday: write for example "0 9 * * MON"`},
		{"0 0 9 * * MON", "", `cron "0 0 9 * * MON": has 6 fields: leave out the seconds, which come first`},
		{"61 9 * * *", "", `cron "61 9 * * *": minute "61" is not right: write 0-59`},
		{"0 9 * * 7", "", `weekday "7" is not right: write 0-6 or SUN-SAT, and Sunday is 0`},
		{"0 9 * FOO *", "", `month "FOO" is not right: write 1-12 or JAN-DEC`},
		{"0 9 L * *", "", `day of the month "L" is not right: say it in words, such as "last friday of the month 09:00"`},
		{"0 9 , * *", "", `day of the month "," is not right: write 1-31`},
		{"*/0 9 * * *", "", `minute "*/0" is not right`},
		{"@every 1h", "", `cron "@every 1h": counts from the start of the program, not by the clock: write for example "every 2 hours"`},
		{"@reboot", "", `write @hourly, @daily, @weekly, @monthly or @yearly`},
		{"TZ=UTC 0 9 * * *", "", `"TZ=UTC 0 9 * * *": `},
		{"every mondy 09:00", "", `"every mondy 09:00": "mondy" is not understood: did you mean monday?`},
		{"evry monday 09:00", "", `did you mean every?`},
		{"every monday", "", `"every monday": names no time of day: add one, such as 09:00`},
		{"every monday 25:00", "", `25:00 is no time of day: the last is 23:59`},
		{"every monday 09:60", "", `09:60 is no time of day`},
		{"every monday 13pm", "", `is no time of day: write for example 9pm or 21:00`},
		{"first of the blue moon 9:00", "", `"blue" is not understood`},
		{"monthly 9:00", "", `names no day of the month`},
		{"weekly 9:00", "", `names no weekday`},
		{"every other tuesday 9:00", "", `every other week is not offered: write for example "1st and 3rd monday of the month 09:00"`},
		{"every 2 weeks on monday 9:00", "", `is not offered`},
		{"every 2nd day 9:00", "", `can be read in two ways: write "2nd day of the month"`},
		{"monday 9:00 and thursday 14:00", "", `make a schedule for each time`},
		{"9am monday 2pm", "", `make a schedule for each time`},
		{"second last friday 9:00", "", `can be read in two ways`},
		{"friday the 13th 9:00", "", `can be read in two ways`},
		{"monday 13pm", "", `13pm is no time of day: write`},
		{"monday 9:00 GMT+2", "", `time zone "GMT+2" is unknown: write an IANA name such as Europe/Berlin`},
		{"every 45 minutes", "", `does not divide the hour or the day evenly`},
		{"every 2 hours at 9:00", "", `names a time and an interval: leave one out`},
		{"32nd of the month 9:00", "", `32nd is no day of a month: write 1st to 31st`},
		{"monday to never 9:00", "", `"never" is no weekday`},
		{"every monday 09:00 Europe/Berln", "", `time zone "Europe/Berln" is unknown: did you mean Europe/Berlin?`},
		{"every monday 09:00 Europe/Berlin", "Asia/Tokyo", `names the time zone Europe/Berlin, and zone is Asia/Tokyo: leave one out`},
		{"every monday 09:00 Europe/Berlin please", "", `"please" after the time zone is not understood: end with the zone`},
		{"UTC", "", `names no day`},
	} {
		_, err := schedule.Parse(test.when, test.zone, false)
		if test.want == "" {
			if err != nil {
				t.Errorf("%q: %v", test.when, err)
			}
			continue
		}
		if !errors.Is(err, briefs.ErrInvalid) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q %q: %v\nwant %s", test.when, test.zone, err, test.want)
		}
	}
	if s, err := schedule.Parse("* * * * *", "", true); err != nil || locals(s.Next(start, 2)) != "2026-11-19T12:01 2026-11-19T12:02" {
		t.Errorf("forced: %v, %v", s, err)
	}
}

// TestWordsAreReadBack draws plain words, and reads what they mean again.
func TestWordsAreReadBack(t *testing.T) {
	ordinals := []string{"first", "2nd", "third", "4th", "last", "1st and 3rd"}
	weekdays := []string{"monday", "Tuesday", "wed", "thu", "friday", "saturday", "sun", "weekday", "day"}
	rapid.Check(t, func(t *rapid.T) {
		when := rapid.SampledFrom([]string{
			"every " + rapid.SampledFrom(weekdays).Draw(t, "day"),
			rapid.SampledFrom(ordinals).Draw(t, "nth") + " " + rapid.SampledFrom(weekdays).Draw(t, "unit") + " of the month",
			rapid.SampledFrom(ordinals).Draw(t, "nth of may") + " " + rapid.SampledFrom(weekdays).Draw(t, "unit of may") + " of may",
			"the 15th of the month and every " + rapid.SampledFrom(weekdays[:7]).Draw(t, "besides"),
		}).Draw(t, "days")
		for i := range rapid.IntRange(1, 2).Draw(t, "times") {
			hour := rapid.IntRange(0, 11).Draw(t, "hour") + 12*i
			when += " " + time.Date(2026, 1, 1, hour, 30*i, 0, 0, time.UTC).Format("15:04")
		}
		s, err := schedule.Parse(when, "Europe/Paris", true)
		if err != nil {
			t.Fatalf("%q: %v", when, err)
		}
		again, err := schedule.Parse(s.String(), "Europe/Paris", true)
		if err != nil || again.String() != s.String() || locals(again.Next(start, 40)) != locals(s.Next(start, 40)) {
			t.Fatalf("%q means %q, which is read back as %v, %v", when, s, again, err)
		}
	})
}

// FuzzParse gives any words: they are refused as not valid, or mean a schedule
// whose slots come in order.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"0 9 * * MON", "every monday 09:00 Europe/Berlin", "first weekday of the month 08:30", "@daily", "TZ=", "*/7 , 31 2 L", "march 31 at 9pm"} {
		f.Add(s, "Europe/Berlin")
	}
	f.Fuzz(func(t *testing.T, when, zone string) {
		if topics, spec, err := schedule.ParseRequest(when); (err == nil) != (len(topics) > 0 && spec != nil) {
			t.Fatalf("%q is read as %q, %v, %v", when, topics, spec, err)
		}
		s, err := schedule.Parse(when, zone, true)
		if err != nil {
			if !errors.Is(err, briefs.ErrInvalid) {
				t.Fatalf("%q: %v has no kind", when, err)
			}
			return
		}
		last := start
		for _, slot := range s.Next(start, 20) {
			if !slot.At.After(last) {
				t.Fatalf("%q: %s is not after %s", when, slot.At, last)
			}
			last = slot.At
		}
	})
}
