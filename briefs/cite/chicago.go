package cite

import (
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// chicagoNote is the full note: for a page of a site author, “title,” site,
// date, address (Chicago 14.205 to 14.210); for a publication author, title (publisher,
// date), page (14.23, 14.220).
func chicagoNote(s source) Text {
	var t Text
	if names := chicagoNames(s.authors); names != "" {
		t.add(names, ", ")
	}
	publisher := s.publisher
	if s.self() {
		publisher = ""
	}
	if s.url == "" {
		t.chicagoTitle(s, "")
		t.add(" (", join(", ", publisher, orUndated(chicagoDate(s.date))), ")")
		if s.page > 0 {
			t.add(", ", strconv.Itoa(s.page))
		}
		t.add(".")
		return t
	}
	t.chicagoTitle(s, ",")
	page := ""
	if s.page > 0 { // "p." where the number would be hard to know for a page number
		page = "p. " + strconv.Itoa(s.page)
	}
	date := chicagoDate(s.date)
	if s.undated() {
		date = "accessed " + s.accessed.Format("January 2, 2006")
	}
	t.add(" ", join(", ", publisher, orUndated(date), page, s.url), ".")
	return t
}

// chicagoEntry is the entry of the bibliography; a site stands for the author
// of a page that names none (Chicago 14.205 to 14.210).
func chicagoEntry(s source) Text {
	var t Text
	names, publisher := chicagoList(s.authors), s.publisher
	switch {
	case s.self():
		publisher = ""
	case names == "" && s.url != "":
		names, publisher = publisher, ""
	}
	if names != "" {
		t.add(names)
		t.stop()
		t.add(" ")
	}
	t.chicagoTitle(s, ".")
	date := chicagoDate(s.date)
	switch {
	case s.undated():
		date = "Accessed " + s.accessed.Format("January 2, 2006")
	case s.url == "" && publisher != "":
		publisher, date = publisher+", "+orUndated(date), ""
	case date == "":
		date = "N.d."
	}
	for _, part := range []string{publisher, date, s.url} {
		if part != "" {
			t.add(" ", part)
			t.stop()
		}
	}
	return t
}

// chicagoShort is the shortened note: family name, short title, page (Chicago
// 14.30). A page without an author is known by its title.
func chicagoShort(s source) Text {
	var t Text
	if n := len(s.authors); n > 0 {
		short := make([]name, n)
		for i, a := range s.authors {
			short[i] = name{whole: a.short()}
		}
		t.add(chicagoNames(short), ", ")
	}
	mark := "."
	if s.page > 0 {
		mark = ","
	}
	s.title = shortTitle(s.title)
	if s.title == "" || s.url == "" {
		t.chicagoTitle(s, "")
		if s.page > 0 {
			t.add(",")
		} else {
			t.stop()
		}
	} else {
		t.chicagoTitle(s, mark)
	}
	if s.page > 0 {
		t.add(" ", strconv.Itoa(s.page), ".")
	}
	return t
}

// untitled describes what has no title, in plain words (APA 9.22;
// MLA chapter 5, Title of Source).
const untitled = "Untitled document"

// chicagoTitle appends the title with mark after it: a page of a site in
// quotation marks, a publication in italics.
func (t *Text) chicagoTitle(s source, mark string) {
	switch {
	case s.title == "":
		t.add(untitled, mark)
	case s.url != "":
		t.add(quoted(s.title, mark))
	default:
		t.italic(s.title)
		if mark == "." {
			t.stop()
		} else {
			t.add(mark)
		}
	}
}

// chicagoNames joins names in a note: up to three, of four and more the first
// (Chicago 14.76).
func chicagoNames(names []name) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0].String()
	case 2:
		return names[0].String() + " and " + names[1].String()
	case 3:
		return names[0].String() + ", " + names[1].String() + ", and " + names[2].String()
	}
	return names[0].String() + " et al."
}

// chicagoList joins names in the bibliography, the first turned round: up to
// ten, of more the first seven (Chicago 14.76).
func chicagoList(names []name) string {
	const most, first = 10, 7
	if len(names) == 0 {
		return ""
	}
	out := []string{names[0].inverted()}
	for _, n := range names[1:] {
		out = append(out, n.String())
	}
	if len(out) > most {
		return strings.Join(out[:first], ", ") + ", et al."
	}
	return series(out, "and")
}

// series joins parts with commas, with the word before the last. Two have the
// comma only after a name that is turned round (Chicago 14.76; MLA chapter 5,
// Author), or where the word is "&" (APA 9.8).
func series(parts []string, word string) string {
	last := len(parts) - 1
	switch {
	case last == 0:
		return parts[0]
	case last == 1 && word != "&" && !strings.Contains(parts[0], ","):
		return parts[0] + " " + word + " " + parts[1]
	}
	return strings.Join(parts[:last], ", ") + ", " + word + " " + parts[last]
}

// chicagoDate is "April 10, 2014", "April 2014", "2014" or "" (Chicago 6.38).
func chicagoDate(d briefs.Date) string {
	first, _, ok := d.Bounds()
	switch {
	case !ok:
		return ""
	case len(d) == 4:
		return first.Format("2006")
	case len(d) == 7:
		return first.Format("January 2006")
	}
	return first.Format("January 2, 2006")
}

// orUndated is date, or "n.d." (Chicago 14.145, APA 9.17).
func orUndated(date string) string {
	if date == "" {
		return "n.d."
	}
	return date
}
