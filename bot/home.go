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
	v.Examples = r.examples(w.Room.Platform())
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

// AddBriefing makes one out of words; see Desk.
func (r *Responder) AddBriefing(ctx context.Context, w Who, words string) (Subscription, error) {
	if err := r.open(w); err != nil {
		return Subscription{}, err
	}
	return r.o.Desk.Add(ctx, w.Room, w.Author, words, r.o.Now())
}

// EditBriefing puts what words say in the place of the one of that name, whose
// pause ends.
func (r *Responder) EditBriefing(ctx context.Context, w Who, name, words string) (Subscription, error) {
	s, err := r.AddBriefing(ctx, w, words)
	if err != nil || s.Name == name {
		return s, err
	}
	return s, r.o.Desk.Delete(ctx, w.Room, w.Author, name, r.o.Now())
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
