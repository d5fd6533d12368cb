package extract

import (
	"strings"

	"briefdesk/briefs"
)

// points makes items of paragraphs that begin with the markers of an ordered
// list: "A. …", "(B) …".
func (p *page) points(inBody func(int) bool) {
	var at []int
	var lines []line
	for i := range p.units {
		if u := &p.units[i]; (u.Role == "" || u.Role == briefs.RoleParagraph) && u.style == "" && inBody(i) {
			first, _, _ := strings.Cut(u.text, "\n")
			at, lines = append(at, i), append(lines, line{text: first, start: u.Start, gap: true, runes: u.runes})
		}
	}
	for k, m := range resolve(lines) {
		if m.ordered() {
			u := &p.units[at[k]]
			u.Role, u.Level, u.style, u.Body = briefs.RoleItem, 1, m.style, u.Start+m.size
		}
	}
}

// markerAt reports whether the source line that begins after at begins with
// an ordered marker that Markdown does not know, such as "a.".
func (w *mdWalker) markerAt(at int) bool {
	line, _, _ := strings.Cut(strings.TrimLeft(string(w.src[at:min(len(w.src), at+200)]), " \t\r\n>"), "\n")
	for _, m := range markers(line) {
		if m.ordered() {
			return true
		}
	}
	return false
}

// paragraph writes running text. Lines of it that are points, with markers
// that Markdown does not know, are items one level below the item they stand
// in.
func (w *mdWalker) paragraph(role briefs.Role, s string) {
	if role != briefs.RoleItem && role != briefs.RoleParagraph || !strings.Contains(s, "\n") {
		w.write(role, s)
		return
	}
	lines := linesOf(s)
	marks := resolve(lines)
	from := 0 // of the piece that is not written yet
	var nest nesting
	for i, l := range lines {
		if !marks[i].ordered() {
			continue
		}
		w.write(role, s[from:l.start])
		from = l.end()
		for j := i + 1; j < len(lines) && !marks[j].ordered(); j++ {
			from = lines[j].end()
		}
		w.b.add(briefs.RoleItem, w.lists+nest.depth(marks[i].style, 0), l.text[:marks[i].size], s[l.start+marks[i].size:from])
	}
	w.write(role, s[from:])
}

// write writes a piece of text; the first of an item carries its marker, the
// next are paragraphs of their own.
func (w *mdWalker) write(role briefs.Role, s string) {
	marker := w.marker
	switch role {
	case briefs.RoleItem:
		if marker == "" {
			w.b.add(briefs.RoleParagraph, 0, "", s)
			return
		}
		if w.b.add(role, w.lists, marker, s) >= 0 {
			w.marker = ""
		}
	case briefs.RoleFootnote:
		w.b.add(role, 0, marker, s)
		w.marker = ""
	default:
		w.b.add(role, 0, "", s)
	}
}
