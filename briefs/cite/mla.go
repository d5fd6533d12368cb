package cite

import (
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// mlaEntry is the entry of the list of works cited: author, title of the
// page, title of the site that contains it, date, address (MLA chapter 5). An
// organisation that publishes its own work is no author, and what is not known
// is left out.
func mlaEntry(s source) Text {
	var t Text
	if len(s.authors) > 0 && !s.self() {
		t.add(mlaNames(s.authors))
		t.stop()
		t.add(" ")
	}
	switch {
	case s.title == "":
		t.add(untitled, ".")
	case s.url != "":
		t.add(quoted(s.title, "."))
	default:
		t.italic(s.title)
		t.stop()
	}
	parts := join(", ", mlaDate(s.date), s.url)
	if s.publisher != "" {
		t.add(" ")
		if s.url != "" {
			t.italic(s.publisher)
		} else {
			t.add(s.publisher)
		}
		if parts != "" {
			t.add(", ")
		}
	} else if parts != "" {
		t.add(" ")
	}
	t.add(parts)
	t.stop()
	if s.undated() {
		t.add(" Accessed ", mlaDay(s.accessed.Format("2006-01-02")), ".")
	}
	return t
}

// mlaShort is the citation in parentheses (MLA chapter 6): name, or
// short title, and page.
func mlaShort(s source) Text {
	var t Text
	t.add("(")
	switch n := len(s.authors); {
	case n == 0 || s.self():
		switch title := shortTitle(s.title); {
		case title == "":
			t.add(untitled)
		case s.url != "":
			t.add(quoted(title, ""))
		default:
			t.italic(title)
		}
	case n == 1:
		t.add(s.authors[0].short())
	case n == 2:
		t.add(s.authors[0].short(), " and ", s.authors[1].short())
	default:
		t.add(s.authors[0].short(), " et al.")
	}
	if s.page > 0 {
		t.add(" ", strconv.Itoa(s.page))
	}
	t.add(")")
	return t
}

// mlaNames joins names, the first turned round: up to two, of three and more
// the first (MLA chapter 5, Author).
func mlaNames(names []name) string {
	switch len(names) {
	case 1:
		return names[0].inverted()
	case 2:
		return series([]string{names[0].inverted(), names[1].String()}, "and")
	}
	return names[0].inverted() + ", et al."
}

// mlaDate is "10 Apr. 2014", "Apr. 2014", "2014" or "" (MLA chapter 5, Publication Date).
func mlaDate(d briefs.Date) string {
	first, _, ok := d.Bounds()
	if !ok {
		return ""
	}
	month := first.Format("Jan") + "."
	switch first.Month() {
	case 5, 6, 7: // short months stand in full (MLA appendix 1)
		month = first.Format("January")
	case 9:
		month = "Sept."
	}
	switch len(d) {
	case 4:
		return first.Format("2006")
	case 7:
		return month + first.Format(" 2006")
	}
	return first.Format("2 ") + month + first.Format(" 2006")
}

func mlaDay(day string) string { return mlaDate(briefs.Date(day)) }

// shortTitle is what a reference calls a long title: without its article, up
// to the first break, at most five words (Chicago 14.33; MLA chapter 6).
func shortTitle(title string) string {
	const most = 5
	w := strings.Fields(title)
	if len(w) < most {
		return strings.Join(w, " ")
	}
	switch strings.ToLower(w[0]) {
	case "a", "an", "the":
		w = w[1:]
	}
	w = w[:min(most, len(w))]
	for i, word := range w {
		if bare := strings.TrimRight(word, ":;,?!"); bare != word || word == "–" || word == "—" || word == "|" {
			if bare != "" && bare == word {
				bare = ""
			}
			w = append(w[:i:i], bare)
			break
		}
	}
	for len(w) > 1 && small[strings.ToLower(w[len(w)-1])] {
		w = w[:len(w)-1]
	}
	return strings.Join(w, " ")
}

// small are words at which no short title ends; the empty one is left of a
// dash.
var small = func() map[string]bool {
	out := words(`a an the of for on in to and or but with by at from is are was were as its their our about over into between after before against`)
	out[""] = true
	return out
}()
