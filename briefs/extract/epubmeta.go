package extract

import (
	"strings"
)

// epubMeta is what a package document says of its book.
type epubMeta struct {
	titles, publishers, creators []epubSaid
	dates, sources               []epubSaid
	refines                      map[string]map[string]string // id → property → value
}

type epubSaid struct{ text, id, role string }

func (m *epubMeta) read(x *xmlStream) {
	m.refines = map[string]map[string]string{}
	x.children(func(n node) {
		s := epubSaid{id: n.attr("id"), role: strings.ToLower(first(n.attr("opf:role"), n.attr("opf:event")))}
		switch n.name {
		case "dc:title":
			s.text = x.words()
			m.titles = append(m.titles, s)
		case "dc:creator":
			s.text = x.words()
			m.creators = append(m.creators, s)
		case "dc:publisher":
			s.text = x.words()
			m.publishers = append(m.publishers, s)
		case "dc:date":
			s.text = x.words()
			m.dates = append(m.dates, s)
		case "dc:source", "dc:identifier":
			s.text = x.words()
			m.sources = append(m.sources, s)
		case "dc-metadata": // of the oldest books
			m.read(x)
		case "opf:meta":
			id, property := strings.TrimPrefix(n.attr("refines"), "#"), n.attr("property")
			if id != "" && property != "" {
				if m.refines[id] == nil {
					m.refines[id] = map[string]string{}
				}
				m.refines[id][property] = strings.TrimSpace(x.words())
			}
		}
	}, nil)
}

func (m *epubMeta) properties() properties {
	var p properties
	for _, t := range m.titles {
		if kind := m.refines[t.id]["title-type"]; p.title == "" || kind == "main" {
			p.setTitle(t.text)
			if kind == "main" {
				break
			}
		}
	}
	byRole := map[string][]string{}
	for _, c := range m.creators {
		role := first(c.role, m.refines[c.id]["role"], "aut")
		byRole[role] = append(byRole[role], c.text)
	}
	for _, role := range []string{"aut", "edt", "oth"} {
		for _, name := range byRole[role] {
			p.addAuthors(name)
		}
		if len(p.authors) > 0 {
			break
		}
	}
	for _, s := range m.publishers {
		p.publisher = first(p.publisher, publisherName(s.text))
	}
	for _, want := range []string{"publication", "original-publication", ""} {
		for _, d := range m.dates {
			if d.role != want || p.created != "" {
				continue
			}
			day, _, _ := strings.Cut(strings.TrimSpace(d.text), "T")
			if date, ok := looseDate(day); ok && date > "1450" {
				p.created = date
			}
		}
	}
	for _, s := range m.sources {
		p.url = first(p.url, webAddress(s.text))
	}
	return p
}
