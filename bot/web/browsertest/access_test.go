package browsertest

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"briefdesk/bot/web"
	"briefdesk/briefs"
)

const (
	room   = "slack:C0HARBOUR"
	header = "X-Reader"
)

// publicSite is fullSite's library behind a name of the network, for rooms
// that get signed links and readers whom a proxy signs in. Its clock is a
// number of days ahead.
func publicSite(t testing.TB) (s *site, links *web.Links, ahead *atomic.Int64) {
	t.Helper()
	ahead = new(atomic.Int64)
	now := func() time.Time { return time.Now().AddDate(0, 0, int(ahead.Load())) }
	docs := append(sampleDocuments(t),
		read(t, "ferry", "harbour", "ferry.md", "# The ferry timetable\n\nThe ferry leaves at nine. The last one leaves at dusk.\n"),
		read(t, "ferry", "harbour", "ferry.md", "# The ferry timetable\n\nThe ferry leaves at ten. The last one leaves at dusk.\n"))
	s = newSite(t, docs, func(s *site, o *web.Options) {
		s.origin = strings.Replace(s.origin, "127.0.0.1", "desk.test", 1)
		links = web.NewLinks(s.lib, web.LinkOptions{PublicURL: s.origin, Days: 90, Now: now})
		o.PublicURL, o.Now = s.origin, now
		o.Access = web.Access{
			TrustHeader: header, TrustFrom: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Links: links,
			Room: func(name string) (briefs.Scope, bool) {
				return briefs.Only("harbour"), name == room || name == "web:ana"
			},
		}
	})
	return s, links, ahead
}

// as sends a header with every request, as a proxy does.
func (p *tab) as(name string) {
	p.Helper()
	p.do(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{header: name}})
		return err
	}))
}

// A link of a room opens its quote for whoever has it, nothing else, and not
// for ever; and says what to do then.
func TestLinkOfARoom(t *testing.T) {
	script := axeScript(t)
	s, links, ahead := publicSite(t)
	const sentence = "The ferry leaves at nine."
	d, err := s.lib.Document(t.Context(), "ferry", 1)
	if err != nil {
		t.Fatal(err)
	}
	start := strings.Index(d.Text, sentence)
	quote, err := briefs.NewQuote(&d, briefs.Span{Start: start, End: start + len(sentence)})
	if err != nil {
		t.Fatal(err)
	}
	link, err := links.Quote(t.Context(), room, quote)
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, s.origin)
	if fault := p.openOne(link).fault(sentence, true); fault != "" {
		t.Errorf("%s: %s", link, fault)
	}
	for _, fault := range p.axe(script) {
		t.Error(fault)
	}
	if text := eval[string](p, `document.body.textContent`); strings.Contains(text, "Library") || strings.Contains(text, "cyber") {
		t.Errorf("whoever has a link is shown what it does not open: %.300s", text)
	}
	p.follow(chromedp.Click(chromedp.CSS(".notice a[href*='/d/ferry']")))
	for _, dead := range p.deadLinks(strings.TrimPrefix(link, s.origin)) {
		t.Error(dead)
	}

	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	k := "k=" + u.Query().Get("k")
	for _, path := range []string{
		"/", "/library", "/library/search?q=ferry", "/briefings", "/questions", "/brief?topic=ferry", "/?" + k, "/library?" + k,
		"/d/ferry", "/d/the-quarrel-that-held?" + k, "/d/nowhere?" + k, "/d/ferry?" + k[:len(k)-2] + "AA", "/metrics",
	} {
		if status := p.visit(path); status != 404 {
			t.Errorf("%s: status %d, want 404", path, status)
		}
	}
	ahead.Store(200)
	if status := p.visit(link); status != 410 {
		t.Errorf("after 200 days: status %d, want 410", status)
	}
	if text := eval[string](p, `document.querySelector("main").textContent`); !strings.Contains(text, "Ask again in the room") {
		t.Errorf("an old link says %q", text)
	}
	for _, fault := range p.axe(script) {
		t.Errorf("an old link: %s", fault)
	}
}

// A reader whom the proxy signs in sees the collections of their room; one
// without a room is told so.
func TestSignedIn(t *testing.T) {
	script := axeScript(t)
	s, _, _ := publicSite(t)
	p := open(t, s.origin)
	p.as("ana")
	p.must("/")
	if text := eval[string](p, `document.body.textContent`); !strings.Contains(text, "ana") || strings.Contains(text, "cyber") {
		t.Errorf("ana sees %.500s", text)
	}
	p.must("/?q=" + url.QueryEscape("when does the last ferry leave?"))
	p.follow(chromedp.Click(chromedp.CSS("li.quote blockquote a, .near blockquote a")))
	if got := eval[int](p, `document.querySelectorAll("#q").length`); got != 1 {
		t.Errorf("%d marks", got)
	}
	for _, dead := range p.deadLinks("/") {
		t.Error(dead)
	}
	if status := p.visit("/d/the-quarrel-that-held"); status != 404 {
		t.Errorf("another collection: status %d", status)
	}
	p.as("eve")
	if status := p.visit("/"); status != 403 {
		t.Errorf("without a room: status %d, want 403", status)
	}
	for _, fault := range p.axe(script) {
		t.Errorf("without a room: %s", fault)
	}
}

// No page links to one that is not there.
func TestNoDeadLinks(t *testing.T) {
	s, pages := fullSite(t)
	p := open(t, s.origin)
	p.must("/")
	var from []string
	for _, page := range pages {
		if page.status == 200 {
			from = append(from, page.path)
		}
	}
	for _, dead := range p.deadLinks(from...) {
		t.Error(dead)
	}
}

// deadLinks follows links from the pages at paths on, and returns those that
// do not answer 200. It stops after a few hundred.
func (p *tab) deadLinks(paths ...string) []string {
	p.Helper()
	const most = 300
	from := map[string]string{} // the page that has the link
	var queue, dead []string
	for _, path := range paths {
		bare, _, _ := strings.Cut(path, "#")
		if from[bare] == "" {
			from[bare] = "the test"
			queue = append(queue, bare)
		}
	}
	type read struct {
		Status int
		Links  []string
	}
	for done := 0; done < len(queue) && done < most; {
		batch := queue[done:min(len(queue), done+20)]
		done += len(batch)
		list, err := json.Marshal(batch)
		if err != nil {
			p.Fatal(err)
		}
		for i, r := range eval[[]read](p, `Promise.all(`+string(list)+`.map(async (path) => {
			const answer = await fetch(path), text = await answer.text();
			const page = new DOMParser().parseFromString(text, "text/html");
			const links = [...page.querySelectorAll("a[href], link:not([rel=canonical])[href], script[src], img[src]")].map((e) => new URL(e.getAttribute("href") ?? e.getAttribute("src"), new URL(path, location)));
			return { status: answer.status, links: links.filter((u) => u.origin === location.origin).map((u) => u.pathname + u.search) };
		}))`) {
			if r.Status != 200 {
				dead = append(dead, "dead link: "+batch[i]+" on "+from[batch[i]])
			}
			for _, link := range r.Links {
				if from[link] == "" {
					from[link] = batch[i]
					queue = append(queue, link)
				}
			}
		}
	}
	slices.Sort(dead)
	p.Logf("%d links followed, %d not", min(len(queue), most), max(len(queue)-most, 0))
	return dead
}
