package web

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// gated is a server whose only pages are a document and a briefing, which say
// who is let in and what they see.
type gated struct {
	s *Server
	h http.Handler
	c *clock
}

func newGated(t *testing.T, change func(*Options)) *gated {
	t.Helper()
	lib := openLibrary(t, filepath.Join(t.TempDir(), "l.db"))
	var batch []briefs.Document
	for id, collection := range map[briefs.DocumentID]string{"kept/1": "cyber", "kept/2": "cyber", "sealed": "trade"} {
		d := briefs.Document{ID: id, Source: string(id), Collection: collection, Title: "Title of " + string(id), Text: "The harbour was closed because of the storm."}
		d.Blocks = []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(d.Text)}}}
		structure.Analyze(&d)
		batch = append(batch, d)
	}
	if _, err := lib.PutDocuments(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	c := newClock(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	rooms := map[string]briefs.Scope{
		"slack:C1": briefs.Only("cyber"), "slack:C2": briefs.Only("trade"), "web:ana": briefs.Only("cyber"), "web:default": briefs.Only("trade"),
	}
	o := Options{
		Library: lib, Now: c.now, PublicURL: publicURL,
		Access: Access{
			TrustHeader: "X-User", TrustFrom: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")},
			Admins: []string{"web:root@example.org"},
			Room:   func(name string) (briefs.Scope, bool) { s, ok := rooms[name]; return s, ok },
			Links:  NewLinks(lib, LinkOptions{PublicURL: publicURL, Days: 2, Now: c.now}),
		},
	}
	if change != nil {
		change(&o)
	}
	s, err := New(discard(), o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	show := func(w http.ResponseWriter, r *http.Request) {
		v := visitorOf(r)
		if p := placeFrom(r); p.area == "d" {
			if _, err := s.o.Library.Revisions(r.Context(), v.scope, briefs.DocumentID(p.id)); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		w.Header().Set("X-Href", s.documentHref(v, "kept/2", 1, briefs.Span{Start: 1, End: 2}))
		plainly(w, http.StatusOK, fmt.Sprintf("operator=%v room=%s name=%s rooms=%q header=%q", v.operator, v.room, v.name, v.rooms(), r.Header.Get("X-User")))
	}
	mux.HandleFunc("GET /d/{id}", show)
	mux.HandleFunc("GET /briefings/{id}", show)
	mux.HandleFunc("GET /{$}", show)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, briefs.ErrNotFound) })
	return &gated{s: s, h: s.newHandler(mux), c: c}
}

// from makes a request that arrives from peer at an address of the server.
func from(peer, host, path string, headers ...string) *http.Request {
	r := httptest.NewRequest("GET", path, nil)
	r.Host, r.RemoteAddr = host, peer
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	at := &net.TCPAddr{IP: net.IPv4(10, 1, 1, 1), Port: 8088}
	if strings.HasPrefix(peer, "127.") || strings.HasPrefix(peer, "[::1]") {
		at.IP = net.IPv4(127, 0, 0, 1)
	}
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, at))
}

func (g *gated) get(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	g.h.ServeHTTP(w, r)
	return w
}

const (
	proxy    = "10.2.3.4:5555"
	stranger = "203.0.113.9:5555"
	deskHost = "desk.example.org"
)

func TestOnlyTheOperatorIsLocal(t *testing.T) {
	for _, public := range []string{"http://127.0.0.1:8088", "http://localhost:8088", "http://[::1]:8088", ""} {
		g := newGated(t, func(o *Options) { o.PublicURL, o.Access.TrustHeader = public, "" })
		for name, c := range map[string]struct {
			r    *http.Request
			want int
		}{
			"loopback":         {from("127.0.0.1:40000", "127.0.0.1:8088", "/"), 200},
			"by name":          {from("127.0.0.1:40000", "localhost:8088", "/"), 200},
			"IPv6":             {from("[::1]:40000", "[::1]:8088", "/"), 200},
			"another port":     {from("127.0.0.1:40000", "127.0.0.1:9999", "/"), 200},
			"another host":     {from("127.0.0.1:40000", "evil.example", "/"), 421},
			"a host like ours": {from("127.0.0.1:40000", "127.0.0.1.evil.example", "/"), 421},
			"localhost.evil":   {from("127.0.0.1:40000", "localhost.evil", "/"), 421},
			"no host":          {from("127.0.0.1:40000", "", "/"), map[bool]int{true: 404, false: 421}[public == ""]},
			"from elsewhere":   {from(stranger, "127.0.0.1:8088", "/"), 404},
			"forwarded":        {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "X-Forwarded-For", "203.0.113.9"), 404},
			"forwarded (RFC)":  {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "Forwarded", "for=203.0.113.9"), 404},
			"forwarded proto":  {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "X-Forwarded-Proto", "https"), 404},
			"via":              {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "Via", "1.1 proxy"), 404},
			"real ip":          {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "X-Real-IP", "203.0.113.9"), 404},
			"edge ip":          {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "CF-Connecting-IP", "203.0.113.9"), 404},
			"signed-in header": {from("127.0.0.1:40000", "127.0.0.1:8088", "/", "X-User", "root@example.org"), 200}, // means nothing here
		} {
			if w := g.get(c.r); w.Code != c.want || w.Code == 200 && !strings.HasPrefix(w.Body.String(), "operator=true room= name= ") {
				t.Errorf("%s, %s: %d %s, want %d", public, name, w.Code, w.Body, c.want)
			}
		}
		old := from("127.0.0.1:40000", "127.0.0.1:8088", "/")
		old.Proto, old.ProtoMinor = "HTTP/1.0", 0
		if w := g.get(old); w.Code != 404 {
			t.Errorf("HTTP/1.0: %d", w.Code)
		}
	}
	// With a public address, or with somebody to sign in, this machine is
	// nobody special: the proxy may be here.
	for name, g := range map[string]*gated{
		"public": newGated(t, nil),
		"header": newGated(t, func(o *Options) { o.PublicURL = "http://127.0.0.1:8088" }),
	} {
		host := map[string]string{"public": deskHost, "header": "127.0.0.1:8088"}[name]
		if w := g.get(from("127.0.0.1:40000", host, "/")); w.Code != 404 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestLocal(t *testing.T) {
	for _, c := range []struct {
		public, listen, header string
		want                   bool
	}{
		{"", "127.0.0.1:8088", "", true},
		{"http://127.0.0.1:8088", "127.0.0.1:8088", "", true},
		{"http://localhost:8088", "[::1]:8088", "", true},
		{"http://127.0.0.1:8088", "127.0.0.1:8088", "X-User", false},
		{"http://127.0.0.1:8088", "0.0.0.0:8088", "", false},
		{"http://0.0.0.0:8088", "0.0.0.0:8088", "", false},
		{"http://127.0.0.1:8088", ":8088", "", false},
		{"https://desk.example.org", "127.0.0.1:8088", "", false},
		{"http://localhost.example.org", "127.0.0.1:8088", "", false},
	} {
		if got := Local(c.public, c.listen, c.header); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestSignedInReaders(t *testing.T) {
	g := newGated(t, nil)
	for name, c := range map[string]struct {
		r    *http.Request
		want string
	}{
		"reader":           {from(proxy, deskHost, "/", "X-User", "ana"), `200 operator=false room=web:ana name=ana rooms=["web:ana"] header=""`},
		"port passed on":   {from(proxy, deskHost+":443", "/", "X-User", "ana"), `200 operator=false room=web:ana name=ana rooms=["web:ana"] header=""`},
		"IPv6 proxy":       {from("[::1]:9", deskHost, "/", "X-User", " ana "), `200 operator=false room=web:ana name=ana rooms=["web:ana"] header=""`},
		"mapped IPv4":      {from("[::ffff:10.9.9.9]:9", deskHost, "/", "X-User", "ana"), `200 operator=false room=web:ana name=ana rooms=["web:ana"] header=""`},
		"any reader":       {from(proxy, deskHost, "/", "X-User", "bo"), `200 operator=false room=web:bo name=bo rooms=["web:bo"] header=""`},
		"operator":         {from(proxy, deskHost, "/", "X-User", "root@example.org"), `200 operator=true room= name=root@example.org rooms=[] header=""`},
		"in another case":  {from(proxy, deskHost, "/", "X-User", "Root@example.org"), `200 operator=false room=web:Root@example.org name=Root@example.org rooms=["web:Root@example.org"] header=""`},
		"from elsewhere":   {from(stranger, deskHost, "/", "X-User", "root@example.org"), "404"},
		"from this host":   {from("127.0.0.1:9", deskHost, "/", "X-User", "root@example.org"), "404"},
		"two names":        {from(proxy, deskHost, "/", "X-User", "ana", "X-User", "root@example.org"), "404"},
		"empty":            {from(proxy, deskHost, "/", "X-User", " "), "404"},
		"control":          {from(proxy, deskHost, "/", "X-User", "ana\x00"), "404"},
		"not UTF-8":        {from(proxy, deskHost, "/", "X-User", "ana\xff"), "404"},
		"too long":         {from(proxy, deskHost, "/", "X-User", strings.Repeat("a", 257)), "404"},
		"under other host": {from(proxy, "evil.example", "/", "X-User", "root@example.org"), "421"},
		"sees theirs":      {from(proxy, deskHost, "/d/kept%2F1", "X-User", "ana"), `200 operator=false room=web:ana`},
		"not others'":      {from(proxy, deskHost, "/d/sealed", "X-User", "ana"), "404"},
	} {
		w := g.get(c.r)
		if got := fmt.Sprint(w.Code, " ", w.Body.String()); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	bare := newGated(t, func(o *Options) { o.Access.Room = nil })
	if w := bare.get(from(proxy, deskHost, "/", "X-User", "ana")); w.Code != 403 || !strings.Contains(w.Body.String(), "not set up") {
		t.Errorf("without a room: %d %s", w.Code, w.Body)
	}
	fallback := newGated(t, func(o *Options) {
		o.Access.Room = func(name string) (briefs.Scope, bool) { return briefs.Only("cyber"), name == "default" }
	})
	if w := fallback.get(from(proxy, deskHost, "/d/kept%2F1", "X-User", "ana")); w.Code != 200 {
		t.Errorf("with the default room: %d %s", w.Code, w.Body)
	}
}

// link is the path and query of a document's address for a room.
func (g *gated) link(t *testing.T, room string, id briefs.DocumentID) string {
	t.Helper()
	address, err := g.s.o.Access.Links.Document(t.Context(), room, id, 1, briefs.Span{Start: 4, End: 11})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.RequestURI()
}

func TestSignedLinks(t *testing.T) {
	g := newGated(t, nil)
	at := g.link(t, "slack:C1", "kept/1")
	w := g.get(from(stranger, deskHost, at))
	if want := `operator=false room=slack:C1 name= rooms=["slack:C1"]`; w.Code != 200 || !strings.HasPrefix(w.Body.String(), want) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if href := w.Header().Get("X-Href"); strings.Contains(href, "k=") {
		t.Errorf("the page of one document signs for another: %s", href)
	}
	token := at[strings.Index(at, "k="):]
	for what, address := range map[string]string{
		"of another document":         "/d/kept%2F2?r=1&" + token,
		"of one that is not":          "/d/none?" + token,
		"of a briefing":               "/briefings/kept%2F1?" + token,
		"the front page":              "/?" + token,
		"without signature":           "/d/kept%2F1?r=1&s=4-11",
		"an empty one":                "/d/kept%2F1?k=",
		"twice, the second false":     "/d/kept%2F1?k=x&" + token,
		"a room without the document": g.link(t, "slack:C2", "kept/1"),
		"a room that is not set up":   g.link(t, "slack:C9", "kept/1"),
	} {
		if w := g.get(from(stranger, deskHost, address)); w.Code != 404 {
			t.Errorf("%s opens: %d %s", what, w.Code, w.Body)
		}
	}
	if w := g.get(from(stranger, "evil.example", at)); w.Code != 421 {
		t.Errorf("under another host: %d", w.Code)
	}
	if w := g.get(from(stranger, deskHost, g.link(t, "", "sealed"))); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "operator=false") {
		t.Errorf("of the command line: %d %s", w.Code, w.Body)
	}
	// Those who are signed in keep their own room, besides.
	w = g.get(from(proxy, deskHost, g.link(t, "slack:C2", "sealed"), "X-User", "ana"))
	if want := `operator=false room=web:ana name=ana rooms=["web:ana" "slack:C2"]`; w.Code != 200 || !strings.HasPrefix(w.Body.String(), want) {
		t.Errorf("signed in, by link: %d %s", w.Code, w.Body)
	}
	if w := g.get(from(proxy, deskHost, g.link(t, "slack:C1", "kept/1"), "X-User", "root@example.org")); !strings.HasPrefix(w.Body.String(), "operator=true") {
		t.Errorf("an operator by link: %d %s", w.Code, w.Body)
	}
	// A day too late, it says so, and nothing else does.
	g.c.advance(72 * time.Hour)
	if w := g.get(from(stranger, deskHost, at)); w.Code != 410 || !strings.Contains(w.Body.String(), "expired") || strings.Contains(w.Body.String(), "kept/1") {
		t.Errorf("expired: %d %s", w.Code, w.Body)
	}
	if w := g.get(from(stranger, deskHost, "/d/kept%2F2?"+token)); w.Code != 404 {
		t.Errorf("expired, of another document: %d", w.Code)
	}
	if w := g.get(from(proxy, deskHost, at, "X-User", "ana")); w.Code != 200 {
		t.Errorf("expired, but signed in: %d", w.Code)
	}
}

// What a briefing quotes opens from it, for the same room and no longer.
func TestBriefingByLink(t *testing.T) {
	g := newGated(t, nil)
	address, err := g.s.o.Access.Links.Briefing(t.Context(), "slack:C1", "weekly/1")
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(address, publicURL)
	w := g.get(from(stranger, deskHost, path))
	if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "operator=false room=slack:C1 ") {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	href, _, _ := strings.Cut(w.Header().Get("X-Href"), "#")
	if w := g.get(from(stranger, deskHost, href)); w.Code != 200 {
		t.Errorf("%s: %d", href, w.Code)
	}
	g.c.advance(24 * time.Hour)
	later := g.get(from(stranger, deskHost, path))
	if again, _, _ := strings.Cut(later.Header().Get("X-Href"), "#"); again != href {
		t.Error("to open a briefing again makes its quotes open longer")
	}
	if w := g.get(from(stranger, deskHost, strings.Replace(path, "weekly", "daily", 1))); w.Code != 404 {
		t.Errorf("another briefing: %d", w.Code)
	}
}

// Whatever is not there or not open looks the same: status, headers, body.
func TestOneNotFound(t *testing.T) {
	g := newGated(t, nil)
	good := g.link(t, "slack:C1", "kept/1")
	token := good[strings.Index(good, "k="):]
	compare := func(t *testing.T, requests map[string]*http.Request) {
		t.Helper()
		var first *httptest.ResponseRecorder
		var which string
		for _, name := range slices.Sorted(maps.Keys(requests)) {
			w := g.get(requests[name])
			if w.Code != 404 {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
				continue
			}
			for _, word := range []string{"sealed", "trade", "cyber", "kept", "slack", "harbour", "zebra"} {
				if strings.Contains(w.Body.String(), word) {
					t.Errorf("%s: says %q: %s", name, word, w.Body)
				}
			}
			if first == nil {
				first, which = w, name
				continue
			}
			if !reflect.DeepEqual(w.Header(), first.Header()) || w.Body.String() != first.Body.String() {
				t.Errorf("%s and %s differ:\n%v\n%s\n%v\n%s", name, which, w.Header(), w.Body, first.Header(), first.Body)
			}
		}
	}
	compare(t, map[string]*http.Request{
		"nothing there":           from(stranger, deskHost, "/d/zebra"),
		"there, without link":     from(stranger, deskHost, "/d/sealed"),
		"there, false link":       from(stranger, deskHost, "/d/sealed?k=AAAA"),
		"there, another's link":   from(stranger, deskHost, "/d/sealed?"+token),
		"nothing, another's link": from(stranger, deskHost, "/d/zebra?"+token),
		"room without it":         from(stranger, deskHost, g.link(t, "slack:C1", "sealed")),
		"room, nothing there":     from(stranger, deskHost, g.link(t, "slack:C1", "zebra")),
		"room not set up":         from(stranger, deskHost, g.link(t, "irc:zebra", "kept/1")),
		"no such page":            from(stranger, deskHost, "/zebra"),
		"no such path":            from(stranger, deskHost, "/d//zebra/../sealed"),
		"front page":              from(stranger, deskHost, "/?q=zebra"),
		"briefing":                from(stranger, deskHost, "/briefings/zebra?"+token),
		"odd span":                from(stranger, deskHost, "/d/sealed?r=zebra&s=trade"),
	})
	compare(t, map[string]*http.Request{ // with the menu of a reader
		"nothing there": from(proxy, deskHost, "/d/zebra", "X-User", "ana"),
		"sealed":        from(proxy, deskHost, "/d/sealed", "X-User", "ana"),
		"false link":    from(proxy, deskHost, "/d/sealed?"+token, "X-User", "ana"),
		"room's link":   from(proxy, deskHost, g.link(t, "slack:C1", "zebra"), "X-User", "ana"),
	})
}

// A room that lost a collection has lost its links with it.
func TestScopeIsThatOfTheMoment(t *testing.T) {
	scope := briefs.Only("cyber")
	g := newGated(t, func(o *Options) {
		o.Access.Room = func(name string) (briefs.Scope, bool) { return scope, name == "slack:C1" }
	})
	at := g.link(t, "slack:C1", "kept/1")
	if w := g.get(from(stranger, deskHost, at)); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	scope = briefs.Only("trade")
	if w := g.get(from(stranger, deskHost, at)); w.Code != 404 {
		t.Errorf("after the room lost it: %d %s", w.Code, w.Body)
	}
}
