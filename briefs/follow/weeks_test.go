package follow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// world is a web that goes on by itself: sites with feeds, whose posts appear,
// change, move and go, and whose servers fail.
type world struct {
	rnd   *rand.Rand
	now   time.Time
	calm  bool // nothing fails any more
	sites []*webSite
	posts map[string]*webPost // by number

	full, same, failed int // requests by their answer
}

// webSite is one site, with one feed.
type webSite struct {
	host     string
	feedPath string   // where the feed is now
	olds     []string // where it was
	atom     bool
	guids    bool // names its items
	validate bool // has ETags
	posts    []*webPost
	shared   *webSite // whose newest post it lists too
	down     time.Time
	busy     time.Time
	listed   map[string]bool // posts that were seen in a feed that was served
}

// webPost is one page.
type webPost struct {
	n       string
	site    *webSite
	path    string
	old     string // where it was, when it moved
	born    time.Time
	text    int       // version of the text
	changed time.Time // of the text
	told    bool      // the feed says so
	menu    int
	gone    time.Time
	missing bool // gone with 404
	split   bool // in the feed only, with its whole text
}

// window is how many items a feed lists. No site is down for as long as it
// takes for an item to leave it.
const window = 25

func newWorld(seed uint64, sites int) *world {
	w := &world{rnd: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC), posts: map[string]*webPost{}}
	for i := range sites {
		s := &webSite{
			host: fmt.Sprintf("https://s%03d.example", i), feedPath: "/feed", atom: i%3 == 1, guids: i%4 != 3, validate: i%5 != 4, listed: map[string]bool{},
		}
		if i%7 == 6 {
			s.shared = w.sites[i-1]
		}
		w.sites = append(w.sites, s)
		for range 3 + w.rnd.IntN(5) {
			w.publish(s)
		}
	}
	return w
}

func (w *world) publish(s *webSite) {
	n := strconv.Itoa(len(w.posts) + 1)
	p := &webPost{n: n, site: s, path: "/posts/" + n, born: w.now, changed: w.now, told: true, split: w.rnd.IntN(12) == 0}
	w.posts[n] = p
	s.posts = append(s.posts, p)
}

// pass lets time pass, an hour at a time.
func (w *world) pass(d time.Duration) {
	for end := w.now.Add(d); w.now.Before(end); {
		w.now = w.now.Add(min(time.Hour, end.Sub(w.now)))
		if w.calm {
			continue
		}
		for _, s := range w.sites {
			w.hour(s)
		}
	}
}

func (w *world) hour(s *webSite) {
	chance := func(oneIn int) bool { return w.rnd.IntN(oneIn) == 0 }
	backlog := 0
	for _, p := range s.posts {
		if !s.listed[p.n] {
			backlog++
		}
	}
	if chance(14) && backlog < window-8 { // else even a feed that is read would lose it
		w.publish(s)
	}
	if chance(150) {
		s.down = w.now.Add(time.Duration(1+w.rnd.IntN(40)) * time.Hour)
	}
	if chance(100) {
		s.busy = w.now.Add(time.Duration(1+w.rnd.IntN(300)) * time.Minute)
	}
	if chance(700) {
		s.olds = append(s.olds, s.feedPath)
		s.feedPath = fmt.Sprintf("/feed%d", len(s.olds))
	}
	p := s.posts[w.rnd.IntN(len(s.posts))]
	if p.split {
		if chance(20) && s.recent(p) {
			p.text++
			p.changed = w.now
		}
		return
	}
	if !p.gone.IsZero() {
		return
	}
	switch {
	case chance(20):
		p.text++
		p.changed, p.told = w.now, w.rnd.IntN(3) > 0 && s.recent(p)
	case chance(10):
		p.menu++
	case chance(60):
		p.gone, p.missing = w.now, w.rnd.IntN(2) == 0
	case chance(60) && p.old == "":
		p.old, p.path = p.path, "/archive/"+p.n
	}
}

// recent reports whether the feed lists p for as long as its site may be down.
func (s *webSite) recent(p *webPost) bool {
	return slices.Index(s.posts, p) >= len(s.posts)-window/4
}

func (p *webPost) page() string {
	return strings.Replace(story(fmt.Sprintf("post-%s-v%d-", p.n, p.text), 4, fmt.Sprint("Menu ", p.menu)), "</head>", "<link rel=canonical href=\""+p.site.host+p.path+"\"></head>", 1)
}

// Get answers as the web does at that time.
func (w *world) Get(ctx context.Context, q fetch.Request) (fetch.Response, error) {
	r, err := w.answer(q)
	switch {
	case err != nil:
		w.failed++
	case r.NotModified:
		w.same++
	default:
		w.full++
	}
	return r, err
}

func (w *world) answer(q fetch.Request) (fetch.Response, error) {
	i := slices.IndexFunc(w.sites, func(s *webSite) bool { return strings.HasPrefix(q.URL, s.host+"/") })
	if i < 0 {
		return fetch.Response{}, briefs.Fault(briefs.ErrUnavailable, "%s: there is no such host: check the address", q.URL)
	}
	s := w.sites[i]
	path := strings.TrimPrefix(q.URL, s.host)
	if !w.calm {
		switch {
		case w.now.Before(s.down):
			return fetch.Response{}, briefs.Fault(briefs.ErrUnavailable, "%s: is out of order (503): try again later", q.URL)
		case w.now.Before(s.busy):
			return fetch.Response{}, fmt.Errorf("%s: %w", q.URL, busy(s.busy.Sub(w.now)))
		case w.rnd.IntN(60) == 0:
			return fetch.Response{}, briefs.Fault(briefs.ErrUnavailable, "%s: ends early: try again later", q.URL)
		}
	}
	r := fetch.Response{URL: q.URL, Status: 200, Date: w.now}
	switch {
	case path == s.feedPath || slices.Contains(s.olds, path):
		if path != s.feedPath {
			r.URL = s.host + s.feedPath
			r.Moved = r.URL
		}
		r.Body, r.Type = []byte(w.feed(s)), "application/rss+xml"
	default:
		_, n, _ := strings.Cut(path[1:], "/")
		p := w.posts[n]
		switch {
		case p == nil || p.split:
			return r, briefs.Fault(briefs.ErrNotFound, "%s: is not there (404): check the address", q.URL)
		case !p.gone.IsZero() && p.missing:
			return r, briefs.Fault(briefs.ErrNotFound, "%s: is not there (404): check the address", q.URL)
		case !p.gone.IsZero():
			return r, fmt.Errorf("%s: %w", q.URL, fetch.ErrGone)
		case path == p.old:
			r.URL = s.host + p.path
			r.Moved = r.URL
		}
		r.Body, r.Type = []byte(p.page()), "text/html; charset=utf-8"
	}
	if s.validate {
		r.ETag = `"` + digest(string(r.Body)) + `"`
		if q.ETag == r.ETag {
			r.NotModified, r.Status, r.Body = true, 304, nil
		}
	}
	return r, nil
}

// feed is the feed of a site as it is now: its last posts, also those that are
// gone, and the newest of another site.
func (w *world) feed(s *webSite) string {
	list := slices.Clone(s.posts[max(0, len(s.posts)-window):])
	for _, p := range list {
		s.listed[p.n] = true
	}
	if s.shared != nil {
		list = append(list, s.shared.posts[len(s.shared.posts)-1])
	}
	var b strings.Builder
	if s.atom {
		fmt.Fprintf(&b, `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Site %s</title><id>%[1]s</id><link rel="alternate" href="%[1]s/"/>`, s.host)
	} else {
		fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>Site %s</title><link>%[1]s/</link>`, s.host)
	}
	slices.Reverse(list)
	for _, p := range list {
		updated, version := p.born, 0
		if p.told {
			updated, version = p.changed, p.text
		}
		link := p.site.host + cmpOr(p.old, p.path)
		own := fmt.Sprintf("&lt;p&gt;In short %d.&lt;/p&gt;", version)
		if p.split {
			own = "&lt;p&gt;" + prose(fmt.Sprintf("post-%s-v%d-", p.n, p.text), 4) + "&lt;/p&gt;"
		}
		if s.atom {
			fmt.Fprintf(&b, `<entry><title>On %s</title><id>%s</id><link href="%s"/><published>%s</published><updated>%s</updated><summary type="html">%s</summary></entry>`,
				p.n, "tag:"+p.n, link, p.born.Format(time.RFC3339), updated.Format(time.RFC3339), own)
			continue
		}
		guid := ""
		if s.guids {
			guid = `<guid isPermaLink="false">` + p.n + `</guid>`
		}
		fmt.Fprintf(&b, `<item><title>On %s</title>%s<link>%s?utm_source=rss</link><pubDate>%s</pubDate><description>%s</description></item>`,
			p.n, guid, link, p.born.Format(time.RFC1123Z), own)
	}
	if s.atom {
		b.WriteString("</feed>")
	} else {
		b.WriteString("</channel></rss>")
	}
	return b.String()
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// TestWeeks follows the feeds of a web for two weeks of its clock, with a
// process that dies between any two steps, and then until all has settled. No
// item is lost and none is doubled; what is gone is withdrawn, what changed has
// its revisions in order, and another menu makes none. BRIEFDESK_PROVE follows
// 200 feeds.
func TestWeeks(t *testing.T) {
	sites, every, seeds := 5, 6*time.Hour, uint64(1)
	if testing.Short() {
		sites, every = 2, 8*time.Hour
	}
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		sites, every = 200, time.Hour
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { weeks(t, seed, sites, every) })
	}
}

func weeks(t *testing.T, seed uint64, sites int, every time.Duration) {
	w := newWorld(seed, sites)
	path := filepath.Join(t.TempDir(), "l.db")
	var sources []briefs.Source
	for i, s := range w.sites {
		sources = append(sources, briefs.Source{Kind: briefs.SourceFeed, Address: s.host + "/feed", Collection: "one", Every: every})
		if i%10 == 0 { // in two collections
			sources = append(sources, briefs.Source{Kind: briefs.SourceFeed, Address: s.host + "/feed", Collection: "two", Every: every})
		}
	}
	rnd := rand.New(rand.NewPCG(seed, 11))
	var l *life
	var lib store.Backend
	var f *Follower
	deaths := 0
	open := func() {
		var err error
		if lib, err = store.Open(t.Context(), slog.New(slog.DiscardHandler), path, sqlite.Options{Now: func() time.Time { return w.now }}); err != nil {
			t.Fatal(err)
		}
		l = &life{rnd: rnd, left: 1 + rnd.IntN(40*sites)}
		if w.calm {
			l.left = -1
		}
		m := mortal{Backend: lib, web: w, life: l}
		f = New(slog.New(slog.DiscardHandler), m, m, func(_ context.Context, in extract.Input) (briefs.Document, error) { return extract.Read(in) },
			Options{Now: func() time.Time { return w.now }, Workers: 1})
	}
	open()
	defer func() { _ = lib.Close() }()
	told := map[briefs.DocumentID]bool{}
	readings := 0
	follow := func(d, stride time.Duration) {
		for end := w.now.Add(d); w.now.Before(end); {
			report, _, err := f.Step(t.Context(), sources)
			readings += len(report.Sources)
			for _, r := range report.Read {
				if r.Outcome == Withdrawn {
					told[r.ID] = true
				}
			}
			if errors.Is(err, errKilled) {
				deaths++
				if err := lib.Close(); err != nil {
					t.Fatal(err)
				}
				open()
				w.pass(time.Minute)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			w.pass(stride)
		}
	}
	follow(14*24*time.Hour, every/2)
	w.calm, l.left = true, -1
	follow(9*24*time.Hour, 12*time.Hour)
	t.Logf("%d posts, %d readings of %d sources, %d deaths; %d full answers, %d unchanged, %d failed", len(w.posts), readings, len(sources), deaths, w.full, w.same, w.failed)
	if deaths < 5 {
		t.Error("it hardly died")
	}
	if problems, err := lib.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("check: %q, %v", problems, err)
	}
	w.judge(t, lib, sources, told)
}

var about = regexp.MustCompile(`post-(\d+)-v(\d+)-`)

// judge compares the library with the world.
func (w *world) judge(t *testing.T, lib store.Backend, sources []briefs.Source, told map[briefs.DocumentID]bool) {
	type key struct{ collection, n string }
	found := map[key]briefs.DocumentID{}
	versions := map[briefs.DocumentID][]int{}
	withdrawn := map[briefs.DocumentID]bool{}
	err := lib.Export(t.Context(), briefs.Everything(), func(d briefs.Document) error {
		m := about.FindStringSubmatch(d.Text)
		if m == nil {
			t.Errorf("document %s is about nothing: %.80q", d.ID, d.Text)
			return nil
		}
		k := key{d.Collection, m[1]}
		if other, ok := found[k]; ok && other != d.ID {
			t.Errorf("post %s is doubled in %s: %s and %s", m[1], d.Collection, other, d.ID)
		}
		found[k] = d.ID
		v, err := strconv.Atoi(m[2])
		versions[d.ID], withdrawn[d.ID] = append(versions[d.ID], v), d.Withdrawn
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lost, stale, late, gone := 0, 0, 0, 0
	for _, s := range sources {
		i := slices.IndexFunc(w.sites, func(o *webSite) bool { return strings.HasPrefix(s.Address, o.host+"/") })
		for _, p := range w.sites[i].posts {
			id, ok := found[key{s.Collection, p.n}]
			if !ok {
				if p.gone.IsZero() || p.gone.Sub(p.born) > 5*24*time.Hour { // else it may have gone before it was read
					lost++
					t.Errorf("post %s of %s is lost in %s (%+v)", p.n, s.Address, s.Collection, *p)
				}
				continue
			}
			v := versions[id]
			if !slices.IsSorted(v) || len(slices.Compact(slices.Clone(v))) != len(v) {
				t.Errorf("post %s has revisions of the texts %v", p.n, v)
			}
			if !p.gone.IsZero() {
				gone++
				// A page is looked at again when its age has doubled; what the
				// world is too short for is not judged.
				if due := p.born.Add(p.gone.Sub(p.born)*23/10 + 5*24*time.Hour); due.Before(w.now) && !withdrawn[id] {
					t.Errorf("post %s went at %v and is still found", p.n, p.gone)
				}
				continue
			}
			if withdrawn[id] {
				t.Errorf("post %s is withdrawn, and is there", p.n)
			}
			if v[len(v)-1] != p.text {
				if due := p.born.Add(p.changed.Sub(p.born)*23/10 + 2*24*time.Hour); p.told || due.Before(w.now) {
					stale++
					t.Errorf("post %s has text %d, is found with %d; changed at %v, told %v", p.n, p.text, v[len(v)-1], p.changed, p.told)
				} else {
					late++
				}
			}
		}
	}
	t.Logf("%d documents of %d posts: %d lost, %d stale, %d not due yet, %d gone, %d withdrawn told", len(versions), len(w.posts), lost, stale, late, gone, len(told))
}
