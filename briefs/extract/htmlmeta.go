package extract

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// found gathers what a page says of itself, each field by where it was said.
type found struct {
	ld, citation, og, dc, plain meta
	titleTag                    string
	canonical                   string
	time                        briefs.Date       // of the first <time>
	timePublished               briefs.Date       // of a <time> marked as publication
	bylines                     []string          // names in elements marked as author
	byline                      *html.Node        // the last of those elements
	sure                        bool              // one of them is marked by more than a class
	named                       []string          // what else is named as author: an agency, one name alone
	ids                         map[string]string // names of JSON-LD by their @id
	refs                        []string          // @ids that JSON-LD names as authors
}

// pageMeta reads the metadata of a page: JSON-LD first, then citation_*,
// OpenGraph, Dublin Core, plain meta elements, marked elements.
func pageMeta(root *html.Node) (meta, said) {
	f := &found{}
	f.walk(root, 0)
	f.resolve()
	order := []*meta{&f.ld, &f.citation, &f.og, &f.dc, &f.plain}
	var m meta
	for _, o := range order {
		m.title = first(m.title, o.title)
		m.publisher = first(m.publisher, o.publisher)
		m.url = first(m.url, o.url)
		m.published = briefs.Date(first(string(m.published), string(o.published)))
		m.updated = briefs.Date(first(string(m.updated), string(o.updated)))
		if len(m.authors) == 0 {
			m.authors = o.authors
		}
	}
	if f.canonical != "" {
		m.url = f.canonical
	}
	if len(m.authors) == 0 && f.sure {
		m.authors = f.bylines
	}
	if m.published == "" {
		m.published = f.timePublished
	}
	if m.published == "" && m.updated == "" {
		m.published = f.time
	}
	if m.title == "" {
		m.title = f.titleTag
	}
	m.title = cutSite(m.title, m.publisher)
	if m.publisher == "" && f.titleTag != "" {
		_, m.publisher = cutOutlet(f.titleTag)
	}
	return m, said{f.bylines, f.named}
}

// said is what is believed of a page when nothing surer is known.
type said struct {
	bylines []string // people in elements that seem to be bylines
	named   []string // what it calls its authors where that is no name of a person in form
}

// inAddress is a date in the path of an address, by day or by month:
// "/2031/04/09/", "/2031-04-09-title", "/2031/apr/09/", "/20310409/".
var inAddress = regexp.MustCompile(`(?i)/((?:19|20)\d\d)(?:([/-])(0?[1-9]|1[0-2]|[a-z]{3})(?:[/-](0?[1-9]|[12]\d|3[01]))?|(0[1-9]|1[0-2])([0-2]\d|3[01]))(?:[/_.-]|$)`)

// dateInAddress reads that date.
func dateInAddress(address string) briefs.Date {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	m := inAddress.FindStringSubmatch(u.Path)
	if m == nil {
		return ""
	}
	month, day := first(m[3], m[5]), first(m[4], m[6])
	if n := months[strings.ToLower(month)]; n > 0 {
		month = strconv.Itoa(n)
	}
	y, _ := strconv.Atoi(m[1])
	mon, err := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	date, ok := newDate(y, mon, d)
	if err != nil || !ok || day == "" && m[2] == "-" {
		return ""
	}
	return date
}

// cutSite removes the name of the site from the end of a title.
func cutSite(title, site string) string {
	title = oneLine(title)
	if cut, outlet := cutOutlet(title); outlet != "" {
		return cut
	}
	for _, sep := range []string{" | ", " – ", " — ", " - ", " :: ", " » ", " · ", ": "} {
		if i := strings.LastIndex(title, sep); i > 0 && site != "" && sameWords(title[i+len(sep):], site) {
			return strings.TrimSpace(title[:i])
		}
	}
	return title
}

func (f *found) walk(n *html.Node, depth int) {
	if depth > maxDepth {
		return
	}
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Title:
			if f.titleTag == "" {
				f.titleTag = oneLine(textOf(n, 1000))
			}
		case atom.Meta:
			f.meta(strings.ToLower(first(attr(n, "name"), attr(n, "property"), attr(n, "itemprop"))), oneLine(attr(n, "content")))
		case atom.Link:
			if strings.EqualFold(attr(n, "rel"), "canonical") && f.canonical == "" {
				f.canonical = webAddress(attr(n, "href"))
			}
		case atom.Script:
			if strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") && n.FirstChild != nil {
				f.jsonLD(n.FirstChild.Data)
			}
			return
		case atom.Time:
			f.timeElement(n)
		default:
			f.marked(n)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.walk(c, depth+1)
	}
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func webAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || !utf8.ValidString(s) || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// meta takes one meta element.
func (f *found) meta(key, value string) {
	if value == "" || len(value) > 1000 {
		return
	}
	set := func(s *string) {
		if *s == "" {
			*s = value
		}
	}
	date := func(d *briefs.Date) {
		if v, ok := looseDate(value); ok && *d == "" {
			*d = v
		}
	}
	switch key {
	case "og:title":
		set(&f.og.title)
	case "og:site_name":
		set(&f.og.publisher)
	case "og:url":
		if f.og.url == "" {
			f.og.url = webAddress(value)
		}
	case "article:published_time", "og:published_time", "og:article:published_time":
		date(&f.og.published)
	case "article:modified_time", "og:updated_time":
		date(&f.og.updated)
	case "article:author", "og:article:author":
		f.og.addPeople(value)
		f.name(value)
	case "citation_title":
		set(&f.citation.title)
	case "citation_author":
		f.citation.addPeople(turned(value))
		f.name(value)
	case "citation_publication_date", "citation_date", "citation_online_date":
		date(&f.citation.published)
	case "citation_journal_title", "citation_publisher":
		set(&f.citation.publisher)
	case "dc.title", "dcterms.title", "dc:title":
		set(&f.dc.title)
	case "dc.creator", "dcterms.creator", "dc:creator":
		f.dc.addPeople(turned(value))
		f.name(value)
	case "dc.publisher", "dcterms.publisher", "dc:publisher":
		set(&f.dc.publisher)
	case "dc.date", "dc.date.issued", "dcterms.date", "dcterms.issued", "dcterms.created", "dc:date":
		date(&f.dc.published)
	case "author", "parsely-author", "sailthru.author", "byl":
		f.plain.addPeople(value)
		f.name(value)
	case "date", "datepublished", "publish-date", "publishdate", "pubdate", "parsely-pub-date", "sailthru.date", "publication_date", "article.published":
		date(&f.plain.published)
	case "twitter:title", "parsely-title", "title":
		set(&f.plain.title)
	case "publisher", "application-name":
		set(&f.plain.publisher)
	}
}

// turned writes "Example, Ana" as "Ana Example".
func turned(name string) string {
	if last, given, ok := strings.Cut(name, ", "); ok && !strings.Contains(given, ",") && len(strings.Fields(last)) <= 3 {
		return given + " " + last
	}
	return name
}

// addPeople adds the names in value; addresses and names of desks are none.
func (m *meta) addPeople(value string) {
	value = oneLine(value)
	m.people(namesIn(value))
}

// namesIn returns the names of people that value, a line, consists of.
func namesIn(value string) []string {
	if address.MatchString(value) || value == "" {
		return nil
	}
	if b, ok := parseByline(value); ok {
		return b.names
	}
	if names, rest := takeNames(value); len(names) > 0 && closes(rest) {
		return names
	}
	return nil
}

// name takes what the page says its author is called where that is no name of
// a person in form: an agency, an office, one name alone.
func (f *found) name(value string) {
	value = strings.TrimRight(oneLine(value), ".,;:|")
	if rest, ok := strings.CutPrefix(strings.ToLower(value), "by "); ok {
		value = value[len(value)-len(rest):]
	}
	switch {
	case len(namesIn(value)) > 0 || nobody.MatchString(value) || !hasLetter(value) || hasDigit(value) && !strings.Contains(value, " "):
	case len(value) > 60 || len(strings.Fields(value)) > 6 || strings.ContainsAny(value, "@/{}<>?!:;=") || strings.Contains(value, ".com"):
	case !startsUpper(value):
	case !overlap([]string{value}, f.named) && len(f.named) < 8:
		f.named = append(f.named, value)
	}
}

func (m *meta) people(names []string) {
	for _, n := range names {
		if !overlap([]string{n}, m.authors) && !nobody.MatchString(n) {
			m.authors = append(m.authors, n)
		}
	}
}

func (f *found) timeElement(n *html.Node) {
	d, ok := looseDate(first(attr(n, "datetime"), oneLine(textOf(n, 100))))
	if !ok {
		return
	}
	class := strings.ToLower(attr(n, "class") + " " + attr(n, "itemprop"))
	switch {
	case strings.Contains(class, "publish") || strings.Contains(class, "entry-date") || attr(n, "pubdate") != "":
		if f.timePublished == "" {
			f.timePublished = d
		}
	case strings.Contains(class, "modified") || strings.Contains(class, "updated"):
	case f.time == "":
		f.time = d
	}
}

// marked takes elements that are marked as author: by rel or itemprop, or by
// a class, which is less sure.
func (f *found) marked(n *html.Node) {
	if len(n.Attr) == 0 {
		return
	}
	class := attr(n, "class")
	sure := strings.Contains(attr(n, "rel"), "author") || attr(n, "itemprop") == "author"
	if !sure && !saysAuthor(class) || len(f.bylines) > 0 && !near(n, f.byline) || len(f.bylines) >= 12 || inComments(n) {
		return
	}
	looked := 0
	for c := range n.Descendants() {
		if looked++; looked > 60 {
			break // no byline
		}
		if c.Type == html.ElementNode && (strings.Contains(attr(c, "rel"), "author") || saysAuthor(attr(c, "class"))) {
			return // which says it better
		}
	}
	text := textOf(n, 200)
	for _, name := range namesIn(oneLine(text)) {
		if !overlap([]string{name}, f.bylines) && !nobody.MatchString(name) {
			f.bylines = append(f.bylines, name)
			f.byline = n
			f.sure = f.sure || sure
		}
	}
	if sure || strings.Contains(class, "vcard") {
		f.name(text)
	}
}

// near reports whether two elements stand in one of the three elements around
// the first.
func near(a, b *html.Node) bool {
	for range 3 {
		if a = a.Parent; a == nil {
			return false
		}
		for p, k := b, 0; p != nil && k < 5; p, k = p.Parent, k+1 {
			if p == a {
				return true
			}
		}
	}
	return false
}

// inComments reports whether n stands among comments.
func inComments(n *html.Node) bool {
	for p, k := n, 0; p != nil && k < 12; p, k = p.Parent, k+1 {
		for _, w := range nameWords(attr(p, "class") + " " + attr(p, "id")) {
			if w == "comments" || w == "comment" || w == "respond" || w == "commentlist" {
				return p.DataAtom != atom.Body && p.DataAtom != atom.Html && p.DataAtom != atom.Article && p.DataAtom != atom.Main
			}
		}
	}
	return false
}

// saysAuthor reports whether a class is that of a byline, not of a picture of
// the author, a note on them or a comment.
func saysAuthor(class string) bool {
	if !strings.Contains(class, "uthor") && !strings.Contains(class, "yline") && !strings.Contains(class, "vcard") {
		return false
	}
	for _, c := range strings.Fields(class) {
		is := false
		for _, w := range nameWords(c) {
			switch w {
			case "byline", "bylines", "author", "authors", "vcard":
				is = true
			case "comment", "comments", "form", "avatar", "image", "img", "photo", "bio", "biography", "about", "desc", "description", "social",
				"related", "archive", "box", "date", "time", "quote", "title", "has", "no", "with", "count", "icon", "twitter", "email", "role", "position":
				is = false
			}
		}
		if is {
			return true
		}
	}
	return false
}
