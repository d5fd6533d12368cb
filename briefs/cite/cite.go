// Package cite writes footnotes, entries of bibliographies and records for
// reference managers: Chicago, APA, MLA and RIS. It knows documents and
// quotes of package briefs and nothing else; bot and bot/web show what it
// writes. It keeps no state: its tables (small words, titles of persons,
// words of organisations) stand beside the code that reads them.
//
// The rules come from The Chicago Manual of Style, 17th edition, notes and
// bibliography (chapter 14); the Publication Manual of the American
// Psychological Association, 7th edition (chapters 8 to 10); and the MLA
// Handbook, 9th edition (chapters 5 and 6). Comments name the sections, of the
// MLA Handbook the chapters and elements.
//
// A document with a web address is cited as a page of the site that its
// publisher names, any other as a publication of its own. Titles are given as
// they stand: sentence case (APA 6.17) and headline case (Chicago 8.159) need
// a reader who knows proper names.
package cite

import (
	"fmt"
	"html"
	"strings"
	"time"

	"briefdesk/briefs"
)

// Style is a way to cite.
type Style string

// The styles.
const (
	Chicago Style = "chicago"
	APA     Style = "apa"
	MLA     Style = "mla"
)

// Styles lists the styles in the order in which they are offered.
func Styles() []Style { return []Style{Chicago, APA, MLA} }

// ParseStyle reads the name of a style in any case; empty is Chicago. It
// returns ErrInvalid for any other.
func ParseStyle(s string) (Style, error) {
	if s == "" {
		return Chicago, nil
	}
	for _, style := range Styles() {
		if strings.EqualFold(s, string(style)) {
			return style, nil
		}
	}
	return "", briefs.Fault(briefs.ErrInvalid, "style %q: write chicago, apa or mla", s)
}

// Name is what a reader calls the style.
func (s Style) Name() string {
	switch s {
	case APA:
		return "APA"
	case MLA:
		return "MLA"
	}
	return "Chicago"
}

// Options is what a citation tells beside the document.
type Options struct {
	// Quote is what is cited; its page is named. The zero Quote cites the
	// whole document.
	Quote briefs.Quote
	// Accessed is when the original was consulted; its UTC day is told where
	// the styles ask for it, which is for pages without a date (Chicago
	// 14.12, APA 9.16, MLA chapter 5, Date of Access). Zero leaves it out.
	Accessed time.Time
}

// Note is the footnote that cites d: in Chicago a full note; in APA and MLA,
// which cite in the text, the entry of the list of sources. It is one line.
func Note(style Style, d *briefs.Document, o Options) Text {
	if style == APA || style == MLA {
		return Entry(style, d, o)
	}
	return chicagoNote(sourceOf(d, o))
}

// Entry is the entry of d in the list of sources. It is one line.
func Entry(style Style, d *briefs.Document, o Options) Text {
	s := sourceOf(d, o)
	switch style {
	case APA:
		return apaEntry(s)
	case MLA:
		return mlaEntry(s)
	}
	return chicagoEntry(s)
}

// Short refers to d where a full citation of it stands elsewhere: Chicago's
// shortened note, the parentheses of APA and MLA. It is one line.
func Short(style Style, d *briefs.Document, o Options) Text {
	s := sourceOf(d, o)
	switch style {
	case APA:
		return apaShort(s)
	case MLA:
		return mlaShort(s)
	}
	return chicagoShort(s)
}

// Text is one line of a citation.
type Text []Run

// Run is a stretch of a Text in one face.
type Run struct {
	Text   string
	Italic bool
}

// String is t without its faces.
func (t Text) String() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Text)
	}
	return b.String()
}

// HTML is t escaped, with <i> for italics and no other element.
func (t Text) HTML() string {
	var b strings.Builder
	for _, r := range t {
		if r.Italic {
			fmt.Fprintf(&b, "<i>%s</i>", html.EscapeString(r.Text))
			continue
		}
		b.WriteString(html.EscapeString(r.Text))
	}
	return b.String()
}

// add appends words in the upright face; each of them ends the changes of
// direction that it begins.
func (t *Text) add(words ...string) {
	for _, w := range words {
		t.run(w, false)
	}
}

// italic appends words in italics.
func (t *Text) italic(words string) { t.run(words, true) }

func (t *Text) run(words string, italic bool) {
	if words == "" {
		return
	}
	words += closers(words)
	if n := len(*t); n > 0 && (*t)[n-1].Italic == italic {
		(*t)[n-1].Text += words
		return
	}
	*t = append(*t, Run{Text: words, Italic: italic})
}

// stop ends a sentence: a full stop, unless one stands there already.
func (t *Text) stop() {
	if n := len(*t); n > 0 && !ended((*t)[n-1].Text) {
		t.add(".")
	}
}

// source is what the styles say of a document.
type source struct {
	authors   []name
	title     string // one line; empty when it has none
	publisher string // one line; empty when unknown or the only author
	date      briefs.Date
	url       string // http or https; empty for a publication of its own
	page      int    // of the quote, from 1; 0 for none
	accessed  time.Time
}

func sourceOf(d *briefs.Document, o Options) source {
	s := source{
		title: trimmed(oneLine(d.Title)), publisher: oneLine(d.Publisher), date: d.Published,
		url: address(d.URL), page: o.Quote.Page(), accessed: o.Accessed.UTC(),
	}
	if d.Published.Long() == "" {
		s.date = ""
	}
	s.authors = authors(oneLine(d.Author), s.publisher)
	return s
}

// self reports whether the only author of s is its publisher.
func (s source) self() bool {
	return len(s.authors) == 1 && s.authors[0].whole != "" && strings.EqualFold(s.authors[0].whole, s.publisher)
}

// undated reports whether the day of access stands for the
// date of s: it has an address, and no date of its own.
func (s source) undated() bool { return s.url != "" && s.date == "" && !s.accessed.IsZero() }
