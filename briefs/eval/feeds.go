package eval

import (
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs/extract"
)

// Feeds are the measures of a set of feeds.
type Feeds struct {
	Cases   int        `json:"cases"`
	Right   int        `json:"right"` // all items right, and no other
	Items   int        `json:"items"`
	Facts   int        `json:"facts"` // that are stated of the items
	Found   int        `json:"found"`
	Wrong   []string   `json:"wrong"` // what is not right, a line each
	Results []FeedCase `json:"-"`
}

// FeedCase is what was read of one case.
type FeedCase struct {
	Name  string   `json:"name"`
	Items int      `json:"items"`
	Right bool     `json:"right"`
	Wrong []string `json:"wrong"`
}

// MeasureFeeds reads every feed below dir beside which it is written what is
// in it: NAME.xml with NAME.json, or NAME.json with NAME_expected.json, in the
// form of gofeed's test cases. Every fact of every item that is stated must
// come out, by the product's own reader.
func MeasureFeeds(dir string) (Feeds, error) {
	var m Feeds
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		base := strings.TrimSuffix(name, filepath.Ext(name))
		said := base + ".json"
		if filepath.Ext(name) == ".json" {
			said = base + "_expected.json"
		} else if filepath.Ext(name) != ".xml" {
			return nil
		}
		if _, err := os.Stat(said); err != nil {
			return nil
		}
		c, err := feedCase(name, said, &m)
		if err != nil {
			return err
		}
		c.Name, _ = filepath.Rel(dir, name)
		c.Right = len(c.Wrong) == 0
		m.Cases++
		if c.Right {
			m.Right++
		}
		for _, w := range c.Wrong {
			m.Wrong = append(m.Wrong, c.Name+": "+w)
		}
		m.Results = append(m.Results, c)
		return nil
	})
	if err == nil && m.Cases == 0 {
		return m, fmt.Errorf("%s: there are no feeds with what is expected of them: name a folder with NAME.xml and NAME.json", dir)
	}
	return m, err
}

func feedCase(name, said string, m *Feeds) (c FeedCase, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return c, reason(err)
	}
	stated, err := os.ReadFile(said)
	if err != nil {
		return c, reason(err)
	}
	var want statedFeed
	if err := json.Unmarshal(stated, &want); err != nil {
		return c, fmt.Errorf("%s: %w: write JSON", said, err)
	}
	items := want.Items
	if items == nil {
		items = want.Entries
	}
	got, err := extract.Feed(extract.Input{Name: name, Data: data})
	if err != nil {
		c.Wrong = append(c.Wrong, err.Error())
		return c, nil
	}
	c.Items = len(items)
	m.Items += len(items)
	if len(got.Items) != len(items) {
		c.Wrong = append(c.Wrong, fmt.Sprintf("%d items, want %d", len(got.Items), len(items)))
		return c, nil
	}
	if w := line(want.Title); w != "" && w != got.Title {
		c.Wrong = append(c.Wrong, fmt.Sprintf("titled %q, want %q", got.Title, w))
	}
	for i := range items {
		for _, f := range items[i].facts(got.Items[i]) {
			m.Facts++
			if f.ok {
				m.Found++
			} else {
				c.Wrong = append(c.Wrong, fmt.Sprintf("item %d: %s is %q, want %q", i+1, f.name, f.got, f.want))
			}
		}
	}
	return c, nil
}

// statedFeed is what is said of a feed, in any of gofeed's forms.
type statedFeed struct {
	Title   string       `json:"title"`
	Items   []statedItem `json:"items"`
	Entries []statedItem `json:"entries"`
}

type statedItem struct {
	Title           string      `json:"title"`
	Link            string      `json:"link"`
	Links           []statedRef `json:"links"`
	URL             string      `json:"url"`
	ExternalURL     string      `json:"external_url"`
	GUID            statedRef   `json:"guid"`
	ID              string      `json:"id"`
	PublishedParsed *time.Time  `json:"publishedParsed"`
	PubDateParsed   *time.Time  `json:"pubDateParsed"`
	UpdatedParsed   *time.Time  `json:"updatedParsed"`
	DatePublished   *time.Time  `json:"date_published"`
	DateModified    *time.Time  `json:"date_modified"`
	Description     string      `json:"description"`
	Summary         string      `json:"summary"`
	Content         statedRef   `json:"content"`
	ContentHTML     string      `json:"content_html"`
	ContentText     string      `json:"content_text"`
	Author          statedRef   `json:"author"`
	Authors         []statedRef `json:"authors"`
	Categories      []statedRef `json:"categories"`
	Tags            []string    `json:"tags"`
	Enclosures      []statedRef `json:"enclosures"`
	Attachments     []statedRef `json:"attachments"`
}

// statedRef is a text, or an object with the text in one of its fields.
type statedRef struct{ Name, Value, URL, Href, Rel, Term, Label, Title, Type, Src string }

func (s *statedRef) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &s.Value); err == nil {
		return nil
	}
	type plain statedRef
	return json.Unmarshal(data, (*plain)(s))
}

type fact struct {
	name, got, want string
	ok              bool
}

// facts compares each fact that is stated of an item with what was read.
func (w *statedItem) facts(got extract.FeedItem) []fact {
	var out []fact
	same := func(name, got, want string) {
		if want != "" {
			out = append(out, fact{name, got, want, got == want})
		}
	}
	among := func(name string, got []string, want string) {
		if want != "" {
			out = append(out, fact{name, strings.Join(got, ", "), want, slices.Contains(got, want)})
		}
	}
	day := func(name string, got time.Time, want ...*time.Time) {
		for _, t := range want {
			if t != nil {
				out = append(out, fact{name, got.UTC().Format(time.RFC3339), t.UTC().Format(time.RFC3339), got.Unix() == t.Unix()})
				return
			}
		}
	}
	same("title", got.Title, line(w.Title))
	same("address", got.URL, web(w.link()))
	same("guid", got.GUID, strings.TrimSpace(w.GUID.Value+w.ID))
	day("published", got.Published, w.PublishedParsed, w.PubDateParsed, w.DatePublished)
	day("updated", got.Updated, w.UpdatedParsed, w.DateModified)
	texts := []string{line(got.HTML), line(got.Summary)}
	content := w.ContentHTML
	if content == "" {
		content = html.EscapeString(w.ContentText)
	}
	for _, text := range []string{w.Description, w.Summary, w.Content.Value, content} {
		among("text", texts, line(text))
	}
	if w.Authors == nil {
		w.Authors = []statedRef{w.Author}
	}
	for _, a := range w.Authors {
		among("author", got.Authors, line(nameOf(a.Name+a.Value)))
	}
	for _, c := range append(w.Categories, refs(w.Tags)...) {
		name := c.Label
		if name == "" {
			name = c.Term + c.Value
		}
		among("category", got.Categories, line(name))
	}
	var files []string
	for _, a := range got.Attachments {
		files = append(files, a.URL)
	}
	for _, e := range append(w.Enclosures, w.Attachments...) {
		among("file", files, web(e.URL))
	}
	return out
}

// link is the address of the page that the item is of.
func (w *statedItem) link() string {
	if w.Link+w.URL != "" {
		return w.Link + w.URL
	}
	for _, l := range w.Links {
		if l.Rel == "alternate" {
			return l.Href
		}
	}
	return ""
}

func refs(list []string) []statedRef {
	var out []statedRef
	for _, s := range list {
		out = append(out, statedRef{Value: s})
	}
	return out
}

var (
	markup  = regexp.MustCompile(`(?s)</?[a-zA-Z][^<>]*>`)
	address = regexp.MustCompile(`^https?://`)
	named   = regexp.MustCompile(`^[^()@\s]+@[^()\s]+ \((.*)\)$|^(.*) \([^()\s]+@[^()\s]+\)$|^[^()@\s]+@[^()@\s]+$`)
)

// line is the text of a piece of HTML on one line.
func line(s string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(s, ""))), " ")
}

// web is s where it is an address of the web: others lead to no document.
func web(s string) string {
	if !address.MatchString(s) {
		return ""
	}
	return s
}

// nameOf is the name in "name (mail)" or "mail (name)", empty for a mail alone.
func nameOf(s string) string {
	if m := named.FindStringSubmatch(s); m != nil {
		return m[1] + m[2]
	}
	return s
}
