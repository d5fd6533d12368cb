package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/slack"
	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// diagnosed runs doctor on a configuration, and returns the lines about Slack.
type diagnosed struct {
	t   *testing.T
	dir string
	env map[string]string
	now func() time.Time
	// local counts how often it was said that links open on this machine alone.
	local int
}

func newDiagnosed(t *testing.T, s *faultserver.Server) *diagnosed {
	return &diagnosed{t: t, dir: t.TempDir(), now: time.Now, env: map[string]string{
		"BRIEFDESK_WEB_LISTEN": "127.0.0.1:0", "BRIEFDESK_SLACK_API_URL": s.API(),
		"BRIEFDESK_SLACK_BOT_TOKEN": faultserver.BotToken, "BRIEFDESK_SLACK_APP_TOKEN": faultserver.AppToken,
	}}
}

func (d *diagnosed) library() store.Backend {
	d.t.Helper()
	lib, err := store.Open(d.t.Context(), slog.New(slog.NewTextHandler(io.Discard, nil)), filepath.Join(d.dir, "briefdesk.db"), sqlite.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	return lib
}

func (d *diagnosed) run(config string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, "briefdesk.yaml")
	if err := os.WriteFile(path, []byte("library: {path: briefdesk.db}\n"+config), 0o600); err != nil {
		d.t.Fatal(err)
	}
	var out, errs bytes.Buffer
	a := &app{getenv: func(k string) string { return d.env[k] }, stderr: &errs, now: d.now, view: view{width: 400}}
	a.run(context.Background(), []string{"doctor", "--config", path}, &out)
	var lines []string
	about := false
	for line := range strings.Lines(out.String()) {
		about = strings.HasPrefix(line[7:], "slack: ") || about && strings.HasPrefix(line, "       mend: ")
		if strings.Contains(line, "web.public_url") {
			d.local++
			continue
		}
		if about {
			lines = append(lines, strings.TrimPrefix(strings.TrimRight(line, "\n"), "       "))
		}
	}
	if strings.Contains(out.String()+errs.String(), "fault-1") {
		d.t.Error("a token is printed")
	}
	return strings.Join(lines, "\n")
}

func (d *diagnosed) expect(config, want string) {
	d.t.Helper()
	if got := d.run(config); got != strings.TrimSpace(want) {
		d.t.Errorf("%s\n got:\n%s\nwant:\n%s", config, got, strings.TrimSpace(want))
	}
}

func TestDoctorSlack(t *testing.T) {
	all := slack.ManifestOptions{Name: "B", Socket: true}.Scopes()
	s := faultserver.New(t, faultserver.Options{Scopes: all})
	s.AddChannel(faultserver.Channel{ID: "C1", Name: "general"})
	s.AddChannel(faultserver.Channel{ID: "C2", Name: "elsewhere", Absent: true})
	s.AddChannel(faultserver.Channel{ID: "C3", Name: "old", Archived: true})
	s.AddChannel(faultserver.Channel{ID: "C4", Name: "partners", Shared: true})
	s.AddChannel(faultserver.Channel{ID: "C5", Name: "made"})
	d := newDiagnosed(t, s)
	lib := d.library()
	kept := &slackHeard{log: slog.New(slog.NewTextHandler(io.Discard, nil)), keep: lib, now: time.Now, noted: map[string]time.Time{}}
	made := briefs.Schedule{ID: "made@slack:C5", Room: "slack:C5", Topics: []string{"a"}, When: "0 9 * * *", Made: true}
	if err := lib.PutSchedule(t.Context(), made, time.Now()); err != nil { // by those in the room
		t.Fatal(err)
	}
	d.expect("slack: {mode: socket}\n", `
ok     slack: is @briefdesk in Fault (T0FAULT)
ok     slack: room slack:C5: #made
ok     slack: gives a socket for events
ok     slack: no event came yet: if none comes while briefdesk serve runs and people write to the bot, put what briefdesk init slack --out - prints into App Manifest`)
	kept.note("app_mention")
	kept.note("message.im")
	kept.note("user_change")
	lib.Close()

	d.expect("slack: {mode: socket}\nrooms: {default: {}, \"slack:C1\": {}, \"slack:dm\": {}, \"web:default\": {}}\n", `
ok     slack: is @briefdesk in Fault (T0FAULT)
ok     slack: room slack:C1: #general
ok     slack: room slack:C5: #made
ok     slack: gives a socket for events
ok     slack: events came of app_mention, message.im, user_change; if people caused others too (app_home_opened, message.channels, message.groups, message.mpim), put what briefdesk init slack --out - prints into App Manifest`)

	d.expect("slack: {mode: socket}\nrooms: {\"slack:C2\": {}, \"slack:C3\": {}, \"slack:C4\": {external: true}, \"slack:T0FAULT/C1\": {}, \"slack:T0OTHER/C1\": {}}\n"+
		"schedules: [{name: n, room: \"slack:C9\", topics: [a], cron: \"0 9 * * *\"}]\n", `
ok     slack: is @briefdesk in Fault (T0FAULT)
FAULT  slack: room slack:C2: the bot is not in #elsewhere
mend: write /invite and the bot's name in #elsewhere
FAULT  slack: room slack:C3: #old is archived
mend: take the channel out of the archive, or configure another
ok     slack: room slack:C4: #partners, shared with another organisation, whose members may ask too: external is true
ok     slack: room slack:C5: #made
FAULT  slack: room slack:C9: Slack conversations.info: channel_not_found: the channel is gone, or the bot is not in it: invite the bot there
mend: correct the channel's id, which Slack shows under View channel details, or invite the bot there
FAULT  slack: room slack:T0FAULT/C1: with one workspace a room has another name
mend: write "slack:C1"
FAULT  slack: room slack:T0OTHER/C1: the bot token is not of that workspace
mend: name rooms of T0FAULT only, or set slack.workspaces
ok     slack: gives a socket for events
ok     slack: events came of app_mention, message.im, user_change; if people caused others too (app_home_opened, message.channels, message.groups, message.mpim), put what briefdesk init slack --out - prints into App Manifest`)

	if d.local != 3 {
		t.Errorf("said %d times that links open on this machine alone", d.local)
	}
	t.Run("secrets", func(t *testing.T) {
		none := *d
		none.t, none.env = t, map[string]string{"BRIEFDESK_SLACK_BOT_TOKEN": faultserver.AppToken}
		none.expect("slack: {mode: socket}\n", `
FAULT  slack: BRIEFDESK_SLACK_BOT_TOKEN begins with xapp-: set it to the Bot User OAuth Token of the app's page Install App, which begins with xoxb-
mend: set it where briefdesk serve runs
FAULT  slack: BRIEFDESK_SLACK_APP_TOKEN is not set: set it, or BRIEFDESK_SLACK_APP_TOKEN_FILE, to the App-Level Token of the app's page Basic Information
mend: set it where briefdesk serve runs`)
	})

	t.Run("clock", func(t *testing.T) {
		slow := *d
		slow.t, slow.now = t, func() time.Time { return time.Now().Add(-10*time.Minute - 30*time.Second) }
		if got := slow.run("slack: {mode: socket}\n"); !strings.Contains(got, "FAULT  slack: the clock is 10m") {
			t.Errorf("got:\n%s", got)
		}
	})

	t.Run("scopes", func(t *testing.T) {
		s.Forbid("users:read", "commands")
		got := d.run("slack: {mode: socket}\n")
		if !strings.Contains(got, "FAULT  slack: Fault did not grant commands, users:read\nmend: add them to the app") {
			t.Errorf("got:\n%s", got)
		}
	})

	t.Run("refused", func(t *testing.T) {
		s.Revoke(faultserver.AppToken, "invalid_auth")
		if got := d.run("slack: {mode: socket}\n"); !strings.Contains(got, "FAULT  slack: Slack apps.connections.open: invalid_auth") {
			t.Errorf("got:\n%s", got)
		}
		s.Revoke(faultserver.BotToken, "account_inactive")
		if got := d.run("slack: {mode: socket}\nrooms: {\"slack:C1\": {}}\n"); !strings.Contains(got, "FAULT  slack: Slack auth.test: account_inactive: the app was removed from the workspace: install it again") {
			t.Errorf("got:\n%s", got)
		}
	})

	t.Run("away", func(t *testing.T) {
		s.Close()
		got := d.run("slack: {mode: socket}\nrooms: {\"slack:C1\": {}}\n")
		if !strings.HasPrefix(got, "FAULT  slack: cannot be asked: Slack auth.test: lost: ") || strings.Count(got, "\n") != 1 {
			t.Errorf("got:\n%s", got)
		}
	})
}

// In mode http doctor looks whether Slack's requests come to slack.listen.
func TestDoctorSlackHTTP(t *testing.T) {
	s := faultserver.New(t, faultserver.Options{})
	d := newDiagnosed(t, s)
	d.library().Close()
	d.env["BRIEFDESK_SLACK_SIGNING_SECRET"] = faultserver.SigningSecret
	serving := http.NewServeMux()
	serving.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "alive\n") })
	there := httptest.NewServer(serving)
	defer there.Close()
	listen := strings.TrimPrefix(there.URL, "http://")

	const none = "\nok     slack: no event came yet: if none comes while briefdesk serve runs and people write to the bot, put what briefdesk init slack --out - prints into App Manifest"
	const who = "ok     slack: is @briefdesk in Fault (T0FAULT)\nok     slack: Fault does not tell which scopes it granted\n"
	d.expect("slack: {mode: http, listen: \"127.0.0.1:0\"}\n", who+`
FAULT  slack: slack.public_url is not set: doctor cannot look whether Slack reaches 127.0.0.1:0
mend: set slack.public_url to the address that a proxy passes on to slack.listen`[1:]+none)
	d.expect("slack: {mode: http, public_url: \"http://desk.example.org\"}\n", who+`
FAULT  slack: Slack sends nothing to http://desk.example.org: it is not https
mend: let a proxy serve it over TLS, and write https:// in slack.public_url`[1:]+none)
	d.expect("slack: {mode: http, listen: \"127.0.0.1:0\", public_url: \"https://desk.example.org\"}\n", who+`
ok     slack: slack.listen 127.0.0.1:0 is free; whether https://desk.example.org/slack leads there is seen while briefdesk serve runs`[1:]+none)
	d.expect("slack: {mode: http, listen: \""+listen+"\", public_url: \""+there.URL+"\"}\n", who+`
FAULT  slack: `[1:]+there.URL+`/slack does not lead to briefdesk: it answers 404 Not Found
mend: let the proxy pass POST /slack on to slack.listen `+listen+` with body and headers unchanged`+none)
	chat, err := slack.New(slog.New(slog.NewTextHandler(io.Discard, nil)), slack.Options{Tokens: slack.Token("x"), SigningSecret: faultserver.SigningSecret})
	if err != nil {
		t.Fatal(err)
	}
	serving.Handle("POST /slack", chat)
	d.expect("slack: {mode: http, listen: \""+listen+"\", public_url: \""+there.URL+"\"}\n", who+`
ok     slack: takes requests at `[1:]+there.URL+`/slack, and refuses those that Slack did not sign`+none)
}

// With several workspaces each install is looked at, and no token is renewed.
func TestDoctorSlackSeveral(t *testing.T) {
	s := faultserver.New(t, faultserver.Options{})
	s.AddChannel(faultserver.Channel{ID: "C1", Name: "general"})
	d := newDiagnosed(t, s)
	lib := d.library()
	defer lib.Close()
	const config = "slack: {mode: socket, public_url: \"https://desk.example.org\", workspaces: [T0FAULT]}\nrooms: {\"slack:C1\": {}, \"slack:T0FAULT/C1\": {}, \"slack:T0OTHER/C1\": {}}\n"
	delete(d.env, "BRIEFDESK_SLACK_BOT_TOKEN")
	if got := d.run(config); strings.Count(got, "is not set") != 3 || !strings.Contains(got, "BRIEFDESK_SECRET_KEY is not set") {
		t.Errorf("got:\n%s", got)
	}
	d.env["BRIEFDESK_SLACK_CLIENT_ID"], d.env["BRIEFDESK_SLACK_CLIENT_SECRET"] = faultserver.ClientID, faultserver.ClientSecret
	d.env["BRIEFDESK_SECRET_KEY"] = "sixteen bytes and more"
	if got := d.run(config); !strings.Contains(got, "FAULT  slack: the app is installed in no workspace yet\nmend: run briefdesk serve, and open https://desk.example.org/slack/install") {
		t.Errorf("got:\n%s", got)
	}
	installs, err := slack.NewInstalls(slog.New(slog.NewTextHandler(io.Discard, nil)), slack.InstallOptions{Keeper: lib, Secret: []byte(d.env["BRIEFDESK_SECRET_KEY"]), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	in := slack.Install{Team: "T0FAULT", Token: faultserver.BotToken, Refresh: "xoxe-1", Expires: time.Now().Add(time.Minute)}
	if err := installs.Put(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	d.expect(config, `
ok     slack: is @briefdesk in Fault (T0FAULT)
ok     slack: Fault does not tell which scopes it granted
FAULT  slack: room slack:C1: with slack.workspaces a room has another name
mend: name it with its workspace, such as "slack:T0123/C1"
ok     slack: room slack:T0FAULT/C1: #general
FAULT  slack: room slack:T0OTHER/C1: the app is not installed in that workspace
mend: install it there at https://desk.example.org/slack/install, or leave out the room
ok     slack: gives a socket for events
ok     slack: no event came yet: if none comes while briefdesk serve runs and people write to the bot, put what briefdesk init slack --out - prints into App Manifest`)
	if calls := s.Calls("oauth.v2.access"); len(calls) != 0 {
		t.Errorf("%d tokens were renewed", len(calls))
	}
	d.env["BRIEFDESK_SECRET_KEY"] = "another key of enough bytes"
	if got := d.run(config); !strings.Contains(got, "FAULT  slack: Slack T0FAULT: its token was sealed with another secret key") {
		t.Errorf("got:\n%s", got)
	}
}
