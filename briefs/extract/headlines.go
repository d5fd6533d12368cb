package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// headLines are the bylines and date lines before the content.
type headLines struct {
	lines   []int // of either kind, in order
	bylines []foundByline
	dates   []foundDate
	guest   bool
	named   int // the unit of the chosen byline, -1 when there is none
}

type foundByline struct {
	unit int
	byline
}

type foundDate struct {
	unit   int
	date   briefs.Date
	change bool // it tells only of an update
}

// findLines marks the bylines and date lines among units [from,to).
func (p *page) findLines(from, to int) *headLines {
	f := &headLines{named: -1}
	for i := from; i < to; i++ {
		u := &p.units[i]
		if !u.open() && u.Role != briefs.RoleItem {
			if u.Role == briefs.RoleByline || u.Role == briefs.RoleDateline {
				f.lines = append(f.lines, i)
			}
			continue
		}
		if u.runes > 240 {
			continue
		}
		d, change, rest, dated := lineDate(u.content())
		if dated && rest == "" {
			u.Role = briefs.RoleDateline
			f.lines, f.dates = append(f.lines, i), append(f.dates, foundDate{i, d, change})
		} else if u.Role == briefs.RoleItem {
			continue
		} else if b, ok := parseByline(rest); dated && ok {
			if whole, ok := parseByline(u.text); ok {
				b = whole // the rest holds the outlet and the date
			}
			u.Role = briefs.RoleByline
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, b})
			f.dates = append(f.dates, foundDate{i, d, change})
		} else if b, ok := parseByline(u.text); ok {
			u.Role = briefs.RoleByline
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, b})
			if d, _, ok := dateIn(b.rest); ok {
				f.dates = append(f.dates, foundDate{i, d, false})
			}
		} else if names, d, ok := datedName(u); ok {
			u.Role = briefs.RoleByline
			b := byline{names: names}
			_, b.rest = takeNames(u.text)
			b.parseOutlet(u.text)
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, b})
			f.dates = append(f.dates, foundDate{i, d, false})
		} else if dated && isName(rest) {
			u.Role = briefs.RoleByline
			names, _ := takeNames(rest)
			f.lines, f.bylines = append(f.lines, i), append(f.bylines, foundByline{i, byline{names: names}})
			f.dates = append(f.dates, foundDate{i, d, change})
		}
	}
	return f
}

// choose takes author and date from the lines nearest to the title: teasers
// in the frame have bylines and dates too.
func (f *headLines) choose(p *page, title int) {
	near := func(unit int) bool { return title < 0 || unit >= title-3 }
	for _, pass := range []bool{true, false} {
		for _, b := range f.bylines {
			if near(b.unit) == pass && (f.named < 0 || f.guest && near(f.named) && near(b.unit) && !b.guest && len(b.names) > 0 && len(p.meta.authors) == 0) {
				f.named, f.guest = b.unit, f.guest || b.guest
				p.outletFrom(b.rest)
				if len(p.meta.authors) == 0 {
					p.addAuthors(b.names)
				}
			} else if near(b.unit) && b.guest {
				f.guest = true
			}
		}
		for _, d := range f.dates {
			if near(d.unit) != pass {
				continue
			}
			if d.change && p.meta.updated == "" {
				p.meta.updated = d.date
			} else if !d.change && p.meta.published == "" {
				p.meta.published = d.date
			}
		}
		if p.meta.updated != "" && p.meta.published == "" {
			break // the change of this text, not the date of a teaser
		}
	}
}

var yearAtEnd = regexp.MustCompile(`,\s*((?:19|20)\d{2})$`)

// datedName reads a line that names the author, without a "by", and the date:
// "Ana Example | 3 May 2031", "Ana Example, Invented Desk, 2031".
func datedName(u *unit) ([]string, briefs.Date, bool) {
	if u.runes > 160 || !hasDigit(u.text) || endsSentence(u.text) {
		return nil, "", false
	}
	names, rest := takeNames(u.text)
	if len(names) == 0 || rest == "" || !strings.ContainsRune(",|·•–—-", firstRune(rest)) {
		return nil, "", false
	}
	d, at, ok := dateIn(rest)
	if m := yearAtEnd.FindStringSubmatch(rest); !ok && m != nil {
		d, at, ok = briefs.Date(m[1]), strings.LastIndexByte(rest, ','), true
	}
	return names, d, ok && len(strings.Fields(rest[:at])) <= 8
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
