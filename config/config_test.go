package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "briefdesk.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) string { return m[k] }
}

const full = `library: {path: data/desk.db}
admins: ["slack:U0123", "matrix:@ana:example.org", "web:ana"]
collections:
  cyber:
    sources:
      - {path: ./papers}
      - {url: "https://example.org/page"}
      - {feed: "https://example.org/feed.xml", every: 1h}
      - {sitemap: "http://intranet.example/sitemap.xml", every: 24h, private: true}
slack: {mode: socket, listen: "127.0.0.1:3000", api_url: "https://slack.example/api", public_url: "https://desk.example.org/s/", workspaces: [T0123, E0456]}
matrix: {homeserver: "https://hs.example.org/", user_id: "@desk:example.org", allow_invites_from: ["@ana:example.org", "*:example.org"]}
rooms:
  default: {collections: [cyber]}
  "slack:C0123": {collections: [cyber], reply_to: mentions, manage: admins, external: true}
  "matrix:!abc:example.org": {collections: [cyber], reply_to: questions}
  "web:bo@example.org": {collections: [cyber]}
  "web:default": {}
schedules:
  - {name: weekly, room: "slack:C0123", topics: ["collection:cyber", "export controls"], cron: "0 9 * * MON", zone: Europe/Berlin, quiet: say_so, catch_up: latest, force: true}
web: {listen: "127.0.0.1:8088", public_url: "https://desk.example.org/", metrics_listen: "", link_days: 30, trust_header: X-User, trust_from: [10.0.0.0/8]}
`

func TestLoadReadsEveryKey(t *testing.T) {
	path := write(t, full)
	c, err := Load(path, env())
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Library: Library{Path: filepath.Join(filepath.Dir(path), "data", "desk.db")},
		Admins:  []string{"slack:U0123", "matrix:@ana:example.org", "web:ana"},
		Collections: map[string]Collection{"cyber": {Sources: []Source{
			{Path: filepath.Join(filepath.Dir(path), "papers")},
			{URL: "https://example.org/page"},
			{Feed: "https://example.org/feed.xml", Every: time.Hour},
			{Sitemap: "http://intranet.example/sitemap.xml", Every: 24 * time.Hour, Private: true},
		}}},
		Slack:  Slack{Mode: "socket", Listen: "127.0.0.1:3000", APIURL: "https://slack.example/api/", PublicURL: "https://desk.example.org/s", Workspaces: []string{"T0123", "E0456"}},
		Matrix: Matrix{Homeserver: "https://hs.example.org", UserID: "@desk:example.org", AllowInvitesFrom: []string{"@ana:example.org", "*:example.org"}},
		Rooms: map[string]Room{
			"default":                 {Collections: []string{"cyber"}},
			"slack:C0123":             {Collections: []string{"cyber"}, ReplyTo: "mentions", Manage: "admins", External: true},
			"matrix:!abc:example.org": {Collections: []string{"cyber"}, ReplyTo: "questions"},
			"web:bo@example.org":      {Collections: []string{"cyber"}},
			"web:default":             {},
		},
		Schedules: []Schedule{{
			Name: "weekly", Room: "slack:C0123", Topics: []string{"collection:cyber", "export controls"},
			Cron: "0 9 * * MON", Zone: "Europe/Berlin", Quiet: "say_so", CatchUp: "latest", Force: true,
		}},
		Web:  Web{Listen: "127.0.0.1:8088", PublicURL: "https://desk.example.org", LinkDays: 30, TrustHeader: "X-User", TrustFrom: []string{"10.0.0.0/8"}},
		File: path,
	}
	got := c
	got.lines = nil
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Config{}, Secret{})); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
	if got, want := c.Where("schedules[0].cron"), path+":19: schedules[0].cron"; got != want {
		t.Errorf("Where = %q, want %q", got, want)
	}
	if got := c.PublicURL(); got != "https://desk.example.org" {
		t.Errorf("PublicURL = %q", got)
	}
}

func TestLoadWithoutFileIsDefault(t *testing.T) {
	for name, path := range map[string]string{
		"none": "", "empty": write(t, ""), "comment": write(t, "# nothing\n"),
		"bom": write(t, "\xef\xbb\xbflibrary:\nweb:\n"), "start": write(t, "---\nweb: {}\n"),
	} {
		c, err := Load(path, env())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := Default()
		c.File, c.lines = "", nil
		if diff := cmp.Diff(want, c, cmp.AllowUnexported(Config{}, Secret{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := c.PublicURL(); got != "http://127.0.0.1:8088" {
			t.Errorf("PublicURL = %q", got)
		}
	}
}

func TestLoadFaults(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{"web:\n  lisen: x\n", "FILE:2: web.lisen: is not a known key: did you mean listen?"},
		{"wev: {}\n", "FILE:1: wev: is not a known key: did you mean web?"},
		{"\nzebra: 1\n", "FILE:2: zebra: is not a known key: leave it out, or use one of admins, collections, library, matrix, queries, rooms, schedules, slack, web"},
		{"slack:\n  bot_token: xoxb-1\n", "FILE:2: slack.bot_token: is a secret, and secrets do not stand in the file: set BRIEFDESK_SLACK_BOT_TOKEN or BRIEFDESK_SLACK_BOT_TOKEN_FILE in the environment"},
		{"secret_key: abc\n", "FILE:1: secret_key: is a secret, and secrets do not stand in the file: set BRIEFDESK_SECRET_KEY or BRIEFDESK_SECRET_KEY_FILE in the environment"},
		{"slack: {token: x}\n", "FILE:1: slack.token: looks like a secret, and secrets do not stand in the file: set it in the environment: BRIEFDESK_MATRIX_ACCESS_TOKEN, BRIEFDESK_MATRIX_PASSWORD, BRIEFDESK_MATRIX_PICKLE_KEY, BRIEFDESK_MATRIX_RECOVERY_KEY, BRIEFDESK_SECRET_KEY, BRIEFDESK_SLACK_APP_TOKEN, BRIEFDESK_SLACK_BOT_TOKEN, BRIEFDESK_SLACK_CLIENT_ID, BRIEFDESK_SLACK_CLIENT_SECRET, BRIEFDESK_SLACK_SIGNING_SECRET"},
		{"web: 3\n", "FILE:1: web: is a single value: write keys such as {key: value}"},
		{"web: [a]\n", "FILE:1: web: is a list: write keys such as {key: value}"},
		{"admins: ana\n", "FILE:1: admins: is a single value: write a list such as [a, b]"},
		{"admins: {a: b}\n", "FILE:1: admins: holds keys: write a list such as [a, b]"},
		{"admins: [ana]\n", `FILE:1: admins[0]: "ana" names nobody: write "slack:U0123", "matrix:@name:server" or "web:NAME"`},
		{"admins: [\"web:\"]\n", `FILE:1: admins[0]: "web:" names nobody: write "slack:U0123", "matrix:@name:server" or "web:NAME"`},
		{"just words\n", "FILE:1: is not a list of keys: write for example: library: {path: briefdesk.db}"},
		{"web: {link_days: 0}\n", "FILE:1: web.link_days: 0 is too few: write 1 or more"},
		{"web:\n  link_days: soon\n", "FILE:2: has the wrong type: string into Go struct field Config.Web of type int: write a value of the right type"},
		{"web: {listen: here}\n", `FILE:1: web.listen: "here" is not an address to listen on: write HOST:PORT, such as 127.0.0.1:8088`},
		{"web: {public_url: ftp://x}\n", `FILE:1: web.public_url: "ftp://x" is not a web address: write https://HOST/…`},
		{"web: {public_url: \"https://x/?a=b\"}\n", `FILE:1: web.public_url: "https://x/?a=b" is more than an address: write scheme, host and path only, such as https://desk.example.org`},
		{"web: {public_url: \"https://ana@x\"}\n", `FILE:1: web.public_url: "https://ana@x" is more than an address: write scheme, host and path only, such as https://desk.example.org`},
		{"web: {trust_header: \"X User\", trust_from: [\"::1\"]}\n", `FILE:1: web.trust_header: "X User" is not a header: write its name, such as X-Forwarded-User`},
		{"web: {trust_header: host, trust_from: [\"::1\"]}\n", `FILE:1: web.trust_header: "host" is not a header: write its name, such as X-Forwarded-User`},
		{"web: {trust_header: X}\n", "FILE:1: web.trust_header: is trusted from nowhere: list the proxy's addresses in web.trust_from"},
		{"slack: {mode: carrier}\n", `FILE:1: slack.mode: "carrier" is not a choice: write socket or http`},
		{"slack: {public_url: \"https://x/?a=b\"}\n", `FILE:1: slack.public_url: "https://x/?a=b" is more than an address: write scheme, host and path only, such as https://desk.example.org`},
		{"slack: {workspaces: [acme], public_url: \"https://x\"}\n", `FILE:1: slack.workspaces[0]: "acme" is no workspace: write its id, such as "T0123", or that of an organisation, such as "E0123"`},
		{"slack: {workspaces: [T0123]}\n", "FILE:1: slack.workspaces: can be installed nowhere: write in slack.public_url the address at which admins reach slack.listen"},
		{"matrix: {homeserver: \"https://h\"}\n", `matrix.user_id: is missing: write "@name:server", or leave out matrix.homeserver`},
		{"collections:\n  a: {sources: [{path: x, url: \"https://y\"}]}\n", "FILE:2: collections.a.sources[0]: must have exactly one of path, url, feed and sitemap: write for example {path: ./papers}"},
		{"collections:\n  \"a b\": {}\n", "FILE:2: collections.a b: is not a name: use letters, digits, - and _, without spaces or commas"},
		{"collections: {a: {sources: [{feed: \"https://y\", every: 1s}]}}\n", "FILE:1: collections.a.sources[0].every: 1s is too often: write 1m or more"},
		{"collections:\n  a:\n    sources:\n      - {sitemap: \"https://y\", every: 800h}\n", "FILE:4: collections.a.sources[0].every: 800h0m0s is too seldom: write 744h or less"},
		{"collections:\n  a: {sources: []}\n  b:\n    sources:\n    - {sitemap: y}\n", `FILE:5: collections.b.sources[0].sitemap: "y" is not a web address: write https://HOST/…`},
		{"collections: {a: {sources: [{url: \"https://ana:pw@y\"}]}}\n", "FILE:1: collections.a.sources[0].url: holds a name or password, and secrets do not stand in the file: leave it out: what needs a password is not read"},
		{"collections: {a: {sources: [{path: x, private: true}]}}\n", "FILE:1: collections.a.sources[0].private: is for web addresses: leave it out"},
		{"collections:\n  a: {sources: [{url: \"https://y\"}]}\n  b: {sources: [{feed: \"https://y\"}]}\n", `FILE:3: collections.b.sources[0]: is a source of collection "a" already: leave out one of the two: a document is in one collection`},
		{"collections:\n  a: {sources: [{path: /x/y/z}]}\n  b: {sources: [{path: /x/y}]}\n", `FILE:2: collections.a.sources[0].path: "/x/y/z" lies in "/x/y", which is a source too: leave out one of the two`},
		{"rooms: {irc: {}}\n", `FILE:1: rooms.irc: names no room: write default, "slack:C0123", "slack:dm", "matrix:!id:server", "matrix:dm", "web:NAME" or "web:default"`},
		{"rooms: {\"web: ana\": {}}\n", `FILE:1: rooms.web: ana: names no room: write default, "slack:C0123", "slack:dm", "matrix:!id:server", "matrix:dm", "web:NAME" or "web:default"`},
		{"queries: {\"a b\": {words: x}}\n", "FILE:1: queries.a b: is not a name: use letters, digits, - and _, without spaces or commas"},
		{"queries:\n  chips: {words: \" \"}\n", `FILE:2: queries.chips: asks for nothing: write for example {words: "export controls", collections: [cyber]}`},
		{"queries: {chips: {word: x}}\n", "FILE:1: queries.chips.word: is not a known key: did you mean words?"},
		{"schedules: [{name: a@b, room: \"console:a\", topics: [a], cron: \"0 9 * * *\"}]\n", `FILE:1: schedules[0].name: "a@b" is not a name: leave out @ and #`},
		{"schedules: [{name: n, room: \"web:ana\", topics: [a], cron: \"0 9 * * *\"}]\n", `FILE:1: schedules[0].room: "web:ana" names no room: write for example "slack:C0123"`},
		{"rooms: {default: {reply_to: all}}\n", `FILE:1: rooms.default.reply_to: "all" is not a choice: write mentions or questions`},
		{"a: &x 1\n", "FILE:1: a: is not a known key: leave it out, or use one of admins, collections, library, matrix, queries, rooms, schedules, slack, web"},
		{"web: &x {listen: y}\n", "FILE:1: web: uses a YAML anchor, alias or tag: write the value itself"},
		{"web: {}\n---\nweb: {}\n", "FILE:3: the file holds more than one document: leave out the line ---"},
		{"web: [\n", "FILE:1: "},
		{"web: {}\nweb: {}\n", "FILE:2: "},
	} {
		path := write(t, test.file)
		_, err := Load(path, env())
		var p Problems
		if !errors.As(err, &p) {
			t.Errorf("%q: error %v, want Problems", test.file, err)
			continue
		}
		got := strings.ReplaceAll(p[0].Error(), path, "FILE")
		if got != test.want && !(strings.HasSuffix(test.want, " ") && strings.HasPrefix(got, test.want)) {
			t.Errorf("%q:\n got %s\nwant %s", test.file, got, test.want)
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error has several lines: %q", test.file, err)
		}
	}
}

func TestSeveralFaultsAreCounted(t *testing.T) {
	path := write(t, "wev: {}\nadmin: []\n")
	_, err := Load(path, env("BRIEFDESK_WEB_LINK_DAYS", "many"))
	var p Problems
	if !errors.As(err, &p) || len(p) != 3 {
		t.Fatalf("got %v, want three problems", err)
	}
	if !strings.HasSuffix(err.Error(), "(and 2 more: run briefdesk doctor)") {
		t.Errorf("error %q does not count the others", err)
	}
	if got, want := p[2].Error(), `BRIEFDESK_WEB_LINK_DAYS: "many" is not a number: write digits`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), env())
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "briefdesk init") {
		t.Errorf("error %v", err)
	}
	_, err = Load(t.TempDir(), env())
	if err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a folder as configuration: %v", err)
	}
	if _, err = Load(write(t, strings.Repeat("#", maxFile+1)), env()); err == nil {
		t.Error("a file over the limit was read")
	}
}

func TestEnvironmentOverlays(t *testing.T) {
	path := write(t, "web: {listen: \"127.0.0.1:1\"}\nmatrix: {user_id: \"@a:b\"}\n")
	c, err := Load(path, env(
		"BRIEFDESK_LIBRARY_PATH", "else.db",
		"BRIEFDESK_ADMINS", "slack:U1, slack:U2,",
		"BRIEFDESK_SLACK_API_URL", "http://127.0.0.1:99/api",
		"BRIEFDESK_WEB_LISTEN", "127.0.0.1:2",
		"BRIEFDESK_WEB_LINK_DAYS", "7",
		"BRIEFDESK_MATRIX_ALLOW_INVITES_FROM", "*:example.org",
		"BRIEFDESK_SECRET_KEY", "s3cret",
	))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Library.Path, strings.Join(c.Admins, "|"), c.Slack.APIURL, c.Web.Listen, fmt.Sprint(c.Web.LinkDays), c.Matrix.AllowInvitesFrom[0], c.Secrets.SecretKey.Reveal()}
	want := []string{"else.db", "slack:U1|slack:U2", "http://127.0.0.1:99/api/", "127.0.0.1:2", "7", "*:example.org", "s3cret"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(full)
	f.Add("web: [\n")
	f.Add("a: &a [*a]\n<<: *a\n? x\n")
	f.Add("\xef\xbb\xbf- 1\n")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return
		}
		c, found := Parse("f.yaml", []byte(s))
		for _, err := range append(found, c.check()...) {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error has several lines: %q", err)
			}
		}
	})
}
