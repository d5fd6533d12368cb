package bot

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// HomeView is what somebody can do in a room, before a platform draws it.
type HomeView struct {
	// Closed is the one line to show in the place of all else; empty where
	// something may be asked.
	Closed    string
	Sources   Sources
	Briefings []Subscription
	Manage    bool     // may change the briefings
	Admin     bool     // may add sources
	Examples  []string // what to write, one a line
	Now       time.Time
}

// Home is what w can do in their room.
func (r *Responder) Home(ctx context.Context, w Who) (HomeView, error) {
	g := r.o.Grant(w)
	v := HomeView{Closed: closed(g, w), Manage: g.Manage, Admin: g.Admin, Now: r.o.Now()}
	if v.Closed != "" {
		return v, nil
	}
	v.Examples = r.examples(w.Room)
	var err error
	if v.Sources, err = r.o.Sources(ctx, g.Scope); err != nil {
		return v, err
	}
	v.Briefings, err = r.o.Desk.List(ctx, w.Room)
	return v, err
}

// The methods below are for forms that a person fills in. Their errors go
// through ErrorLine; those who may not are told so by one of kind ErrInvalid.

// Briefings lists those of the room of w.
func (r *Responder) Briefings(ctx context.Context, w Who) ([]Subscription, error) {
	if err := r.open(w); err != nil {
		return nil, err
	}
	return r.o.Desk.List(ctx, w.Room)
}

// PutBriefing makes one of what was filled into a form; see Desk. name is that
// of the one that it takes the place of, whose pause ends; empty for a new one.
func (r *Responder) PutBriefing(ctx context.Context, w Who, name string, s briefs.Schedule) (Subscription, error) {
	if err := r.open(w); err != nil {
		return Subscription{}, err
	}
	if name != "" {
		all, err := r.o.Desk.List(ctx, w.Room)
		if err != nil {
			return Subscription{}, err
		}
		for _, old := range all {
			if old.Name == name && !old.Made {
				return Subscription{}, briefs.Fault(briefs.ErrInvalid, "briefing %s stands in the configuration: ask the operator to change it there", name)
			}
		}
	}
	made, err := r.o.Desk.Put(ctx, w.Room, w.Author, s, r.o.Now())
	if err != nil || name == "" || made.Name == name {
		return made, err
	}
	return made, r.o.Desk.Delete(ctx, w.Room, w.Author, name, r.o.Now())
}

// PauseBriefing stops one until it is resumed.
func (r *Responder) PauseBriefing(ctx context.Context, w Who, name string) error {
	if err := r.open(w); err != nil {
		return err
	}
	return r.o.Desk.Pause(ctx, w.Room, w.Author, name, r.o.Now())
}

// ResumeBriefing lets a paused one go on.
func (r *Responder) ResumeBriefing(ctx context.Context, w Who, name string) error {
	if err := r.open(w); err != nil {
		return err
	}
	return r.o.Desk.Resume(ctx, w.Room, w.Author, name, r.o.Now())
}

// DeleteBriefing forgets one that the room made.
func (r *Responder) DeleteBriefing(ctx context.Context, w Who, name string) error {
	if err := r.open(w); err != nil {
		return err
	}
	return r.o.Desk.Delete(ctx, w.Room, w.Author, name, r.o.Now())
}

// PreviewBriefing is the next one of that name as it would be posted now.
func (r *Responder) PreviewBriefing(ctx context.Context, w Who, name string) ([]briefs.Part, error) {
	if err := r.open(w); err != nil {
		return nil, err
	}
	return r.o.Desk.Preview(ctx, w.Room, name, r.o.Now())
}

// open returns ErrInvalid, as a line for people, where w may ask nothing.
func (r *Responder) open(w Who) error {
	if line := closed(r.o.Grant(w), w); line != "" {
		return briefs.Fault(briefs.ErrInvalid, "%s", line)
	}
	return nil
}
