// Package config reads briefdesk.yaml and the environment into one struct.
//
// Load checks all that can be checked without the domain: unknown keys, types,
// addresses, names. Values that need the domain (cron expressions, time zones,
// room names) keep their position, so that cmd/briefdesk can report them with
// file and line. It imports none of our packages.
package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Config is the whole configuration. Its zero value is not usable: take
// Default or Load.
type Config struct {
	Library     Library               `yaml:"library"`
	Admins      []string              `yaml:"admins"` // "slack:U…", "matrix:@name:server" or "web:NAME"
	Collections map[string]Collection `yaml:"collections"`
	Slack       Slack                 `yaml:"slack"`
	Matrix      Matrix                `yaml:"matrix"`
	Rooms       map[string]Room       `yaml:"rooms"`   // by room name, "default", "slack:dm", "matrix:dm" or "web:default"
	Queries     map[string]Query      `yaml:"queries"` // topics "query:NAME"
	Schedules   []Schedule            `yaml:"schedules"`
	Web         Web                   `yaml:"web"`

	// Secrets come from the environment only.
	Secrets Secrets `yaml:"-"`

	// File is the path that was read; empty when there was none.
	File string `yaml:"-"`

	lines map[string]int // dotted path of a key → its line in File, from 1
}

// Library says where the library file is.
type Library struct {
	// Path is relative to the working directory, or after Load to the folder
	// of the configuration file that named it.
	Path string `yaml:"path"`
}

// Collection is a named part of the library and where its documents come from.
type Collection struct {
	Sources []Source `yaml:"sources"`
}

// Source is one origin of documents; exactly one of Path, URL, Feed and
// Sitemap is set.
type Source struct {
	// Path is a file or a folder with all in it, relative to the working
	// directory, or after Load to the folder of the configuration file.
	Path    string        `yaml:"path"`
	URL     string        `yaml:"url"`     // a page or a document; a feed when it turns out to be one
	Feed    string        `yaml:"feed"`    // RSS, Atom or JSON Feed
	Sitemap string        `yaml:"sitemap"` // a sitemap, or an index of sitemaps
	Every   time.Duration `yaml:"every"`   // how often it is read; 0 is the default of its kind
	Private bool          `yaml:"private"` // its host may have an address of this machine or a private network
}

// Address is whichever of Path, URL, Feed and Sitemap is set.
func (s Source) Address() string { return cmp.Or(s.Path, s.URL, s.Feed, s.Sitemap) }

// Slack configures the Slack connection.
type Slack struct {
	Mode   string `yaml:"mode"` // "", "socket" or "http"; empty is off
	Listen string `yaml:"listen"`
	APIURL string `yaml:"api_url"` // with a slash at the end after Load
	// PublicURL is where Slack, and admins who install, reach Listen; without a
	// slash at the end after Load.
	PublicURL string `yaml:"public_url"`
	// Workspaces are those, "T0AB", or organisations, "E0AB", that may install
	// the app by OAuth; none is the one workspace of the bot token.
	Workspaces []string `yaml:"workspaces"`
}

// Matrix configures the Matrix connection; it is off without Homeserver.
type Matrix struct {
	Homeserver       string   `yaml:"homeserver"`
	UserID           string   `yaml:"user_id"`
	AllowInvitesFrom []string `yaml:"allow_invites_from"` // "@user:server" or "*:server"
}

// Room is what one room may see and do.
type Room struct {
	Collections []string `yaml:"collections"`
	ReplyTo     string   `yaml:"reply_to"` // "mentions" (default) or "questions"
	Manage      string   `yaml:"manage"`   // "admins" (default) or "anyone"
	External    bool     `yaml:"external"` // admits guests and shared channels
}

// Query is a topic saved under a name; not all of it is empty.
type Query struct {
	Words       string   `yaml:"words"`       // empty takes all of the documents
	Collections []string `yaml:"collections"` // only these; none is all that a room sees
	Publisher   string   `yaml:"publisher"`   // exactly this one; empty is any
}

// Schedule is one regular briefing. Cron and Zone are checked by cmd.
type Schedule struct {
	Name    string   `yaml:"name"`
	Room    string   `yaml:"room"`
	Topics  []string `yaml:"topics"`
	Cron    string   `yaml:"cron"`
	Zone    string   `yaml:"zone"`
	Quiet   string   `yaml:"quiet"`    // "say_so" (default) or "skip"
	CatchUp string   `yaml:"catch_up"` // "latest" (default), "all" or "skip"
	Force   bool     `yaml:"force"`    // allows more than one slot in 15 minutes
}

// Web configures the web page.
type Web struct {
	Listen        string   `yaml:"listen"`
	PublicURL     string   `yaml:"public_url"` // without a slash at the end after Load
	MetricsListen string   `yaml:"metrics_listen"`
	LinkDays      int      `yaml:"link_days"`    // days that a signed link stays open, from 1
	TrustHeader   string   `yaml:"trust_header"` // holds the name of a reader whom a reverse proxy has signed in; empty for none
	TrustFrom     []string `yaml:"trust_from"`   // addresses or CIDR blocks of that proxy
}

// Default is the configuration of somebody who has written none.
func Default() Config {
	return Config{
		Library: Library{Path: "briefdesk.db"},
		Slack:   Slack{Listen: "127.0.0.1:3000", APIURL: "https://slack.com/api/"},
		Web:     Web{Listen: "127.0.0.1:8088", LinkDays: 90},
	}
}

// PublicURL is where readers open links, without a slash at the end:
// web.public_url, or http:// and web.listen.
func (c *Config) PublicURL() string {
	if c.Web.PublicURL != "" {
		return c.Web.PublicURL
	}
	return "http://" + c.Web.Listen
}

// Where names the place of a key, such as "schedules[0].cron", for an error:
// "FILE:LINE: KEY", or KEY alone when the file does not hold it.
func (c *Config) Where(key string) string {
	if line, ok := c.lines[key]; ok {
		return fmt.Sprintf("%s:%d: %s", c.File, line, key)
	}
	return key
}

// HasQuery checks that a query of that name is saved: the error names those
// that are.
func (c *Config) HasQuery(name string) error {
	if _, ok := c.Queries[name]; ok {
		return nil
	}
	mend := "save one under queries"
	if len(c.Queries) > 0 {
		mend = "there are " + strings.Join(slices.Sorted(maps.Keys(c.Queries)), ", ") + "; or " + mend
	}
	return fmt.Errorf("no query is saved as %q: %s", name, mend)
}
