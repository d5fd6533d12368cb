package schedule

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"briefdesk/briefs"
)

// Desk lets those who sit in a room manage its briefings. A room sees and
// changes its own alone.
type Desk struct {
	ledger Ledger
	may    func(room briefs.RoomID, who string) bool
}

// NewDesk returns a Desk; may says who may change the briefings of a room.
func NewDesk(ledger Ledger, may func(room briefs.RoomID, who string) bool) *Desk {
	return &Desk{ledger: ledger, may: may}
}

// MadeIn is the id of a schedule that a room made under name.
func MadeIn(room briefs.RoomID, name string) briefs.ScheduleID {
	return briefs.ScheduleID(name + "@" + string(room))
}

// Name is what a room calls one of its schedules.
func Name(s briefs.Schedule) string {
	if s.Made {
		return strings.TrimSuffix(string(s.ID), "@"+string(s.Room))
	}
	return string(s.ID)
}

// longestTopic bounds a topic, in bytes.
const longestTopic = 200

// ParseRequest reads what a room asks for, "cyber every monday 09:00
// Europe/Berlin": topics, separated by commas, and when. Quotation marks keep
// words together that could be taken for a time. It returns ErrInvalid.
func ParseRequest(words string) (topics []string, spec *Spec, err error) {
	if rest, quoted := strings.CutPrefix(strings.TrimSpace(words), `"`); quoted {
		topic, when, closed := strings.Cut(rest, `"`)
		if !closed {
			return nil, nil, briefs.Fault(briefs.ErrInvalid, `%q: the quotation mark is not closed`, words)
		}
		topics = []string{topic}
		spec, err = Parse(when, "", false)
	} else {
		fields := strings.Fields(words)
		var n int
		n, spec, err = splitRequest(fields)
		topics = strings.Split(strings.Join(fields[:n], " "), ",")
	}
	if err == nil {
		topics, err = topicsOf(topics)
	}
	if err != nil {
		return nil, nil, err
	}
	return topics, spec, nil
}

// topicsOf are topics as they are kept, with single spaces. It returns
// ErrInvalid.
func topicsOf(written []string) ([]string, error) {
	topics := make([]string, len(written))
	for i, topic := range written {
		topics[i] = strings.Join(strings.Fields(topic), " ")
		switch {
		case topics[i] == "" || strings.ContainsFunc(topics[i], unicode.IsControl):
			return nil, briefs.Fault(briefs.ErrInvalid, "a topic is empty: write words, or collection:NAME")
		case len(topics[i]) > longestTopic:
			return nil, briefs.Fault(briefs.ErrInvalid, "a topic of %d characters is too long: write a few words", len(topics[i]))
		}
	}
	if len(topics) == 0 {
		return nil, briefs.Fault(briefs.ErrInvalid, "no topic is named: write words, or collection:NAME")
	}
	return topics, nil
}

// splitRequest tells where the topic ends, and reads when it is wanted: the
// longest end that can be read so. What begins like a time before it would be
// a slip of the pen, unless an "every" follows.
func splitRequest(fields []string) (n int, spec *Spec, err error) {
	for i, word := range fields {
		strong := strings.EqualFold(word, "every") || strings.EqualFold(word, "each")
		dated := monthWords[strings.ToLower(word)] != 0 && i+1 < len(fields) && dayPattern.MatchString(strings.ToLower(fields[i+1])) // "march 15"
		if !beginsTime(word) && !dated || (i == 0 && !strong) {
			continue
		}
		found, fault := Parse(strings.Join(fields[i:], " "), "", false)
		switch {
		case fault == nil && i == 0:
			return 0, nil, briefs.Fault(briefs.ErrInvalid, `%q names no topic: write for example: cyber %s`, strings.Join(fields, " "), found)
		case fault == nil && (err == nil || strong):
			return i, found, nil
		case fault != nil && (err == nil || strong):
			err = fault
		}
		if strong {
			break
		}
	}
	if err == nil {
		err = briefs.Fault(briefs.ErrInvalid, `%q says no time: write a topic and a time, such as: cyber every monday 09:00 Europe/Berlin`, strings.Join(fields, " "))
	}
	return 0, nil, err
}

// dayPattern is a day of a month behind its name.
var dayPattern = regexp.MustCompile(`^\d{1,2}(?:st|nd|rd|th)?,?$`)

// beginsTime reports whether a word is where a person would begin to say when.
func beginsTime(word string) bool {
	w := strings.ToLower(strings.TrimSuffix(word, ","))
	day, _, _ := strings.Cut(strings.ReplaceAll(w, "–", "-"), "-")
	return slices.Contains([]string{
		"every", "each", "daily", "hourly", "weekly", "monthly", "biweekly", "fortnightly", "quarterly", "today", "tonight",
		"tomorrow", "weekdays", "workdays", "weekends", "on", "at", "noon", "midnight",
	}, w) ||
		strings.HasPrefix(w, "@") || clockPattern.MatchString(w) || strings.Trim(w, "0123456789*/,-") == "" || ordinalWords[w] != 0 || ordinalPattern.MatchString(w) ||
		weekdayWords[day] != 0 || weekdayWords[strings.TrimSuffix(w, "s")] != 0
}

// Add makes a schedule of room out of what who wrote; see ParseRequest. One of
// the same topics is changed. It returns ErrInvalid, also for one who may not.
func (d *Desk) Add(ctx context.Context, room briefs.RoomID, who, words string, now time.Time) (briefs.Schedule, *Spec, error) {
	if err := d.allowed(room, who); err != nil {
		return briefs.Schedule{}, nil, err
	}
	topics, spec, err := ParseRequest(words)
	if err != nil {
		return briefs.Schedule{}, nil, err
	}
	return d.put(ctx, room, briefs.Schedule{Topics: topics}, spec, now)
}

// Put is Add for what was filled into a form: of s the topics, when, the zone
// and the policies count; empty policies are the usual ones.
func (d *Desk) Put(ctx context.Context, room briefs.RoomID, who string, s briefs.Schedule, now time.Time) (briefs.Schedule, *Spec, error) {
	if err := d.allowed(room, who); err != nil {
		return briefs.Schedule{}, nil, err
	}
	topics, err := topicsOf(s.Topics)
	if err != nil {
		return briefs.Schedule{}, nil, err
	}
	spec, err := Parse(s.When, s.Zone, false)
	if err != nil {
		return briefs.Schedule{}, nil, err
	}
	return d.put(ctx, room, briefs.Schedule{Topics: topics, Quiet: s.Quiet, CatchUp: s.CatchUp}, spec, now)
}

func (d *Desk) put(ctx context.Context, room briefs.RoomID, s briefs.Schedule, spec *Spec, now time.Time) (briefs.Schedule, *Spec, error) {
	s.ID = MadeIn(room, strings.ToLower(strings.Join(s.Topics, ", ")))
	s.Room, s.When, s.Zone, s.Made = room, spec.String(), spec.Zone(), true
	s.Quiet, s.CatchUp = cmp.Or(s.Quiet, briefs.QuietSay), cmp.Or(s.CatchUp, briefs.CatchUpLatest)
	return s, spec, d.ledger.PutSchedule(ctx, s, now)
}

// List is the schedules of room, by name.
func (d *Desk) List(ctx context.Context, room briefs.RoomID) ([]briefs.Schedule, error) {
	all, err := d.ledger.Schedules(ctx)
	return slices.DeleteFunc(all, func(s briefs.Schedule) bool { return s.Room != room }), err
}

// Find is one of the schedules of room, by the name that the room calls it. It
// returns ErrNotFound, alike for another room's and for none.
func (d *Desk) Find(ctx context.Context, room briefs.RoomID, name string) (briefs.Schedule, error) {
	all, err := d.List(ctx, room)
	if err != nil {
		return briefs.Schedule{}, err
	}
	var names []string
	for _, s := range all {
		if strings.EqualFold(Name(s), strings.TrimSpace(name)) {
			return s, nil
		}
		names = append(names, Name(s))
	}
	mend := "this room has none"
	if len(names) > 0 {
		mend = "there are " + strings.Join(names, "; ")
	}
	return briefs.Schedule{}, briefs.Fault(briefs.ErrNotFound, "no briefing is named %q: %s", name, mend)
}

// Pause stops a schedule until it is resumed.
func (d *Desk) Pause(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	s, err := d.find(ctx, room, who, name)
	if err != nil {
		return err
	}
	_, err = d.ledger.PauseSchedule(ctx, s.ID, "by "+who, now)
	return err
}

// Resume lets a paused schedule go on.
func (d *Desk) Resume(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	s, err := d.find(ctx, room, who, name)
	if err != nil {
		return err
	}
	_, err = d.ledger.ResumeSchedule(ctx, s.ID, now)
	return err
}

// Delete forgets a schedule that the room made. It returns ErrInvalid for one
// of the configuration.
func (d *Desk) Delete(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error {
	s, err := d.find(ctx, room, who, name)
	if err != nil {
		return err
	}
	if !s.Made {
		return briefs.Fault(briefs.ErrInvalid, "briefing %s stands in the configuration: pause it, or ask the operator to take it out there", s.ID)
	}
	return d.ledger.DeleteSchedule(ctx, s.ID, now)
}

// find is Find for who wants to change it.
func (d *Desk) find(ctx context.Context, room briefs.RoomID, who, name string) (briefs.Schedule, error) {
	if err := d.allowed(room, who); err != nil {
		return briefs.Schedule{}, err
	}
	return d.Find(ctx, room, name)
}

func (d *Desk) allowed(room briefs.RoomID, who string) error {
	if d.may(room, who) {
		return nil
	}
	return briefs.Fault(briefs.ErrInvalid, "only admins may change the briefings of this room: ask one of them")
}
