package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// heaviest is what a page may weigh with all that it loads, without the text
// of its document, in bytes as they travel.
const heaviest = 60_000

var loaded = regexp.MustCompile(`(?:href|src)="(/[^"]*assets/[^"]+)"`)

// Every page travels light. The fonts of further letters load where a document
// has them.
func TestWeight(t *testing.T) {
	documents := append(sampleDocuments(t), read(t, "blank", "cyber", "blank.txt", "Blank\n\nNothing is written here."))
	d := newDesk(t, documents)
	now := d.clock.now()
	if err := d.lib.RecordFetch(t.Context(), briefs.Fetch{Source: "https://feeds.example/a.xml", At: now, Failed: 1, Problem: "no answer"}); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"/", at("/", "q", whyCyber), at("/", "q", "what did Xi tell Obama about Huawei?"), at("/brief", "topic", "US-China cyber relations"),
		"/library", at("/library/search", "q", "cables"), "/briefings", "/questions", "/d/blank", "/d/unknown",
	} {
		w := d.get(root, address, "Accept-Encoding", "gzip")
		if w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s is not compressed: %v", address, w.Header())
			continue
		}
		weight := w.Body.Len()
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if plain := d.get(root, address).Body.String(); plain != string(page) {
			t.Errorf("%s: compressed it is another page", address)
		}
		files := map[string]bool{}
		for _, m := range loaded.FindAllStringSubmatch(string(page), -1) {
			files[m[1]] = true
		}
		if len(files) != 5 { // style, script, icon and two fonts
			t.Errorf("%s loads %v", address, files)
		}
		for file := range files {
			f := d.get(root, file, "Accept-Encoding", "gzip")
			if f.Code != http.StatusOK {
				t.Errorf("%s: %s answers %d", address, file, f.Code)
			}
			weight += f.Body.Len()
		}
		if weight > heaviest {
			t.Errorf("%s weighs %d bytes", address, weight)
		}
		t.Logf("%-60s %6d", address, weight)
	}
}

// What is not worth it, or not wanted, travels as it is.
func TestTakesGzip(t *testing.T) {
	for accept, want := range map[string]bool{
		"gzip": true, "br, GZIP": true, "gzip;q=0.5": true, "": false, "br": false, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=x": false, "xgzip": false,
	} {
		if got := takesGzip(accept); got != want {
			t.Errorf("takesGzip(%q) = %v", accept, got)
		}
	}
	z := zippers{}
	for range 3 { // a writer that was used before is as good
		if got := len(z.zip([]byte(strings.Repeat("a", 100_000)))); got > 2000 {
			t.Errorf("100000 letters a take %d bytes", got)
		}
	}
}
