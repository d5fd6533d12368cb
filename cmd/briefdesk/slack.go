package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"briefdesk/bot/slack"
	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/config"
)

// The values of slack.mode.
const (
	slackSocket = "socket"
	slackHTTP   = "http"
)

// slackSide is the connection to Slack, and the server that it needs: none for
// a socket in one workspace.
type slackSide struct {
	chat   *slack.Chat
	listen listening
}

func (s *slackSide) close() {
	if s != nil && s.listen.Listener != nil {
		s.listen.Close()
	}
}

// connectSlack makes the connection that the configuration wants, nil for none,
// and takes slack.listen where that is needed. desk answers forms; without one
// the connection is for posting alone, and takes nothing.
func (a *app) connectSlack(keep slack.Keeper, desk slack.Desk, metrics *web.Metrics) (*slackSide, error) {
	c, secrets := a.cfg.Slack, a.cfg.Secrets
	if c.Mode == "" {
		return nil, nil
	}
	if missing := missingSlack(c, secrets); len(missing) > 0 {
		return nil, briefs.Fault(briefs.ErrInvalid, "slack.mode %s: %s", c.Mode, missing[0])
	}
	o := slack.Options{
		Tokens: slack.Token(secrets.SlackBotToken.Reveal()), APIURL: c.APIURL, Qualify: len(c.Workspaces) > 0, Desk: desk, Zones: schedule.Zones(), Now: a.now,
		Metrics: slack.Metrics{
			Acked:  func(kind string, took time.Duration) { metrics.Acked("slack", kind, took) },
			Called: func(method, outcome string, _ time.Duration) { metrics.Called("slack", method, outcome) },
			Socket: func(change int) { metrics.Connected("slack", change) },
			Heard:  (&slackHeard{log: a.log, keep: keep, now: a.now, noted: map[string]time.Time{}}).note,
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	if len(c.Workspaces) > 0 {
		installs, err := a.slackInstalls(keep, false)
		if err != nil {
			return nil, err
		}
		installer, err := slack.NewInstaller(a.log, installs, slack.InstallerOptions{
			PublicURL: c.PublicURL, Scopes: a.slackManifest().Scopes(), Workspaces: c.Workspaces,
		})
		if err != nil {
			return nil, err
		}
		o.Tokens = installs
		mux.Handle(slack.EventPath+"/", installer.Handler())
	}
	if c.Mode == slackSocket {
		o.AppToken = secrets.SlackAppToken.Reveal()
	} else {
		o.SigningSecret = secrets.SlackSigningSecret.Reveal()
	}
	chat, err := slack.New(a.log, o)
	if err != nil {
		return nil, err
	}
	side := &slackSide{chat: chat}
	if desk == nil || c.Mode == slackSocket && len(c.Workspaces) == 0 {
		return side, nil
	}
	if c.Mode == slackHTTP {
		mux.Handle("POST "+slack.EventPath, chat)
	}
	var l net.Listener
	if l, err = listen("slack.listen", c.Listen); err != nil {
		return nil, err
	}
	a.cfg.Slack.Listen = l.Addr().String() // port 0 has become a number
	side.listen = listening{l, mux}
	return side, nil
}

// slackDoor is where events come in: "socket", or the address of slack.listen;
// "" without Slack.
func (a *app) slackDoor() string {
	if a.cfg.Slack.Mode == slackHTTP {
		return "http://" + a.cfg.Slack.Listen + slack.EventPath
	}
	return a.cfg.Slack.Mode
}

// slackInstalls are the installs of several workspaces; readOnly renews no
// token.
func (a *app) slackInstalls(keep slack.Keeper, readOnly bool) (*slack.Installs, error) {
	s := a.cfg.Secrets
	return slack.NewInstalls(a.log, slack.InstallOptions{
		Keeper: keep, Secret: []byte(s.SecretKey.Reveal()), ClientID: s.SlackClientID.Reveal(), ClientSecret: s.SlackClientSecret.Reveal(),
		APIURL: a.cfg.Slack.APIURL, KeepTokens: readOnly, Now: a.now,
	})
}

// slackManifest is the app as the configuration wants it.
func (a *app) slackManifest() slack.ManifestOptions {
	c := a.cfg.Slack
	return slack.ManifestOptions{
		Name: slackAppName, PublicURL: c.PublicURL, Socket: c.Mode != slackHTTP, Several: len(c.Workspaces) > 0, Pages: a.cfg.Web.PublicURL,
	}
}

// missingSlack lists the secrets that the configured connection lacks, and
// those that are another's, one line each.
func missingSlack(c config.Slack, s config.Secrets) []string {
	const where = " of the app's page Basic Information"
	var lines []string
	need := func(secret config.Secret, variable, prefix, what string) {
		switch value := secret.Reveal(); {
		case value == "":
			lines = append(lines, fmt.Sprintf("%s is not set: set it, or %s_FILE, to the %s", variable, variable, what))
		case prefix != "" && tokenKind(value) != "" && tokenKind(value) != prefix:
			lines = append(lines, fmt.Sprintf("%s begins with %s: set it to the %s, which begins with %s", variable, tokenKind(value), what, prefix))
		}
	}
	if len(c.Workspaces) > 0 {
		need(s.SlackClientID, "BRIEFDESK_SLACK_CLIENT_ID", "", "Client ID"+where)
		need(s.SlackClientSecret, "BRIEFDESK_SLACK_CLIENT_SECRET", "", "Client Secret"+where)
		need(s.SecretKey, "BRIEFDESK_SECRET_KEY", "", "output of openssl rand -base64 32: Slack's tokens are kept sealed with it")
	} else {
		need(s.SlackBotToken, "BRIEFDESK_SLACK_BOT_TOKEN", "xoxb-", "Bot User OAuth Token of the app's page Install App")
	}
	if c.Mode == slackHTTP {
		need(s.SlackSigningSecret, "BRIEFDESK_SLACK_SIGNING_SECRET", "", "Signing Secret"+where)
	} else {
		need(s.SlackAppToken, "BRIEFDESK_SLACK_APP_TOKEN", "xapp-", "App-Level Token"+where)
	}
	return lines
}

// tokenKind is the prefix by which Slack tells tokens apart
// (https://docs.slack.dev/authentication/tokens); "" for none of it.
func tokenKind(token string) string {
	for _, p := range []string{"xoxb-", "xapp-", "xoxp-", "xoxe.", "xoxe-"} {
		if strings.HasPrefix(token, p) {
			return p
		}
	}
	return ""
}
