package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// Probe asks Slack how the connection would fare. It posts nothing. Errors are
// of kind ErrUnavailable where Slack could not be asked; every other one is
// Slack's answer, with a mend where one is known.
type Probe struct {
	Tokens   Tokens
	AppToken string
	APIURL   string // with a slash at its end
	Client   *http.Client
}

// Standing is what Slack says of the app in a workspace.
type Standing struct {
	Team, Name string    // of the workspace: "T0AB"
	User       string    // the bot's name
	Scopes     []string  // granted; nil where Slack does not tell
	At         time.Time // by Slack's clock; zero where it does not tell
}

// RoomStanding is what Slack says of a channel.
type RoomStanding struct {
	Name     string // without #; empty for direct messages
	Member   bool   // the bot is in it
	Archived bool
	Shared   bool // with another organisation
}

func (p *Probe) client(ctx context.Context, team string) (*slack.Client, error) {
	token, err := p.Tokens.Token(ctx, team)
	if err != nil {
		return nil, err
	}
	return slack.New(token, slack.OptionAPIURL(p.APIURL), slack.OptionHTTPClient(bearer{p.Client, p.APIURL, token})), nil
}

// Standing asks who the app is in one of Tokens.Teams.
func (p *Probe) Standing(ctx context.Context, team string) (Standing, error) {
	api, err := p.client(ctx, team)
	if err != nil {
		return Standing{}, err
	}
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return Standing{}, p.told("auth.test", err)
	}
	s := Standing{Team: who.TeamID, Name: who.Team, User: who.User}
	for _, scope := range strings.Split(who.Header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			s.Scopes = append(s.Scopes, scope)
		}
	}
	s.At, _ = http.ParseTime(who.Header.Get("Date"))
	return s, nil
}

// Socket asks for the address of a socket, and opens none.
func (p *Probe) Socket(ctx context.Context) error {
	api := slack.New("", slack.OptionAppLevelToken(p.AppToken), slack.OptionAPIURL(p.APIURL), slack.OptionHTTPClient(bearer{p.Client, p.APIURL, p.AppToken}))
	_, address, err := api.StartSocketModeContext(ctx)
	if err != nil {
		return p.told("apps.connections.open", err)
	}
	if address == "" {
		return briefs.Fault(briefs.ErrInvalid, "Slack apps.connections.open: gives no address")
	}
	return nil
}

// Room asks about a channel.
func (p *Probe) Room(ctx context.Context, team, channel string) (RoomStanding, error) {
	api, err := p.client(ctx, team)
	if err != nil {
		return RoomStanding{}, err
	}
	c, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil {
		return RoomStanding{}, p.told("conversations.info", err)
	}
	return RoomStanding{Name: c.Name, Member: c.IsMember || c.IsIM, Archived: c.IsArchived, Shared: c.IsExtShared}, nil
}

// told makes an error of Slack one for the operator.
func (p *Probe) told(method string, err error) error {
	r := judge(method, err, true)
	var said slack.SlackErrorResponse
	if r.kind == briefs.ErrUnavailable && errors.As(err, &said) && r.after == 0 {
		r.kind = briefs.ErrInvalid // Slack was reached, and refused
	}
	if r.code == "lost" {
		r.cause = short(err)
	}
	return r
}
