package web

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// Access says who may see what. Its zero value admits the operator of this
// machine alone.
type Access struct {
	// TrustHeader is the header in which a reverse proxy gives the name of
	// the reader whom it has signed in; it is believed from TrustFrom only.
	TrustHeader string
	TrustFrom   []netip.Prefix
	// Admins are rooms "web:NAME" of readers who are operators.
	Admins []string
	// Room is what the room of this name sees at this moment; false for one
	// that is not set up. Readers who are signed in are rooms "web:NAME", else
	// "web:default"; what is not set up is "default". Nil knows no room.
	Room func(name string) (briefs.Scope, bool)
	// Links checks the signatures of addresses; nil finds none genuine.
	Links *Links
}

// The names of rooms that are not chats.
const (
	readerPrefix  = "web:"
	anyReader     = readerPrefix + "default"
	anyRoom       = "default"
	longestReader = 256 // bytes of a reader's name; those of proxies are addresses at most
)

// Local reports whether pages at publicURL, served on listen, are for the
// operator of this machine alone: then nobody signs in, and addresses need no
// signature. An empty publicURL is local.
func Local(publicURL, listen, trustHeader string) bool {
	u, err := url.Parse(publicURL)
	if err != nil || trustHeader != "" || publicURL != "" && !loopback(u.Hostname()) {
		return false
	}
	host, _, err := net.SplitHostPort(listen)
	return err == nil && loopback(host)
}

// loopback reports whether host, a name or an address without a port, is this
// machine only.
func loopback(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// hostname is the host of "host:port", without brackets, in lower case.
func hostname(hostport string) string {
	return strings.ToLower((&url.URL{Host: hostport}).Hostname())
}

// errMisdirected is a request for a host that is not ours. A page of another
// host that has been pointed here (DNS rebinding) would ask so.
var errMisdirected = errors.New("not our host")

// addressed checks that r is for the host of the public URL. Ports are left
// out: proxies pass them on or not. Where the pages are local, every name of
// this machine does.
func (s *Server) addressed(r *http.Request) error {
	host := hostname(r.Host)
	if host == s.host || s.local && loopback(host) {
		return nil
	}
	return errMisdirected
}

// atThisMachine reports whether r was made on this machine, to this machine,
// and by nobody else's order: not by a proxy, as far as it tells. HTTP/1.0 is
// spoken by proxies that say nothing of themselves, and by no browser.
func atThisMachine(r *http.Request) bool {
	if !loopback(hostname(r.Host)) || !peer(r).IsLoopback() || !r.ProtoAtLeast(1, 1) {
		return false
	}
	at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok || !loopback(hostname(at.String())) {
		return false
	}
	for name := range r.Header {
		switch name {
		case "Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip":
			return false
		}
		if strings.HasPrefix(name, "X-Forwarded-") {
			return false
		}
	}
	return true
}

// peer is the address that r came from; the zero Addr when that is none.
func peer(r *http.Request) netip.Addr {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap().WithZone("")
}

// admit finds out who makes r, which asks for p. It returns ErrNotFound for
// nobody, errForbidden for a reader without a room, and errGone for a link
// that has expired.
func (s *Server) admit(r *http.Request, p place) (visitor, error) {
	if s.local && atThisMachine(r) {
		return visitor{scope: briefs.Everything(), operator: true}, nil
	}
	name := s.signedIn(r)
	if name != "" && slices.Contains(s.o.Access.Admins, readerPrefix+name) {
		return visitor{scope: briefs.Everything(), operator: true, name: name}, nil
	}
	v, err := s.byLink(r, p)
	if name == "" {
		return v, err
	}
	own, ok := s.scopeOf(readerPrefix + name)
	switch {
	case err == nil && ok: // what the link opens, besides what they see anyway
		v.scope = union(own, v.scope)
		v.also, v.room, v.name = v.room, readerPrefix+name, name
	case err == nil:
		v.name = name
	case !ok:
		return visitor{}, errForbidden
	default:
		v = visitor{scope: own, room: readerPrefix + name, name: name}
	}
	return v, nil
}

// signedIn is the name of the reader whom the proxy has signed in; empty for
// nobody. A name from anywhere else, or of odd form, is none.
func (s *Server) signedIn(r *http.Request) string {
	header := s.o.Access.TrustHeader
	if header == "" {
		return ""
	}
	names := r.Header.Values(header)
	r.Header.Del(header) // nothing further in may believe it
	from := peer(r)
	if len(names) != 1 || !slices.ContainsFunc(s.o.Access.TrustFrom, func(p netip.Prefix) bool { return p.Contains(from) }) {
		return ""
	}
	name := strings.TrimSpace(names[0])
	if len(name) > longestReader || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return ""
	}
	return name
}

// byLink admits by the signature of r's address, to p alone.
func (s *Server) byLink(r *http.Request, p place) (visitor, error) {
	token := r.URL.Query().Get("k")
	kind := byte(kindDocument)
	if p.area == "briefings" {
		kind = kindBriefing
	}
	links := s.o.Access.Links
	if links == nil || token == "" || p.id == "" {
		return visitor{}, briefs.ErrNotFound
	}
	g, err := links.open(r.Context(), token, kind, p.id)
	if err != nil {
		return visitor{}, err
	}
	scope, ok := s.scopeOf(g.room)
	if !ok {
		return visitor{}, briefs.ErrNotFound
	}
	v := visitor{scope: scope, room: g.room, link: token, opened: p}
	if kind == kindBriefing { // its quotes were shown to the room, and open as long as it does
		v.sign = func(id briefs.DocumentID) string {
			token, err := links.sign(r.Context(), grant{room: g.room, kind: kindDocument, id: string(id), day: g.day})
			if err != nil {
				s.log.WarnContext(r.Context(), "address is not signed", "doc", id, "err", err)
			}
			return token
		}
	}
	return v, nil
}

// scopeOf is what a room sees now. The command line, which has no name, sees
// everything: what it signs is one document of the operator's.
func (s *Server) scopeOf(room string) (briefs.Scope, bool) {
	if room == "" {
		return briefs.Everything(), true
	}
	names := []string{room, anyRoom}
	if strings.HasPrefix(room, readerPrefix) {
		names = []string{room, anyReader, anyRoom}
	}
	if s.o.Access.Room != nil {
		for _, name := range names {
			if scope, ok := s.o.Access.Room(name); ok {
				return scope, true
			}
		}
	}
	return briefs.Scope{}, false
}

func union(a, b briefs.Scope) briefs.Scope {
	if a.All() || b.All() {
		return briefs.Everything()
	}
	return briefs.Only(slices.Concat(a.Collections(), b.Collections())...)
}
