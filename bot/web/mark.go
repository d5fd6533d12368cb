package web

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// writer writes stretches of one text as HTML, in any order of blocks, and
// marks those that lie in a span: each as <mark class="q">, the first with
// id="q". What the marks hold, joined, is the span byte for byte, also where
// a browser reads it: see escape for the one character that HTML cannot hold.
type writer struct {
	bytes.Buffer
	text  string
	span  briefs.Span // empty marks nothing
	pages []int       // Document.Pages; nil shows none
	begun bool        // a mark has been written
	open  bool        // a mark is open
}

// escape writes text into an element. A bare carriage return would be read
// as a line feed, so it stands as a reference. NUL is not in HTML in any form
// (a reference to it is read as U+FFFD, as html/template writes it): a span
// with NUL differs from its text in that.
func (w *writer) escape(s string) {
	plain := 0 // s[:plain] is written
	for i := 0; i < len(s); i++ {
		var as string
		switch s[i] {
		case '&':
			as = "&amp;"
		case '<':
			as = "&lt;"
		case '>':
			as = "&gt;"
		case '"':
			as = "&#34;"
		case '\'':
			as = "&#39;"
		case '\r':
			as = "&#13;"
		case 0:
			as = "\ufffd"
		default:
			continue
		}
		w.WriteString(s[plain:i])
		w.WriteString(as)
		plain = i + 1
	}
	w.WriteString(s[plain:])
}

// inside reports whether the span has a byte in [from,to).
func (w *writer) inside(from, to int) bool {
	return !w.span.Empty() && w.span.Start < to && from < w.span.End
}

// run writes [from,to), content of an element that the caller closes with end.
// Line feeds that break a line are followed by <br>; a line feed where a text
// was wrapped is a space.
func (w *writer) run(from, to int) {
	column := w.column(from, to)
	line := from
	for from < to {
		end := to
		if i := strings.IndexByte(w.text[from:to], '\n'); i >= 0 {
			end = from + i + 1
		}
		w.pieces(from, end)
		if w.text[end-1] == '\n' && end < to {
			if !wrapped(w.text[line:end-1], w.text[end:to], column) {
				w.WriteString("<br>")
			}
			line = end
		}
		from = end
	}
}

// rest writes what of the span lies in [from,to), between two blocks, into
// the element of one of them.
func (w *writer) rest(from, to int) {
	if w.inside(from, to) {
		w.pieces(max(from, w.span.Start), min(to, w.span.End))
	}
}

// pieces writes [from,to) and leaves the mark open that its last byte is in.
func (w *writer) pieces(from, to int) {
	for from < to {
		end, in := w.pageAt(from, to), w.inside(from, from+1)
		switch {
		case in:
			end = min(end, w.span.End)
		case w.inside(from, end):
			end = w.span.Start
		}
		switch {
		case in && !w.open:
			w.WriteString(`<mark class="q"`)
			if !w.begun {
				w.WriteString(` id="q"`)
			}
			w.WriteByte('>')
			w.begun, w.open = true, true
		case !in:
			w.unmark()
		}
		w.escape(w.text[from:end])
		from = end
	}
}

// pageAt writes where pages of the original begin at from, and returns where
// the next begins, to at most. Pages without text begin where the next one
// does; the first is not told.
func (w *writer) pageAt(from, to int) int {
	i, _ := slices.BinarySearch(w.pages, from)
	for ; i < len(w.pages) && w.pages[i] == from; i++ {
		last := i+1 == len(w.pages) || w.pages[i+1] > from
		if i > 0 && last {
			n := strconv.Itoa(i + 1)
			w.WriteString(`<span class="leaf" id="page-` + n + `" role="doc-pagebreak" aria-label="Page ` + n + `" data-page="` + n + `"></span>`)
		}
	}
	if i < len(w.pages) {
		return min(to, w.pages[i])
	}
	return to
}

func (w *writer) unmark() {
	if w.open {
		w.WriteString("</mark>")
		w.open = false
	}
}

// end writes the end of an element, and of the mark inside it.
func (w *writer) end(tag string) {
	w.unmark()
	w.WriteString("</" + tag + ">")
}

// Lines of a wrapped text are at least minColumn and at most maxColumn
// characters long; typewriters and mail wrap at 60 to 80.
const minColumn, maxColumn = 50, 100

// column is the length in runes at which [from,to) was wrapped; 0 when its
// lines are too short or too long for that.
func (w *writer) column(from, to int) int {
	longest := 0
	for s := w.text[from:to]; s != ""; {
		line, rest, more := strings.Cut(s, "\n")
		if !more && longest == 0 {
			return 0
		}
		if longest = max(longest, utf8.RuneCountInString(line)); longest > maxColumn {
			return 0
		}
		s = rest
	}
	if longest < minColumn {
		return 0
	}
	return longest
}

// wrapped reports whether a text wrapped at column ends a line here because
// the next word did not fit.
func wrapped(line, next string, column int) bool {
	if column == 0 {
		return false
	}
	word := next[:min(len(next), 4*maxColumn)]
	if i := strings.IndexAny(word, " \n\t"); i >= 0 {
		word = word[:i]
	}
	return word != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > column
}
