package extract

import (
	"regexp"
	"strings"

	"briefdesk/briefs"
)

// boxHeads are the headings of boxes with links to other pages. Those of
// looseBox begin headings of a text, too.
var (
	sureBox = regexp.MustCompile(`(?i)^(?:(?:recommended|suggested)(?: (?:for you|by .{2,40}|reading|articles?|stories|posts|links?))?|(?:what to )?(?:read|watch|listen) next|(?:read|see) (?:also|more)|also read|keep reading|further reading|up next` +
		`|most (?:read|popular|viewed|shared|recent|commented)(?: .{2,30})?|(?:you|readers) (?:may|might|will|could) (?:also|like)\b.{0,30}|don['’]t miss|(?:editors?['’]?s?['’]?|staff) (?:picks?|choice)|trending(?: now| stories| topics)?` +
		`|(?:from|in) (?:the|our) archives?|related (?:topics?|articles?|posts?|stories|content|reading|links?|pages|publications?|commentary|items|news|coverage|work|research)|related|latest(?: (?:news|posts?|articles?|stories|updates?|publications?|commentary|episodes?))?|popular(?: (?:now|posts?|articles?|stories))?|more (?:[\w'’]+ ){0,3}(?:stories|articles|posts|news|coverage|reads|reading|like this)(?: .{2,40})?)\s*:?$`)
	looseBox = regexp.MustCompile(`(?i)^(?:more (?:on|about|from|in|by)|related|latest (?:on|from|in)|popular in)\b.{1,60}$`)
)

// maxBox is the greatest number of links in a box that is cut.
const maxBox = 30

// linkBoxes marks boxes of links to other pages inside the content: a heading
// that announces one and the titles below it, lines without a full stop.
func (p *page) linkBoxes() {
	for i := range p.units {
		u := &p.units[i]
		head := u.content()
		sure := sureBox.MatchString(head)
		if u.Role == briefs.RoleTitle || u.runes > 80 || strings.HasSuffix(head, ".") || !sure && !looseBox.MatchString(head) {
			continue
		}
		if i < p.body && u.Role == briefs.RoleChrome {
			continue
		}
		end, long := i+1, 0
		for end < len(p.units) && end <= i+maxBox && p.linkLine(end) {
			if len(strings.Fields(p.units[end].content())) >= 3 && startsUpper(p.units[end].content()) {
				long++
			}
			end++
		}
		// The last line may be the heading of what follows.
		if end > i+2 && end < len(p.units) && p.units[end].isProse() && p.units[end-1].gap && p.units[end-1].Role != briefs.RoleItem {
			end--
		}
		if n := end - i - 1; n == 0 || !sure && (long < n || p.proseAfter(end)) || strings.HasSuffix(head, ":") && p.proseAfter(end) && !sure {
			continue
		}
		for j := i; j < end; j++ {
			p.units[j].Role, p.units[j].Level = briefs.RoleChrome, 0
		}
	}
}

// linkLine reports whether unit i can be the title of another page.
func (p *page) linkLine(i int) bool {
	u := &p.units[i]
	if p.origins != nil && p.origins[i].linked == 0 && u.Role != briefs.RoleChrome {
		return false
	}
	switch u.Role {
	case "", briefs.RoleParagraph, briefs.RoleItem, briefs.RoleChrome, briefs.RoleHeading:
	default:
		return false
	}
	if u.Role == briefs.RoleHeading && u.rank > 0 || u.runes > 140 || u.isFootnote() {
		return false
	}
	s := strings.TrimRight(u.text, "\"'”’») ")
	return !endsSentence(s) || strings.HasSuffix(s, "?") && sentencesAbout(s) == 1
}

// proseAfter reports whether running text follows from unit i on.
func (p *page) proseAfter(i int) bool {
	for ; i < len(p.units); i++ {
		if u := &p.units[i]; u.isProse() && !p.keepNote(u) && !inside(u.text) {
			return true
		}
	}
	return false
}

const ownViews = `(?:(?:his|her|their|its|my|our|the authors?['’]?s?['’]?)(?: \w+)? own\b|(?:only )?those of the (?:\w+ )?authors?\b)`

var (
	editorsNote = regexp.MustCompile(`(?i)^[\[(*_]*editor(?:ial|s|['’]s|s['’])? note\b`)
	// correction is what an editor's note states that readers must know.
	correction = regexp.MustCompile(`(?i)\b(?:correct(?:ed|ion|s)?|erratum|erroneous(?:ly)?|errors?|misstated|mistaken(?:ly)?|misidentified|incorrect(?:ly)?|earlier version|previous version|amended|clarif(?:y|ied|ication)|retracted)\b`)
	// disclaimers say whose views a page holds.
	disclaimer = regexp.MustCompile(`(?i)^(?:(?:this|the) (?:article|essay|post|piece|commentary|column|paper|text|report|blog|publication|content) (?:only |solely )?(?:represents?|reflects?|expresses?|contains?) (?:only |solely )?the (?:personal |private )?(?:views?|opinions?|positions?)(?: and \w+)? of (?:the|its|his|her) (?:individual )?authors?\b` +
		`|(?:the |these |all |any )?(?:views?|opinions?|positions?|judg[e]?ments?|conclusions)(?: and (?:views|opinions|conclusions|positions))?(?: (?:expressed|stated|presented|given|set out|contained|here|herein|above|in (?:this|the) \w+|by the authors?))* (?:are|is|remain|represent|reflect)\b.{0,30}\b` + ownViews +
		`|(?:the |these |all |any )?(?:views?|opinions?|positions?)\b.{0,80}\b(?:do|does|should) not (?:necessarily )?(?:be (?:taken|attributed)|reflect|represent)\b)`)
	// selfPraise is how an organisation describes itself below its texts.
	selfPraise = regexp.MustCompile(`^(?:The )?(\p{Lu}[\pL\d&’'.-]*(?: (?:(?:of|on|for|and|the|in|to|&) ){0,2}\p{Lu}[\pL\d&’'.-]*){0,7})(?: \(\p{Lu}{2,8}\))?,? (?:is|are) (?:an? |the )?(?:[\pL-]+,? (?:and )?){0,3}(?i:independent|non-?partisan|non-?profit|not-for-profit|bipartisan)\b[^.]{0,200}\b(?i:organi[sz]ations?|instituti?o?ns?|institutes?|think[ -]tanks?|non-?profits?|charity|foundation|publishers?|publication|newsroom|outlet|magazine|journal|cent(?:er|re)|network|forum|platform|initiative)\b`)
	// creditEnd is a credit behind the words of a caption: "… © Name / Agency",
	// "… Photo: Name".
	creditEnd = regexp.MustCompile(`(?:^|[.!?\pL”"’)] )(?:© ?(?:\d{4} )?(?:\p{Lu}[\pL'’.&-]*(?: ?/ ?| via | for | )?){1,8}|(?i:photos?|photograph|image|picture|illustration|credit)(?: credits?)?(?::| by) \p{Lu}[\pL'’.&-]*(?:(?: ?/ ?| via | for |, | )\p{Lu}[\pL'’.&-]*){0,7})\)?$`)
)

// framed returns the cue of lines that patterns, not their first words, tell
// from content; nil when s is none. s has so many runes.
func framed(s string, runes int) *cue {
	switch {
	case runes > longest:
	case editorsNote.MatchString(s) && !correction.MatchString(s):
		return menuCue
	case runes <= 600 && (strings.Contains(s, "view") || strings.Contains(s, "View") || strings.Contains(s, "pinion") || strings.Contains(s, "osition") || strings.Contains(s, "onclusion") || strings.Contains(s, "udg")) && disclaimer.MatchString(s) && sentencesAbout(s) <= 4:
		return menuCue
	case runes <= 400 && !endsSentence(s) && mayEndInCredit(s) && sentencesAbout(s) <= 3 && creditEnd.MatchString(s):
		return captionCue
	}
	return nil
}

func mayEndInCredit(s string) bool {
	if strings.Contains(strings.ToLower(s), "rights") {
		return false
	}
	end := s[max(0, len(s)-90):]
	return strings.Contains(end, "©") || strings.Contains(end, ":") || strings.Contains(end, " by ")
}

// closing settles the last sentences of the content: notes on the author that
// name no office, and what the organisation says of itself.
func (p *page) closing() {
	last := -1
	for i := min(p.tail, len(p.units)) - 1; i >= p.body && last < 0; i-- {
		if u := &p.units[i]; u.isContent() && u.Role != briefs.RoleHeading {
			last = i
		}
	}
	for i := last; i >= p.body && i > last-4; i-- {
		u := &p.units[i]
		if u.Role != "" && u.Role != briefs.RoleParagraph || u.runes > maxNote {
			if u.Role == briefs.RoleChrome || u.Role == briefs.RoleAuthorNote {
				continue
			}
			break
		}
		if p.tellsOfAuthor(u) {
			u.Role = briefs.RoleAuthorNote
			continue
		}
		if m := selfPraise.FindStringSubmatch(u.text); m != nil && u.runes <= 500 && (p.inFrame(m[1]) || i > p.body+1 && p.endedBefore(&p.units[i-1])) {
			u.Role = briefs.RoleChrome
			continue
		}
		break
	}
	for i := range p.units { // right below the byline
		if p.units[i].Role != briefs.RoleByline {
			continue
		}
		j := i + 1
		for j < len(p.units) && (p.units[j].Role == briefs.RoleDateline || p.units[j].Role == briefs.RoleByline || p.units[j].Role == briefs.RoleCaption || p.units[j].Role == briefs.RoleChrome) {
			j++
		}
		if j < last && (p.units[j].Role == "" || p.units[j].Role == briefs.RoleParagraph) && p.units[j].runes <= 300 && sentencesAbout(p.units[j].text) <= 2 && p.tellsOfAuthor(&p.units[j]) {
			p.units[j].Role = briefs.RoleAuthorNote
		}
		return
	}
}

// endedBefore reports whether the unit shows that the text has ended before
// it: a note on the author or a line of the frame.
func (p *page) endedBefore(u *unit) bool {
	return u.Role == briefs.RoleAuthorNote || u.Role == briefs.RoleChrome || p.tellsOfAuthor(u)
}

var (
	// career is what a note says an author does or did.
	career = regexp.MustCompile(`^(?:\([^)]{1,60}\)\s*)?(?:,\s[^.]{2,160}?,\s)?(?:(?:currently|now|previously|formerly|recently|also|both) )?(?:is|was|are|were|has|have|had|works?|worked|serves?|served|teaches|taught|writes|wrote|directs|directed|leads|led|heads|headed|holds|held|covers|covered|studies|studied|researches|chairs|chaired|edits|edited|runs|ran|reports|reported|blogs|lives|retired|joined|founded|co-founded|spent|specialis\w+|specializ\w+|focus\w+|advises|advised|practises|practices|lectures|replies|responds)\b`)
	// argues marks a sentence of the text that speaks of its author.
	argues = regexp.MustCompile(`(?i)\b(?:said|says|argues?d?|claims?|claimed|told|wrote that|believes?)\b`)
)

// tellsOfAuthor reports whether a unit is a short note that begins with the
// name of the author and goes on with a career.
func (p *page) tellsOfAuthor(u *unit) bool {
	if len(p.meta.authors) == 0 || !startsUpper(u.text) || sentencesAbout(u.text) > 5 || correction.MatchString(u.text) {
		return false
	}
	names, rest := takeNames(u.text)
	return overlap(names, p.meta.authors) && career.MatchString(rest) && !argues.MatchString(rest[:min(len(rest), 120)])
}

// inFrame reports whether a line of the frame, or the metadata, is the name.
func (p *page) inFrame(name string) bool {
	if strings.EqualFold(name, p.meta.publisher) {
		return true
	}
	for i := range p.units {
		u := &p.units[i]
		if u.Role == briefs.RoleChrome && u.runes <= 80 && (sameWords(u.text, name) || sameWords(u.text, "The "+name)) {
			return true
		}
	}
	return false
}
