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
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

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
	// Zones are the names of the time zones that forms offer.
	Zones []string

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
	Heard  func(event string)                               // an event of the manifest, such as "message.im", after it was acknowledged
}

// Chat is the connection. It is safe for concurrent use.
type Chat struct {
	log    *slog.Logger
	o      Options
	http   *http.Client
	pace   *pace
	times  socketTimes
	pings  atomic.Bool // the server is one that pings
	people *people
	teams  teams
	asking flights

	mu     sync.Mutex
	told   map[string]time.Time            // what was reported, and when: see first
	urls   map[string]int                  // how often a response_url was used
	halves map[briefs.DeliveryKey][]string // receipts of what was posted of a part in several messages
	busy   map[briefs.Place]bool           // where a status stands
	mute   map[string]time.Time            // where none can be shown: see Busy

	run struct {
		sync.RWMutex
		handler bot.Handler     // nil while Run does not run
		ctx     context.Context // of Run
	}
	work sync.WaitGroup // what Run waits for
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
	switch {
	case o.Tokens == nil:
		return nil, briefs.Fault(briefs.ErrInvalid, "Slack: there is no bot token: set BRIEFDESK_SLACK_BOT_TOKEN")
	case o.AppToken == "" && o.SigningSecret == "":
		return nil, briefs.Fault(briefs.ErrInvalid, "Slack: there is neither an app token nor a signing secret: set BRIEFDESK_SLACK_APP_TOKEN for slack.mode socket, BRIEFDESK_SLACK_SIGNING_SECRET for http")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	if o.Client == nil {
		o.Client = &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
		}}
	}
	return &Chat{
		log: log, o: o, http: o.Client, pace: newPace(), times: usualTimes(), people: newPeople(),
		teams: teams{known: map[string]*team{}, gone: map[string]refusedToken{}},
		told:  map[string]time.Time{}, urls: map[string]int{}, halves: map[briefs.DeliveryKey][]string{},
		busy: map[briefs.Place]bool{}, mute: map[string]time.Time{},
	}, nil
}

// Run implements bot.Chat. With an app token it keeps sockets open, otherwise
// it lets ServeHTTP take requests. It returns ErrUnavailable when Slack
// refuses the app token, nil when ctx ends; then all that was begun is done.
func (c *Chat) Run(ctx context.Context, h bot.Handler) error {
	defer c.http.CloseIdleConnections()
	defer c.work.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.run.Lock()
	c.run.handler, c.run.ctx = h, ctx
	c.run.Unlock()
	defer func() {
		c.run.Lock()
		c.run.handler = nil
		c.run.Unlock()
	}()
	c.work.Go(func() { c.introduceAll(ctx) })
	if c.o.AppToken == "" {
		<-ctx.Done()
		return nil
	}
	return c.sockets(ctx)
}
