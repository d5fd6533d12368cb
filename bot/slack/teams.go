package slack

import (
	"context"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"briefdesk/briefs"
)

// team is one workspace that the app is installed in. It does not change.
type team struct {
	install string // its name in Tokens
	id      string // "T0AB"; of an organisation "E0AB"
	user    string // the bot's own, "U0AB"
	bot     string // "B0AB"
	url     string // "https://example.slack.com/"
}

// relist is how long the list of installs is trusted, and gone how long a
// workspace that threw the app out is left alone.
const (
	relist  = 10 * time.Second
	goneFor = 5 * time.Minute
)

// refusedToken is one that was refused, and when.
type refusedToken struct {
	token string
	at    time.Time
}

// teams are the workspaces as far as they are known. It is safe for concurrent
// use.
type teams struct {
	mu     sync.Mutex
	known  map[string]*team        // by install
	gone   map[string]refusedToken // by install
	listed time.Time               // when all was read last
	all    []string                // installs, as listed
	many   bool                    // names of rooms say the workspace, from now on
}

// installs lists the names of installs, from memory when it was read just now.
func (c *Chat) installs(ctx context.Context) ([]string, error) {
	c.teams.mu.Lock()
	fresh := c.o.Now().Sub(c.teams.listed) < relist && len(c.teams.all) > 0
	all := c.teams.all
	c.teams.mu.Unlock()
	if fresh {
		return all, nil
	}
	all, err := c.o.Tokens.Teams(ctx)
	if err != nil {
		return nil, err
	}
	c.teams.mu.Lock()
	defer c.teams.mu.Unlock()
	c.teams.all, c.teams.listed = all, c.o.Now()
	c.teams.many = c.teams.many || c.o.Qualify || len(all) > 1
	return all, nil
}

// team returns a workspace by its id; "" is the only one there is. It returns
// ErrNotFound where the app is not installed in it.
func (c *Chat) team(ctx context.Context, id string) (*team, error) {
	all, err := c.installs(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case len(all) == 1 && (all[0] == "" || id == ""):
		return c.admitted(ctx, all[0])
	case len(all) == 0:
		return nil, briefs.Fault(briefs.ErrNotFound, "Slack: the app is installed in no workspace: install it")
	case id == "":
		return nil, briefs.Fault(briefs.ErrNotFound, "Slack: the app is installed in %d workspaces: name the room with its own, as in slack:%s/C0123", len(all), all[0])
	}
	return c.admitted(ctx, id)
}

// admitted asks Slack once who the app is in a workspace.
func (c *Chat) admitted(ctx context.Context, install string) (*team, error) {
	for {
		c.teams.mu.Lock()
		t, gone := c.teams.known[install], c.teams.gone[install]
		c.teams.mu.Unlock()
		if gone.token != "" && c.o.Now().Sub(gone.at) < goneFor && !c.renewed(ctx, install, gone.token) {
			return nil, briefs.Fault(briefs.ErrUnavailable, "Slack %s: does not take the token of the app any more: install the app again", name(install))
		}
		if t != nil {
			return t, nil
		}
		var err error
		if c.asking.alone(ctx, "team "+install, func() { t, err = c.introduce(ctx, install) }) {
			return t, err
		}
		if ctx.Err() != nil {
			return nil, briefs.Fault(briefs.ErrUnavailable, "Slack %s: %v", name(install), ctx.Err())
		}
	}
}

// introduce asks who the app is in a workspace, and remembers it.
func (c *Chat) introduce(ctx context.Context, install string) (*team, error) {
	var who *slack.AuthTestResponse
	err := c.call(ctx, &team{install: install, id: install}, "auth.test", "", func(ctx context.Context, api *slack.Client) (err error) {
		who, err = api.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	t := &team{install: install, id: install, user: who.UserID, bot: who.BotID, url: who.URL}
	if install == "" {
		t.id = who.TeamID
	}
	c.teams.mu.Lock()
	defer c.teams.mu.Unlock()
	c.teams.known[install] = t
	delete(c.teams.gone, install)
	return t, nil
}

// introduceAll asks ahead of the first event, and logs what does not work.
func (c *Chat) introduceAll(ctx context.Context) {
	all, err := c.installs(ctx)
	if err != nil {
		c.log.Error("the workspaces of Slack could not be listed", "error", err)
		return
	}
	for _, install := range all {
		if _, err := c.admitted(ctx, install); err != nil && ctx.Err() == nil {
			c.log.Error("Slack does not say who the app is", "workspace", name(install), "error", err)
		}
	}
}

// renewed reports whether a workspace has another token than the refused one:
// the app was installed again.
func (c *Chat) renewed(ctx context.Context, install, token string) bool {
	now, err := c.o.Tokens.Token(ctx, install)
	return err == nil && now != token
}

// lost notes that a workspace takes a token no more.
func (c *Chat) lost(install, token string) {
	c.teams.mu.Lock()
	defer c.teams.mu.Unlock()
	delete(c.teams.known, install)
	c.teams.gone[install] = refusedToken{token, c.o.Now()}
	c.teams.listed = time.Time{}
}

// drop forgets a workspace that removed the app.
func (c *Chat) drop(ctx context.Context, install string) error {
	if token, err := c.o.Tokens.Token(ctx, install); err == nil {
		c.lost(install, token)
	}
	c.people.forget()
	return c.o.Tokens.Drop(ctx, install)
}

// qualified reports whether names of rooms say the workspace.
func (c *Chat) qualified() bool {
	c.teams.mu.Lock()
	defer c.teams.mu.Unlock()
	return c.teams.many || c.o.Qualify
}

func name(install string) string {
	if install == "" {
		return "workspace"
	}
	return install
}
