package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"briefdesk/bot/slack"
	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/store/sqlite"
)

const (
	// slackPatience is how long doctor waits for one answer of Slack.
	slackPatience = 5 * time.Second
	// slackRooms is how many rooms doctor asks about: conversations.info is
	// good for 50 a minute (https://docs.slack.dev/reference/methods/conversations.info).
	slackRooms = 40
)

// slackDoctor collects what there is to say about the connection to Slack.
type slackDoctor struct {
	*app
	probe  slack.Probe
	names  []string // of rooms that are configured or get briefings
	checks []diagnosis
}

func (d *slackDoctor) ok(format string, args ...any) {
	d.checks = append(d.checks, diagnosis{"slack", true, fmt.Sprintf(format, args...), ""})
}

func (d *slackDoctor) fault(mend, format string, args ...any) {
	d.checks = append(d.checks, diagnosis{"slack", false, fmt.Sprintf(format, args...), mend})
}

// refused tells of an error of the probe. It reports whether Slack was out of
// reach: then there is no use in asking on.
func (d *slackDoctor) refused(mend string, err error) (away bool) {
	if errors.Is(err, briefs.ErrUnavailable) {
		d.fault("let this machine reach "+d.cfg.Slack.APIURL, "cannot be asked: %s", oneLine(err))
		return true
	}
	d.fault(mend, "%s", oneLine(err))
	return false
}

// diagnoseSlack asks Slack whether the connection would work: tokens, scopes,
// clock, socket or address, and each room that the configuration names. It
// posts nothing.
func (a *app) diagnoseSlack(ctx context.Context) []diagnosis {
	c, secrets := a.cfg.Slack, a.cfg.Secrets
	if c.Mode == "" {
		return nil
	}
	d := &slackDoctor{app: a, probe: slack.Probe{
		Tokens: slack.Token(secrets.SlackBotToken.Reveal()), AppToken: secrets.SlackAppToken.Reveal(), APIURL: c.APIURL,
		Client: &http.Client{Timeout: slackPatience},
	}}
	if missing := missingSlack(c, secrets); len(missing) > 0 {
		for _, line := range missing {
			d.fault("set it where briefdesk serve runs", "%s", line)
		}
		return d.checks
	}
	for name := range a.cfg.Rooms {
		d.names = append(d.names, name)
	}
	lib, err := a.openAt(ctx, a.libraryPath(), sqlite.Options{MustExist: true, ReadOnly: true, Now: a.now})
	if err == nil {
		defer lib.Close()
		all, _ := a.schedules(ctx, lib) // told of the library
		for _, l := range all {
			if l.state == stateActive {
				d.names = append(d.names, string(l.Room))
			}
		}
	} else if len(c.Workspaces) > 0 { // told of the library
		return nil
	}
	teams := []string{""}
	if len(c.Workspaces) > 0 {
		installs, err := a.slackInstalls(lib, true)
		if err == nil {
			d.probe.Tokens = installs
			teams, err = installs.Teams(ctx)
		}
		if err != nil {
			d.fault("correct it there", "%s", oneLine(err))
			return d.checks
		}
	}
	if away := d.workspaces(ctx, teams); away {
		return d.checks
	}
	if c.Mode == slackSocket {
		d.socket(ctx)
	} else {
		d.address(ctx)
	}
	if lib != nil {
		d.events(ctx, lib)
	}
	if at := a.cfg.PublicURL(); web.Local(at, "127.0.0.1:0", "") {
		d.ok("the links of answers begin with %s and open on this machine alone: for others set web.public_url", at)
	}
	return d.checks
}

// events tells which events came. Slack does not tell an app what it is
// subscribed to.
func (d *slackDoctor) events(ctx context.Context, keep slack.Keeper) {
	names, err := keep.KeptNames(ctx, slackHeardPrefix)
	if err != nil {
		return // told of the library
	}
	var came, none []string
	for _, event := range slack.BotEvents() {
		switch {
		case slices.Contains(names, slackHeardPrefix+event):
			came = append(came, event)
		case event == "app_mention" || event == "app_home_opened" || strings.HasPrefix(event, "message."):
			none = append(none, event)
		}
	}
	switch {
	case len(came) == 0:
		d.ok("no event came yet: if none comes while briefdesk serve runs and people write to the bot, put what briefdesk init slack --out - prints into App Manifest")
	case len(none) == 0:
		d.ok("events came of every kind that people cause")
	default:
		d.ok("events came of %s; if people caused others too (%s), put what briefdesk init slack --out - prints into App Manifest", strings.Join(came, ", "), strings.Join(none, ", "))
	}
}

// workspaces looks at each workspace and its rooms.
func (d *slackDoctor) workspaces(ctx context.Context, teams []string) (away bool) {
	if len(teams) == 0 {
		d.fault("run briefdesk serve, and open "+d.cfg.Slack.PublicURL+slack.InstallPath, "the app is installed in no workspace yet")
	}
	var known []string // that can be asked
	for _, team := range teams {
		s, err := d.probe.Standing(ctx, team)
		if err != nil {
			if d.refused("install the app again, and set its token", err) {
				return true
			}
			continue
		}
		known = append(known, s.Team)
		d.ok("is @%s in %s (%s)", s.User, s.Name, s.Team)
		d.scopes(s)
		if behind := s.At.Sub(d.now()); !s.At.IsZero() && behind.Abs() > clockSlack {
			d.fault("set the clock, or let it follow a time server", "the clock is %s off Slack's: from five minutes on no request of Slack is taken", behind.Abs().Round(time.Second))
		}
	}
	if len(known) == 0 {
		return false
	}
	return d.rooms(ctx, teams, known)
}

func (d *slackDoctor) scopes(s slack.Standing) {
	if s.Scopes == nil {
		d.ok("%s does not tell which scopes it granted", s.Name)
		return
	}
	var missing []string
	for _, scope := range d.slackManifest().Scopes() {
		if !slices.Contains(s.Scopes, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
		d.fault("add them to the app under OAuth & Permissions, or put what briefdesk init slack writes into App Manifest, and install the app again",
			"%s did not grant %s", s.Name, strings.Join(missing, ", "))
	}
}

// rooms looks at the channels among d.names.
func (d *slackDoctor) rooms(ctx context.Context, teams, known []string) (away bool) {
	several := len(d.cfg.Slack.Workspaces) > 0
	slices.Sort(d.names)
	asked := 0
	for _, name := range slices.Compact(d.names) {
		rest, ok := strings.CutPrefix(name, slack.Prefix)
		if !ok || rest == "dm" || strings.HasSuffix(rest, "/dm") {
			continue
		}
		team, channel, both := strings.Cut(rest, "/")
		if !both {
			team, channel = "", rest
		}
		switch {
		case several && !both:
			d.fault(`name it with its workspace, such as "slack:T0123/`+channel+`"`, "room %s: with slack.workspaces a room has another name", name)
			continue
		case several && !slices.Contains(teams, team) && !slices.ContainsFunc(teams, func(t string) bool { return strings.HasPrefix(t, "E") }):
			d.fault("install it there at "+d.cfg.Slack.PublicURL+slack.InstallPath+", or leave out the room", "room %s: the app is not installed in that workspace", name)
			continue
		case !several && both && !slices.Contains(known, team):
			d.fault("name rooms of "+known[0]+" only, or set slack.workspaces", "room %s: the bot token is not of that workspace", name)
			continue
		case !several && both:
			d.fault(`write "slack:`+channel+`"`, "room %s: with one workspace a room has another name", name)
			continue
		}
		if asked++; asked > slackRooms {
			d.ok("only the first %d rooms are asked about", slackRooms)
			break
		}
		r, err := d.probe.Room(ctx, team, channel)
		if err != nil {
			if d.refused("correct the channel's id, which Slack shows under View channel details, or invite the bot there", fmt.Errorf("room %s: %w", name, err)) {
				return true
			}
			continue
		}
		d.room(name, r)
	}
	return false
}

func (d *slackDoctor) room(name string, r slack.RoomStanding) {
	external := d.cfg.Rooms[name].External
	switch {
	case r.Archived:
		d.fault("take the channel out of the archive, or configure another", "room %s: #%s is archived", name, r.Name)
	case !r.Member:
		d.fault("write /invite and the bot's name in #"+r.Name, "room %s: the bot is not in #%s", name, r.Name)
	case r.Shared && external:
		d.ok("room %s: #%s, shared with another organisation, whose members may ask too: external is true", name, r.Name)
	case r.Shared:
		d.ok("room %s: #%s, shared with another organisation: nobody is answered there: external is not true", name, r.Name)
	default:
		d.ok("room %s: #%s", name, r.Name)
	}
}

func (d *slackDoctor) socket(ctx context.Context) {
	if err := d.probe.Socket(ctx); err != nil {
		d.refused("generate an app-level token with connections:write under Basic Information, set BRIEFDESK_SLACK_APP_TOKEN to it, and let Socket Mode be on", err)
		return
	}
	d.ok("gives a socket for events")
}

// address looks whether Slack's requests come to slack.listen.
func (d *slackDoctor) address(ctx context.Context) {
	c := d.cfg.Slack
	at := c.PublicURL
	switch {
	case at == "":
		d.fault("set slack.public_url to the address that a proxy passes on to slack.listen", "slack.public_url is not set: doctor cannot look whether Slack reaches %s", c.Listen)
		return
	case !web.Local(at, "127.0.0.1:0", "") && !strings.HasPrefix(at, "https:"):
		d.fault("let a proxy serve it over TLS, and write https:// in slack.public_url", "Slack sends nothing to %s: it is not https", at)
		return
	}
	if l, err := listen("slack.listen", c.Listen); err == nil {
		l.Close()
		d.ok("slack.listen %s is free; whether %s leads there is seen while briefdesk serve runs", c.Listen, at+slack.EventPath)
		return
	} else if !alive(ctx, c.Listen) {
		d.fault("correct slack.listen", "%s", oneLine(err))
		return
	}
	// A request that Slack did not sign is refused, which shows who is there.
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at+slack.EventPath, strings.NewReader("{}"))
	if err == nil {
		var resp *http.Response
		if resp, err = d.probe.Client.Do(r); err == nil {
			defer resp.Body.Close()
			_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<10))
			if resp.StatusCode != http.StatusUnauthorized {
				err = fmt.Errorf("it answers %s", resp.Status)
			}
		}
	}
	if err != nil {
		d.fault("let the proxy pass POST "+slack.EventPath+" on to slack.listen "+c.Listen+" with body and headers unchanged", "%s does not lead to briefdesk: %s", at+slack.EventPath, oneLine(err))
		return
	}
	d.ok("takes requests at %s, and refuses those that Slack did not sign", at+slack.EventPath)
}
