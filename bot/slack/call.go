package slack

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// limitTries is how often a call is made that Slack answers with 429: nothing
// else is tried again, since it may have been done.
const limitTries = 4

// call makes one call of the Web API in a workspace. A channel says that it
// posts there, and waits for its turn. Errors are refusals; see there.
func (c *Chat) call(ctx context.Context, t *team, method, channel string, fn func(ctx context.Context, api *slack.Client) error) error {
	token, err := c.o.Tokens.Token(ctx, t.install)
	if err != nil {
		return err
	}
	api := slack.New(token, slack.OptionAPIURL(c.o.APIURL), slack.OptionHTTPClient(bearer{c.http, c.o.APIURL, token}))
	line, gap := t.id+" "+method, time.Duration(0)
	if channel != "" {
		line, gap = t.id+" "+channel, c.pace.gap
	}
	for try := 1; ; try++ {
		if err := c.pace.turn(ctx, line, gap); err != nil {
			return err
		}
		err := c.once(ctx, t, method, token, func(ctx context.Context) error { return fn(ctx, api) })
		var r *refusal
		if !errors.As(err, &r) || r.after == 0 {
			return err
		}
		c.pace.pause(line, r.after)
		if try == limitTries {
			return err
		}
	}
}

// once makes one attempt with a token, and tells what became of it.
func (c *Chat) once(ctx context.Context, t *team, method, token string, fn func(ctx context.Context) error) error {
	var reached atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { reached.Store(false) }, // over the one before nothing went
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	})
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	start := time.Now()
	err := fn(ctx)
	outcome := "ok"
	if err != nil {
		r := judge(method, err, reached.Load())
		outcome, err = r.code, r
		if r.dead() {
			c.lost(t.install, token)
			c.log.Error("Slack takes the token of the app no more", "workspace", t.id, "error", r.code)
		}
		if r.code == missingScope && c.first("scope "+t.id+" "+method, time.Hour) {
			c.log.Error("Slack: the app lacks a scope: add it to the app and install it again", "scope", r.needed, "method", method, "workspace", t.id)
		}
	}
	if c.o.Metrics.Called != nil {
		c.o.Metrics.Called(method, outcome, time.Since(start))
	}
	return err
}

// first reports whether what was not reported in the last while.
func (c *Chat) first(what string, while time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.o.Now()
	if last, ok := c.told[what]; ok && now.Sub(last) < while {
		return false
	}
	if len(c.told) > 4096 {
		clear(c.told)
	}
	c.told[what] = now
	return true
}

// forget lets what be reported again.
func (c *Chat) forget(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.told, what)
}

// bearer sends the token, which slack-go writes into forms, in the header too:
// there it belongs (https://docs.slack.dev/apis/web-api), and some servers look
// nowhere else.
type bearer struct {
	client     *http.Client
	url, token string
}

// Do implements what slack-go wants of a client.
func (b bearer) Do(req *http.Request) (*http.Response, error) {
	if req.Header.Get("Authorization") == "" && strings.HasPrefix(req.URL.String(), b.url) {
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.client.Do(req)
}
