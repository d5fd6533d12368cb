package follow

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

// mainDigest tells apart the text that a document is made for: the words of
// its blocks in order, with their roles, without menus, buttons, related links
// and the like, which change without the document.
func mainDigest(d *briefs.Document) string {
	h := sha256.New()
	for _, b := range d.Blocks {
		if b.Role == briefs.RoleChrome {
			continue
		}
		_, _ = h.Write([]byte{0, byte(b.Level)})
		_, _ = h.Write([]byte(b.Role))
		for _, w := range strings.Fields(d.Slice(b.Span)) {
			_, _ = h.Write([]byte{1})
			_, _ = h.Write([]byte(w))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// wordsOf counts the words that could be quoted.
func wordsOf(d *briefs.Document) int {
	n := 0
	for _, b := range d.Blocks {
		if b.Role.Quotable() {
			n += len(strings.Fields(d.Slice(b.Span)))
		}
	}
	return n
}

// A text is thin beside another when it has less than this part of its words,
// and the other is more than a few.
const (
	thinPart  = 0.6
	fewWords  = 60
	someWords = 20 // below this, the source's own text is no document
)

func thin(words, beside int) bool {
	return beside >= fewWords && float64(words) < thinPart*float64(beside)
}

// joined is an article of several pages as one document: what the first says
// of itself, and the texts in order. Titles, authors and dates that the
// further pages repeat are not told again.
func joined(pages []briefs.Document) briefs.Document {
	d := pages[0]
	if len(pages) == 1 {
		return d
	}
	d.Blocks = append([]briefs.Block(nil), d.Blocks...)
	d.Pages, d.Enumerations = nil, nil
	for _, p := range pages[1:] {
		d.Text = strings.TrimRight(d.Text, "\n") + "\n\n"
		at := len(d.Text)
		d.Text += p.Text
		for _, b := range p.Blocks {
			switch b.Role {
			case briefs.RoleTitle, briefs.RoleByline, briefs.RoleDateline, briefs.RoleAuthorNote:
				b.Role, b.Level = briefs.RoleChrome, 0
			}
			b.Start, b.End, b.Body, b.Sentences = b.Start+at, b.End+at, b.Body+at, nil
			d.Blocks = append(d.Blocks, b)
		}
		d.Author = cmp.Or(d.Author, p.Author)
		d.Published = cmp.Or(d.Published, p.Published)
		d.Publisher = cmp.Or(d.Publisher, p.Publisher)
	}
	return d
}

// merge fills what d leaves open from what is known otherwise: a former
// reading, or the source.
func merge(d *briefs.Document, title, author, publisher string, published briefs.Date) {
	d.Title = cmp.Or(d.Title, title)
	d.Author = cmp.Or(d.Author, author)
	d.Publisher = cmp.Or(d.Publisher, publisher)
	d.Published = cmp.Or(d.Published, published)
}

// metadata is what may change of a document without a new revision.
func metadata(d *briefs.Document) [5]string {
	return [5]string{d.Title, d.Author, d.Publisher, string(d.Published), d.URL}
}

// ownPage is the source's own text of an item as a page to be read.
func ownPage(it *briefs.SourceItem) extract.Input {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>")
	b.WriteString(html.EscapeString(it.Title))
	b.WriteString("</title></head><body><article><h1>")
	b.WriteString(html.EscapeString(it.Title))
	b.WriteString("</h1>\n")
	b.Write(it.Own)
	b.WriteString("\n</article></body></html>")
	return extract.Input{Name: it.Address, URL: it.Address, Type: "text/html; charset=utf-8", Data: []byte(b.String())}
}

// digest is a short digest of parts.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// nextPage is the address of the page on which an article goes on; empty for
// none.
func nextPage(in extract.Input) string { return extract.NextPage(in) }
