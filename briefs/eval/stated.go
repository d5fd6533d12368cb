package eval

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"briefdesk/briefs"
)

// Statements are what a page says of itself where machines look for it. Pages
// contradict themselves; each field holds every answer, none when there is
// no word on it.
type Statements struct {
	Titles  []string // JSON-LD, OpenGraph, Twitter, citation_title, Dublin Core, <h1>; without any of them <title>
	Authors []string // JSON-LD, meta elements, links with rel=author, elements with itemprop=author
	Dates   []string // of publication, as written: JSON-LD, meta elements, <time> with itemprop=datePublished
}

// Stated reads the statements of a page, UTF-8. It shares no code with the
// reader that is measured.
func Stated(page []byte) Statements {
	var s Statements
	var tag string
	z := html.NewTokenizer(bytes.NewReader(page))
	var into *[]string // where the text of the open element goes
	var ends string    // the element that closes it
	var text strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(s.Titles) == 0 && tag != "" {
				s.Titles = []string{tag}
			}
			return s
		case html.TextToken:
			if ends != "" {
				text.Write(z.Text())
				text.WriteByte(' ')
			}
		case html.EndTagToken:
			if t := z.Token(); ends != "" && t.Data == ends {
				v := strings.Join(strings.Fields(text.String()), " ")
				switch {
				case ends == "script":
					var ld any
					if json.Unmarshal([]byte(strings.TrimSpace(text.String())), &ld) == nil {
						s.linked(ld, 0)
					}
				case ends == "title" && tag == "":
					tag = v
				case into != nil && v != "" && len(v) <= 400:
					*into = append(*into, v)
				}
				ends, into = "", nil
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			a := map[string]string{}
			for _, x := range t.Attr {
				a[x.Key] = strings.TrimSpace(x.Val)
			}
			if t.Data == "meta" {
				s.meta(strings.ToLower(a["name"]+a["property"]), strings.ToLower(a["itemprop"]), a["content"])
				continue
			}
			if ends != "" || t.Type == html.SelfClosingTagToken {
				continue
			}
			text.Reset()
			switch {
			case t.Data == "title", t.Data == "script" && strings.EqualFold(a["type"], "application/ld+json"):
				ends = t.Data
			case t.Data == "h1":
				ends, into = t.Data, &s.Titles
			case t.Data == "time" && strings.EqualFold(a["itemprop"], "datePublished") && a["datetime"] != "":
				s.Dates = append(s.Dates, a["datetime"])
			case (t.Data == "a" || t.Data == "span") && (slices.Contains(strings.Fields(a["rel"]), "author") || a["itemprop"] == "author"):
				ends, into = t.Data, &s.Authors
			}
		}
	}
}

func (s *Statements) meta(key, prop, value string) {
	if value == "" {
		return
	}
	if key == "" {
		key = prop
	}
	switch key {
	case "og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "sailthru.title", "headline":
		s.Titles = append(s.Titles, value)
	case "author", "byl", "sailthru.author", "parsely-author", "dc.creator", "dcterms.creator", "citation_author", "article:author":
		s.Authors = append(s.Authors, value)
	case "article:published_time", "og:published_time", "datepublished", "pubdate", "date", "dc.date", "dc.date.issued", "dcterms.issued", "citation_publication_date", "citation_date", "publish-date", "sailthru.date", "parsely-pub-date", "pub_date":
		s.Dates = append(s.Dates, value)
	}
}

// linked takes the articles of JSON-LD, however they are nested.
func (s *Statements) linked(v any, depth int) {
	if depth > 8 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.linked(e, depth+1)
		}
	case map[string]any:
		kind, _ := json.Marshal(v["@type"])
		if k := string(kind); strings.Contains(k, "Article") || strings.Contains(k, "Posting") || strings.Contains(k, "Report") {
			if h, ok := v["headline"].(string); ok && h != "" {
				s.Titles = append(s.Titles, html.UnescapeString(h))
			}
			if d, ok := v["datePublished"].(string); ok && d != "" {
				s.Dates = append(s.Dates, d)
			}
			s.names(v["author"])
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			s.linked(v[key], depth+1)
		}
	}
}

func (s *Statements) names(v any) {
	switch v := v.(type) {
	case string:
		s.Authors = append(s.Authors, html.UnescapeString(v))
	case []any:
		for _, e := range v {
			s.names(e)
		}
	case map[string]any:
		s.names(v["name"])
	}
}

// told compares the metadata of d with what a reader noted of the page or,
// where nobody did, with what it says of itself, and names what is not so.
func (m *Pages) told(p *Page, s Statements, d *briefs.Document) (wrong []string) {
	if p.Title != nil {
		s.Titles = []string{*p.Title}
	}
	if p.Authors != nil {
		s.Authors = *p.Authors
	}
	if p.Published != nil {
		s.Dates = []string{string(*p.Published)}
	}
	for _, f := range []struct {
		name    string
		t       *Told
		told    string
		present bool
		right   bool
	}{
		{"title", &m.Title, d.Title, present(s.Titles), sameTitle(d.Title, s.Titles)},
		{"author", &m.Author, d.Author, slices.ContainsFunc(s.Authors, person), sameAuthors(d.Author, s.Authors)},
		{"date", &m.Date, string(d.Published), slices.ContainsFunc(s.Dates, dated), sameDate(string(d.Published), s.Dates)},
	} {
		switch {
		case !f.present && f.told != "":
			f.t.Besides++
		case f.present && f.right:
			f.t.Present++
			f.t.Right++
		case f.present:
			f.t.Present++
			if f.told != "" {
				f.t.Wrong++
			}
			wrong = append(wrong, f.name)
		}
	}
	return wrong
}

func present(all []string) bool {
	return slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) != "" })
}

func plainWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// sameTitle reports whether title is one of all, or one of them up to the
// name of the site that is set off at its beginning or end.
func sameTitle(title string, all []string) bool {
	ours := strings.Join(plainWords(title), " ")
	if ours == "" {
		return false
	}
	for _, t := range all {
		if strings.Join(plainWords(t), " ") == ours {
			return true
		}
		for _, sep := range []string{" | ", " - ", " – ", " — ", " :: ", " » ", " · ", ": "} {
			for i, at := 0, 0; ; at = i + len(sep) {
				k := strings.Index(t[at:], sep)
				if k < 0 {
					break
				}
				i = at + k
				if strings.Join(plainWords(t[:i]), " ") == ours || strings.Join(plainWords(t[i+len(sep):]), " ") == ours {
					return true
				}
			}
		}
	}
	return false
}

// person tells the name of an author from an address or a form left empty.
func person(s string) bool {
	return len(plainWords(s)) > 0 && !strings.Contains(s, "://") && !strings.HasPrefix(s, "@") && !strings.Contains(s, "{")
}

// sameAuthors reports whether every name in authors stands among all, and the
// last name of at least one of those is told.
func sameAuthors(authors string, all []string) bool {
	stated := " "
	for _, a := range all {
		if person(a) {
			stated += strings.Join(plainWords(a), " ") + " "
		}
	}
	if strings.TrimSpace(authors) == "" {
		return false
	}
	for _, a := range strings.Split(authors, ", ") {
		for _, w := range plainWords(a) {
			if !strings.Contains(stated, " "+w+" ") {
				return false
			}
		}
	}
	return true
}

var dayOf = regexp.MustCompile(`(?:19|20)\d\d-\d\d-\d\d`)

func dated(s string) bool { return dayOf.MatchString(s) && !strings.HasPrefix(s, "0001") }

// sameDate reports whether date is the day of one of all.
func sameDate(date string, all []string) bool {
	for _, d := range all {
		if dated(d) && len(date) >= 10 && dayOf.FindString(d) == date[:10] {
			return true
		}
	}
	return false
}
