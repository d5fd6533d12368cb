package structure

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// A notice of a correction has so many words: what is longer is an article
// about corrections, what is shorter a label or the hour of an update.
const (
	minNotice = 6
	maxNotice = 150
)

const (
	pieceName = `(?:article|story|post|piece|column|essay|commentary|blog|blogpost|page|interview|headline|op-ed|editorial|caption|graphic)`
	// paperName may also be what a text is about: only at the edge of the text
	// it is the text itself.
	paperName = `(?:report|paper|text|letter|statement|document|factsheet|publication|analysis|briefing|review|release|transcript|chart|table)`
	wasMended = ` (?:was|has been|is|has since been)(?: \w+ly| since| first)? (?:amended|corrected|updated|revised|clarified|retracted|withdrawn|edited|changed|modified)\b(?: (?:on|at|to|after|since|in|by|because|following|due|for|with|from)\b|[,.;:])`
	wasWrong  = ` (?:originally|initially|previously|earlier|incorrectly|mistakenly|wrongly) (?:said|stated|gave|misstated|misidentified|reported|referred|claimed|described|identified|contained)\b`
	noticeEnd = `(?:\s*(?:\([^()]{1,60}\)|(?:,|appended|of|on|at|from)\s[^:.–—]{0,30}\d[^:–—]{0,20}|appended))?\s*(?::|[–—]|\s-\s|\.\s|\]\s)`
)

// Forms of notices, after the style guides of British and American newsrooms:
// a label that opens the notice, or a sentence that says of the piece itself
// that it was changed.
var (
	noticeLabel = regexp.MustCompile(`(?i)^(?:corrections?(?: and clarifications?)?|clarifications?(?: and corrections?)?|retractions?|errat(?:um|a)|corrigend(?:um|a)|amendments?|update[ds]?)` + noticeEnd)
	noticeNote  = regexp.MustCompile(`(?i)^(?:editor(?:['’]?s|s['’]|ial)?|publisher(?:['’]?s)?|author(?:['’]?s)?) note` + noticeEnd)
	noticeSays  = regexp.MustCompile(`(?i)^(?:(?:an|the) (?:earlier|previous|prior|original|initial|first|older) version of (?:this|the above|our)\b` +
		`|(?:in )?an (?:earlier|previous) version(?: of)?\b.{0,40}\b(?:misstated|said|stated|gave|misidentified|incorrectly|wrongly|mistakenly|referred|contained|omitted)` +
		`|this ` + pieceName + `(?:` + wasMended + `|` + wasWrong + `)` +
		`|(?:due|owing) to an? (?:editing|production|typing|typographical|transcription|translation|sub-?editing|reporting) error\b` +
		`|because of an? (?:editing|production|typing|typographical|transcription|translation|sub-?editing|reporting) error\b` +
		`|we (?:have|hereby)? ?(?:corrected|retract(?:ed)?|amended|withdrawn) (?:this|the above|our)\b)`)
	paperSays = regexp.MustCompile(`(?i)^this ` + paperName + `(?:` + wasMended + `|` + wasWrong + `)`)
	// ofAnother marks what corrects another piece, as whole documents do.
	ofAnother = regexp.MustCompile(`(?i)\bin an? (?:article|story|report|column|piece|post|note|paper) (?:of|on|from|published|that|which|about)\b`)
	// noticeWord is what an editor's note must hold to be one: others greet or
	// introduce.
	noticeWord = regexp.MustCompile(`(?i)\b(?:correct(?:ed|ion|s)?|erratum|erroneous(?:ly)?|errors?|misstated|mistaken(?:ly)?|misidentified|incorrect(?:ly)?|(?:earlier|previous|original) version|amended|clarif(?:y|ied|ication)|retracted|updated)\b`)
	noticeHead = regexp.MustCompile(`(?i)^(?:corrections?(?: and clarifications?)?|clarifications?|retraction(?: notice)?|erratum|corrigendum|editor['’]?s note|update)[.:]?$`)
)

// notices gives the blocks that tell what was corrected in the document their
// role: they speak of the piece and are no part of it. Where nothing else is
// said, they are.
func notices(d *briefs.Document) {
	var found []int
	quotable, all := 0, 0
	for i := range d.Blocks {
		if d.Blocks[i].Role.Quotable() {
			all++
		}
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Role == briefs.RoleCorrection {
			continue
		}
		at := len(found) + quotable
		if isNotice(d, i, at < 2 || at >= all-3) {
			found = append(found, i)
		} else if b.Role.Quotable() {
			quotable++
		}
	}
	if quotable == 0 {
		return
	}
	for _, i := range found {
		d.Blocks[i].Role, d.Blocks[i].Level = briefs.RoleCorrection, 0
	}
}

// isNotice reports whether block i is a notice; edge is whether it stands among
// the first or last ones.
func isNotice(d *briefs.Document, i int, edge bool) bool {
	b := &d.Blocks[i]
	switch b.Role {
	case briefs.RoleParagraph, briefs.RoleItem, briefs.RoleQuotation, briefs.RoleFootnote, briefs.RoleAuthorNote, briefs.RoleCaption:
	default:
		return false
	}
	s := strings.TrimLeft(d.Text[b.Body:b.End], " \t\n*_[(“\"•†‡")
	opens := opensNotice(s)
	headed := i > 0 && d.Blocks[i-1].Role == briefs.RoleHeading
	if !opens && !headed {
		return false
	}
	if n := wordCount(s, maxNotice+1); n < minNotice || n > maxNotice || strings.Contains(s, "   ") || ofAnother.MatchString(s) {
		return false
	}
	switch {
	case !opens:
	case noticeSays.MatchString(s), edge && paperSays.MatchString(s):
		return true
	case noticeNote.MatchString(s):
		return noticeWord.MatchString(s)
	case noticeLabel.MatchString(s):
		return true
	}
	if !headed {
		return false
	}
	h := &d.Blocks[i-1] // a heading of its own, and nothing but the notice below it
	return noticeHead.MatchString(strings.TrimSpace(d.Text[h.Body:h.End])) &&
		(noticeWord.MatchString(s) || !strings.HasPrefix(strings.ToLower(d.Text[h.Body:h.End]), "update") && !strings.HasPrefix(strings.ToLower(d.Text[h.Body:h.End]), "editor")) &&
		(i+1 == len(d.Blocks) || d.Blocks[i+1].Role != briefs.RoleParagraph)
}

// opensNotice reports whether s begins with the first word or two of one of
// the forms, which is quick to tell and true seldom. Letters beyond ASCII may
// be capitals or old forms of others: the forms themselves tell.
func opensNotice(s string) bool {
	var room [16]byte
	w, rest := firstWord(s, room[:0])
	switch string(w) {
	case "an", "the":
		w, rest = firstWord(strings.TrimPrefix(rest, " "), room[:0])
		switch string(w) {
		case "earlier", "previous", "prior", "original", "initial", "first", "older":
			return true
		}
	case "in":
		w, rest = firstWord(strings.TrimPrefix(rest, " "), room[:0])
		if string(w) == "an" {
			return true
		}
	case "this", "due", "owing", "because", "we":
		return true
	default:
		for _, label := range [...]string{"correct", "clarif", "retract", "errat", "corrigend", "amend", "updat", "edit", "publish", "author"} {
			if strings.HasPrefix(string(w), label) {
				return true
			}
		}
	}
	return rest != "" && rest[0] >= utf8.RuneSelf
}

// firstWord appends the ASCII letters that s begins with to b, in lower case
// and as many as fit, and returns what follows them.
func firstWord(s string, b []byte) (word []byte, rest string) {
	i := 0
	for i < len(s) && 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z' {
		if len(b) < cap(b) {
			b = append(b, s[i]|0x20)
		}
		i++
	}
	return b, s[i:]
}
