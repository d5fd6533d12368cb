package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// Install is the app in one workspace, or in a whole organisation.
type Install struct {
	Team       string `json:"team,omitempty"`       // "T0AB"; empty for a whole organisation
	Enterprise string `json:"enterprise,omitempty"` // "E0AB", of an organisation or of a workspace in one
	Name       string `json:"name,omitempty"`       // as people call it
	BotUser    string `json:"bot_user,omitempty"`   // "U0AB"
	Scopes     string `json:"scopes,omitempty"`     // what was granted, separated by commas

	Token   string    `json:"token"`
	Refresh string    `json:"refresh,omitempty"` // of a token that expires
	Expires time.Time `json:"expires,omitzero"`  // UTC; zero for never
}

// ID is the name of the workspace or, of an install in a whole organisation,
// of that.
func (in *Install) ID() string {
	if in.Team != "" {
		return in.Team
	}
	return in.Enterprise
}

// Format keeps tokens out of whatever is printed.
func (in Install) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "install in %s", in.ID()) }

// LogValue keeps tokens out of logs.
func (in Install) LogValue() slog.Value { return slog.StringValue(in.ID()) }

// Keeper is where installs are kept; store.Keeper says what each method
// promises.
type Keeper interface {
	Keep(ctx context.Context, name string, value []byte) error
	Kept(ctx context.Context, name string) ([]byte, error)
	KeptNames(ctx context.Context, prefix string) ([]string, error)
	Drop(ctx context.Context, name string) error
}

// keptPrefix begins the names under which installs are kept.
const keptPrefix = "slack/install/"

// renewAhead is how long before its end a token is renewed. It lasts 12 hours
// (https://docs.slack.dev/authentication/using-token-rotation), so that this
// leaves two hours in which Slack may be out of reach.
const renewAhead = 2 * time.Hour

// callTimeout bounds one call of the Web API about an install.
const callTimeout = 10 * time.Second

// renewRest is how long a renewal that failed rests, while the token is good.
const renewRest = time.Minute

// InstallOptions says how installs are kept and renewed.
type InstallOptions struct {
	Keeper       Keeper
	Secret       []byte // what the sealing key is made of, 16 bytes or more
	ClientID     string
	ClientSecret string
	APIURL       string // with a slash at its end; empty for Slack's own
	// KeepTokens leaves tokens as they are, also such as expire: for reading
	// beside the process that renews them.
	KeepTokens bool
	Now        func() time.Time
	Client     *http.Client // nil for one of its own
}

// Installs keeps the bot tokens of several workspaces, sealed, and renews them.
// Only one process renews at a time, or a refresh token is used twice. It is
// safe for concurrent use.
type Installs struct {
	log *slog.Logger
	o   InstallOptions
	box box

	mu    sync.Mutex // of the map alone
	locks map[string]*renewal
}

// renewal is what is known of renewing one token; holding it is the right to.
type renewal struct {
	sync.Mutex
	rest   time.Time // not again before
	unkept *Install  // renewed, but not kept yet; nil for none
}

var _ Tokens = (*Installs)(nil)

// NewInstalls returns the installs that o.Keeper keeps. It returns ErrInvalid
// when o.Secret is too short to seal with.
func NewInstalls(log *slog.Logger, o InstallOptions) (*Installs, error) {
	b, err := newBox(o.Secret)
	if err != nil {
		return nil, err
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: callTimeout}
	}
	return &Installs{log: log, o: o, box: b, locks: map[string]*renewal{}}, nil
}

// Teams implements Tokens.
func (s *Installs) Teams(ctx context.Context) ([]string, error) {
	names, err := s.o.Keeper.KeptNames(ctx, keptPrefix)
	if err != nil {
		return nil, fmt.Errorf("read where Slack's app is installed: %w", err)
	}
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], keptPrefix)
	}
	return names, nil
}

// Install returns what is known of one of Teams. It returns ErrNotFound where
// the app is not installed, and ErrInvalid where what is kept cannot be opened.
func (s *Installs) Install(ctx context.Context, team string) (Install, error) {
	sealed, err := s.o.Keeper.Kept(ctx, keptPrefix+team)
	if errors.Is(err, briefs.ErrNotFound) {
		return Install{}, briefs.Fault(briefs.ErrNotFound, "Slack %s: the app is not installed there: install it at …%s", team, InstallPath)
	}
	if err != nil {
		return Install{}, fmt.Errorf("read the install in %s: %w", team, err)
	}
	var in Install
	plain, ok := s.box.open(keptPrefix+team, sealed)
	if !ok || json.Unmarshal(plain, &in) != nil {
		return Install{}, briefs.Fault(briefs.ErrInvalid, "Slack %s: its token was sealed with another secret key: set BRIEFDESK_SECRET_KEY to that one, or install the app again at …%s", team, InstallPath)
	}
	return in, nil
}

// Put keeps an install, in the place of an earlier one in the same workspace.
func (s *Installs) Put(ctx context.Context, in Install) error {
	plain, err := json.Marshal(in)
	if err != nil {
		return err
	}
	name := keptPrefix + in.ID()
	if err := s.o.Keeper.Keep(ctx, name, s.box.seal(name, plain)); err != nil {
		return fmt.Errorf("keep the install in %s: %w", in.ID(), err)
	}
	return nil
}

// Drop implements Tokens.
func (s *Installs) Drop(ctx context.Context, team string) error {
	l := s.lock(team)
	l.Lock()
	defer l.Unlock()
	l.unkept = nil
	if err := s.o.Keeper.Drop(ctx, keptPrefix+team); err != nil {
		return fmt.Errorf("forget the install in %s: %w", team, err)
	}
	return nil
}

// Token implements Tokens. A workspace without an install of its own has that
// of the one organisation, where there is but one. It returns ErrUnavailable
// when the token has expired and cannot be renewed now.
func (s *Installs) Token(ctx context.Context, team string) (string, error) {
	in, err := s.Install(ctx, team)
	if errors.Is(err, briefs.ErrNotFound) {
		if org, errOrg := s.organisation(ctx, team); errOrg != nil || org == "" {
			return "", errors.Join(err, errOrg)
		} else if in, err = s.Install(ctx, org); err != nil {
			return "", err
		}
	}
	if err != nil {
		return "", err
	}
	if s.o.KeepTokens || !s.due(&in) {
		return in.Token, nil
	}
	return s.renew(ctx, in.ID())
}

// organisation is the one whose install serves team; "" for none.
func (s *Installs) organisation(ctx context.Context, team string) (string, error) {
	if !strings.HasPrefix(team, "T") {
		return "", nil
	}
	teams, err := s.Teams(ctx)
	org := ""
	for _, t := range teams {
		if strings.HasPrefix(t, "E") {
			if org != "" {
				return "", nil
			}
			org = t
		}
	}
	return org, err
}

func (s *Installs) due(in *Install) bool {
	return in.Refresh != "" && !in.Expires.IsZero() && s.o.Now().Add(renewAhead).After(in.Expires)
}

func (s *Installs) lock(team string) *renewal {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.locks[team]
	if l == nil {
		l = &renewal{}
		s.locks[team] = l
	}
	return l
}

// renew trades the refresh token of an install for a new pair. The old token
// stays good until it expires.
func (s *Installs) renew(ctx context.Context, team string) (string, error) {
	l := s.lock(team)
	l.Lock()
	defer l.Unlock()
	if l.unkept != nil {
		return s.keepRenewed(ctx, l)
	}
	in, err := s.Install(ctx, team)
	if err != nil || !s.due(&in) { // somebody else did
		return in.Token, err
	}
	good := s.o.Now().Before(in.Expires)
	if good && s.o.Now().Before(l.rest) {
		return in.Token, nil
	}
	// Whoever asked may go away; the pair that Slack gives must not be lost.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	got, err := slack.RefreshOAuthV2TokenContext(ctx, s.o.Client, s.o.ClientID, s.o.ClientSecret, in.Refresh, slack.OAuthOptionAPIURL(s.o.APIURL))
	if err == nil && got.AccessToken == "" {
		err = errors.New("the reply holds no token")
	}
	if err != nil {
		if now, errAgain := s.Install(ctx, team); errAgain == nil && now.Refresh != in.Refresh { // another process did
			return now.Token, nil
		}
		l.rest = s.o.Now().Add(renewRest)
		if good {
			s.log.WarnContext(ctx, "token of Slack is not renewed yet", "team", team, "expires", in.Expires, "err", err)
			return in.Token, nil
		}
		return "", refused(team, err)
	}
	in.Token = got.AccessToken
	if got.RefreshToken != "" {
		in.Refresh = got.RefreshToken
	}
	if got.Scope != "" {
		in.Scopes = got.Scope
	}
	in.Expires = expiry(s.o.Now(), got.ExpiresIn)
	l.unkept = &in
	return s.keepRenewed(ctx, l)
}

// keepRenewed keeps what was renewed. Where that fails it is tried again at the
// next call: the refresh token that is kept is worth nothing any more.
func (s *Installs) keepRenewed(ctx context.Context, l *renewal) (string, error) {
	in := l.unkept
	if err := s.Put(ctx, *in); err != nil {
		s.log.ErrorContext(ctx, "renewed token of Slack is not kept yet", "team", in.ID(), "err", err)
		return in.Token, nil
	}
	l.unkept = nil
	return in.Token, nil
}

// refused is why an expired token could not be renewed.
func refused(team string, err error) error {
	var said slack.SlackErrorResponse
	if errors.As(err, &said) {
		return briefs.Fault(briefs.ErrInvalid, "Slack %s: its token has expired, and Slack does not renew it (%s): install the app again at …%s", team, said.Err, InstallPath)
	}
	return fmt.Errorf("renew the token of %s: %w: %w", team, err, briefs.ErrUnavailable)
}

// expiry is when a token ends that Slack says to last for seconds; zero for
// one that lasts.
func expiry(now time.Time, seconds int) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(seconds) * time.Second).UTC()
}
