package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// The fields of the form of a briefing: each is the id of its block and of its
// element.
const (
	fieldTopics  = "topics"
	fieldOften   = "often"
	fieldDays    = "days"
	fieldTime    = "time"
	fieldZone    = "zone"
	fieldWords   = "words"
	fieldQuiet   = "quiet"
	fieldCatchUp = "catch_up"
)

// weekdays are the days that can be picked, as the scheduler writes them.
var weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// How often, and the words of the scheduler for it.
const (
	oftenWeek  = "week"
	oftenFirst = "first"
	oftenLast  = "last"
)

// picked is when a briefing comes, as pickers show it.
type picked struct {
	often string
	days  []string // of weekdays
	clock string   // "09:00"
	words string   // instead of the three, where pickers cannot show it
}

// pick reads what the scheduler keeps: "every Monday and Thursday at 07:15",
// "every weekday at 09:00", "1st Monday of the month at 09:00"; all else is
// left in words.
func pick(when string) picked {
	if when == "" {
		return picked{often: oftenWeek, days: []string{"Monday"}, clock: "09:00"}
	}
	inWords := picked{often: oftenWeek, words: when}
	days, clock, ok := strings.Cut(when, " at ")
	if !ok || len(clock) != len("09:00") || clock[2] != ':' {
		return inWords
	}
	p := picked{often: oftenWeek, clock: clock}
	if rest, monthly := strings.CutSuffix(days, " of the month"); monthly {
		nth, day, _ := strings.Cut(rest, " ")
		p.often = map[string]string{"1st": oftenFirst, "first": oftenFirst, "last": oftenLast}[nth]
		p.days = []string{day}
	} else if days, ok = strings.CutPrefix(days, "every "); ok {
		switch days {
		case "day":
			p.days = weekdays
		case "weekday":
			p.days = weekdays[:5]
		case "weekend", "weekend day":
			p.days = weekdays[5:]
		default:
			p.days = strings.Split(strings.ReplaceAll(days, " and ", ", "), ", ")
		}
	}
	if p.often == "" || len(p.days) == 0 || slices.ContainsFunc(p.days, func(d string) bool { return !slices.Contains(weekdays, d) }) {
		return inWords
	}
	return p
}

// when is p in the words of the scheduler; the faults are lines by field.
func (p picked) when() (words string, faults map[string]string) {
	if p.words != "" {
		return p.words, nil
	}
	switch {
	case len(p.days) == 0:
		return "", map[string]string{fieldDays: "Choose a day, or say when in your own words."}
	case p.clock == "":
		return "", map[string]string{fieldTime: "Choose a time."}
	case p.often != oftenWeek && len(p.days) > 1:
		return "", map[string]string{fieldDays: "Choose one day, for a briefing each month."}
	}
	switch p.often {
	case oftenFirst, oftenLast:
		return p.often + " " + p.days[0] + " of the month " + p.clock, nil
	}
	if len(p.days) == len(weekdays) {
		return "every day " + p.clock, nil
	}
	return "every " + strings.Join(p.days, ", ") + " " + p.clock, nil
}

// formView is the form of a briefing: of s, or a new one where s is nil. zone
// is the one that is chosen unless s has one.
func formView(s *bot.Subscription, t ticket, zone string, key []byte) slack.ModalViewRequest {
	title, submit := "New briefing", "Add"
	now := briefs.Schedule{Zone: zone, Quiet: briefs.QuietSay, CatchUp: briefs.CatchUpLatest}
	if s != nil {
		title, submit, now, t.Mark = "Edit briefing", "Save", s.Schedule, nameMark(s.Name)
	}
	p := pick(now.When)

	topics := slack.NewPlainTextInputBlockElement(plain("export controls"), fieldTopics).WithMultiline(true).WithMaxLength(inputText)
	if all := strings.Join(now.Topics, "\n"); units(all) <= inputText {
		topics.InitialValue = all
	}
	topics.FocusOnLoad = s == nil

	days := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plain("Choose days"), fieldDays, options(weekdays)...)
	days.InitialOptions = options(p.days)
	clock := slack.NewTimePickerBlockElement(fieldTime)
	clock.InitialTime = p.clock
	zones := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Type a city, such as Berlin"), fieldZone)
	least := 0
	zones.MinQueryLength = &least
	if now.Zone != "" {
		zones.InitialOption = option(now.Zone, now.Zone)
	}
	words := slack.NewPlainTextInputBlockElement(plain("1st and 15th of the month 09:00"), fieldWords).WithMaxLength(inputText)
	words.InitialValue = p.words

	all := []slack.Block{
		whither(t.Who),
		input(fieldTopics, "Topics", "Words, or collection:NAME for all of a collection; one a line.", topics),
		input(fieldOften, "How often", "", chosen(fieldOften, p.often,
			oftenWeek, "Every week, on these days", oftenFirst, "Every month, on the first such day", oftenLast, "Every month, on the last such day")),
		input(fieldDays, "Days", "", days).WithOptional(true),
		input(fieldTime, "Time", "", clock).WithOptional(true),
		input(fieldZone, "Time zone", "Summer time is followed.", zones),
		input(fieldWords, "Or when, in your own words", "Takes the place of how often, days and time.", words).WithOptional(true),
		input(fieldQuiet, "When nothing is new", "", radios(fieldQuiet, string(now.Quiet),
			string(briefs.QuietSay), "Say so in one line", string(briefs.QuietSkip), "Post nothing")),
		input(fieldCatchUp, "When it was missed", "After an outage it is posted late, and says so.", chosen(fieldCatchUp, string(now.CatchUp),
			string(briefs.CatchUpLatest), "Post one briefing that covers all", string(briefs.CatchUpAll), "Post each one", string(briefs.CatchUpSkip), "Leave it out")),
	}
	return modal(callForm, title, submit, all, t.signed(key))
}

// formOf reads what was filled in; the faults are lines by field.
func formOf(state *slack.ViewState) (s briefs.Schedule, faults map[string]string) {
	get := func(field string) slack.BlockAction {
		if state == nil {
			return slack.BlockAction{}
		}
		return state.Values[field][field]
	}
	for line := range strings.Lines(get(fieldTopics).Value) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			s.Topics = append(s.Topics, line)
		}
	}
	p := picked{often: get(fieldOften).SelectedOption.Value, clock: get(fieldTime).SelectedTime, words: strings.TrimSpace(get(fieldWords).Value)}
	for _, day := range weekdays { // in the order of the week
		if slices.ContainsFunc(get(fieldDays).SelectedOptions, func(o slack.OptionBlockObject) bool { return o.Value == day }) {
			p.days = append(p.days, day)
		}
	}
	s.When, faults = p.when()
	s.Zone = get(fieldZone).SelectedOption.Value
	if p.words != "" { // they may name their own
		if fields := strings.Fields(p.words); strings.Contains(fields[len(fields)-1], "/") || strings.EqualFold(fields[len(fields)-1], "UTC") {
			s.Zone = ""
		}
	}
	s.Quiet, s.CatchUp = briefs.Quiet(get(fieldQuiet).SelectedOption.Value), briefs.CatchUp(get(fieldCatchUp).SelectedOption.Value)
	if !slices.Contains([]briefs.Quiet{"", briefs.QuietSay, briefs.QuietSkip}, s.Quiet) {
		s.Quiet = ""
	}
	if !slices.Contains([]briefs.CatchUp{"", briefs.CatchUpLatest, briefs.CatchUpAll, briefs.CatchUpSkip}, s.CatchUp) {
		s.CatchUp = ""
	}
	if len(s.Topics) == 0 {
		if faults == nil {
			faults = map[string]string{}
		}
		faults[fieldTopics] = "Write a topic."
	}
	return s, faults
}

// faultField is the field of the form that a line is about, as well as can be
// told.
func faultField(line string, s briefs.Schedule, inWords bool) string {
	low := strings.ToLower(line)
	switch {
	case strings.Contains(low, "time zone") && !inWords:
		return fieldZone
	case strings.Contains(low, "topic") || len(s.Topics) == 0:
		return fieldTopics
	case inWords:
		return fieldWords
	case strings.Contains(low, "admin") || strings.Contains(low, "configuration"):
		return fieldTopics
	}
	return fieldTime
}

// zoneOptions are the time zones that match what was typed, those that begin
// with it first.
func zoneOptions(zones []string, typed string) map[string][]*slack.OptionBlockObject {
	typed = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(typed), " ", "_"))
	var exact, first, rest []*slack.OptionBlockObject
	for _, z := range zones {
		low := strings.ToLower(z)
		_, city, _ := strings.Cut(low, "/")
		switch {
		case low == typed:
			exact = append(exact, option(z, z))
		case strings.HasPrefix(city, typed) || strings.HasPrefix(low, typed):
			first = append(first, option(z, z))
		case strings.Contains(low, typed):
			rest = append(rest, option(z, z))
		}
	}
	all := slices.Concat([]*slack.OptionBlockObject{}, exact, first, rest)
	return map[string][]*slack.OptionBlockObject{"options": all[:min(len(all), selectOptions)]}
}

// nameMark stands for the name of a briefing where a name might be too long:
// it finds it among those of the room.
func nameMark(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:8])
}

func option(value, label string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(shorten(label, optionText)), nil)
}

func options(all []string) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, s := range all {
		out = append(out, option(s, s))
	}
	return out
}

// pairs are options of values and labels; now is the one of the value now.
func pairs(now string, all []string) (out []*slack.OptionBlockObject, chosen *slack.OptionBlockObject) {
	for i := 0; i+1 < len(all); i += 2 {
		o := option(all[i], all[i+1])
		if out = append(out, o); all[i] == now || chosen == nil {
			chosen = o
		}
	}
	return out, chosen
}

func chosen(id, now string, all ...string) slack.BlockElement {
	out, first := pairs(now, all)
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, id, out...).WithInitialOption(first)
}

func radios(id, now string, all ...string) slack.BlockElement {
	out, first := pairs(now, all)
	e := slack.NewRadioButtonsBlockElement(id, out...)
	e.InitialOption = first
	return e
}

func input(field, label, hint string, e slack.BlockElement) *slack.InputBlock {
	var below *slack.TextBlockObject
	if hint != "" {
		below = plain(hint)
	}
	return slack.NewInputBlock(field, plain(label), below, e)
}
