package slack

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"briefdesk/bot"
	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

// What pickers choose is what the scheduler understands, and comes back to
// them the same.
func TestPickersSayWhatTheSchedulerReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := picked{often: rapid.SampledFrom([]string{oftenWeek, oftenFirst, oftenLast}).Draw(t, "often"), clock: rapid.SampledFrom([]string{"00:00", "07:15", "09:00", "23:59"}).Draw(t, "clock")}
		for _, day := range weekdays {
			if rapid.Bool().Draw(t, day) {
				p.days = append(p.days, day)
			}
		}
		words, faults := p.when()
		if bad := len(p.days) == 0 || p.often != oftenWeek && len(p.days) > 1; bad != (faults != nil) {
			t.Fatalf("%+v: %v", p, faults)
		}
		if faults != nil {
			return
		}
		spec, err := schedule.Parse(words, "Europe/Berlin", false)
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		if got := pick(spec.String()); !reflect.DeepEqual(got, p) {
			t.Fatalf("%q is kept as %q, which is shown as %+v, not %+v", words, spec, got, p)
		}
	})
}

func TestWhatPickersCannotShowStaysInWords(t *testing.T) {
	for _, words := range []string{"1st and 15th of the month 09:00", "every 2 hours", "every monday 09:00, 14:00", "2nd tuesday of the month 08:00", "0 9 1 * *", "first weekday of the month 09:00", "january 3 10:00"} {
		spec, err := schedule.Parse(words, "UTC", false)
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		p := pick(spec.String())
		if p.words != spec.String() {
			t.Errorf("%q: %+v", spec, p)
		}
		if again, faults := p.when(); again != spec.String() || faults != nil {
			t.Errorf("%q became %q, %v", spec, again, faults)
		}
	}
}

// state fills in the fields of a form with what it begins with, and changes.
func state(blocks []slack.Block, change map[string]slack.BlockAction) *slack.ViewState {
	values := map[string]map[string]slack.BlockAction{}
	for _, b := range blocks {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		var a slack.BlockAction
		switch e := in.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			a.Value = e.InitialValue
		case *slack.SelectBlockElement:
			if e.InitialOption != nil {
				a.SelectedOption = *e.InitialOption
			}
		case *slack.RadioButtonsBlockElement:
			a.SelectedOption = *e.InitialOption
		case *slack.MultiSelectBlockElement:
			for _, o := range e.InitialOptions {
				a.SelectedOptions = append(a.SelectedOptions, *o)
			}
		case *slack.TimePickerBlockElement:
			a.SelectedTime = e.InitialTime
		}
		if c, ok := change[in.BlockID]; ok {
			a = c
		}
		values[in.BlockID] = map[string]slack.BlockAction{in.BlockID: a}
	}
	return &slack.ViewState{Values: values}
}

// A form that is sent as it was opened says what the briefing was.
func TestFormKeepsWhatItShows(t *testing.T) {
	for _, want := range []briefs.Schedule{
		{Topics: []string{"export controls", "collection:cyber"}, When: "every Monday and Thursday at 07:15", Zone: "Europe/Berlin", Quiet: briefs.QuietSkip, CatchUp: briefs.CatchUpAll},
		{Topics: []string{"x"}, When: "every day at 23:45", Zone: "UTC", Quiet: briefs.QuietSay, CatchUp: briefs.CatchUpSkip},
		{Topics: []string{"<!channel> *x* :smile:"}, When: "1st and 15th day of the month at 09:00", Zone: "Asia/Kolkata", Quiet: briefs.QuietSay, CatchUp: briefs.CatchUpLatest},
		{Topics: []string{"x"}, When: "last Friday of the month at 17:00", Zone: "America/New_York", Quiet: briefs.QuietSay, CatchUp: briefs.CatchUpLatest},
	} {
		view := formView(&bot.Subscription{Schedule: want, Name: "x"}, ticket{Team: "T1", Who: bot.Who{Room: testRoom, Author: testUser}}, "UTC", []byte("k"))
		checkView(t, view)
		got, faults := formOf(state(view.Blocks.BlockSet, nil))
		if faults != nil {
			t.Errorf("%v: %v", want, faults)
		}
		a, err := schedule.Parse(got.When, got.Zone, false)
		if err != nil {
			t.Errorf("%q: %v", got.When, err)
			continue
		}
		if got.When = a.String(); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v became %+v", want, got)
		}
	}
}

func TestFormSaysWhatIsMissingBelowItsField(t *testing.T) {
	view := formView(nil, ticket{Who: bot.Who{Room: testRoom}}, "Europe/Berlin", []byte("k"))
	for field, change := range map[string]map[string]slack.BlockAction{
		fieldTopics: {},
		fieldDays:   {fieldTopics: {Value: "x"}, fieldDays: {}},
		fieldTime:   {fieldTopics: {Value: "x"}, fieldTime: {}},
	} {
		if _, faults := formOf(state(view.Blocks.BlockSet, change)); faults[field] == "" || len(faults) != 1 {
			t.Errorf("%s: %v", field, faults)
		}
	}
	if s, faults := formOf(state(view.Blocks.BlockSet, map[string]slack.BlockAction{fieldTopics: {Value: " a \n\n b  c"}})); faults != nil || !slices.Equal(s.Topics, []string{"a", "b c"}) || s.When != "every Monday 09:00" || s.Zone != "Europe/Berlin" {
		t.Errorf("%+v %v", s, faults)
	}
	if _, faults := formOf(nil); faults[fieldTopics] == "" {
		t.Error("a form without a state is taken")
	}
}

func TestZonesAreFoundByCity(t *testing.T) {
	all := schedule.Zones()
	for typed, want := range map[string]string{"berl": "Europe/Berlin", "new york": "America/New_York", "europe/par": "Europe/Paris", "UTC": "UTC", "kolk": "Asia/Kolkata"} {
		got := zoneOptions(all, typed)["options"]
		if len(got) == 0 || got[0].Value != want {
			t.Errorf("%q: %d, first %+v", typed, len(got), got[:min(len(got), 1)])
		}
	}
	if n := len(zoneOptions(all, "")["options"]); n != selectOptions {
		t.Errorf("%d options for nothing typed", n)
	}
	if n := len(zoneOptions(all, "<!channel>")["options"]); n != 0 {
		t.Errorf("%d options for no zone", n)
	}
}

// Nobody manages a room by editing what a form carries.
func TestTicketsAreNotForged(t *testing.T) {
	key := ticketKey(Options{AppToken: "xapp-1"})
	k := ticket{Team: "T1", Who: bot.Who{Room: testRoom, Author: testUser}, Mark: "cyber, \"x\".y"}
	signed := k.signed(key)
	if got, err := ticketOf(key, signed, "T1", testUser); err != nil || got != k {
		t.Fatalf("%+v, %v", got, err)
	}
	_, body, _ := strings.Cut(signed, ".")
	for name, bad := range map[string][3]string{
		"another room":      {strings.Replace(signed, string(testRoom), string(testOther), 1), "T1", testUser},
		"another member":    {signed, "T1", adminUser},
		"another workspace": {signed, "T2", testUser},
		"no signature":      {"." + body, "T1", testUser},
		"nothing":           {"", "T1", testUser},
		"another key":       {k.signed(ticketKey(Options{AppToken: "xapp-2"})), "T1", testUser},
		"cut":               {signed[:len(signed)-2], "T1", testUser},
	} {
		if _, err := ticketOf(key, bad[0], bad[1], bad[2]); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(signed)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[i] ^= byte(rapid.IntRange(1, 127).Draw(t, "bits"))
		if got, err := ticketOf(key, string(b), "T1", testUser); err == nil && got != k {
			t.Fatalf("%q is taken for %+v", b, got)
		}
	})
}

// checkView fails where a modal passes a limit.
func checkView(t failer, v slack.ModalViewRequest) {
	t.Helper()
	if n := units(v.Title.Text); n == 0 || n > viewTitle {
		t.Errorf("title of %d units", n)
	}
	if len(v.PrivateMetadata) > privateMetadata {
		t.Errorf("%d bytes of private metadata", len(v.PrivateMetadata))
	}
	checkViewBlocks(t, v.Blocks.BlockSet)
}

func checkViewBlocks(t failer, blocks []slack.Block) {
	t.Helper()
	if n := len(blocks); n == 0 || n > viewBlocks {
		t.Errorf("%d blocks in a view", n)
	}
	var seen []string
	for _, b := range blocks {
		if in, ok := b.(*slack.InputBlock); ok {
			if slices.Contains(seen, in.BlockID) {
				t.Errorf("two fields are called %s", in.BlockID)
			}
			seen = append(seen, in.BlockID)
			if hint := in.Hint; hint != nil && units(hint.Text) > 2000 || units(in.Label.Text) > 2000 {
				t.Errorf("label or hint of %s is too long", in.BlockID)
			}
			checkElement(t, in.Element)
			continue
		}
		if rich, ok := b.(*slack.RichTextBlock); ok && len(rich.Elements) == 1 && strings.HasPrefix(visibleHead(rich), "Comes to ") {
			continue // names the channel, which is ours to name
		}
		checkBlocks(t, []slack.Block{b}, viewSize)
	}
}

func visibleHead(b *slack.RichTextBlock) string {
	if s, ok := b.Elements[0].(*slack.RichTextSection); ok && len(s.Elements) > 0 {
		if e, ok := s.Elements[0].(*slack.RichTextSectionTextElement); ok {
			return e.Text
		}
	}
	return ""
}
