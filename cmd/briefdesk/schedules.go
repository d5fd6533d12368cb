package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/briefs/summary"
	"briefdesk/config"
	"briefdesk/store"
)

// configured are the schedules of the configuration as the domain has them.
// What is wrong with one is told with its place in the file.
func (a *app) configured() ([]briefs.Schedule, config.Problems) {
	var all []briefs.Schedule
	var found config.Problems
	for i, c := range a.cfg.Schedules {
		at := func(key string) string { return a.cfg.Where(fmt.Sprintf("schedules[%d].%s", i, key)) }
		if _, err := schedule.Parse("@daily", c.Zone, true); err != nil {
			found = append(found, fmt.Errorf("%s: %w", at("zone"), err))
			continue
		}
		spec, err := schedule.Parse(c.Cron, c.Zone, c.Force)
		if err != nil {
			found = append(found, fmt.Errorf("%s: %w", at("cron"), err))
			continue
		}
		for j, topic := range c.Topics {
			if name, ok := summary.QueryName(topic); ok {
				if err := a.cfg.HasQuery(name); err != nil {
					found = append(found, fmt.Errorf("%s: %w", at(fmt.Sprintf("topics[%d]", j)), err))
				}
			}
		}
		s := briefs.Schedule{
			ID: briefs.ScheduleID(c.Name), Room: briefs.RoomID(c.Room), Topics: c.Topics, When: spec.String(), Zone: spec.Zone(),
			Quiet: briefs.Quiet(c.Quiet), CatchUp: briefs.CatchUp(c.CatchUp), Force: c.Force,
		}
		if s.Quiet == "" {
			s.Quiet = briefs.QuietSay
		}
		if s.CatchUp == "" {
			s.CatchUp = briefs.CatchUpLatest
		}
		all = append(all, s)
	}
	return all, found
}

// The states of a schedule, as the command line names them.
const (
	stateActive       = "active"
	statePaused       = "paused"
	stateUnconfigured = "unconfigured" // left out of the configuration that made it
)

// listed is a schedule and what is known of it.
type listed struct {
	briefs.Schedule
	spec  *schedule.Spec
	state string
	last  *briefs.Delivery // the latest; nil for none
}

// schedules are those of the configuration and of rooms, by name; what the
// library keeps of the first stands with them.
func (a *app) schedules(ctx context.Context, lib store.Backend) ([]listed, error) {
	made, problems := a.configured()
	if len(problems) > 0 { // told when the configuration was read
		return nil, problems
	}
	known, err := lib.Schedules(ctx)
	if err != nil {
		return nil, err
	}
	var all []listed
	for _, s := range made {
		if i := slices.IndexFunc(known, func(k briefs.Schedule) bool { return k.ID == s.ID }); i >= 0 {
			s.Paused, s.Through = known[i].Paused, known[i].Through
		}
		all = append(all, listed{Schedule: s, state: stateActive})
	}
	for _, s := range known {
		if slices.ContainsFunc(made, func(m briefs.Schedule) bool { return m.ID == s.ID }) {
			continue
		}
		l := listed{Schedule: s, state: stateActive}
		if !s.Made {
			l.state = stateUnconfigured
		}
		all = append(all, l)
	}
	for i := range all {
		l := &all[i]
		if l.Paused != "" && l.state == stateActive {
			l.state = statePaused
		}
		if l.spec, err = schedule.Parse(l.When, l.Zone, true); err != nil {
			return nil, err
		}
		last, err := lib.Deliveries(ctx, l.ID, 1)
		if err != nil {
			return nil, err
		}
		if len(last) > 0 {
			l.last = &last[0]
		}
	}
	slices.SortFunc(all, func(x, y listed) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return all, nil
}

// schedule is one of schedules. It returns ErrNotFound.
func (a *app) schedule(ctx context.Context, lib store.Backend, name string) (listed, error) {
	all, err := a.schedules(ctx, lib)
	if err != nil {
		return listed{}, err
	}
	for _, l := range all {
		if string(l.ID) == name {
			return l, nil
		}
	}
	return listed{}, briefs.Fault(briefs.ErrNotFound, "there is no schedule %s: see them with: briefdesk schedule list", name)
}

// unposted tells why a room cannot be posted to as it is configured; nil when
// it can, for all that is known without asking.
func (a *app) unposted(room briefs.RoomID) error {
	platform, _, _ := strings.Cut(string(room), ":")
	switch {
	case platform == "slack" && a.cfg.Slack.Mode == "":
		return briefs.Fault(briefs.ErrUnavailable, "room %s: Slack is not connected: set slack.mode", room)
	case platform == "matrix" && a.cfg.Matrix.Homeserver == "":
		return briefs.Fault(briefs.ErrUnavailable, "room %s: Matrix is not connected: set matrix.homeserver", room)
	}
	if _, ok := a.briefingScope(room); !ok {
		return briefs.Fault(briefs.ErrInvalid, "room %s: is not set up: name its collections under rooms, or those of default", room)
	}
	return nil
}
