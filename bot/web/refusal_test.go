package web

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
)

// calls is a library that remembers what was asked of it.
type calls struct {
	Library
	mu   sync.Mutex
	made []string
}

func (c *calls) note(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = append(c.made, call)
}

func (c *calls) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := c.made
	c.made = nil
	return made
}

func (c *calls) Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error) {
	c.note("Document")
	return c.Library.Document(ctx, id, revision)
}

func (c *calls) Revisions(ctx context.Context, s briefs.Scope, id briefs.DocumentID) ([]briefs.Revision, error) {
	c.note("Revisions")
	return c.Library.Revisions(ctx, s, id)
}

func (c *calls) AskedAbout(ctx context.Context, r briefs.Ref, rooms ...string) ([]briefs.Asked, error) {
	c.note("AskedAbout")
	return c.Library.AskedAbout(ctx, r, rooms...)
}

func (c *calls) Briefing(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Briefing, error) {
	c.note("Briefing")
	return c.Library.Briefing(ctx, id, rooms...)
}

// The pages themselves say nothing of a document outside the room, and take
// no other path through the library than for one that never was: neither the
// answer nor its time tells them apart.
func TestPagesRefuseAlike(t *testing.T) {
	var lib *calls
	g := newGated(t, func(o *Options) {
		lib = &calls{Library: o.Library}
		o.Library = lib
	})
	h := g.s.Handler()
	for _, page := range []string{"/d/ID?r=1", "/d/ID", "/d/ID?r=1&s=4-11", "/d/ID?r=7&s=4-11", "/d/ID?s=4-9999", "/d/ID?r=x", "/d/ID/diff?from=1&to=2", "/d/ID/diff"} {
		for name, reader := range map[string]string{"signed in": "ana", "by link": ""} {
			want := ""
			for _, id := range []briefs.DocumentID{"zebra", "sealed"} {
				address := strings.ReplaceAll(page, "ID", url.PathEscape(string(id)))
				r := from(proxy, deskHost, address, "X-User", reader)
				if reader == "" {
					token := tokenOf(t, g.s.o.Access.Links, "slack:C1", id)
					glue := "?"
					if strings.Contains(address, "?") {
						glue = "&"
					}
					r = from(stranger, deskHost, address+glue+"k="+token)
				}
				lib.taken()
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				got := strings.Join(lib.taken(), " ") + "\n" + w.Body.String() + "\n" + headerText(w.Header())
				if w.Code != 404 && w.Code != 400 {
					t.Errorf("%s, %s: %d", name, address, w.Code)
				}
				if want == "" {
					want = got
				} else if got != want {
					t.Errorf("%s, %s: differs:\n%s\n%s", name, address, got, want)
				}
			}
		}
	}
	// What is open does open, or the comparison proves nothing.
	w := httptest.NewRecorder()
	h.ServeHTTP(w, from(stranger, deskHost, g.link(t, "slack:C1", "kept/1")))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "storm") {
		t.Errorf("a document of the room: %d %s", w.Code, w.Body)
	}
}

func headerText(h http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		b.WriteString(name + ": " + strings.Join(h[name], ", ") + "\n")
	}
	return b.String()
}

// No path makes the mux redirect, none leads to another site, and none makes a
// page fail. A page may send a reader on to a shorter address of its own.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/", "/d/a", "/d/a%2Fb?r=1&s=1-2", "/d//", "//d/a", "/d/../library", "/d/%2e%2e", "/d/?id=..", "/diff?id=.", "/library", "/library/", "/questions", "/briefings", "/briefings.atom", "/healthz", "/readyz", "/assets/../x", "/briefings/%00", "/d/%ff?s=9-1", "/?q=why&from=x", "/brief?topic=a", "/library/search?q=%00", "/library?order=title&page=9"} {
		f.Add(path)
	}
	s, err := New(discard(), Options{
		Library: emptyLibrary{}, Now: time.Now,
		Ask: func(_ context.Context, q Question) (briefs.Answer, error) {
			return briefs.Answer{Question: q.Text, Reason: briefs.NoHits}, nil
		},
		Search: func(context.Context, string, briefs.Scope, int) ([]briefs.Hit, error) { return nil, nil },
		Brief: func(_ context.Context, topic Topic) (briefs.Brief, error) {
			return briefs.Brief{Topic: topic.Words}, nil
		},
	})
	if err != nil {
		f.Fatal(err)
	}
	h := s.Handler()
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || u.Host != "" || u.Scheme != "" {
			return
		}
		r := &http.Request{
			Method: "GET", URL: u, RequestURI: path, Header: http.Header{}, Body: http.NoBody, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Host: "127.0.0.1:8088", RemoteAddr: "127.0.0.1:4000",
		}
		r = r.WithContext(context.WithValue(context.Background(), http.LocalAddrContextKey, net.Addr(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8088})))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		to, err := url.Parse(w.Header().Get("Location"))
		if w.Code/100 == 3 && (w.Code != http.StatusSeeOther || err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "//")) || w.Code >= 500 {
			t.Errorf("%q: %d %s", path, w.Code, w.Header().Get("Location"))
		}
	})
}

// emptyLibrary holds nothing, and needs no file.
type emptyLibrary struct{ Library }

func (emptyLibrary) Document(context.Context, briefs.DocumentID, int) (briefs.Document, error) {
	return briefs.Document{}, briefs.ErrNotFound
}

func (emptyLibrary) Revisions(context.Context, briefs.Scope, briefs.DocumentID) ([]briefs.Revision, error) {
	return nil, briefs.ErrNotFound
}

func (emptyLibrary) Documents(context.Context, briefs.Listing) ([]briefs.Listed, error) {
	return nil, nil
}
func (emptyLibrary) CountDocuments(context.Context, briefs.Listing) (int, error) { return 0, nil }
func (emptyLibrary) Collections(context.Context, briefs.Scope) ([]briefs.CollectionCount, error) {
	return nil, nil
}

func (emptyLibrary) Publishers(context.Context, briefs.Scope) ([]briefs.PublisherCount, error) {
	return nil, nil
}

func (emptyLibrary) Asked(context.Context, int, ...string) ([]briefs.Asked, error) { return nil, nil }

func (emptyLibrary) Gaps(context.Context, ...string) ([]briefs.Gap, error) { return nil, nil }

func (emptyLibrary) AskedAbout(context.Context, briefs.Ref, ...string) ([]briefs.Asked, error) {
	return nil, nil
}

func (emptyLibrary) ClearGap(context.Context, string, string) error { return briefs.ErrNotFound }

func (emptyLibrary) Picture(context.Context, briefs.BriefingID, ...string) (briefs.Picture, error) {
	return briefs.Picture{}, briefs.ErrNotFound
}

func (emptyLibrary) Sources(context.Context, briefs.Scope) ([]briefs.SourceState, error) {
	return nil, nil
}

func (emptyLibrary) GoneItems(context.Context, briefs.Scope, int) ([]briefs.SourceItem, error) {
	return nil, nil
}

func (emptyLibrary) FailingItems(context.Context, briefs.SourceKey, int) ([]briefs.SourceItem, error) {
	return nil, nil
}

func (emptyLibrary) Fetches(context.Context, briefs.Scope) ([]briefs.Fetch, error) { return nil, nil }

func (emptyLibrary) Briefings(context.Context, int, int, ...string) ([]briefs.Briefing, error) {
	return nil, nil
}

func (emptyLibrary) Briefing(context.Context, briefs.BriefingID, ...string) (briefs.Briefing, error) {
	return briefs.Briefing{}, briefs.ErrNotFound
}

func (emptyLibrary) Stats(context.Context) (briefs.LibraryStats, error) {
	return briefs.LibraryStats{}, nil
}
