package cite

import (
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// apaEntry is the entry of the reference list: author, date, title, site,
// address (APA 9.4, 10.16). No full stop follows an address (9.35).
func apaEntry(s source) Text {
	var t Text
	names, publisher := apaNames(s.authors), s.publisher
	switch {
	case s.self():
		publisher = ""
	case names == "": // the site is the author of its page (APA 9.7, 9.12)
		names, publisher = publisher, ""
	}
	date := "(" + orUndated(apaDate(s.date)) + ")."
	if names != "" {
		t.add(names)
		t.stop()
		t.add(" ", date, " ")
	}
	if s.title == "" {
		t.add("[", untitled, "]")
	} else {
		t.italic(s.title)
	}
	t.stop()
	if names == "" { // the title moves to the front (APA 9.12)
		t.add(" ", date)
	}
	if publisher != "" {
		t.add(" ", publisher)
		t.stop()
	}
	if s.undated() {
		t.add(" Retrieved ", s.accessed.Format("January 2, 2006"), ", from")
	}
	if s.url != "" {
		t.add(" ", s.url)
	}
	return t
}

// apaShort is the citation in parentheses (APA 8.11, 8.13, 8.17).
func apaShort(s source) Text {
	var t Text
	t.add("(")
	switch n := len(s.authors); {
	case n == 1:
		t.add(s.authors[0].short())
	case n == 2:
		t.add(s.authors[0].short(), " & ", s.authors[1].short())
	case n > 2:
		t.add(s.authors[0].short(), " et al.")
	case s.publisher != "":
		t.add(s.publisher)
	case s.title != "":
		t.italic(shortTitle(s.title)) // APA 8.14
	default:
		t.add("[", untitled, "]")
	}
	year := string(s.date)
	if len(year) > 4 {
		year = year[:4]
	}
	t.add(", ", orUndated(year))
	if s.page > 0 {
		t.add(", p. ", strconv.Itoa(s.page))
	}
	t.add(")")
	return t
}

// apaNames joins names: up to twenty; of more the first nineteen and the last
// (APA 9.8).
func apaNames(names []name) string {
	const most = 20
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n.initials()
	}
	switch {
	case len(out) == 0:
		return ""
	case len(out) > most:
		return strings.Join(out[:most-1], ", ") + ", . . . " + out[len(out)-1]
	}
	return series(out, "&")
}

// apaDate is "2014, April 10", "2014, April", "2014" or "" (APA 9.14).
func apaDate(d briefs.Date) string {
	first, _, ok := d.Bounds()
	switch {
	case !ok:
		return ""
	case len(d) == 4:
		return first.Format("2006")
	case len(d) == 7:
		return first.Format("2006, January")
	}
	return first.Format("2006, January 2")
}
