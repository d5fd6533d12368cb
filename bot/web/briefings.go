package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
)

func (s *Server) archiveRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /briefings", s.forReaders(s.archivePage))
	mux.HandleFunc("GET /briefings.atom", s.forReaders(s.feed))
	mux.HandleFunc("GET /briefings/{id}", s.briefingPage)
	mux.HandleFunc("GET /briefings/{id}/picture", s.picture)
}

// archiveData is the data of briefings.html.
type archiveData struct {
	page
	Feed      string
	Briefings []briefingRow
	Pager     pager
}

// briefingRow is one briefing of the archive.
type briefingRow struct {
	Schedule string
	Href     string
	Due      string
	Room     string // for the operator; else empty
	Posted   time.Time
	Topics   string
}

const briefingsPerPage = 50

// archivePage lists the briefings of the visitor's rooms.
func (s *Server) archivePage(w http.ResponseWriter, r *http.Request, v visitor) error {
	n, err := pageOf(r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.o.Library.Briefings(r.Context(), (n-1)*briefingsPerPage, briefingsPerPage+1, v.rooms()...)
	if err != nil {
		return err
	}
	more := len(list) > briefingsPerPage
	list = list[:min(len(list), briefingsPerPage)]
	d := archiveData{page: s.page(r, "Briefings", "briefings"), Feed: s.href("/briefings.atom", nil)}
	for i := range list {
		d.Briefings = append(d.Briefings, s.briefingRow(&list[i], v))
	}
	d.Pager = s.pager("/briefings", nil, n, briefingsPerPage, len(list), 0, more)
	s.render(w, r, http.StatusOK, "briefings.html", d)
	return nil
}

func (s *Server) briefingRow(b *briefs.Briefing, v visitor) briefingRow {
	row := briefingRow{Schedule: b.Schedule, Href: s.briefingHref(b.ID), Due: slotWords(b.Slot), Posted: b.Posted, Topics: topicWords(v.scope, b.Briefs)}
	if v.operator {
		row.Room = b.Room
	}
	return row
}

func (s *Server) briefingHref(id briefs.BriefingID) string {
	return s.href("/briefings/"+url.PathEscape(string(id)), nil)
}

func topicWords(scope briefs.Scope, list []briefs.Brief) string {
	var topics []string
	for _, b := range list {
		topics = append(topics, topicName(seenTopic(scope, b.Topic)))
	}
	return strings.Join(topics, ", ")
}

// seenTopic is topic, or in place of the name of a collection outside scope
// words of ours.
func seenTopic(scope briefs.Scope, topic string) string {
	if name, whole := strings.CutPrefix(topic, topicPrefix); whole && !scope.Sees(name) {
		return "A collection that is no longer open to this room"
	}
	return topic
}

// topicName is topic for a reader: whole collections and saved queries are not
// told by their prefixes.
func topicName(topic string) string {
	if name, whole := strings.CutPrefix(topic, topicPrefix); whole {
		return "All of " + name
	}
	return strings.TrimPrefix(topic, queryPrefix)
}

// slotWords writes a slot for a reader: "23 Nov 2026, 09:00 Europe/Berlin".
// What is no slot stays as it is.
func slotWords(slot string) string {
	minute, zone, _ := strings.Cut(slot, " ")
	t, err := time.Parse("2006-01-02T15:04", minute)
	if err != nil {
		return slot
	}
	return t.Format("2 Jan 2006, 15:04") + " " + zone
}

// briefingData is the data of briefing.html.
type briefingData struct {
	page
	briefingRow
	Parts   []*briefView
	Picture *pictureView // nil for none
	Parted  bool         // some of it is no longer open to this room
	Archive string       // empty for who came by a link
}

// briefingPage shows one briefing, also to who has its link.
func (s *Server) briefingPage(w http.ResponseWriter, r *http.Request) {
	v := visitorOf(r)
	b, err := s.o.Library.Briefing(r.Context(), briefs.BriefingID(pathID(r)), v.rooms()...)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := briefingData{page: s.page(r, b.Schedule, ""), briefingRow: s.briefingRow(&b, v)}
	if !v.linkOnly() {
		d.Nav, d.Archive = "briefings", s.href("/briefings", nil)
	}
	for i := range b.Briefs {
		seen, whole := seenBy(v.scope, &b.Briefs[i])
		d.Parted = d.Parted || !whole
		d.Parts = append(d.Parts, s.brief(seen, s.quoter(v, "topic-"+strconv.Itoa(i+1)+"-")))
	}
	d.Picture = s.pictureView(&b, v)
	s.render(w, r, http.StatusOK, "briefing.html", d)
}

// seenBy is b without what stands in documents outside scope: a room may have
// lost a collection since. whole reports that nothing was left out. What is
// then not known to be of the scope, as how many sources say a thing, goes too.
func seenBy(scope briefs.Scope, b *briefs.Brief) (seen *briefs.Brief, whole bool) {
	out := *b
	out.Topic = seenTopic(scope, b.Topic)
	sees := func(d briefs.Document) bool { return scope.Sees(d.Collection) }
	out.Sources = slices.DeleteFunc(slices.Clone(b.Sources), func(o briefs.BriefSource) bool { return !sees(o.Document) })
	out.Changes = slices.DeleteFunc(slices.Clone(b.Changes), func(c briefs.BriefChange) bool { return !sees(c.Document) })
	quotes := func(citations []briefs.Citation) []briefs.Citation {
		return slices.DeleteFunc(slices.Clone(citations), func(c briefs.Citation) bool { return !sees(c.Quote.Document()) })
	}
	whole = out.Topic == b.Topic && len(out.Sources) == len(b.Sources) && len(out.Changes) == len(b.Changes)
	if whole {
		return b, true
	}
	for i := range out.Changes {
		out.Changes[i].Quotes = quotes(out.Changes[i].Quotes)
	}
	out.Sections, out.Unmentioned = nil, nil
	for _, section := range b.Sections {
		items := []briefs.BriefItem{}
		for _, i := range section.Items {
			left := quotes(i.Quotes)
			if len(left) == 0 && len(i.Quotes) > 0 {
				continue
			}
			i.Quotes, i.Sources, i.Also = left, 0, nil
			items = append(items, i)
		}
		if section.Items = items; len(items) > 0 {
			out.Sections = append(out.Sections, section)
		}
	}
	return &out, false
}
