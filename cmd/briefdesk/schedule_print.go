package main

import (
	"fmt"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
)

type schedulesJSON struct {
	Schedules []scheduleJSON `json:"schedules"`
}

type scheduleJSON struct {
	Name    string    `json:"name"`
	Room    string    `json:"room"`
	Cron    string    `json:"cron"` // or plain words
	Zone    string    `json:"zone"`
	Topics  []string  `json:"topics"`
	Quiet   string    `json:"quiet"`
	CatchUp string    `json:"catch_up"`
	State   string    `json:"state"` // active, paused, unconfigured
	Why     string    `json:"why"`   // it is paused
	Next    []string  `json:"next"`  // RFC 3339, with the offset of the zone
	Last    *lastJSON `json:"last"`
}

type lastJSON struct {
	Slot    string               `json:"slot"`
	State   briefs.DeliveryState `json:"state"`
	Receipt string               `json:"receipt"`
}

type previewJSON struct {
	Name  string     `json:"name"`
	Room  string     `json:"room"`
	Slots []slotJSON `json:"slots"`
	New   bool       `json:"new"` // there is something new to post
	Parts []partJSON `json:"parts"`
}

type slotJSON struct {
	Local string    `json:"local"` // wall minute in Zone
	Zone  string    `json:"zone"`
	UTC   time.Time `json:"utc"`
}

type partJSON struct {
	Text  string `json:"text"`
	Image bool   `json:"image"`
}

type historyJSON struct {
	Deliveries []deliveryJSON `json:"deliveries"`
}

type deliveryJSON struct {
	Key      briefs.DeliveryKey   `json:"key"`
	Schedule briefs.ScheduleID    `json:"schedule"`
	Room     briefs.RoomID        `json:"room"`
	Slot     string               `json:"slot"`
	Due      time.Time            `json:"due"`
	ByHand   bool                 `json:"by_hand"`
	First    string               `json:"first"`  // of the missed slots that it stands for
	Missed   int                  `json:"missed"` // how many, besides its own
	State    briefs.DeliveryState `json:"state"`
	Attempts int                  `json:"attempts"`
	Ended    *time.Time           `json:"ended"`
	Why      string               `json:"why"`
	Receipts []string             `json:"receipts"` // of the parts that were posted
}

// nextSlots are the next slots of a schedule; none while it is paused.
func (a *app) nextSlots(l listed) []briefs.Slot {
	if l.state != stateActive {
		return nil
	}
	return l.spec.Next(a.now(), previewed)
}

func zoned(s briefs.Slot) string {
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		loc = time.UTC
	}
	return s.At.In(loc).Format(time.RFC3339)
}

func lastForm(d *briefs.Delivery) *lastJSON {
	if d == nil {
		return nil
	}
	form := &lastJSON{Slot: d.Slot.String(), State: d.State}
	if len(d.Parts) > 0 {
		form.Receipt = d.Parts[0].Receipt
	}
	return form
}

func (a *app) printSchedules(all []listed) error {
	form := schedulesJSON{Schedules: []scheduleJSON{}}
	var rows [][]string
	for _, l := range all {
		s := scheduleJSON{
			Name: string(l.ID), Room: string(l.Room), Cron: l.When, Zone: l.Zone, Topics: l.Topics, Quiet: string(l.Quiet), CatchUp: string(l.CatchUp),
			State: l.state, Why: l.Paused, Next: []string{}, Last: lastForm(l.last),
		}
		next, last := "", ""
		for i, slot := range a.nextSlots(l) {
			s.Next = append(s.Next, zoned(slot))
			if i == 0 {
				next = slotWords(slot.Local)
			}
		}
		if l.last != nil {
			last = slotWords(l.last.Slot.Local) + " " + string(l.last.State)
		}
		form.Schedules = append(form.Schedules, s)
		rows = append(rows, []string{s.Name, s.Room, s.Cron, s.Zone, s.State, next, last, strings.Join(s.Topics, ", ")})
	}
	if a.json {
		return writeJSON(a.stdout, form)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(a.stdout, "No schedule. Write some under schedules in the configuration, or: briefdesk schedule add")
		return err
	}
	a.view.table(a.stdout, []column{
		{title: "name"}, // whole: it is what the other commands take
		{title: "room", flexible: true},
		{title: "when", flexible: true},
		{title: "zone"},
		{title: "state"},
		{title: "next"},
		{title: "last", flexible: true},
		{title: "topics", flexible: true},
	}, rows)
	for _, l := range all {
		if l.Paused != "" {
			fmt.Fprint(a.stdout, a.view.paragraph("", string(l.ID)+" is paused: "+l.Paused))
		}
	}
	return nil
}

// slotWords writes a wall minute without the T.
func slotWords(local string) string { return strings.Replace(local, "T", " ", 1) }

func (a *app) printPreview(l listed, composed schedule.Composed) error {
	form := previewJSON{Name: string(l.ID), Room: string(l.Room), Slots: []slotJSON{}, New: !composed.Nothing, Parts: []partJSON{}}
	for _, slot := range a.nextSlots(l) {
		form.Slots = append(form.Slots, slotJSON{slot.Local, slot.Zone, slot.At})
	}
	for _, p := range composed.Parts {
		form.Parts = append(form.Parts, partJSON{p.Text, len(p.Image) > 0})
	}
	if a.json {
		return writeJSON(a.stdout, form)
	}
	fmt.Fprint(a.stdout, a.view.paragraph("", fmt.Sprintf("%s is posted to %s: %s, %s", form.Name, form.Room, l.When, l.Zone)))
	if l.state != stateActive {
		fmt.Fprint(a.stdout, a.view.paragraph("", "It is "+strings.TrimSuffix(l.state+": "+l.Paused, ": ")))
	}
	var rows [][]string
	for _, slot := range form.Slots {
		rows = append(rows, []string{slotWords(slot.Local), slot.UTC.Format("2006-01-02 15:04")})
	}
	if len(rows) > 0 {
		fmt.Fprintln(a.stdout)
		a.view.table(a.stdout, []column{{title: l.Zone}, {title: "UTC"}}, rows)
	}
	fmt.Fprintln(a.stdout, "\n"+a.view.bold("Now it would say:"))
	if composed.Nothing && l.Quiet == briefs.QuietSkip {
		_, err := fmt.Fprintln(a.stdout, "\nnothing: nothing is new, and quiet is skip")
		return err
	}
	for _, p := range form.Parts {
		fmt.Fprintln(a.stdout)
		for line := range strings.SplitSeq(p.Text, "\n") {
			fmt.Fprintln(a.stdout, clean(line))
		}
	}
	return nil
}

func (a *app) printRun(d briefs.Delivery) error {
	if a.json {
		if err := writeJSON(a.stdout, deliveryForm(d)); err != nil {
			return err
		}
	}
	switch {
	case d.State == briefs.Posted && !a.json:
		_, err := fmt.Fprintf(a.stdout, "Posted to %s in %s.\n", clean(string(d.Room)), count(len(d.Parts), "message"))
		return err
	case d.State == briefs.Posted:
		return nil
	case d.State == briefs.Held:
		return briefs.Fault(briefs.ErrUnavailable, "it is held: %s: look there, then: briefdesk schedule resume %s --posted, or --again", d.Why, d.Key)
	case (d.State == briefs.Planned || d.State == briefs.Frozen) && d.Why == "":
		return briefs.Fault(briefs.ErrUnavailable, "another process has taken it on: see what came of it with: briefdesk schedule history %s", d.Schedule)
	case d.State == briefs.Planned || d.State == briefs.Frozen:
		return briefs.Fault(briefs.ErrUnavailable, "not posted yet: %s: briefdesk serve tries again", d.Why)
	}
	return briefs.Fault(briefs.ErrUnavailable, "not posted: %s", d.Why)
}

func deliveryForm(d briefs.Delivery) deliveryJSON {
	form := deliveryJSON{
		Key: d.Key, Schedule: d.Schedule, Room: d.Room, Slot: d.Slot.String(), Due: d.Slot.At, ByHand: d.ByHand, Missed: d.Missed,
		State: d.State, Attempts: d.Attempts, Ended: known(d.Ended), Why: d.Why, Receipts: []string{},
	}
	if d.Missed > 0 {
		form.First = d.First.String()
	}
	for _, p := range d.Parts {
		if p.Sent {
			form.Receipts = append(form.Receipts, p.Receipt)
		}
	}
	return form
}

func (a *app) printHistory(all []briefs.Delivery) error {
	form := historyJSON{Deliveries: []deliveryJSON{}}
	var rows [][]string
	for _, d := range all {
		form.Deliveries = append(form.Deliveries, deliveryForm(d))
		rows = append(rows, []string{slotWords(d.Slot.Local), d.Slot.Zone, string(d.Schedule), string(d.State), ended(d.Ended)})
	}
	if a.json {
		return writeJSON(a.stdout, form)
	}
	if len(rows) == 0 {
		_, err := fmt.Fprintln(a.stdout, "Nothing was due yet.")
		return err
	}
	a.view.table(a.stdout, []column{
		{title: "slot"},
		{title: "zone"},
		{title: "schedule", flexible: true},
		{title: "state"},
		{title: "ended, UTC"},
	}, rows)
	for _, d := range all {
		if note := historyNote(d); note != "" {
			fmt.Fprint(a.stdout, a.view.paragraph("", fmt.Sprintf("%s of %s: %s", d.Schedule, slotWords(d.Slot.Local), note)))
		}
	}
	return nil
}

func ended(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// historyNote says what the state does not.
func historyNote(d briefs.Delivery) string {
	var notes []string
	if d.ByHand {
		notes = append(notes, "by hand")
	}
	if d.Missed > 0 {
		notes = append(notes, fmt.Sprintf("with %d missed since %s", d.Missed, slotWords(d.First.Local)))
	}
	if d.State == briefs.Posted && !d.ByHand && d.Ended.Sub(d.Slot.At) > schedule.Grace {
		notes = append(notes, "late")
	}
	if d.Why != "" && d.State != briefs.Posted {
		notes = append(notes, d.Why)
	}
	if d.State == briefs.Held {
		notes = append(notes, fmt.Sprintf("look in %s, then: briefdesk schedule resume %s --posted, or --again", d.Room, d.Key))
	}
	return strings.Join(notes, "; ")
}
