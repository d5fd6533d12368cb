package schedule

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// Ledger keeps schedules and what became of each of their slots; package store
// says what each method does. It is safe for concurrent use, by several
// processes too.
type Ledger interface {
	Schedules(ctx context.Context) ([]briefs.Schedule, error)
	PutSchedule(ctx context.Context, s briefs.Schedule, now time.Time) error
	PauseSchedule(ctx context.Context, id briefs.ScheduleID, why string, now time.Time) (changed bool, err error)
	ResumeSchedule(ctx context.Context, id briefs.ScheduleID, now time.Time) (changed bool, err error)
	DeleteSchedule(ctx context.Context, id briefs.ScheduleID, now time.Time) error

	Plan(ctx context.Context, s briefs.Schedule, through time.Time, due []briefs.Delivery) (planned bool, err error)
	PlanByHand(ctx context.Context, d briefs.Delivery) error
	Claim(ctx context.Context, owner string, now time.Time, lease time.Duration, keys ...briefs.DeliveryKey) (c briefs.Claimed, ok bool, err error)
	Renew(ctx context.Context, c briefs.Claimed, now time.Time, lease time.Duration) (briefs.Claimed, error)
	Freeze(ctx context.Context, c briefs.Claimed, parts []briefs.Part, b briefs.Briefing, now time.Time) (briefs.Claimed, error)
	Begin(ctx context.Context, c briefs.Claimed, part int) error
	Retract(ctx context.Context, c briefs.Claimed, part int) error
	Sent(ctx context.Context, c briefs.Claimed, part int, receipt string) error
	Retry(ctx context.Context, c briefs.Claimed, why string, at time.Time) error
	Hold(ctx context.Context, c briefs.Claimed, why string, now time.Time) error
	Finish(ctx context.Context, c briefs.Claimed, state briefs.DeliveryState, why string, now time.Time) error
	Release(ctx context.Context, key briefs.DeliveryKey, posted bool, now time.Time) error

	Deliveries(ctx context.Context, id briefs.ScheduleID, limit int, states ...briefs.DeliveryState) ([]briefs.Delivery, error)
}

// Chat posts to rooms. It is safe for concurrent use.
type Chat interface {
	// Send posts one part under its key and returns the platform's name for
	// it. An error of kind ErrUnavailable, ErrNotFound or ErrInvalid means that
	// it was certainly not posted: now, because the room is gone or closed to
	// the bot, or because the platform will never take it. After any other
	// error nobody can tell.
	Send(ctx context.Context, room briefs.RoomID, p briefs.Part, key briefs.DeliveryKey) (receipt string, err error)
}

// Finder is a Chat that can be asked whether a key was posted. For a room
// where that cannot be told Find returns errors.ErrUnsupported.
type Finder interface {
	Find(ctx context.Context, room briefs.RoomID, key briefs.DeliveryKey) (receipt string, found bool, err error)
}
