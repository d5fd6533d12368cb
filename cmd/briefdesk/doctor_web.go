package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"briefdesk/bot/web"
)

// diagnoseWeb tells who can open the pages as they are configured, and what
// in that cannot be meant.
func (a *app) diagnoseWeb() []diagnosis {
	w, public := a.cfg.Web, a.cfg.PublicURL()
	var checks []diagnosis
	fault := func(mend, format string, args ...any) {
		checks = append(checks, diagnosis{"web", false, fmt.Sprintf(format, args...), mend})
	}
	u, err := url.Parse(public)
	if err != nil {
		fault("correct it there", "%s is not an address: %v", public, err)
		return checks
	}
	here := web.Local(public, "127.0.0.1:0", "") // whatever listens
	switch {
	case w.PublicURL == "" && !web.Local("", w.Listen, ""):
		fault("set web.public_url to the address that readers open", "links begin with %s, and web.listen %s is open to other machines", public, w.Listen)
	case w.PublicURL != "" && here && !web.Local("", w.Listen, ""):
		fault("set web.public_url to the address that readers open, or web.listen to 127.0.0.1", "web.listen %s is open to other machines, but web.public_url %s is this one", w.Listen, public)
	case here && w.TrustHeader != "":
		fault("set web.public_url to the address of the proxy, or leave out web.trust_header", "readers sign in by %s, but web.public_url %s is this machine", w.TrustHeader, public)
	case !here && u.Scheme == "http":
		fault("let a proxy serve it over TLS, and write https:// in web.public_url", "links to %s carry signatures, which go over the network unencrypted", public)
	}
	if w.TrustHeader != "" && !a.readersHaveRooms() {
		fault(`add a room "web:NAME", "web:default" or default, or an admin "web:NAME"`, "readers who sign in by %s have no room", w.TrustHeader)
	}
	for _, from := range w.TrustFrom {
		if p, err := netip.ParsePrefix(from); err == nil && p.Bits() == 0 {
			fault("list the proxy's own addresses", "web.trust_from %s believes everybody's %s", from, w.TrustHeader)
		}
	}
	if len(checks) > 0 {
		return checks
	}
	who := "for this machine only"
	if !web.Local(public, w.Listen, w.TrustHeader) {
		who = "opened by signed links"
		if w.TrustHeader != "" {
			who += ", and by readers whom " + w.TrustHeader + " names"
		}
	}
	return []diagnosis{{"web", true, fmt.Sprintf("pages at %s, %s", public, who), ""}}
}

func (a *app) readersHaveRooms() bool {
	reader := func(name string) bool { return name == "default" || strings.HasPrefix(name, "web:") }
	return slices.ContainsFunc(a.cfg.Admins, reader) || slices.ContainsFunc(slices.Collect(maps.Keys(a.cfg.Rooms)), reader)
}

// diagnosePort tells whether the pages could be served now, or are.
func (a *app) diagnosePort(ctx context.Context) diagnosis {
	at := a.cfg.Web.Listen
	l, err := listen("web.listen", at)
	if err == nil {
		l.Close()
		return diagnosis{"port", true, at + " is free", ""}
	}
	if alive(ctx, at) {
		return diagnosis{"port", true, "briefdesk is serving on " + at, ""}
	}
	return diagnosis{"port", false, oneLine(err), "correct web.listen"}
}

// alive asks whether briefdesk serves at an address of this machine.
func alive(ctx context.Context, at string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at+"/healthz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 16))
	return strings.TrimSpace(string(said)) == "alive"
}
