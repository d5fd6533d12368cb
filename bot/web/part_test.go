package web

import (
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"briefdesk/briefs"
)

// The parts of a long document hold its text once and in order, each no more
// than a page should, and whatever is marked is in the part that is opened.
func TestParts(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	random := rand.New(rand.NewSource(3))
	times := 12
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		times = 40
	}
	for name, d := range hugeDocuments(times) {
		var all strings.Builder
		of := articlePart(&d, briefs.Span{}, 1).Part.Of
		if of < 2 {
			t.Errorf("%s: %d bytes in one part", name, len(d.Text))
		}
		for n := 1; n <= of; n++ {
			a := articlePart(&d, briefs.Span{}, n)
			if a.Part.N != n || a.Part.Of != of || a.Part.last-a.Part.first > partWeight/blockWeight {
				t.Errorf("%s: part %d is %+v", name, n, a.Part)
			}
			text := textIn(t, string(a.Body))
			if len(text) > 2*partWeight {
				t.Errorf("%s: part %d of %d has %d bytes", name, n, of, len(text))
			}
			all.WriteString(text)
		}
		if got, want := onlyWords(all.String()), onlyWords(d.Text); got != want {
			t.Errorf("%s: the parts hold %d bytes, the text %d", name, len(got), len(want))
		}
		for range 20 {
			from := random.Intn(len(d.Text))
			span := briefs.Span{Start: from, End: from + 1 + random.Intn(min(len(d.Text)-from, 1<<random.Intn(18)))}
			a := articlePart(&d, span, 0)
			if got := markedOf(string(a.Body)); got != d.Slice(span) {
				t.Errorf("%s %v: %d bytes are marked, want %d", name, span, len(got), span.Len())
			}
		}
	}
}

func onlyWords(s string) string { return strings.Join(strings.Fields(s), "") }

// textIn is the text of the elements of body but for words of ours.
func textIn(t *testing.T, body string) string {
	t.Helper()
	p := parsePage(t, "<!doctype html><html><body>"+body+"</body></html>")
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "summary" }) {
		n.Parent.RemoveChild(n)
	}
	var b strings.Builder
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "body" }) {
		b.WriteString(content(n))
	}
	return b.String()
}

// A short document is whole, whichever part is asked for, and long blocks are
// cut between words, not inside what is marked.
func TestPiecesAreCutBetweenWords(t *testing.T) {
	short := briefs.Document{Text: "One sentence. Another one."}
	if p := articlePart(&short, briefs.Span{}, 7).Part; p.N != 1 || p.Of != 1 || p.Earlier+p.Later != "" {
		t.Errorf("a short document is part %+v", p)
	}
	text := strings.Repeat("word ", 300_000)
	blocks := []briefs.Block{{Role: briefs.RoleParagraph, Span: briefs.Span{End: len(text)}}}
	span := briefs.Span{Start: longestPiece - 12, End: longestPiece + 13}
	var at []int
	for _, b := range piecesOf(text, blocks, span) {
		at = append(at, b.Start)
		if b.Len() > longestPiece || b.Start > 0 && b.Start != span.Start && text[b.Start-1] != ' ' {
			t.Errorf("piece %v", b.Span)
		}
	}
	if !slices.Contains(at, span.Start) || slices.ContainsFunc(at, func(i int) bool { return i > span.Start && i < span.End }) {
		t.Errorf("cut at %v, marked is %v", at[:3], span)
	}
}

// The page of a long document leads on to the others, and back to the mark.
func TestPagesOfParts(t *testing.T) {
	s := newShelf(t)
	s.addText(t, "long", strings.Repeat("A sentence that stands here many times.\n\n", 40_000))
	at := briefs.Span{Start: 820_000, End: 820_039}
	page := s.get(t, documentAddress("", "long", 1, at, ""), 200)
	for _, want := range []string{"Earlier part", "Later part", `href="/d/long?r=1&amp;part=`, `id="q"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page at a quote lacks %s", want)
		}
	}
	first := s.get(t, "/d/long", 200)
	if strings.Contains(first, "Earlier part") || !strings.Contains(first, "Part 1 of ") {
		t.Error("a long document does not open at its first part")
	}
	last := s.get(t, "/d/long?part=999", 200)
	if strings.Contains(last, "Later part") || !strings.Contains(last, "Earlier part") {
		t.Error("a part beyond the last is not the last")
	}
}
