package extract

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// jsonLD takes one block of JSON-LD: an object, a list, or a graph of them.
func (f *found) jsonLD(data string) {
	for _, mend := range []func(string) string{strings.TrimSpace, mendJSON} {
		d := json.NewDecoder(strings.NewReader(mend(data)))
		for n := 0; n < maxBlocks; n++ {
			var v any
			if err := d.Decode(&v); err == io.EOF {
				return
			} else if err != nil {
				break
			}
			f.ldValue(v, 0)
		}
	}
}

// maxBlocks is how many values a block of JSON-LD may hold one after another.
const maxBlocks = 20

var (
	ldWrapping = regexp.MustCompile(`^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$`)
	ldComma    = regexp.MustCompile(`,(\s*[}\]])`)
)

// mendJSON repairs what is often wrong with JSON in pages: breaks inside
// strings, a comma too many, a wrapping for old browsers.
func mendJSON(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	return ldComma.ReplaceAllString(ldWrapping.ReplaceAllString(s, ""), "$1")
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
		if id, ok := v["@id"].(string); ok && len(f.ids) < 1000 {
			if name, ok := v["name"].(string); ok {
				if f.ids == nil {
					f.ids = map[string]string{}
				}
				f.ids[id] = name
			}
		}
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
			f.name(name)
		}
	}
	f.refer(v["author"], 0)
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

// refer notes the authors that are named by their @id alone.
func (f *found) refer(v any, depth int) {
	switch v := v.(type) {
	case []any:
		if depth < 3 {
			for _, e := range v {
				f.refer(e, depth+1)
			}
		}
	case map[string]any:
		if id, ok := v["@id"].(string); ok && v["name"] == nil && len(f.refs) < 100 {
			f.refs = append(f.refs, id)
		}
	}
}

// resolve names the authors that JSON-LD refers to.
func (f *found) resolve() {
	known := len(f.ld.authors) > 0
	for _, id := range f.refs {
		if name := html.UnescapeString(f.ids[id]); name != "" && !known {
			f.ld.addPeople(name)
			f.name(name)
		}
	}
}
