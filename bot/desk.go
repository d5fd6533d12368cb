package bot

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// Subscription is a briefing that a room gets, as those in the room see it.
type Subscription struct {
	briefs.Schedule
	Name string        // what the room calls it
	Next []briefs.Slot // the next ones, some; none while it is paused
}

// Desk manages the briefings of rooms. A room sees and changes its own alone.
// An error of kind ErrInvalid or ErrNotFound is a line for people. It is safe
// for concurrent use.
type Desk interface {
	List(ctx context.Context, room briefs.RoomID) ([]Subscription, error)
	// Add reads "TOPIC[, TOPIC…] WHEN", such as "cyber every monday 09:00
	// Europe/Berlin". One of the same topics is changed.
	Add(ctx context.Context, room briefs.RoomID, who, words string, now time.Time) (Subscription, error)
	// Put is Add for what was filled into a form: of s the topics, when, the
	// zone and the policies count.
	Put(ctx context.Context, room briefs.RoomID, who string, s briefs.Schedule, now time.Time) (Subscription, error)
	Pause(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error
	Resume(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error
	Delete(ctx context.Context, room briefs.RoomID, who, name string, now time.Time) error
	// Preview is the next briefing of that name as it would be posted now.
	Preview(ctx context.Context, room briefs.RoomID, name string, now time.Time) ([]briefs.Part, error)
}

// Source is where documents come from, as those who may see them see it.
type Source struct {
	Name       string // without the path on the operator's machine
	Link       string // its address; empty for none
	Collection string
	Fetched    time.Time // the latest attempt; zero when it is not known
	Failing    bool      // the latest attempt brought a problem
}

// Sources is what somebody may ask about and where it comes from.
type Sources struct {
	Collections []briefs.CollectionCount
	Sources     []Source
	Latest      time.Time // when a document of it was added last; zero for none
}
