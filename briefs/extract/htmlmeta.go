package extract

import (
	"encoding/json"
	"net/url"
	"strings"

	"briefdesk/briefs"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// found gathers what a page says of itself, each field by where it was said.
type found struct {
	ld, citation, og, dc, plain meta
	titleTag                    string
	canonical                   string
	time                        briefs.Date // of the first <time>
	timePublished               briefs.Date // of a <time> marked as publication
	bylines                     []string    // names in elements marked as author
}

// pageMeta reads the metadata of a page: JSON-LD first, then citation_*,
// OpenGraph, Dublin Core, plain meta elements, marked elements.
func pageMeta(root *html.Node) meta {
	f := &found{}
	f.walk(root, 0)
	order := []*meta{&f.ld, &f.citation, &f.og, &f.dc, &f.plain}
	var m meta
	for _, s := range order {
		if m.title == "" {
			m.title = s.title
		}
		if m.publisher == "" {
			m.publisher = s.publisher
		}
		if m.url == "" {
			m.url = s.url
		}
		if m.published == "" {
			m.published = s.published
		}
		if m.updated == "" {
			m.updated = s.updated
		}
		if len(m.authors) == 0 {
			m.authors = s.authors
		}
	}
	if f.canonical != "" {
		m.url = f.canonical
	}
	if len(m.authors) == 0 {
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
	return m
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
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
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
	case "citation_title":
		set(&f.citation.title)
	case "citation_author":
		f.citation.addPeople(turned(value))
	case "citation_publication_date", "citation_date", "citation_online_date":
		date(&f.citation.published)
	case "citation_journal_title", "citation_publisher":
		set(&f.citation.publisher)
	case "dc.title", "dcterms.title", "dc:title":
		set(&f.dc.title)
	case "dc.creator", "dcterms.creator", "dc:creator":
		f.dc.addPeople(turned(value))
	case "dc.publisher", "dcterms.publisher", "dc:publisher":
		set(&f.dc.publisher)
	case "dc.date", "dc.date.issued", "dcterms.date", "dcterms.issued", "dcterms.created", "dc:date":
		date(&f.dc.published)
	case "author", "parsely-author", "sailthru.author", "byl":
		f.plain.addPeople(value)
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
	if address.MatchString(value) || value == "" {
		return
	}
	if b, ok := parseByline(value); ok {
		m.people(b.names)
		return
	}
	names, rest := takeNames(value)
	if len(names) > 0 && closes(rest) {
		m.people(names)
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

// marked takes elements that are marked as author, by rel, itemprop or class.
func (f *found) marked(n *html.Node) {
	if len(f.bylines) > 0 || len(n.Attr) == 0 {
		return
	}
	is := strings.Contains(attr(n, "rel"), "author") || attr(n, "itemprop") == "author"
	if !is {
		for _, c := range strings.Fields(strings.ToLower(attr(n, "class"))) {
			switch c {
			case "byline", "author", "author-name", "byline-name", "entry-author", "post-author", "article-author", "article__author", "vcard", "byline__name", "authors", "c-byline":
				is = true
			}
		}
	}
	if !is {
		return
	}
	var m meta
	m.addPeople(textOf(n, 200))
	f.bylines = m.authors
}

// jsonLD takes one block of JSON-LD: an object, a list, or a graph of them.
func (f *found) jsonLD(data string) {
	var v any
	if json.Unmarshal([]byte(strings.TrimSpace(data)), &v) == nil {
		f.ldValue(v, 0)
	}
}

// ldValue looks for articles in a value. Six levels are more than pages use.
func (f *found) ldValue(v any, depth int) {
	if depth > 6 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			f.ldValue(e, depth+1)
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			f.ldArticle(v)
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			f.ldValue(v[key], depth+1)
		}
	}
}

func isArticle(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasSuffix(v, "Article") || strings.HasSuffix(v, "Posting") || v == "Report"
	case []any:
		for _, e := range v {
			if isArticle(e) {
				return true
			}
		}
	}
	return false
}

func (f *found) ldArticle(v map[string]any) {
	m := &f.ld
	if s, ok := v["headline"].(string); ok && m.title == "" {
		m.title = html.UnescapeString(oneLine(s))
	} else if s, ok := v["name"].(string); ok && m.title == "" {
		m.title = html.UnescapeString(oneLine(s))
	}
	if s, ok := v["datePublished"].(string); ok && m.published == "" {
		m.published, _ = looseDate(s)
	}
	if s, ok := v["dateModified"].(string); ok && m.updated == "" {
		m.updated, _ = looseDate(s)
	}
	if s, ok := v["url"].(string); ok && m.url == "" {
		m.url = webAddress(s)
	}
	if len(m.authors) == 0 {
		for _, name := range ldNames(v["author"], 0) {
			m.addPeople(name)
		}
	}
	if names := ldNames(v["publisher"], 0); len(names) > 0 && m.publisher == "" {
		m.publisher = oneLine(names[0])
	}
}

// ldNames returns the names of people or organisations in a value.
func ldNames(v any, depth int) []string {
	if depth > 3 {
		return nil
	}
	switch v := v.(type) {
	case string:
		return []string{html.UnescapeString(v)}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, ldNames(e, depth+1)...)
		}
		return out
	case map[string]any:
		return ldNames(v["name"], depth+1)
	}
	return nil
}
