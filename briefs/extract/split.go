package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// line is one line of text that is not blank.
type line struct {
	text   string // trimmed
	start  int    // offset of text
	indent int    // columns before it; a tab counts four
	runes  int    // length of text
	gap    bool   // a blank line or nothing stands before it
}

func (l line) end() int { return l.start + len(l.text) }

func linesOf(text string) []line {
	var out []line
	gap := true
	for at := 0; at < len(text); {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			n = len(text) - at
		}
		raw := text[at : at+n]
		trimmed := strings.TrimLeftFunc(raw, unicode.IsSpace)
		lead := raw[:len(raw)-len(trimmed)]
		trimmed = strings.TrimRightFunc(trimmed, unicode.IsSpace)
		if trimmed == "" {
			gap = true
		} else {
			out = append(out, line{
				text: trimmed, start: at + len(lead), gap: gap,
				indent: utf8.RuneCountInString(lead) + 3*strings.Count(lead, "\t"),
				runes:  utf8.RuneCountInString(trimmed),
			})
			gap = false
		}
		at += n + 1
	}
	return out
}

// unit is a piece of text that will be one block.
type unit struct {
	briefs.Block
	text  string // of the span
	runes int
	style string // marker style of a list item, else empty
	rank  int    // 1-6 where the text itself marks a heading, else 0
	first int    // index of its first line
	gap   bool   // a blank line stands before it
	clue  *cue   // what marked it as other than content
}

// content is the text after the marker.
func (u *unit) content() string { return u.text[u.Body-u.Start:] }

// split cuts text into units: list items, lines, and paragraphs whose lines
// were broken at a fixed width.
func split(text string) []unit {
	lines := linesOf(text)
	marks := resolve(lines)
	width := wrapWidth(lines)
	var out []unit
	var nest nesting
	itemIndent := -1 // of the item that is open, -1 when none is
	for i, l := range lines {
		m := marks[i]
		if m.size == 0 && len(out) > 0 && !l.gap && continues(lines[i-1], l, width, itemIndent, i-1 == out[len(out)-1].first) {
			out[len(out)-1].End = l.end()
			continue
		}
		u := unit{first: i, gap: l.gap}
		u.Start, u.End, u.Body = l.start, l.end(), l.start
		switch {
		case m.size > 0:
			u.Role, u.style = briefs.RoleItem, m.style
			u.Body = l.start + m.size
			u.Level = nest.depth(m.style, l.indent)
			itemIndent = l.indent
		default:
			mark(&u, l.text)
			if itemIndent < 0 || l.indent <= itemIndent { // an indented paragraph belongs to its item
				nest.reset()
				itemIndent = -1
			}
		}
		out = append(out, u)
	}
	for i := range out {
		u := &out[i]
		u.text = text[u.Start:u.End]
		u.runes = utf8.RuneCountInString(u.text)
	}
	tables(out)
	return out
}

// mark recognises what the text of a line says of itself: "# Heading", "> a
// quotation", "[1] a note".
func mark(u *unit, s string) {
	if hashes := len(s) - len(strings.TrimLeft(s, "#")); hashes > 0 && hashes <= 6 && strings.HasPrefix(s[hashes:], " ") {
		u.rank, u.Role, u.Level = hashes, briefs.RoleHeading, hashes
		u.Body = u.Start + len(s) - len(strings.TrimSpace(s[hashes:]))
		return
	}
	if rest, ok := strings.CutPrefix(s, ">"); ok && strings.TrimSpace(rest) != "" {
		u.Role = briefs.RoleQuotation
		u.Body = u.Start + len(s) - len(strings.TrimSpace(rest))
	}
}

// continues reports whether cur goes on with the paragraph of prev, the line
// above it. first says that prev is the first line of its unit.
func continues(prev, cur line, width, itemIndent int, first bool) bool {
	if itemIndent >= 0 && cur.indent > itemIndent {
		return true // the hanging indent of an item
	}
	if r, _ := utf8.DecodeRuneInString(cur.text); itemIndent >= 0 && cur.indent == itemIndent && unicode.IsLower(r) && !endsSentence(prev.text) && !strings.HasSuffix(prev.text, ";") {
		return true
	}
	if first && local(prev.text, prev.runes) != nil || local(cur.text, cur.runes) != nil {
		return false
	}
	if strings.HasPrefix(prev.text, "#") || strings.HasPrefix(cur.text, "#") || strings.HasPrefix(prev.text, ">") != strings.HasPrefix(cur.text, ">") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(cur.text)
	if prev.runes >= 40 && unicode.IsLower(r) && !endsSentence(prev.text) {
		return true
	}
	if width == 0 || prev.runes > width+10 {
		return false
	}
	if !first && cur.indent > prev.indent+1 && endsSentence(prev.text) {
		return false // the indented first line of the next paragraph
	}
	return prev.runes+prev.indent+1+firstWord(cur.text) > width-3
}

func firstWord(s string) int {
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		s = s[:i]
	}
	return utf8.RuneCountInString(s)
}

// Bounds of the width at which people and programs break lines, in columns.
const minWrap, maxWrap = 45, 120

// wrapWidth returns the column at which the lines of text were broken, 0 when
// they were not: most lines that have a line right below them must be as full
// as the first word of that line allows, and seldom end a sentence.
func wrapWidth(lines []line) int {
	var lengths []int
	long := 0
	for i, l := range lines {
		if l.runes > maxWrap+20 {
			long++
		}
		if i+1 < len(lines) && !lines[i+1].gap && l.runes <= maxWrap {
			lengths = append(lengths, l.runes+l.indent)
		}
	}
	if len(lengths) == 0 || long*10 > len(lines)*3 {
		return 0
	}
	slices.Sort(lengths)
	width := lengths[(len(lengths)-1)*95/100]
	if width < minWrap {
		return 0
	}
	full, pairs, stops := 0, 0, 0
	for i := 0; i+1 < len(lines); i++ {
		l := lines[i]
		if lines[i+1].gap || l.runes < minWrap*2/3 {
			continue
		}
		pairs++
		if l.runes+l.indent+1+firstWord(lines[i+1].text) > width-3 {
			full++
		}
		if endsSentence(l.text) {
			stops++
		}
	}
	if full*10 < pairs*6 || stops*2 > pairs {
		return 0
	}
	return width
}

// endsSentence reports whether s ends as a sentence does.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)]* \u00a0")
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…", r)
}

// tables marks rows: two or more neighbouring lines with cells between tabs
// or bars.
func tables(units []unit) {
	row := func(i int) bool {
		if i < 0 || i >= len(units) || units[i].Role != "" {
			return false
		}
		s := units[i].text
		return strings.Contains(s, "\t") || strings.Count(s, "|") >= 2 && strings.HasPrefix(s, "|")
	}
	for i := range units {
		if row(i) && (units[i].style == "" && row(i-1) || i > 0 && units[i-1].Role == briefs.RoleTable || row(i+1)) {
			units[i].Role = briefs.RoleTable
		}
	}
}
