package extract

import (
	"briefdesk/briefs"
)

// maxHead is how many units before the content may belong to it: title,
// byline, pictures with captions, buttons. Menus further up do not.
const maxHead = 40

// core is the densest part of a page.
type core struct {
	start, end             int  // units [start,end)
	framedHead, framedTail bool // many short lines stand before, after
}

// frameLines is how many short lines make a frame: more than the headings and
// notes of a text without one.
const frameLines = 15

// core finds the run of units with the most running text and the fewest short
// lines between: the article in a page that was copied whole.
func (p *page) core() core {
	var best core
	sum, top, start := 0, 0, 0
	short := make([]int, len(p.units)+1)
	for i := range p.units {
		u := &p.units[i]
		v := 0
		switch {
		case u.isProse():
			v = min(u.runes, 600)
		case u.Role == briefs.RoleItem && u.runes >= 40:
			v = u.runes / 2
		case u.Role == "" && endsSentence(u.text):
			v = u.runes / 2
		case u.Role == briefs.RoleItem && !endsSentence(u.text):
			v = -10
		case u.Role == briefs.RoleChrome, u.Role == "":
			v = -25 // two dozen lines weigh as much as a paragraph
		}
		short[i+1] = short[i]
		if v < 0 {
			short[i+1]++
		}
		if sum <= 0 {
			sum, start = 0, i
		}
		sum += v
		if sum > top {
			top, best.start, best.end = sum, start, i+1
		}
	}
	best.framedHead = short[best.start] >= frameLines
	best.framedTail = short[len(p.units)]-short[best.end] >= frameLines
	return best
}

// cutTail makes chrome of what follows the core of a framed page, but for
// notes and pictures.
func (p *page) cutTail(end int) {
	for i := end; i < len(p.units); i++ {
		u := &p.units[i]
		if u.Role == briefs.RoleCaption || u.isFootnote() || u.Role == briefs.RoleDateline || i < end+noteZone && p.keepNote(u) {
			continue
		}
		u.Role = briefs.RoleChrome
	}
	p.tail = min(p.tail, end)
}
