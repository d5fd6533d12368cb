package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
)

// The elements of an Atom feed (RFC 4287), as far as they are used here.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Updated  string      `xml:"updated"`
	Author   atomAuthor  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel   string `xml:"rel,attr"`
	Type  string `xml:"type,attr"`
	Href  string `xml:"href,attr"`
	Title string `xml:"title,attr,omitempty"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Links     []atomLink `xml:"link"`
	Summary   string     `xml:"summary"`
	Content   atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

// mostEntries is how many briefings a feed holds: a quarter of weekly ones.
const mostEntries = 13

// feedBegan is since when feeds have ids (RFC 4151 wants a date in them).
const feedBegan = "2026"

// feed is the archive for feed readers.
func (s *Server) feed(w http.ResponseWriter, r *http.Request, v visitor) error {
	list, err := s.o.Library.Briefings(r.Context(), 0, mostEntries, v.rooms()...)
	if err != nil {
		return err
	}
	root := s.root(r)
	f := atomFeed{
		Language: "en", ID: s.tag(feedBegan, "briefings", strings.Join(v.rooms(), "+")), Title: "Briefings", Author: atomAuthor{"briefdesk"},
		Updated: time.Unix(0, 0).UTC().Format(time.RFC3339), // of a feed without an entry: never
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: root + "/briefings.atom"},
			{Rel: "alternate", Type: "text/html", Href: root + "/briefings"},
		},
	}
	for i := range list {
		e, err := s.atomEntry(root, &list[i], v)
		if err != nil {
			return err
		}
		if i == 0 {
			f.Updated = e.Updated
		}
		f.Entries = append(f.Entries, e)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(f); err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	_, _ = w.Write(b.Bytes()) // the reader has gone: nobody to tell
	return nil
}

func (s *Server) atomEntry(root string, b *briefs.Briefing, v visitor) (atomEntry, error) {
	posted := b.Posted.UTC().Format(time.RFC3339)
	e := atomEntry{
		ID: s.tag(b.Posted.UTC().Format(time.DateOnly), "briefings", string(b.ID)), Title: b.Schedule + ", " + slotWords(b.Slot),
		Updated: posted, Published: posted, Summary: topicWords(v.scope, b.Briefs),
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: root + "/briefings/" + url.PathEscape(string(b.ID))}},
	}
	if seesPicture(v.scope, b.Picture) {
		e.Links = append(e.Links, atomLink{Rel: "enclosure", Type: pictureType, Href: root + pictureAddress(b.ID, nil), Title: b.Picture.Alt})
	}
	var body bytes.Buffer
	for i := range b.Briefs {
		seen, _ := seenBy(v.scope, &b.Briefs[i])
		p := s.quoter(v, "")
		p.now = time.Time{} // no ages: an entry stays as it is
		p.at = func(id briefs.DocumentID, revision int, span briefs.Span) string {
			return documentAddress(root, id, revision, span, "")
		}
		if err := s.pages["briefing.html"].ExecuteTemplate(&body, "feed", s.brief(seen, p)); err != nil {
			return atomEntry{}, fmt.Errorf("feed: %v", err)
		}
	}
	e.Content = atomText{"html", body.String()}
	return e, nil
}

// root is what whole addresses begin with, for those who read elsewhere.
func (s *Server) root(r *http.Request) string {
	if s.o.PublicURL != "" {
		return s.o.PublicURL
	}
	return "http://" + r.Host
}

// tag makes an id that stays the same when the pages move (RFC 4151).
func (s *Server) tag(date string, parts ...string) string {
	host := s.host
	if host == "" || strings.Contains(host, ":") { // of IPv6: no authority of a tag
		host = "localhost"
	}
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "tag:" + host + "," + date + ":" + strings.Join(parts, "/")
}
