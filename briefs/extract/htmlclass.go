package extract

import (
	"strings"
	"unicode"
)

// manner is what the class and the id of an element say of it.
type manner struct {
	frame    bool // it belongs to the frame of the page: a menu, a box, a byline
	popup    bool // it opens over the text when somebody points at a word
	footnote bool
	caption  bool
}

var (
	// frameWords name parts of the frame wherever they stand in a class.
	frameWords = wordSet(`nav navbar navigation menu submenu breadcrumb breadcrumbs sidebar comment comments disqus share sharing shares sharebar
		social newsletter newsletters subscribe subscription signup related recommended recommendations recirc cookie cookies gdpr consent advert
		adverts advertisement advertising advertorial sponsor sponsored sponsors promo promotion popup modal lightbox overlay footer pagination pager
		outbrain taboola trending paywall toolbar tooltip byline bylines dateline timestamp pubdate copyright disclaimer tags taglist mostread
		readmore skiplink screenreader`)
	// framePairs do so in pairs of neighbours.
	framePairs = map[string]map[string]bool{
		"ad":      wordSet("slot unit wrapper container box banner block"),
		"ads":     wordSet("slot unit wrapper container box banner block"),
		"article": wordSet("meta tags tools"), "entry": wordSet("meta tags utility"), "post": wordSet("meta tags author navigation nav"),
		"author": wordSet("bio box card info archive archives meta about description profile avatar links"), "about": wordSet("author"), "the": wordSet("author"),
		"most": wordSet("read popular viewed"), "read": wordSet("more next also time"), "sr": wordSet("only"), "screen": wordSet("reader"),
		"visually": wordSet("hidden"), "skip": wordSet("link links to nav"), "see": wordSet("also"), "up": wordSet("next"), "email": wordSet("signup form"),
		"publish": wordSet("date time info"), "published": wordSet("date time"), "more": wordSet("stories articles links from"), "slide": wordSet("count"),
		"call": wordSet("to"), "reading": wordSet("time"), "print": wordSet("header footer only"), "tag": wordSet("list links cloud"), "view": wordSet("count counter"),
	}
	// notIn take a word back: "has-sidebar" is the page beside one.
	notIn = wordSet(`has with no without not`)

	captionWords  = wordSet(`caption captions credit credits figcaption`)
	footnoteWords = wordSet(`footnote footnotes endnote endnotes fnlist`)
	pops          = wordSet(`popover tooltip rollover hovercard flyout`)
	popped        = wordSet(`block content contents body card box panel text inner`)
)

// mannerOf reads the words of a class or id, parted by signs or capitals.
func mannerOf(class string) manner {
	var m manner
	before, hover := "", false
	for _, w := range nameWords(class) {
		switch {
		case notIn[before]:
		case frameWords[w], framePairs[before][w]:
			m.frame = true
		case captionWords[w]:
			m.caption = true
		case footnoteWords[w], before == "fn" && w == "list":
			m.footnote = true
		}
		m.popup = m.popup || w == "tooltiptext" || w == "hovercard" || hover && popped[w]
		hover = hover || pops[w]
		before = w
	}
	return m
}

// nameWords parts a name such as "post-meta_wrap mainNav" into words in lower
// case.
func nameWords(s string) []string {
	var out []string
	start := -1
	var last rune
	for i, r := range s {
		word := unicode.IsLetter(r)
		if start >= 0 && (!word || unicode.IsUpper(r) && unicode.IsLower(last)) {
			out = append(out, strings.ToLower(s[start:i]))
			start = -1
		}
		if word && start < 0 {
			start = i
		}
		last = r
	}
	if start >= 0 {
		out = append(out, strings.ToLower(s[start:]))
	}
	return out
}
