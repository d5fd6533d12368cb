package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// superscript writes the number of a footnote in brackets, so that it does
// not grow onto the word before it, and an exponent as the raised digits that
// Unicode has.
func (w *walker) superscript(n *html.Node, depth int) {
	s := strings.Trim(strings.TrimSpace(textOf(n, 64)), "[]()")
	switch {
	case s == "" || len(s) > 3 || !isDigits(s):
		w.children(n, depth)
	case !leads(n) && exponentiable(w.buf.String()):
		w.buf.WriteString(raised.Replace(s))
	default:
		w.buf.WriteString("[" + s + "]")
	}
}

var raised = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// leads reports whether n holds a link, or stands in one, as the number of a
// footnote does.
func leads(n *html.Node) bool {
	if n.Parent != nil && n.Parent.DataAtom == atom.A {
		return true
	}
	for c := range n.Descendants() {
		if c.DataAtom == atom.A {
			return true
		}
	}
	return false
}

// exponentiable reports whether what stands before a raised number is itself a
// number, a unit or a symbol ("10", "km", "mc"): no word that a footnote hangs
// on is that short, or it is not alone.
func exponentiable(before string) bool {
	at := strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) + 1
	last := before[at:]
	return last != "" && utf8.RuneCountInString(last) <= 2
}
