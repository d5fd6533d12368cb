package config

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// checker collects faults against one Config.
type checker struct {
	c     *Config
	found Problems
}

func (k *checker) fault(key, what, mend string) {
	k.found = append(k.found, fmt.Errorf("%s: %s: %s", k.c.Where(key), what, mend))
}

// check validates all values and normalises addresses.
func (c *Config) check() Problems {
	k := &checker{c: c}
	for i, a := range c.Admins {
		if !hasPrefix(a, "slack:", "matrix:@", "web:") {
			k.fault(fmt.Sprintf("admins[%d]", i), strconv.Quote(a)+" names nobody", `write "slack:U0123", "matrix:@name:server" or "web:NAME"`)
		}
	}
	k.collections()
	k.slack()
	k.matrix()
	k.rooms()
	k.queries()
	k.schedules()
	k.web()
	return k.found
}

func (k *checker) slack() {
	s := &k.c.Slack
	k.oneOf("slack.mode", s.Mode, "socket", "http")
	k.listen("slack.listen", s.Listen)
	k.address("slack.api_url", s.APIURL)
	if !strings.HasSuffix(s.APIURL, "/") {
		s.APIURL += "/"
	}
	k.publicURL("slack.public_url", &s.PublicURL)
	for i, w := range s.Workspaces {
		if len(w) < 2 || w[0] != 'T' && w[0] != 'E' || strings.ContainsFunc(w, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }) {
			k.fault(fmt.Sprintf("slack.workspaces[%d]", i), strconv.Quote(w)+" is no workspace", `write its id, such as "T0123", or that of an organisation, such as "E0123"`)
		}
	}
	if len(s.Workspaces) > 0 && s.PublicURL == "" {
		k.fault("slack.workspaces", "can be installed nowhere", "write in slack.public_url the address at which admins reach slack.listen")
	}
}

// publicURL checks an address that others know this server by.
func (k *checker) publicURL(key string, value *string) {
	k.address(key, *value)
	*value = strings.TrimRight(*value, "/")
	if u, err := url.Parse(*value); err == nil && (u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil) {
		k.fault(key, strconv.Quote(*value)+" is more than an address", "write scheme, host and path only, such as https://desk.example.org")
	}
}

func (k *checker) matrix() {
	m := &k.c.Matrix
	k.address("matrix.homeserver", m.Homeserver)
	m.Homeserver = strings.TrimRight(m.Homeserver, "/")
	switch {
	case m.UserID != "" && !matrixID(m.UserID):
		k.fault("matrix.user_id", strconv.Quote(m.UserID)+" is not a Matrix id", `write "@name:server"`)
	case m.Homeserver != "" && m.UserID == "":
		k.fault("matrix.user_id", "is missing", `write "@name:server", or leave out matrix.homeserver`)
	}
	for i, who := range m.AllowInvitesFrom {
		server, any := strings.CutPrefix(who, "*:")
		if !matrixID(who) && (!any || server == "") {
			k.fault(fmt.Sprintf("matrix.allow_invites_from[%d]", i), strconv.Quote(who)+" names nobody", `write "@name:server" or "*:server"`)
		}
	}
}

func (k *checker) rooms() {
	for _, name := range slices.Sorted(maps.Keys(k.c.Rooms)) {
		key, r := "rooms."+name, k.c.Rooms[name]
		if name != "default" && !chatRoom(name) && !readingRoom(name) {
			k.fault(key, "names no room", `write default, "slack:C0123", "slack:dm", "matrix:!id:server", "matrix:dm", "web:NAME" or "web:default"`)
		}
		k.oneOf(key+".reply_to", r.ReplyTo, "mentions", "questions")
		k.oneOf(key+".manage", r.Manage, "admins", "anyone")
	}
}

func (k *checker) queries() {
	for _, name := range slices.Sorted(maps.Keys(k.c.Queries)) {
		key, q := "queries."+name, k.c.Queries[name]
		if strings.TrimSpace(name) == "" || strings.ContainsFunc(name, notInName) {
			k.fault(key, "is not a name", "use letters, digits, - and _, without spaces or commas")
		}
		if strings.TrimSpace(q.Words) == "" && len(q.Collections) == 0 && q.Publisher == "" {
			k.fault(key, "asks for nothing", `write for example {words: "export controls", collections: [cyber]}`)
		}
	}
}

func (k *checker) schedules() {
	seen := map[string]bool{}
	for i, s := range k.c.Schedules {
		key := fmt.Sprintf("schedules[%d]", i)
		switch {
		case strings.TrimSpace(s.Name) == "":
			k.fault(key+".name", "is missing", "give the schedule a name")
		case seen[s.Name]:
			k.fault(key+".name", strconv.Quote(s.Name)+" occurs twice", "give each schedule its own name")
		case strings.ContainsFunc(s.Name, func(r rune) bool { return r == '@' || r == '#' || unicode.IsControl(r) }): // NAME@ROOM is one of a room
			k.fault(key+".name", strconv.Quote(s.Name)+" is not a name", "leave out @ and #")
		}
		seen[s.Name] = true
		if !chatRoom(s.Room) {
			k.fault(key+".room", strconv.Quote(s.Room)+" names no room", `write for example "slack:C0123"`)
		}
		if len(s.Topics) == 0 {
			k.fault(key+".topics", "is missing", `write for example ["collection:cyber"]`)
		}
		if strings.TrimSpace(s.Cron) == "" {
			k.fault(key+".cron", "is missing", `write for example "0 9 * * MON"`)
		}
		k.oneOf(key+".quiet", s.Quiet, "say_so", "skip")
		k.oneOf(key+".catch_up", s.CatchUp, "latest", "all", "skip")
	}
}

func (k *checker) web() {
	w := &k.c.Web
	k.listen("web.listen", w.Listen)
	k.publicURL("web.public_url", &w.PublicURL)
	if w.MetricsListen != "" {
		k.listen("web.metrics_listen", w.MetricsListen)
	}
	if w.LinkDays < 1 {
		k.fault("web.link_days", fmt.Sprintf("%d is too few", w.LinkDays), "write 1 or more")
	}
	for i, from := range w.TrustFrom {
		_, errAddr := netip.ParseAddr(from)
		_, errBlock := netip.ParsePrefix(from)
		if errAddr != nil && errBlock != nil {
			k.fault(fmt.Sprintf("web.trust_from[%d]", i), strconv.Quote(from)+" is not an address", "write for example 10.0.0.0/8")
		}
	}
	if strings.ContainsFunc(w.TrustHeader, notInHeader) || strings.EqualFold(w.TrustHeader, "Host") {
		k.fault("web.trust_header", strconv.Quote(w.TrustHeader)+" is not a header", "write its name, such as X-Forwarded-User")
	}
	if w.TrustHeader != "" && len(w.TrustFrom) == 0 {
		k.fault("web.trust_header", "is trusted from nowhere", "list the proxy's addresses in web.trust_from")
	}
}

func (k *checker) oneOf(key, value string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		k.fault(key, strconv.Quote(value)+" is not a choice", "write "+strings.Join(allowed, " or "))
	}
}

func (k *checker) listen(key, value string) {
	_, port, err := net.SplitHostPort(value)
	if n, e := strconv.Atoi(port); err != nil || e != nil || n < 0 || n > 65535 {
		k.fault(key, strconv.Quote(value)+" is not an address to listen on", "write HOST:PORT, such as 127.0.0.1:8088")
	}
}

func (k *checker) address(key, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		k.fault(key, strconv.Quote(value)+" is not a web address", "write https://HOST/…")
	}
}

// chatRoom reports whether s names a room that can be posted to.
func chatRoom(s string) bool { return named(s, "slack:", "matrix:", "console:") }

// readingRoom reports whether s names a reader of the web page: by the name
// that the reverse proxy gives, or "web:default" for any.
func readingRoom(s string) bool { return named(s, "web:") }

func named(s string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			return strings.TrimSpace(rest) == rest && rest != ""
		}
	}
	return false
}

func matrixID(s string) bool {
	name, server, ok := strings.Cut(s, ":")
	return ok && len(name) > 1 && name[0] == '@' && server != ""
}

func hasPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return len(s) > len(p) && strings.HasPrefix(s, p) })
}

func notInName(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == ',' }

// notInHeader reports the characters that no name of a header holds (RFC 9110,
// section 5.6.2).
func notInHeader(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}
