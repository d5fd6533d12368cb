package web

import (
	"net/url"
	"time"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// briefView is a brief as pages and the feed show it.
type briefView struct {
	Topic    string
	Window   string // which time it is about, in words; empty for all
	Lacks    string // words of the topic that nothing found holds; empty for none
	Empty    string // the fixed words for a brief without a section
	Sections []briefSection
	Changed  string // the fixed heading of Changes
	Changes  []briefChange
	Sources  []source
}

type briefSection struct {
	Heading string
	Items   []briefItem
}

type briefItem struct {
	Label  string // empty for none
	Href   string // where Label leads; empty for nowhere
	Groups []group
	Say    string   // how many sources say it; empty where one does
	Also   []anchor // those of them that are not quoted here
}

type briefChange struct {
	work
	Say    string
	At     *time.Time // nil when it is not known
	Groups []group
}

// brief shows b with p.
func (s *Server) brief(b *briefs.Brief, p quoter) *briefView {
	view := &briefView{Topic: topicName(b.Topic), Window: bot.Window(b), Lacks: bot.Unmentioned(b), Empty: bot.EmptyBrief, Changed: bot.Changed}
	first := map[int]briefs.Quote{} // of each source
	quotes := func(citations []briefs.Citation) []group {
		for _, c := range citations {
			if _, known := first[c.Source]; !known {
				first[c.Source] = c.Quote
			}
		}
		return p.groups(citations)
	}
	for _, section := range b.Sections {
		items := make([]briefItem, 0, len(section.Items))
		for _, i := range section.Items {
			item := briefItem{Label: i.Label, Groups: quotes(i.Quotes)}
			if len(i.Also) > 0 && section.Kind == briefs.SectionKeyPoints {
				item.Say = plural(i.Sources, "source says this", "sources say this")
				for _, n := range i.Also {
					item.Also = append(item.Also, anchor{n, p.sourceID(n)})
				}
			}
			if section.Kind == briefs.SectionGaps && !p.alone {
				item.Href = s.href("/", url.Values{"q": {i.Label}})
			}
			items = append(items, item)
		}
		if len(items) > 0 {
			view.Sections = append(view.Sections, briefSection{section.Heading, items})
		}
	}
	for i := range b.Changes {
		c := &b.Changes[i]
		d := &c.Document
		change := briefChange{work: p.work(d, p.at(d.ID, d.Revision, briefs.Span{})), Say: "Corrected", Groups: quotes(c.Quotes)}
		if c.Kind == briefs.ChangeWithdrawn {
			change.Say = "Withdrawn"
		}
		if !c.At.IsZero() {
			change.At = &c.At
		}
		view.Changes = append(view.Changes, change)
	}
	for i := range b.Sources {
		o := &b.Sources[i]
		d := &o.Document
		shown := source{N: o.N, ID: p.sourceID(o.N), work: p.work(d, p.at(d.ID, d.Revision, first[o.N].Span())).onPages(b.PageNote(o.N), first[o.N].Page())}
		for _, n := range o.Quotes {
			shown.Quotes = append(shown.Quotes, p.quoteAnchor(n))
		}
		view.Sources = append(view.Sources, shown)
	}
	return view
}
