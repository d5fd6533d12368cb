// Package slack connects the rooms of Slack workspaces: the channels and
// direct messages named slack:C0123, or slack:T0AB/C0123 where the app is
// installed in several. Events come through Socket Mode or as signed HTTP
// requests, and pass the same functions; what bot makes of them is posted as
// Block Kit. Nothing is stored here: an event is acknowledged when the handler
// of Run has kept it, and a message carries its key in its metadata, where
// Find reads it back.
package slack

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// Prefix begins the names of the rooms and members of this package.
const Prefix = "slack:"

// Options says how to reach Slack, and what to show there.
type Options struct {
	Tokens Tokens
	// AppToken opens sockets (xapp-…). When it is empty, events come as HTTP
	// requests, which SigningSecret proves.
	AppToken      string
	SigningSecret string
	APIURL        string // with a slash at its end; empty for Slack's own
	// Qualify puts the workspace into the names of rooms also while there is
	// but one: for apps that may come to have several.
	Qualify bool

	// Desk answers what cannot wait for a worker: App Home, forms, cards of
	// links. Nil leaves them out.
	Desk Desk

	Now     func() time.Time
	Client  *http.Client // nil for one of its own
	Metrics Metrics
}

// Desk is what forms and App Home show and do, such as a *bot.Responder, whose
// methods say what they promise.
type Desk interface {
	Home(ctx context.Context, w bot.Who) (bot.HomeView, error)
	Briefings(ctx context.Context, w bot.Who) ([]bot.Subscription, error)
	PutBriefing(ctx context.Context, w bot.Who, name string, s briefs.Schedule) (bot.Subscription, error)
	PauseBriefing(ctx context.Context, w bot.Who, name string) error
	ResumeBriefing(ctx context.Context, w bot.Who, name string) error
	DeleteBriefing(ctx context.Context, w bot.Who, name string) error
	PreviewBriefing(ctx context.Context, w bot.Who, name string) ([]briefs.Part, error)
	Unfurl(ctx context.Context, w bot.Who, address string) (p bot.Post, ok bool, err error)
	Footnote(ctx context.Context, w bot.Who, id briefs.AnswerID, n int, style string) (string, error)
}

var _ Desk = (*bot.Responder)(nil)

// Tokens keeps the bot tokens of the workspaces that the app is installed in.
// It is safe for concurrent use.
type Tokens interface {
	// Teams lists the workspaces ("T0AB"), or organisations ("E0AB"), that the
	// app is installed in. The one workspace of a token from the environment
	// is "", whatever it is called.
	Teams(ctx context.Context) ([]string, error)
	// Token returns the bot token of one of Teams, refreshed where that is due.
	// It returns ErrNotFound where the app is not installed.
	Token(ctx context.Context, team string) (string, error)
	// Drop forgets the token of a team, which is worth nothing any more.
	Drop(ctx context.Context, team string) error
}

// Token is a bot token that lasts, of one workspace.
type Token string

// Teams implements Tokens.
func (t Token) Teams(context.Context) ([]string, error) { return []string{""}, nil }

// Token implements Tokens.
func (t Token) Token(context.Context, string) (string, error) { return string(t), nil }

// Drop implements Tokens: what stands in the environment stays there.
func (t Token) Drop(context.Context, string) error { return nil }

// Metrics takes what is worth counting; each function may be nil.
type Metrics struct {
	Acked  func(kind string, took time.Duration)            // from reading an event to its acknowledgement
	Called func(method, outcome string, took time.Duration) // outcome is "ok", an error of Slack, or "lost"
	Socket func(change int)                                 // +1 and -1
}

// Chat is the connection. It is safe for concurrent use.
type Chat struct {
	log *slog.Logger
	o   Options
}

var (
	_ bot.Chat    = (*Chat)(nil)
	_ bot.Finder  = (*Chat)(nil)
	_ bot.Checker = (*Chat)(nil)
	_ bot.Busy    = (*Chat)(nil)
)

// New returns a Chat that is not connected yet. It returns ErrInvalid when
// something is missing.
func New(log *slog.Logger, o Options) (*Chat, error) {
	return &Chat{log: log, o: o}, nil
}

// ServeHTTP takes the requests of Slack, all at one address, while Run runs.
func (c *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// Run implements bot.Chat.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error { return nil }

// Send implements bot.Chat.
func (c *Chat) Send(ctx context.Context, o briefs.Outgoing, key briefs.DeliveryKey) (string, error) {
	return "", nil
}

// Find implements bot.Finder.
func (c *Chat) Find(ctx context.Context, at briefs.Place, key briefs.DeliveryKey) (string, bool, error) {
	return "", false, nil
}

// Check implements bot.Checker.
func (c *Chat) Check(ctx context.Context, room briefs.RoomID) error { return nil }

// Busy implements bot.Busy.
func (c *Chat) Busy(ctx context.Context, at briefs.Place, words string) func() { return func() {} }
