package bot

import (
	"context"
	"log/slog"
	"time"

	"briefdesk/briefs"
)

// Question is what a room asks.
type Question struct {
	Text  string
	Who   Who
	Scope briefs.Scope
	After *Previous // what it follows up on; nil for a fresh one
	// Try reports that silence is not to be recorded as a gap.
	Try bool
}

// Previous is what a follow-up builds on.
type Previous struct {
	Question  string
	Documents []briefs.DocumentID // those quoted, in order
}

// Topic is what a room wants a brief of.
type Topic struct {
	Words string // or "collection:NAME"
	Who   Who
	Scope briefs.Scope
	Since time.Time // what was first seen from then on is new; zero for none
}

// Answers is what was shown in rooms; store.Inbox says what each method
// promises.
type Answers interface {
	Shown(ctx context.Context, id briefs.AnswerID) (briefs.Shown, error)
	ShownIn(ctx context.Context, room briefs.RoomID, thread string) ([]briefs.Shown, error)
	ShownAt(ctx context.Context, room briefs.RoomID, receipt string) (briefs.AnswerID, error)
	Posted(ctx context.Context, room briefs.RoomID, thread string) (bool, error)
	RecordFeedback(ctx context.Context, f briefs.Feedback) error
}

// Options is what a Responder is made of. All of it is needed, unless it says
// otherwise, and safe for concurrent use.
type Options struct {
	Grant   func(w Who) Grant
	Ask     func(ctx context.Context, q Question) (briefs.Answer, error) // answers and records
	Brief   func(ctx context.Context, t Topic) (briefs.Brief, error)
	Answers Answers
	// Document is one revision with its text. It returns ErrNotFound.
	Document func(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
	// Link is the address of a quote for those in a room.
	Link func(ctx context.Context, room briefs.RoomID, q briefs.Quote) (string, error)
	// Ref reads an address that Link made; nil where none can be read.
	Ref     func(address string) (briefs.Ref, bool)
	Desk    Desk
	Sources func(ctx context.Context, s briefs.Scope) (Sources, error)
	// AddSource reads a source into one of the collections that s sees, and
	// says in one line what it brought. An error of kind ErrInvalid or
	// ErrNotFound is a line for people.
	AddSource func(ctx context.Context, w Who, s briefs.Scope, address string) (line string, err error)
	// Owners are whom to tell about gaps on a platform, such as "slack:U0123".
	Owners func(platform string) []string
	// Sign is what stands before a command: "/" or "!"; nil is "/".
	Sign func(platform string) string
	Now  func() time.Time
}

// Responder makes the replies to what people do where the bot hears it. It is
// safe for concurrent use.
type Responder struct {
	log *slog.Logger
	o   Options
}

// NewResponder returns a Responder.
func NewResponder(log *slog.Logger, o Options) *Responder { return &Responder{log: log, o: o} }

// Response is what an event leads to: messages in their order, none for
// silence, and the answer that they show, nil for none.
type Response struct {
	Replies []briefs.Outgoing
	Shown   *briefs.Shown
}

var _ Answerer = (*Responder)(nil)

// Wants reports whether e may need a reply: what is written where nobody meant
// the bot, outside threads, is passed over unless the room wants questions
// answered.
func (r *Responder) Wants(e *Event) bool {
	if e.Kind != EventText || e.Addressed || e.Direct {
		return true
	}
	g := r.o.Grant(e.Who())
	return g.Open() && (e.Thread != "" || g.Questions && asks(e.Text))
}

// Respond makes the replies to e, whose key is key. It may be called again for
// the same event as long as its replies are not fixed.
func (r *Responder) Respond(ctx context.Context, key string, e Event) (Response, error) {
	return Response{}, nil
}

// Failed is what to tell when Respond failed for good.
func (r *Responder) Failed(key string, e Event, err error) Response {
	return Response{}
}

// Unfurl is what to show of a reading page that somebody links to: its quote
// and source. It reports false for every other address, and for what w does
// not see.
func (r *Responder) Unfurl(ctx context.Context, w Who, address string) (p Post, ok bool, err error) {
	return Post{}, false, nil
}

// Footnote cites source n of an answer, in the style of that name; empty is
// the first.
func (r *Responder) Footnote(ctx context.Context, w Who, id briefs.AnswerID, n int, style string) (string, error) {
	return "", nil
}

func asks(text string) bool { return false }
