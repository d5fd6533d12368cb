package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

const (
	// lookedBack is how far back doctor tells of slots without a briefing.
	lookedBack = 7 * 24 * time.Hour
	// overdue is how late a briefing may be before doctor tells.
	overdue = time.Hour
	// clockSlack is what time servers correct a clock by at most without notice.
	clockSlack = 2 * time.Minute
)

// diagnoseSchedules tells what would keep a briefing from its room at its
// slot, and what became of those that were due.
func (a *app) diagnoseSchedules(ctx context.Context, lib store.Backend) []diagnosis {
	all, err := a.schedules(ctx, lib)
	if err != nil {
		return []diagnosis{{"schedules", false, oneLine(err), "correct the configuration, or check the library with: briefdesk library check"}}
	}
	var checks []diagnosis
	for _, l := range all {
		found := a.diagnoseSchedule(ctx, lib, l)
		if len(found) == 0 {
			found = []diagnosis{{"schedule", true, fmt.Sprintf("%s to %s, %s", l.ID, l.Room, a.nextWords(l)), ""}}
		}
		checks = append(checks, found...)
	}
	return append(checks, a.diagnoseDeliveries(ctx, lib)...)
}

func (a *app) nextWords(l listed) string {
	for _, slot := range a.nextSlots(l) {
		return "next " + slotWords(slot.Local) + " " + slot.Zone
	}
	return l.state
}

func (a *app) diagnoseSchedule(ctx context.Context, lib store.Backend, l listed) []diagnosis {
	var checks []diagnosis
	fault := func(mend, format string, args ...any) {
		checks = append(checks, diagnosis{"schedule", false, string(l.ID) + ": " + fmt.Sprintf(format, args...), mend})
	}
	switch {
	case l.state == stateUnconfigured:
		return []diagnosis{{"schedule", true, string(l.ID) + " was left out of the configuration, and is not due", ""}}
	case strings.HasPrefix(l.Paused, "its room"):
		fault("mend that, then: briefdesk schedule resume "+string(l.ID), "is paused: %s", l.Paused)
	case l.Through.Sub(a.now()) > clockSlack:
		fault("set the clock, or where it is right now: briefdesk schedule resume "+string(l.ID), "its slots are planned through %s already: the clock was ahead, or is behind", l.Through.Format(time.RFC3339))
	}
	if err := a.unposted(l.Room); err != nil {
		fault("set that up before the slot", "%s", oneLine(err))
		return checks
	}
	scope, _ := a.briefingScope(l.Room)
	for _, topic := range l.Topics {
		if err := a.knownQueries(topic); err != nil {
			fault("correct the topic, or save the query", "%s", oneLine(err))
			continue
		}
		found, err := a.topicFound(ctx, lib, scope, topic)
		if err != nil {
			fault("check the library with: briefdesk library check", "topic %q: %s", topic, oneLine(err))
		} else if !found {
			fault("add sources, or correct the topic", "nothing that %s sees is about %q", l.Room, topic)
		}
	}
	return checks
}

// diagnoseDeliveries tells of briefings that did not come to their rooms.
func (a *app) diagnoseDeliveries(ctx context.Context, lib store.Backend) []diagnosis {
	const most = 5
	var checks []diagnosis
	add := func(list []briefs.Delivery, judge func(d briefs.Delivery) *diagnosis) {
		n := 0
		for _, d := range list {
			if c := judge(d); c != nil && n < most {
				checks = append(checks, *c)
				n++
			}
		}
	}
	read := func(states ...briefs.DeliveryState) []briefs.Delivery {
		list, err := lib.Deliveries(ctx, "", 200, states...)
		if err != nil {
			checks = append(checks, diagnosis{"briefings", false, oneLine(err), "check the library with: briefdesk library check"})
		}
		return list
	}
	recent := func(d briefs.Delivery) bool { return a.now().Sub(d.Ended) < lookedBack }
	slot := func(d briefs.Delivery) string {
		return fmt.Sprintf("%s of %s", d.Schedule, slotWords(d.Slot.String()))
	}
	add(read(briefs.Held), func(d briefs.Delivery) *diagnosis {
		return &diagnosis{"briefings", false, slot(d) + " is held: " + d.Why, fmt.Sprintf("look in %s, then: briefdesk schedule resume %s --posted, or --again", d.Room, d.Key)}
	})
	add(read(briefs.Failed), func(d briefs.Delivery) *diagnosis {
		if !recent(d) {
			return nil
		}
		return &diagnosis{"briefings", false, slot(d) + " was not posted: " + d.Why, "mend that, then: briefdesk schedule run " + string(d.Schedule)}
	})
	add(read(briefs.Planned, briefs.Frozen), func(d briefs.Delivery) *diagnosis {
		if a.now().Sub(d.Slot.At) < overdue {
			return nil
		}
		return &diagnosis{"briefings", false, strings.TrimSuffix(slot(d)+" is overdue: "+d.Why, ": "), "let it be posted: briefdesk serve"}
	})
	add(read(briefs.Skipped), func(d briefs.Delivery) *diagnosis {
		if !recent(d) {
			return nil
		}
		return &diagnosis{"briefings", true, fmt.Sprintf("%s: %s skipped: %s", slot(d), count(d.Missed+1, "slot"), d.Why), ""}
	})
	return checks
}

// topicFound reports whether the library has anything on a topic in scope.
func (a *app) topicFound(ctx context.Context, lib store.Backend, scope briefs.Scope, topic string) (bool, error) {
	if _, ok := summary.QueryName(topic); ok {
		return a.queryFound(ctx, lib, scope, topic)
	}
	if name, ok := summary.Collection(topic); ok {
		have, err := lib.Collections(ctx, scope)
		for _, c := range have {
			if c.Name == name {
				return true, err
			}
		}
		return false, err
	}
	hits, err := ask.New(a.log, lib).Search(ctx, topic, scope, 1)
	return len(hits) > 0, err
}
