package web

import (
	"context"
	"errors"
	"flag"
	"html"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// desk is a server of all pages behind a proxy that signs readers in, over a
// library in a file.
type desk struct {
	lib   store.Backend
	asker *ask.Asker
	rooms map[string]briefs.Scope // change before the first request
	clock *clock
	links *Links
	h     http.Handler
}

// root is a reader who is an operator.
const root = "root"

// newDesk serves documents; adjust may change how.
func newDesk(t testing.TB, documents []briefs.Document, adjust ...func(*desk, *Options)) *desk {
	t.Helper()
	lib, err := store.Open(context.Background(), discard(), filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	if _, err := lib.PutDocuments(context.Background(), documents); err != nil {
		t.Fatal(err)
	}
	d := &desk{lib: lib, asker: ask.New(discard(), lib), rooms: map[string]briefs.Scope{}, clock: newClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
	d.links = NewLinks(lib, LinkOptions{PublicURL: publicURL, Days: 90, Now: d.clock.now})
	briefer := summary.New(discard(), lib)
	o := Options{
		Library: lib, Ask: d.ask, Search: d.asker.Search, Now: d.clock.now, PublicURL: publicURL,
		Brief: func(ctx context.Context, t Topic) (briefs.Brief, error) {
			return briefer.Brief(ctx, summary.Request{Topic: t.Words, Scope: t.Scope, From: t.From, To: t.To})
		},
		Access: Access{
			TrustHeader: "X-User", TrustFrom: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Admins: []string{"web:" + root},
			Room:  func(name string) (briefs.Scope, bool) { s, ok := d.rooms[name]; return s, ok },
			Links: d.links,
		},
	}
	for _, change := range adjust {
		change(d, &o)
	}
	s, err := New(discard(), o)
	if err != nil {
		t.Fatal(err)
	}
	d.h = s.Handler()
	return d
}

// ask answers and records, as the product does.
func (d *desk) ask(ctx context.Context, q Question) (briefs.Answer, error) {
	ans, err := d.asker.Ask(ctx, ask.Request{Question: q.Text, Scope: q.Scope, From: q.From, To: q.To, Publisher: q.Publisher})
	if err == nil {
		err = d.record(ctx, q, &ans)
	}
	return ans, err
}

// record notes a question and its answer, where it has a word.
func (d *desk) record(ctx context.Context, q Question, ans *briefs.Answer) error {
	asked := briefs.Asked{Room: q.Room, Question: q.Text, Reason: ans.Reason, Last: d.clock.now()}
	for _, c := range slices.Concat(ans.Quotes, ans.More) {
		o, span := c.Quote.Document(), c.Quote.Span()
		asked.Quotes = append(asked.Quotes, briefs.Ref{Document: o.ID, Revision: o.Revision, Span: span})
	}
	err := d.lib.RecordAsked(ctx, asked)
	if err == nil && !ans.Answered() {
		err = d.lib.RecordGap(ctx, briefs.Gap{Room: q.Room, Question: q.Text, Reason: ans.Reason, Last: asked.Last})
	}
	if errors.Is(err, briefs.ErrInvalid) {
		return nil
	}
	return err
}

// get opens an address as the reader whom the proxy names.
func (d *desk) get(reader, address string, headers ...string) *httptest.ResponseRecorder {
	return d.serve(from(proxy, deskHost, address, append([]string{"X-User", reader}, headers...)...))
}

func (d *desk) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w
}

// page opens an address and wants a status.
func (d *desk) page(t testing.TB, status int, reader, address string) string {
	t.Helper()
	w := d.get(reader, address)
	if w.Code != status {
		t.Errorf("%s of %s: status %d, want %d: %s", address, reader, w.Code, status, textOf(w.Body.String()))
	}
	return w.Body.String()
}

// at is the address of a page with parameters: names and values.
func at(path string, parameters ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	return path + "?" + q.Encode()
}

// read makes a document of a file as it is added.
func read(t testing.TB, id, collection, name, content string) briefs.Document {
	t.Helper()
	d, err := extract.Document(name, []byte(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d.ID, d.Collection, d.Source = briefs.DocumentID(id), collection, name
	structure.Analyze(&d)
	return d
}

// sampleDocuments are those of the embedded sample library.
func sampleDocuments(t testing.TB) []briefs.Document {
	t.Helper()
	var list []briefs.Document
	for _, f := range sample.Documents() {
		list = append(list, read(t, strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)), f.Collection, f.Name, string(f.Data)))
	}
	return list
}

var (
	mainOf   = regexp.MustCompile(`(?s)<main[^>]*>(.*)</main>`)
	tagOf    = regexp.MustCompile(`<[^>]*>`)
	blanksOf = regexp.MustCompile(`[ \t]+`)
)

// textOf is what a page says below its head, a line of its source a line.
func textOf(page string) string {
	if m := mainOf.FindStringSubmatch(page); m != nil {
		page = m[1]
	}
	var b strings.Builder
	for line := range strings.Lines(page) {
		line = html.UnescapeString(tagOf.ReplaceAllString(line, " "))
		if line = strings.TrimSpace(blanksOf.ReplaceAllString(line, " ")); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// golden compares what pages say with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test ./bot/web -update):\n%s", name, diff)
	}
}

var quoteOf = regexp.MustCompile(`<blockquote[^>]* cite="([^"]*)"><a href="([^"]*)">“<bdi>([^<]*)</bdi>”</a></blockquote>`)

// quotesOf are the quotes of a page in order, lead-ins too: address and text.
func quotesOf(t testing.TB, page string) (out [][2]string) {
	t.Helper()
	for _, m := range quoteOf.FindAllStringSubmatch(page, -1) {
		if m[1] != m[2] {
			t.Errorf("a quote cites %s and links to %s", m[1], m[2])
		}
		out = append(out, [2]string{html.UnescapeString(m[2]), html.UnescapeString(m[3])})
	}
	return out
}
