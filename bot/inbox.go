package bot

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// Inbox is what a Worker needs of the library; store.Inbox says what each
// method promises.
type Inbox interface {
	Receive(ctx context.Context, all []briefs.Incoming) (added int, err error)
	Take(ctx context.Context, platform, owner string, now time.Time, lease time.Duration) (t briefs.Taken, ok bool, err error)
	Extend(ctx context.Context, t briefs.Taken, now time.Time, lease time.Duration) (briefs.Taken, error)
	Compose(ctx context.Context, t briefs.Taken, replies []briefs.Outgoing, shown *briefs.Shown) (briefs.Taken, error)
	BeginReply(ctx context.Context, t briefs.Taken, n int) error
	RetractReply(ctx context.Context, t briefs.Taken, n int) error
	SentReply(ctx context.Context, t briefs.Taken, n int, receipt string, now time.Time) error
	PutBack(ctx context.Context, t briefs.Taken, why string, at time.Time) error
	End(ctx context.Context, t briefs.Taken, state briefs.IncomingState, why string, now time.Time) error
	ForgetIncoming(ctx context.Context, before time.Time) (dropped int, err error)
}
