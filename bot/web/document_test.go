package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/net/html"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/structure"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// shelf is the pages of a new library, as the operator reads them.
type shelf struct {
	lib store.Backend
	s   *Server
	h   http.Handler
}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	lib, err := store.Open(t.Context(), discard(), filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	now := func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
	s, err := New(discard(), Options{Library: lib, Now: now, PublicURL: "http://127.0.0.1:8088"})
	if err != nil {
		t.Fatal(err)
	}
	return &shelf{lib: lib, s: s, h: s.Handler()}
}

// add stores a document with the structure that it is given by ingest.
func (d *shelf) add(t testing.TB, doc briefs.Document) {
	t.Helper()
	structure.Analyze(&doc)
	if _, err := d.lib.PutDocuments(t.Context(), []briefs.Document{doc}); err != nil {
		t.Fatal(err)
	}
}

// addText stores paragraphs of plain text as the document id.
func (d *shelf) addText(t testing.TB, id briefs.DocumentID, text string) {
	t.Helper()
	doc := briefs.Document{ID: id, Source: string(id) + ".txt", Title: "A title", Collection: "sea", Text: text}
	doc.Blocks = blocksOf(&doc)
	d.add(t, doc)
}

func (d *shelf) get(t testing.TB, path string, status int) string {
	t.Helper()
	w := httptest.NewRecorder()
	path, _, _ = strings.Cut(path, "#") // no browser sends it
	d.h.ServeHTTP(w, fromHere(httptest.NewRequest("GET", path, nil)))
	if w.Code != status {
		t.Fatalf("%s: status %d, want %d: %s", path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

// place is the n-th occurrence of words in text.
func spanAt(t testing.TB, text, words string, n int) briefs.Span {
	t.Helper()
	at := -1
	for range n {
		i := strings.Index(text[at+1:], words)
		if i < 0 {
			t.Fatalf("%q stands fewer than %d times in %q", words, n, text)
		}
		at += 1 + i
	}
	return briefs.Span{Start: at, End: at + len(words)}
}

// mainPart is what a page has between <main> and </main>.
func mainPart(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	_, page, _ = strings.Cut(page, ">")
	page, _, _ = strings.Cut(page, "</main>")
	return strings.TrimSpace(page) + "\n"
}

func TestDocumentGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/document/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := extract.Document(archive.Files[0].Name, archive.Files[0].Data)
			if err != nil {
				t.Fatal(err)
			}
			doc.ID, doc.Collection, doc.Source, doc.Added = "d/1", "sea & air", "/home/ada/paper", time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)
			var n int
			mark := string(archive.Files[1].Data)
			if _, err := fmt.Sscan(mark, &n); err != nil {
				t.Fatal(err)
			}
			mark = strings.TrimSuffix(mark[strings.IndexByte(mark, ' ')+1:], "\n")
			span := spanAt(t, doc.Text, mark, n)
			shelf := newShelf(t)
			shelf.add(t, doc)
			page := shelf.get(t, documentAddress("", doc.ID, 1, span, ""), http.StatusOK)
			if err := checkMark(&doc, span, parsePage(t, page)); err != nil {
				t.Error(err)
			}
			got, want := mainPart(page), string(archive.Files[2].Data)
			if diff := cmp.Diff(want, got); diff != "" && !*update {
				t.Errorf("-want +got (go test -update accepts it):\n%s", diff)
			}
			if *update {
				archive.Files[2].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestRevisionOfAddress(t *testing.T) {
	d := newShelf(t)
	d.addText(t, "a", "One thing.\n\nAnother thing.")
	d.addText(t, "a", "One thing.\n\nAnother thing.\n\nA third thing.")
	for query, status := range map[string]int{
		"": 200, "?r=1": 200, "?r=2": 200, "?r=0": 404, "?r=3": 404, "?r=": 404, "?r=x": 404, "?r=01": 404, "?r=%2B1": 404, "?r=-1": 404, "?r=99999999999999999999": 404,
	} {
		page := d.get(t, "/d/a"+query, status)
		if status == 200 && strings.Contains(page, "third") == (query == "?r=1") {
			t.Errorf("%q shows another revision", query)
		}
	}
	if page := d.get(t, "/d/a", 200); !strings.Contains(page, `<link rel="canonical" href="http://127.0.0.1:8088/d/a?r=2">`) {
		t.Errorf("no canonical address: %s", page)
	}
}

func TestMisplacedSpan(t *testing.T) {
	d := newShelf(t)
	d.addText(t, "a", "One é thing.")
	for s, ok := range map[string]bool{
		"0-3": true, "0-13": true, "4-6": true, "12-13": true,
		"": false, "0": false, "-": false, "3-3": false, "3-1": false, "-1-3": false, "0-14": false, "5-6": false, "0-5": false, "00-3": false, "0-03": false, "a-b": false,
		"0-3-4": false, "13-14": false, "0-99999999999999999999": false,
	} {
		page := d.get(t, "/d/a?s="+s, 200)
		p := parsePage(t, page)
		if got := len(p.marks()) > 0; got != ok || strings.Contains(page, "nothing is marked") == ok {
			t.Errorf("s=%s: marked %v, want %v", s, got, ok)
		}
		if !strings.Contains(page, "g.</p>") && !strings.Contains(page, ".</mark></p>") {
			t.Errorf("s=%s: the text is not shown", s)
		}
	}
}

// An old revision says that there is a newer one, and leads to the same
// sentence there.
func TestOlderRevision(t *testing.T) {
	const old, now = "Alpha here. We agree.\n\nBeta there. We agree.", "New first. We agree.\n\nAlpha here. We agree.\n\nBeta there. We agree. Changed end."
	d := newShelf(t)
	d.addText(t, "a", old)
	d.addText(t, "a", now)
	for n := 1; n <= 2; n++ {
		page := d.get(t, documentAddress("", "a", 1, spanAt(t, old, "We agree.", n), ""), 200)
		want := documentAddress("", "a", 2, spanAt(t, now, "We agree.", n+1), "")
		p := parsePage(t, page)
		if links := p.links(); !slices.Contains(links, want) {
			t.Errorf("%d: no link %s in %q", n, want, links)
		}
		if !strings.Contains(page, "You are reading revision 1 of 2") || !slices.Contains(p.links(), "/d/a/diff?from=1&to=2") {
			t.Errorf("%d: nothing of a newer revision", n)
		}
	}
	if page := d.get(t, "/d/a?r=2", 200); strings.Contains(page, "You are reading") {
		t.Error("the current revision is called old")
	}
	d.addText(t, "a", "Something else.")
	page := d.get(t, documentAddress("", "a", 1, spanAt(t, old, "We agree.", 1), ""), 200)
	if !strings.Contains(page, "does not stand in the current one") {
		t.Error("a sentence that is gone is not told of")
	}
	if err := d.lib.RemoveDocument(t.Context(), "a", false); err != nil {
		t.Fatal(err)
	}
	if page := d.get(t, "/d/a?r=1", 200); !strings.Contains(page, "was taken out of the library") || strings.Contains(page, ", current") {
		t.Error("a withdrawn document is not told of, or one of its revisions is called current")
	}
	if err := d.lib.RemoveDocument(t.Context(), "a", true); err != nil {
		t.Fatal(err)
	}
	d.get(t, "/d/a?r=1", 404)
}

// links are the addresses of all links of the page, in order.
func (p parsed) links() []string {
	var out []string
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "a" }) {
		out = append(out, attribute(n, "href"))
	}
	return out
}

// A sealed shelf has a room slack:C1 and a reader ana who see the collection
// "sea" alone, and root, who is an operator.
func sealedShelf(t *testing.T) (get func(peer, path string, headers ...string) *httptest.ResponseRecorder, d *shelf, links *Links) {
	t.Helper()
	d = newShelf(t)
	d.addText(t, "kept/1", "The ferry stopped because the ship was old.")
	sealed := paragraphsOf("Nobody may know of the harbour.")
	sealed.ID, sealed.Collection, sealed.Title = "sealed", "trade", "A secret"
	d.add(t, *sealed)
	links = NewLinks(d.lib, LinkOptions{PublicURL: publicURL, Days: 2, Now: d.s.o.Now})
	o := d.s.o
	o.PublicURL = publicURL
	o.Access = Access{
		TrustHeader: "X-User", TrustFrom: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Admins: []string{"web:root"},
		Room: func(name string) (briefs.Scope, bool) {
			return briefs.Only("sea"), name == "slack:C1" || name == "web:ana"
		},
		Links: links,
	}
	s, err := New(discard(), o)
	if err != nil {
		t.Fatal(err)
	}
	h := s.Handler()
	return func(peer, path string, headers ...string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		path, _, _ = strings.Cut(path, "#")
		h.ServeHTTP(w, from(peer, deskHost, path, headers...))
		return w
	}, d, links
}

// The page says where a quote was used: to operators of every room, to a
// reader of the own room, and who came by a link cannot ask.
func TestUsedInAnswers(t *testing.T) {
	get, d, links := sealedShelf(t)
	ref := briefs.Ref{Document: "kept/1", Revision: 1, Span: briefs.Span{Start: 0, End: 17}}
	for i, room := range []string{"slack:C1", "slack:C2", "web:ana", ""} {
		asked := briefs.Asked{
			Room: room, Question: "Why in room <" + room + ">?", Last: time.Date(2026, 11, i+1, 0, 0, 0, 0, time.UTC), Quotes: []briefs.Ref{ref},
		}
		if err := d.lib.RecordAsked(t.Context(), asked); err != nil {
			t.Fatal(err)
		}
	}
	questions := func(w *httptest.ResponseRecorder) (shown []string, links []string) {
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		p := parsePage(t, w.Body.String())
		for _, n := range p.all(func(n *html.Node) bool { return strings.Contains(attribute(n, "class"), "used") }) {
			for _, q := range (parsed{n}).all(func(n *html.Node) bool { return n.Data == "bdi" }) {
				shown = append(shown, content(q))
			}
			links = append(links, parsed{n}.links()...)
		}
		return shown, links
	}
	const path = "/d/kept%2F1?r=1&s=0-17"
	shown, asks := questions(get(proxy, path, "X-User", "root"))
	want := []string{"Why in room <>?", "Why in room <web:ana>?", "Why in room <slack:C2>?", "Why in room <slack:C1>?"}
	if !slices.Equal(shown, want) || len(asks) != len(want) {
		t.Errorf("the operator sees %q with links %q", shown, asks)
	}
	shown, asks = questions(get(proxy, path, "X-User", "ana"))
	if !slices.Equal(shown, want[1:2]) || !slices.Equal(asks, []string{"/?q=Why+in+room+%3Cweb%3Aana%3E%3F"}) {
		t.Errorf("a reader sees %q with links %q", shown, asks)
	}
	if shown, _ := questions(get(proxy, "/d/kept%2F1?r=1&s=0-16", "X-User", "ana")); len(shown) > 0 {
		t.Errorf("another span was used in %q", shown)
	}
	address, err := links.Document(t.Context(), "slack:C1", "kept/1", 1, ref.Span)
	if err != nil {
		t.Fatal(err)
	}
	w := get(stranger, strings.TrimPrefix(address, publicURL))
	if shown, asks = questions(w); !slices.Equal(shown, want[3:]) || len(asks) > 0 {
		t.Errorf("by link: %q with links %q", shown, asks)
	}
	// A link leads to the same document only, and keeps its signature.
	for _, href := range parsePage(t, w.Body.String()).links() {
		if !strings.HasPrefix(href, "#") && (!strings.HasPrefix(href, "/d/kept%2F1") || !strings.Contains(href, "k=")) {
			t.Errorf("by link: leads to %s", href)
		}
	}
}

// The path of a file on the operator's machine is for the operator.
func TestSourceIsForTheOperator(t *testing.T) {
	get, _, _ := sealedShelf(t)
	for reader, shown := range map[string]bool{"root": true, "ana": false} {
		if w := get(proxy, "/d/kept%2F1", "X-User", reader); w.Code != 200 || strings.Contains(w.Body.String(), "kept/1.txt") != shown {
			t.Errorf("%s: %d %s", reader, w.Code, w.Body)
		}
	}
}

// Of a source on the web readers see the place, without what lets in there.
func TestSourceKeepsItsSecrets(t *testing.T) {
	d := newDesk(t, []briefs.Document{{
		ID: "d", Collection: "sea", Text: "A storm came.", URL: "https://bo:secret@lantern.example/a?x=1",
		Source: "https://ana:secret@feeds.example/sea?key=sesame",
	}})
	d.rooms["web:ana"] = briefs.Only("sea")
	for reader, source := range map[string]string{"ana": "<bdi>feeds.example/sea</bdi>", root: "<bdi>https://ana:xxxxx@feeds.example/sea?key=sesame</bdi>"} {
		for _, address := range []string{"/d/d", "/library", "/d/d?r=1&s=0-13"} {
			page := d.page(t, 200, reader, address)
			if strings.Contains(page, "secret") || reader != root && strings.Contains(page, "sesame") || !strings.Contains(page, "https://lantern.example/a?x=1") {
				t.Errorf("%s, %s:\n%s", reader, address, page)
			}
			if address == "/d/d" && !strings.Contains(page, source) {
				t.Errorf("%s does not see %s:\n%s", reader, source, page)
			}
		}
	}
}

// Whatever is outside a visitor's scope is as if it were not there, on the
// page of changes too (P7).
func TestNoLeakOfOtherCollections(t *testing.T) {
	get, _, links := sealedShelf(t)
	sealed, err := links.Document(t.Context(), "slack:C1", "sealed", 1, briefs.Span{Start: 0, End: 6})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := links.Document(t.Context(), "slack:C1", "kept/1", 1, briefs.Span{Start: 0, End: 6})
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(strings.TrimSuffix(kept, "#q"), "k=")
	sealed, kept = strings.TrimPrefix(sealed, publicURL), strings.TrimPrefix(kept, publicURL)
	paths := map[string]bool{} // and whether they are there
	for _, path := range []string{
		"/d/nothing", "/d/sealed", "/d/sealed?r=1", "/d/sealed?r=2", "/d/sealed?r=0", "/d/sealed?s=0-10", "/d/sealed?s=x", "/d/nothing?s=0-10",
		"/d/sealed/diff", "/d/nothing/diff", "/d/sealed/diff?from=1&to=1", "/d/sealed/diff?from=7&to=9", "/d/kept%2F1?r=2", "/d/kept%2F1/diff?from=1&to=2",
		"/d/sealed?k=" + token, "/d/sealed/diff?k=" + token, "/d/nothing?k=" + token, sealed, strings.Replace(kept, "r=1", "r=2", 1),
	} {
		paths[path] = false
	}
	paths["/d/kept%2F1"], paths[kept], paths["/d/kept%2F1/diff?k="+token] = true, true, true
	for name, visitor := range map[string]func(path string) *httptest.ResponseRecorder{
		"reader":  func(path string) *httptest.ResponseRecorder { return get(proxy, path, "X-User", "ana") },
		"by link": func(path string) *httptest.ResponseRecorder { return get(stranger, path) },
	} {
		first := visitor("/d/nothing")
		for path, there := range paths {
			w := visitor(path)
			if there && name == "by link" && !strings.Contains(path, "k=") {
				there = false
			}
			switch {
			case there && w.Code != http.StatusOK:
				t.Errorf("%s %s: %d", name, path, w.Code)
			case !there && (w.Code != http.StatusNotFound || w.Body.String() != first.Body.String() || !cmp.Equal(w.Header(), first.Header())):
				t.Errorf("%s %s: %d %v %s", name, path, w.Code, w.Header(), w.Body)
			}
			for _, word := range []string{"secret", "trade", "harbour", "Nobody"} {
				if strings.Contains(w.Body.String(), word) {
					t.Errorf("%s %s says %q", name, path, word)
				}
			}
		}
	}
}
