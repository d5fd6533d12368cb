package bot

import (
	"context"
	"log/slog"
	"time"

	"briefdesk/briefs"
)

// Work is something that the operator counts: an event that was dealt with, or
// what keeps it from being so.
type Work struct {
	Kind WorkKind
	Room briefs.RoomID
	Took time.Duration // since it came
	Why  string        // one line; empty where all is well
}

// WorkKind says what happened.
type WorkKind string

// The kinds of Work.
const (
	WorkAnswered WorkKind = "answered"
	WorkSilent   WorkKind = "silent" // nothing was to be said
	WorkRetry    WorkKind = "retry"  // put back, to be tried again
	WorkFailed   WorkKind = "failed" // the person was told that it failed
	WorkUnsure   WorkKind = "unsure"
	WorkGivenUp  WorkKind = "given_up"
)

// WorkerOptions is what a Worker is made of. Platform is needed; what is zero
// takes a default.
type WorkerOptions struct {
	Platform string // whose events are worked on
	Owner    string // of this process, for the operator; empty makes one
	Now      func() time.Time
	Observe  func(Work) // told of what happens; may be nil

	Goroutines int           // how many answers are made at the same time
	InFlight   int           // how many are being sent at the same time
	PerRoom    int           // of those in one room
	Lease      time.Duration // of what is taken; it is prolonged while it is worked on
	Send       time.Duration // the longest that sending one message may take
	Grace      time.Duration // how long what is being sent may take when Run is to end
	Settle     time.Duration // after a send of unknown outcome, before the platform's word is final
	Backoff    time.Duration // before the second attempt; it doubles
	MaxBackoff time.Duration
	Deadline   time.Duration // after it came, for the last attempt
	Attempts   int           // to make an answer, before the person is told that it failed
	Interval   time.Duration // between two looks for work that nobody announced
	BusyAfter  time.Duration // how long an answer may take before Busy shows it
}

// Answerer makes replies: a Responder.
type Answerer interface {
	// Respond makes the replies to e, whose key is key. A crash may make it
	// happen again.
	Respond(ctx context.Context, key string, e Event) (Response, error)
	// Failed is what to tell when Respond failed for good.
	Failed(key string, e Event, err error) Response
}

// Worker answers what was heard on one platform, each event once, as far as
// the platform lets that be told. Several may run on one Inbox, in one process
// or in many.
type Worker struct {
	log   *slog.Logger
	inbox Inbox
	by    Answerer
	chat  Chat
	o     WorkerOptions
	work  chan struct{} // there may be some
}

// NewWorker returns a Worker. A chat that is a Finder is asked before anything
// is sent again; one that is Busy shows that an answer is being made.
func NewWorker(log *slog.Logger, inbox Inbox, by Answerer, chat Chat, o WorkerOptions) *Worker {
	return &Worker{log: log, inbox: inbox, by: by, chat: chat, o: o, work: make(chan struct{}, 1)}
}

// Wake tells that there is work.
func (w *Worker) Wake() {
	select {
	case w.work <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, and then lets what is being sent come to its end.
func (w *Worker) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}
