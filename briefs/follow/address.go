package follow

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
)

// Canonical is the address at which a page is fetched: without what tells one
// reader from another (fragment, campaign parameters, user name), host and
// escapes in their usual form. Parameters keep their order, and the path its
// closing slash: servers may tell these apart. It returns ErrInvalid for what
// is no address of the web.
func Canonical(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || strings.Trim(u.Hostname(), ".") == "" || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return "", briefs.Fault(briefs.ErrInvalid, "%q: is no web address: write https://HOST/…", address)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	host, port := strings.TrimRight(strings.ToLower(u.Hostname()), "."), u.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	u.Host, u.User, u.Fragment, u.RawFragment = host, nil, "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	// Escapes in one form: those that need none are undone, as
	// https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2 has it.
	u.RawPath = escapes(u.EscapedPath())
	u.RawQuery = query(u.RawQuery)
	u.ForceQuery = false
	return u.String(), nil
}

// escapes writes escapes in capitals and undoes those of unreserved
// characters.
func escapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			b.WriteByte(s[i])
			continue
		}
		c := unhex(s[i+1])<<4 | unhex(s[i+2])
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// campaign are parameters that say how a reader came to a page; with those
// that begin with "utm_".
var campaign = []string{
	"fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid",
	"mkt_tok", "_hsenc", "_hsmi", "wt_mc", "at_medium", "at_campaign", "at_custom1", "at_custom2",
}

// query drops campaign parameters; the rest stays as it is.
func query(raw string) string {
	if raw == "" {
		return ""
	}
	kept := strings.Split(raw, "&")
	kept = slices.DeleteFunc(kept, func(p string) bool {
		name, _, _ := strings.Cut(p, "=")
		name = strings.ToLower(name)
		return p == "" || strings.HasPrefix(name, "utm_") || slices.Contains(campaign, name)
	})
	return whole(strings.Join(kept, "&"))
}

// whole escapes what does not stand in an address as it is, and writes escapes
// in capitals.
func whole(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if i > 0 && s[i-1] == '%' && i+1 < len(s) && isHex(c) && isHex(s[i+1]) || i > 1 && s[i-2] == '%' && isHex(s[i-1]) && isHex(c) {
			c = strings.ToUpper(string(c))[0]
		}
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>#`{}|^\\", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// place is what tells the document at an address from others: the canonical
// address, by either scheme, with or without a closing slash.
func place(address string) string {
	c, err := Canonical(address)
	if err != nil {
		return address
	}
	_, rest, _ := strings.Cut(c, "://")
	if i := strings.IndexByte(rest, '?'); i >= 0 {
		return strings.TrimSuffix(rest[:i], "/") + rest[i:]
	}
	return strings.TrimSuffix(rest, "/")
}

// documentID is the id of the document at a place, in a collection: the same
// whether a person, a feed or a sitemap names it.
func documentID(collection, place string) briefs.DocumentID {
	return ingest.DocumentID(stem(place), collection+"\n"+place)
}

// stem is what an id shows of a place: the last part of its path that is a
// name, else its host.
func stem(place string) string {
	p, _, _ := strings.Cut(place, "?")
	parts := strings.Split(p, "/")
	for i := len(parts) - 1; i > 0; i-- {
		name := parts[i]
		if s, err := url.PathUnescape(name); err == nil {
			name = s
		}
		name = strings.TrimSuffix(name, path.Ext(name))
		if name != "" && !slices.Contains([]string{"index", "default", "home"}, strings.ToLower(name)) {
			return name
		}
	}
	if host, _, err := net.SplitHostPort(parts[0]); err == nil {
		return host
	}
	return parts[0]
}

// hostOf is the host of an address, by which its requests wait for each other.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// isFront reports whether an address is the front page of its site: where
// sites lead those who ask for what is gone.
func isFront(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// ownAddress is the address that a page gives as its own, where that is to be
// believed, else the one that answered. A page may drop parameters, an ending
// for print or for phones; it may not claim the place of another page: some
// sites name one address on all pages, and nobody may replace another's text.
func ownAddress(answered, claimed string) string {
	a, err := url.Parse(answered)
	if err != nil || claimed == "" {
		return answered
	}
	c, err := url.Parse(claimed)
	if err != nil || !strings.EqualFold(c.Hostname(), a.Hostname()) || c.Port() != a.Port() || isFront(claimed) {
		return answered
	}
	if plainPath(a.Path) != plainPath(c.Path) {
		return answered
	}
	if c.RawQuery != "" && c.RawQuery != a.RawQuery && !partOf(c.RawQuery, a.RawQuery) {
		return answered
	}
	if c.RawQuery == "" && identifies(a.Query()) {
		return answered
	}
	return claimed
}

// identifies reports whether parameters say which page is meant, as those of
// old content systems do: all of them have the same path.
func identifies(q url.Values) bool {
	for name := range q {
		switch strings.ToLower(name) {
		case "p", "id", "page_id", "post", "article", "articleid", "item", "itemid", "nid", "doc", "docid", "story", "storyid", "v", "file":
			return true
		}
	}
	return false
}

// partOf reports whether each parameter of some is one of all.
func partOf(some, all string) bool {
	of := strings.Split(all, "&")
	for _, p := range strings.Split(some, "&") {
		if !slices.Contains(of, p) {
			return false
		}
	}
	return true
}

// plainPath is a path without what only changes how its page looks.
func plainPath(p string) string {
	parts := strings.Split(strings.ToLower(strings.Trim(p, "/")), "/")
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "amp" || s == "print" || s == "" })
	s := strings.Join(parts, "/")
	for _, end := range []string{"/index.html", "/index.htm", "/index.php", ".amp", ".print"} {
		s = strings.TrimSuffix(s, end)
	}
	return s
}
