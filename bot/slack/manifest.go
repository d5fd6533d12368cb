package slack

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"briefdesk/briefs"
)

// shortcutAsk is the callback id of "Ask about this message".
const shortcutAsk = "ask_about_message"

// botEvents are what the app hears (https://docs.slack.dev/reference/events),
// sorted; eventLinks is heard too where reading pages are open to others.
var botEvents = []string{
	"app_home_opened",
	"app_mention",
	"app_uninstalled",
	"channel_shared",
	"channel_unshared",
	"member_joined_channel",
	"message.channels",
	"message.groups",
	"message.im",
	"message.mpim",
	"tokens_revoked",
	"user_change",
}

const eventLinks = "link_shared"

// BotEvents lists the events that the app is subscribed to, but eventLinks.
func BotEvents() []string { return slices.Clone(botEvents) }

// eventName is what the manifest calls an event; "" for none of its own.
func eventName(e *event) string {
	name := e.Type
	switch {
	case e.Type == "message" && e.ChannelType == "im", e.Type == "message" && e.ChannelType == "mpim":
		name += "." + e.ChannelType
	case e.Type == "message":
		name += "." + e.ChannelType + "s" // "channel" and "group"
	}
	if name == eventLinks || slices.Contains(botEvents, name) {
		return name
	}
	return ""
}

// botScopes are what the methods, events, commands and views of this package
// need, as manifest_scopes_test.go derives them; linkScopes come with
// eventLinks.
var (
	botScopes = []string{
		"app_mentions:read",
		"assistant:write",
		"channels:history",
		"channels:read",
		"chat:write",
		"commands",
		"files:read",
		"files:write",
		"groups:history",
		"groups:read",
		"im:history",
		"im:read",
		"im:write",
		"mpim:history",
		"mpim:read",
		"users:read",
	}
	linkScopes = []string{"links:read", "links:write"}
)

// ManifestOptions says what the app is to be.
type ManifestOptions struct {
	Name string // what the app and its bot are called; at most 35 characters
	// PublicURL is where Slack reaches the app, without a slash at its end. It
	// is needed unless the app uses sockets in one workspace.
	PublicURL string
	Socket    bool // Socket Mode; else events are sent to PublicURL
	Several   bool // may be installed in several workspaces, by OAuth with rotating tokens
	// Pages is where the reading pages are: links to them get cards where their
	// host has a name on the internet.
	Pages string
}

// Scopes are the scopes that the bot needs, sorted.
func (o ManifestOptions) Scopes() []string {
	scopes := slices.Clone(botScopes)
	if o.pagesHost() != "" {
		scopes = append(scopes, linkScopes...)
	}
	slices.Sort(scopes)
	return scopes
}

// pagesHost is the host of Pages that Slack takes for cards; "" for none.
func (o ManifestOptions) pagesHost() string {
	u, err := url.Parse(o.Pages)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") || len(host) > 255 {
		return ""
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
		return ""
	}
	return host
}

// The parts of a manifest that the app uses, in the order of Slack's own
// examples (https://docs.slack.dev/reference/app-manifest).
type (
	manifest struct {
		Metadata manifestMetadata `json:"_metadata"`
		Display  manifestDisplay  `json:"display_information"`
		Features manifestFeatures `json:"features"`
		OAuth    manifestOAuth    `json:"oauth_config"`
		Settings manifestSettings `json:"settings"`
	}
	manifestMetadata struct {
		Major int `json:"major_version"`
	}
	manifestDisplay struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Long        string `json:"long_description"`
		Color       string `json:"background_color"`
	}
	manifestFeatures struct {
		Agent     manifestAgent      `json:"agent_view"`
		Home      manifestHome       `json:"app_home"`
		Bot       manifestBot        `json:"bot_user"`
		Shortcuts []manifestShortcut `json:"shortcuts"`
		Commands  []manifestCommand  `json:"slash_commands"`
		Unfurl    []string           `json:"unfurl_domains,omitempty"`
	}
	manifestAgent struct {
		Description string           `json:"agent_description"`
		Prompts     []manifestPrompt `json:"suggested_prompts"`
	}
	manifestPrompt struct {
		Title   string `json:"title"`
		Message string `json:"message"`
	}
	manifestHome struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"`
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	}
	manifestBot struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	}
	manifestShortcut struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		CallbackID  string `json:"callback_id"`
		Description string `json:"description"`
	}
	manifestCommand struct {
		Command     string `json:"command"`
		URL         string `json:"url,omitempty"`
		Description string `json:"description"`
		Hint        string `json:"usage_hint,omitempty"`
		Escape      bool   `json:"should_escape"`
	}
	manifestOAuth struct {
		Redirects []string       `json:"redirect_urls,omitempty"`
		Scopes    manifestScopes `json:"scopes"`
	}
	manifestScopes struct {
		Bot []string `json:"bot"`
	}
	manifestSettings struct {
		Events        manifestEvents        `json:"event_subscriptions"`
		Interactivity manifestInteractivity `json:"interactivity"`
		Org           bool                  `json:"org_deploy_enabled"`
		Socket        bool                  `json:"socket_mode_enabled"`
		Rotation      bool                  `json:"token_rotation_enabled"`
	}
	manifestEvents struct {
		URL string   `json:"request_url,omitempty"`
		Bot []string `json:"bot_events"`
	}
	manifestInteractivity struct {
		Enabled bool   `json:"is_enabled"`
		URL     string `json:"request_url,omitempty"`
		MenuURL string `json:"message_menu_options_url,omitempty"` // where the time zones of forms are asked for
	}
)

// Manifest is the app as Slack makes it from JSON, which is YAML too. It
// returns ErrInvalid for options that Slack would refuse.
func Manifest(o ManifestOptions) ([]byte, error) {
	switch n := units(o.Name); {
	case n == 0 || n > 35:
		return nil, briefs.Fault(briefs.ErrInvalid, "a name of %d characters: Slack takes 1 to 35", n)
	case o.PublicURL == "" && !o.Socket:
		return nil, briefs.Fault(briefs.ErrInvalid, "without Socket Mode Slack must know where to send events: name the address that it reaches, such as https://desk.example.org")
	case o.PublicURL == "" && o.Several:
		return nil, briefs.Fault(briefs.ErrInvalid, "to install in several workspaces Slack must know where to send admins back to: name the address that they reach, such as https://desk.example.org")
	}
	events, request := slices.Clone(botEvents), ""
	if !o.Socket {
		request = o.PublicURL + EventPath
	}
	m := manifest{
		Metadata: manifestMetadata{Major: 2},
		Display: manifestDisplay{
			Name:        o.Name,
			Description: "Answers from your own library, word for word and with sources.",
			Long: o.Name + " answers questions from a library of documents that your team keeps. Every sentence of an answer stands in one of them, " +
				"word for word, with its source and a link that opens it there. Where the library has no answer it says so. It writes nothing of its own.",
			Color: "#24292f",
		},
		Features: manifestFeatures{
			Agent: manifestAgent{
				Description: "Ask in your own words. Answers are sentences of the documents in the library, word for word and with their sources; where nothing there answers, you are told so.",
				Prompts: []manifestPrompt{
					{"What can I ask here?", "help"},
					{"Which sources are there?", "sources"},
				},
			},
			Home: manifestHome{Home: true, Messages: true},
			Bot:  manifestBot{Name: o.Name, Online: true},
			Shortcuts: []manifestShortcut{
				{"Ask about this message", "message", shortcutAsk, "Asks the library what it says about a message"},
			},
			Commands: []manifestCommand{
				{Command: "/ask", Description: "Ask the library; only you see the answer", Hint: "why did the talks fail?"},
				{Command: "/brief", Description: "What the library says about a topic", Hint: "TOPIC [since 30d]"},
				{Command: "/briefings", Description: "Regular briefings of this channel", Hint: "[add TOPIC every monday 09:00 Europe/Berlin]"},
				{Command: "/sources", Description: "The sources that this channel can ask", Hint: "[add URL]"},
			},
		},
		OAuth: manifestOAuth{Scopes: manifestScopes{Bot: o.Scopes()}},
		Settings: manifestSettings{
			Interactivity: manifestInteractivity{Enabled: true, URL: request, MenuURL: request},
			Org:           o.Several, Socket: o.Socket, Rotation: o.Several,
		},
	}
	for i := range m.Features.Commands {
		m.Features.Commands[i].URL = request
	}
	if host := o.pagesHost(); host != "" {
		m.Features.Unfurl = []string{host}
		events = append(events, eventLinks)
		slices.Sort(events)
	}
	if o.Several {
		m.OAuth.Redirects = []string{o.PublicURL + oauthPath}
	}
	m.Settings.Events = manifestEvents{URL: request, Bot: events}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}
