package extract

import (
	"regexp"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// cue is a sign by which a line is known to be other than content. The table
// below holds what web pages of all kinds share; it names no site.
type cue struct {
	role briefs.Role
	// start is what the line begins with, in lower case and in whole words.
	start string
	// most is the greatest length of such a line, in runes.
	most int
	// ends marks the beginning of the last part of a page, after which no
	// more content comes: comments, related articles.
	ends bool
}

// starts lists cues by the words that a line begins with.
var starts = []cue{
	// Comments.
	{briefs.RoleChrome, "post a comment", 80, true},
	{briefs.RoleChrome, "post your comment", 80, true},
	{briefs.RoleChrome, "leave a comment", 80, true},
	{briefs.RoleChrome, "leave a reply", 80, true},
	{briefs.RoleChrome, "add a comment", 80, true},
	{briefs.RoleChrome, "write a comment", 80, true},
	{briefs.RoleChrome, "join the conversation", 100, true},
	{briefs.RoleChrome, "join the discussion", 100, true},
	{briefs.RoleChrome, "view comments", 60, true},
	{briefs.RoleChrome, "show comments", 60, true},
	{briefs.RoleChrome, "no comments", 60, false},
	{briefs.RoleChrome, "comments are closed", 120, false},
	{briefs.RoleChrome, "comments are moderated", 200, false},
	{briefs.RoleChrome, "all comments must", 400, false},
	{briefs.RoleChrome, "log in to", 100, false},
	{briefs.RoleChrome, "login to", 100, false},
	{briefs.RoleChrome, "sign in to", 100, false},
	{briefs.RoleChrome, "you must be logged in", 120, false},
	{briefs.RoleChrome, "your email address will not", 200, false},
	{briefs.RoleChrome, "your e-mail address will not", 200, false},
	{briefs.RoleChrome, "required fields are marked", 120, false},
	{briefs.RoleChrome, "save my name", 200, false},
	{briefs.RoleChrome, "notify me of", 120, false},

	// Related pages.
	{briefs.RoleChrome, "related topics", 300, true},
	{briefs.RoleChrome, "related articles", 200, true},
	{briefs.RoleChrome, "related posts", 200, true},
	{briefs.RoleChrome, "related stories", 200, true},
	{briefs.RoleChrome, "related content", 200, true},
	{briefs.RoleChrome, "related reading", 200, true},
	{briefs.RoleChrome, "related publications", 200, true},
	{briefs.RoleChrome, "related commentary", 200, true},
	{briefs.RoleChrome, "related:", 200, true},
	{briefs.RoleChrome, "more on this topic", 100, true},
	{briefs.RoleChrome, "more on:", 200, true},
	{briefs.RoleChrome, "more from", 80, true},
	{briefs.RoleChrome, "more by", 80, true},
	{briefs.RoleChrome, "more stories", 80, true},
	{briefs.RoleChrome, "more articles", 80, true},
	{briefs.RoleChrome, "you may also", 80, true},
	{briefs.RoleChrome, "you might also", 80, true},
	{briefs.RoleChrome, "recommended for you", 80, true},
	{briefs.RoleChrome, "recommended reading", 80, true},
	{briefs.RoleChrome, "recommended articles", 80, true},
	{briefs.RoleChrome, "most popular", 60, true},
	{briefs.RoleChrome, "most read", 60, true},
	{briefs.RoleChrome, "most viewed", 60, true},
	{briefs.RoleChrome, "popular posts", 60, true},
	{briefs.RoleChrome, "recent posts", 60, true},
	{briefs.RoleChrome, "recent comments", 60, true},
	{briefs.RoleChrome, "latest posts", 60, true},
	{briefs.RoleChrome, "latest news", 60, false},
	{briefs.RoleChrome, "also on", 60, false},
	{briefs.RoleChrome, "in this series", 60, false},
	{briefs.RoleChrome, "read more", 200, false},
	{briefs.RoleChrome, "read next", 200, false},
	{briefs.RoleChrome, "read also", 200, false},
	{briefs.RoleChrome, "also read", 200, false},
	{briefs.RoleChrome, "read the full", 120, false},
	{briefs.RoleChrome, "continue reading", 120, false},
	{briefs.RoleChrome, "see also:", 200, false},
	{briefs.RoleChrome, "next article", 200, false},
	{briefs.RoleChrome, "next post", 200, false},
	{briefs.RoleChrome, "previous article", 200, false},
	{briefs.RoleChrome, "previous post", 200, false},
	{briefs.RoleChrome, "previous:", 200, false},
	{briefs.RoleChrome, "next:", 200, false},
	{briefs.RoleChrome, "tags:", 400, false},
	{briefs.RoleChrome, "tagged:", 400, false},
	{briefs.RoleChrome, "tagged with", 300, false},
	{briefs.RoleChrome, "filed under", 300, false},
	{briefs.RoleChrome, "filed in", 300, false},
	{briefs.RoleChrome, "posted in", 200, false},
	{briefs.RoleChrome, "categories:", 300, false},
	{briefs.RoleChrome, "category:", 200, false},
	{briefs.RoleChrome, "topics:", 300, false},
	{briefs.RoleChrome, "topic:", 200, false},
	{briefs.RoleChrome, "regions:", 300, false},
	{briefs.RoleChrome, "keywords:", 400, false},
	{briefs.RoleChrome, "in this article", 40, false},
	{briefs.RoleChrome, "table of contents", 40, false},
	{briefs.RoleChrome, "jump to", 60, false},
	{briefs.RoleChrome, "skip to", 60, false},
	{briefs.RoleChrome, "back to top", 40, false},
	{briefs.RoleChrome, "you are here", 200, false},

	// Sharing, following, subscribing, giving.
	{briefs.RoleChrome, "share this", 100, false},
	{briefs.RoleChrome, "share on", 60, false},
	{briefs.RoleChrome, "share via", 60, false},
	{briefs.RoleChrome, "share:", 100, false},
	{briefs.RoleChrome, "follow us", 200, false},
	{briefs.RoleChrome, "follow him on", 100, false},
	{briefs.RoleChrome, "follow her on", 100, false},
	{briefs.RoleChrome, "like us on", 100, false},
	{briefs.RoleChrome, "find us on", 100, false},
	{briefs.RoleChrome, "connect with us", 100, false},
	{briefs.RoleChrome, "subscribe", 250, false},
	{briefs.RoleChrome, "sign up for", 300, false},
	{briefs.RoleChrome, "sign up to", 300, false},
	{briefs.RoleChrome, "get our", 200, false},
	{briefs.RoleChrome, "get the latest", 250, false},
	{briefs.RoleChrome, "never miss", 200, false},
	{briefs.RoleChrome, "stay up to date", 250, false},
	{briefs.RoleChrome, "stay informed", 250, false},
	{briefs.RoleChrome, "join our mailing list", 250, false},
	{briefs.RoleChrome, "join our newsletter", 250, false},
	{briefs.RoleChrome, "enter your email", 200, false},
	{briefs.RoleChrome, "enter your e-mail", 200, false},
	{briefs.RoleChrome, "thanks for subscribing", 200, false},
	{briefs.RoleChrome, "thank you for subscribing", 200, false},
	{briefs.RoleChrome, "by subscribing", 300, false},
	{briefs.RoleChrome, "by signing up", 300, false},
	{briefs.RoleChrome, "by clicking", 300, false},
	{briefs.RoleChrome, "by submitting", 300, false},
	{briefs.RoleChrome, "support our work", 250, false},
	{briefs.RoleChrome, "support our journalism", 250, false},
	{briefs.RoleChrome, "make a donation", 200, false},
	{briefs.RoleChrome, "donate", 120, false},
	{briefs.RoleChrome, "download", 80, false},
	{briefs.RoleChrome, "listen to this", 100, false},
	{briefs.RoleChrome, "watch the video", 100, false},
	{briefs.RoleChrome, "print this", 60, false},
	{briefs.RoleChrome, "email this", 60, false},
	{briefs.RoleChrome, "cite this", 100, false},
	{briefs.RoleChrome, "style:", 80, false},
	{briefs.RoleChrome, "citation style", 100, false},
	{briefs.RoleChrome, "click here", 200, false},
	{briefs.RoleChrome, "view all", 60, false},
	{briefs.RoleChrome, "see all", 60, false},
	{briefs.RoleChrome, "load more", 60, false},
	{briefs.RoleChrome, "show more", 60, false},
	{briefs.RoleChrome, "advertisement", 80, false},
	{briefs.RoleChrome, "sponsored", 60, false},
	{briefs.RoleChrome, "article continues", 80, false},
	{briefs.RoleChrome, "story continues", 80, false},

	// Rights, consent, disclaimers, where else it was printed.
	{briefs.RoleChrome, "©", 300, false},
	{briefs.RoleChrome, "copyright ©", 300, false},
	{briefs.RoleChrome, "copyright (c)", 300, false},
	{briefs.RoleChrome, "copyright 19", 300, false},
	{briefs.RoleChrome, "copyright 20", 300, false},
	{briefs.RoleChrome, "(c) 19", 200, false},
	{briefs.RoleChrome, "(c) 20", 200, false},
	{briefs.RoleChrome, "all rights reserved", 300, false},
	{briefs.RoleChrome, "we use cookies", 600, false},
	{briefs.RoleChrome, "this site uses", 600, false},
	{briefs.RoleChrome, "this website uses", 600, false},
	{briefs.RoleChrome, "our site uses cookies", 600, false},
	{briefs.RoleChrome, "our website uses cookies", 600, false},
	{briefs.RoleChrome, "disclaimer:", 900, false},
	{briefs.RoleChrome, "opinions expressed", 900, false},
	{briefs.RoleChrome, "the opinions expressed", 900, false},
	{briefs.RoleChrome, "any opinions expressed", 900, false},
	{briefs.RoleChrome, "views expressed", 900, false},
	{briefs.RoleChrome, "the views expressed", 900, false},
	{briefs.RoleChrome, "any views expressed", 900, false},
	{briefs.RoleChrome, "the views and opinions", 900, false},
	{briefs.RoleChrome, "the opinions and views", 900, false},
	{briefs.RoleChrome, "views and opinions expressed", 900, false},
	{briefs.RoleChrome, "the views in this", 600, false},
	{briefs.RoleChrome, "a shorter version of this", 350, false},
	{briefs.RoleChrome, "a longer version of this", 350, false},
	{briefs.RoleChrome, "an earlier version of this", 350, false},
	{briefs.RoleChrome, "an abridged version of this", 350, false},
	{briefs.RoleChrome, "an edited version of this", 350, false},
	{briefs.RoleChrome, "a version of this", 350, false},
	{briefs.RoleChrome, "this article first", 350, false},
	{briefs.RoleChrome, "this article originally", 350, false},
	{briefs.RoleChrome, "this article was originally", 350, false},
	{briefs.RoleChrome, "this article was first", 350, false},
	{briefs.RoleChrome, "this article is republished", 350, false},
	{briefs.RoleChrome, "this post first", 350, false},
	{briefs.RoleChrome, "this post originally", 350, false},
	{briefs.RoleChrome, "this post was originally", 350, false},
	{briefs.RoleChrome, "this essay first", 350, false},
	{briefs.RoleChrome, "this essay originally", 350, false},
	{briefs.RoleChrome, "this piece first", 350, false},
	{briefs.RoleChrome, "this piece originally", 350, false},
	{briefs.RoleChrome, "this piece was originally", 350, false},
	{briefs.RoleChrome, "this piece was first", 350, false},
	{briefs.RoleChrome, "this commentary was originally", 350, false},
	{briefs.RoleChrome, "this commentary originally", 350, false},
	{briefs.RoleChrome, "originally published", 250, false},
	{briefs.RoleChrome, "first published in", 250, false},
	{briefs.RoleChrome, "republished with permission", 250, false},
	{briefs.RoleChrome, "reprinted with permission", 250, false},
	{briefs.RoleChrome, "to republish", 300, false},

	// Pictures.
	{briefs.RoleCaption, "file picture:", 300, false},
	{briefs.RoleCaption, "file photo:", 400, false},
	{briefs.RoleCaption, "file image:", 300, false},
	{briefs.RoleCaption, "picture:", 300, false},
	{briefs.RoleCaption, "photo:", 400, false},
	{briefs.RoleCaption, "photos:", 300, false},
	{briefs.RoleCaption, "photo by", 300, false},
	{briefs.RoleCaption, "photo credit", 300, false},
	{briefs.RoleCaption, "photo courtesy", 300, false},
	{briefs.RoleCaption, "photograph:", 300, false},
	{briefs.RoleCaption, "photograph by", 300, false},
	{briefs.RoleCaption, "image:", 400, false},
	{briefs.RoleCaption, "image credit", 300, false},
	{briefs.RoleCaption, "image by", 200, false},
	{briefs.RoleCaption, "image courtesy", 300, false},
	{briefs.RoleCaption, "illustration:", 300, false},
	{briefs.RoleCaption, "illustration by", 300, false},
	{briefs.RoleCaption, "graphic:", 300, false},
	{briefs.RoleCaption, "credit:", 200, false},
	{briefs.RoleCaption, "caption:", 500, false},
	{briefs.RoleCaption, "cartoon by", 200, false},
}

// buttons are words of menus and buttons. A line made of nothing else, each
// any number of times, is chrome: "Print Print Cite Cite".
var buttons = []string{
	"home", "about", "about us", "contact", "contact us", "search", "menu", "close", "open", "log in", "login", "log out",
	"sign in", "sign up", "register", "subscribe", "my account", "account", "share", "print", "cite", "email", "e-mail", "mail", "tweet",
	"facebook", "twitter", "x", "linkedin", "whatsapp", "reddit", "telegram", "instagram", "youtube", "pinterest", "bluesky", "mastodon",
	"rss", "pocket", "flipboard", "messenger", "sms", "copy link", "copy", "link", "save", "bookmark", "like", "comment", "comments", "no comments",
	"reply", "report", "more", "read more", "next", "previous", "prev", "older", "newer", "older posts", "newer posts", "back", "top", "back to top",
	"privacy", "privacy policy", "terms", "terms of use", "terms of service", "terms and conditions", "cookie policy", "cookies", "accept",
	"accept all", "decline", "manage preferences", "legal", "imprint", "accessibility", "sitemap", "site map", "careers", "jobs", "press", "help",
	"faq", "support", "donate", "newsletter", "newsletters", "events", "podcasts", "podcast", "videos", "video", "audio", "listen", "watch", "play", "pause",
	"download", "download pdf", "pdf", "permalink", "advertisement", "advertise", "sponsored", "font size", "a a a", "a", "mla", "apa", "chicago", "harvard",
	"bibtex", "ris", "style", "skip to content", "skip to main content", "name", "website", "submit", "cancel", "required", "and", "of",
}

// menuWords are as good as buttons in a line of three and more; alone they
// can be headings.
var menuWords = []string{
	"topics", "regions", "issues", "experts", "publications", "blogs", "blog", "news", "opinion", "politics", "business", "world", "sport", "sports", "culture",
	"research", "analysis", "commentary", "programs", "programmes", "projects", "library", "resources", "archive", "archives", "language", "english",
}

// sections are lines that name a kind of text or a part of a site. Alone on a
// line before the title they are chrome.
var sections = wordSet(`opinion analysis commentary comment editorial op-ed oped essay essays feature features report reports brief briefs
	briefing explainer interview review reviews blog blogs news world politics business economy technology science health culture
	security defense defence foreign affairs policy international national regional local asia europe africa america americas
	middle east perspective perspectives insight insights viewpoint viewpoints article articles publication publications guest post
	column columns columnists ideas debate voices research in-depth long read exclusive top stories latest and the of & | / › »`)

// chromeInside marks a unit of the first or last part of a page as chrome,
// wherever it stands in it.
var chromeInside = []string{
	"necessarily reflect", "necessarily represent", "not necessarily those of", "solely those of the author", "those of the author and not",
	"views are the author's own", "views are the author’s own", "views are her own", "views are his own", "views are their own",
	"all rights reserved", "use of cookies", "cookie policy", "privacy policy", "terms of use", "terms of service", "unsubscribe at any time",
	"sign up for our", "subscribe to our", "takes no institutional positions", "no institutional position", "delivered to your inbox",
	"straight to your inbox", "follow us on", "join the conversation", "republish this",
}

var (
	counts  = regexp.MustCompile(`(?i)^\(?\d[\d.,]*k?\)?\s*(?:comments?|shares?|views?|likes?|replies|responses|reads?|tweets?|min(?:ute)?s?(?: read)?)\b[^a-z]{0,6}(?:read|ago)?\W*$`)
	ago     = regexp.MustCompile(`(?i)^(?:\d+|an?|one|two) (?:second|minute|hour|day|week|month|year)s? ago\W*$`)
	reading = regexp.MustCompile(`(?i)^(?:reading time|read time|estimated reading time|time to read)\b.{0,30}$`)
	starred = regexp.MustCompile(`(?i)^\*\s*(?:required|mandatory|denotes|indicates)\b.{0,60}$`)
	pageNum = regexp.MustCompile(`(?i)^(?:page )?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?$`)
	address = regexp.MustCompile(`(?i)^(?:https?://|www\.)\S+$`)
	handles = regexp.MustCompile(`^(?:(?:Follow|Tweet|Twitter|X)[: ]+)?(?:[@#]\w+[ ,|·]*)+$`)
	// credit is the name and the agency of a picture at the end of its
	// caption: "(Ana Example/Agency)", "[Photo: Ana Example]", "AP Photo".
	credit = regexp.MustCompile(`(?:\((?:[Pp]hotos?(?: by)?:? |[Ii]mage:? |[Pp]icture:? )?\p{Lu}[\pL'’. -]{1,40}(?:/| via | for )\p{Lu}[\pL'’&. /-]{1,40}\)|[(\[](?:Photos?|Image|Picture|Credit|Source|Illustration)(?: by|:| courtesy)[^)\]]{2,80}[)\]]|(?:Getty Images|AP Photo(?:/\p{Lu}[\pL. ]+)?|REUTERS(?:/\p{Lu}[\pL. ]+)?|AFP|EPA|Courtesy \p{Lu}\pL+)\)?)\.?$`)

	startWords  = indexStarts()
	buttonWords = indexButtons()
)

var (
	menuCue    = &cue{role: briefs.RoleChrome}
	captionCue = &cue{role: briefs.RoleCaption}
	endCue     = &cue{role: briefs.RoleChrome, ends: true}
)

// indexStarts groups the cues by the first word of their start.
func indexStarts() map[string][]*cue {
	out := map[string][]*cue{}
	for i := range starts {
		w, _, _ := strings.Cut(starts[i].start, " ")
		out[w] = append(out[w], &starts[i])
	}
	return out
}

// indexButtons maps the phrases of buttons to true, those of menus to false.
func indexButtons() map[string]bool {
	out := map[string]bool{}
	for _, b := range buttons {
		out[b] = true
	}
	for _, w := range menuWords {
		out[w] = false
	}
	return out
}

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// longest is the longest unit, in runes, that a cue can mark.
const longest = 900

// local returns the cue that s, a whole line or paragraph of so many runes,
// shows by itself, nil when it shows none.
func local(s string, runes int) *cue {
	if runes > longest {
		return nil
	}
	t := strings.TrimLeft(s, "*†‡_>»›•|[ \u00a0")
	lower := strings.ToLower(t[:min(len(t), 160)])
	first := lower
	if i := strings.IndexFunc(lower, unicode.IsSpace); i >= 0 {
		first = lower[:i]
	}
	for _, c := range startWords[first] {
		if runes <= c.most && hasPrefixWords(lower, c.start) {
			if c.role == briefs.RoleChrome && c.most < 300 && isProse(t, c) {
				continue
			}
			return c
		}
	}
	if strings.HasPrefix(first, "©") {
		return menuCue
	}
	if runes <= 120 {
		switch {
		case counts.MatchString(t):
			if strings.Contains(lower, "comment") {
				return endCue
			}
			return menuCue
		case ago.MatchString(t), reading.MatchString(t), starred.MatchString(s), pageNum.MatchString(t), address.MatchString(t), handles.MatchString(t), !hasLetter(t) && !hasDigit(t), allButtons(lower):
			return menuCue
		}
	}
	if runes <= 700 && mayCredit(t) && credit.MatchString(t) && sentencesAbout(t) <= 4 {
		return captionCue
	}
	return nil
}

// mayCredit is a cheap test before credit.
func mayCredit(s string) bool {
	end := s[max(0, len(s)-90):]
	return strings.ContainsAny(end, "([/") || strings.HasSuffix(strings.TrimRight(end, "."), "Images") ||
		strings.Contains(end, "Courtesy") || strings.Contains(end, "AFP") || strings.Contains(end, "EPA") || strings.Contains(end, "REUTERS") || strings.Contains(end, "AP Photo")
}

// isProse guards against sentences that begin like a button: "Donate and the
// town wins.", "Back to the river they went." A cue of few words does not
// hold for a line of many that ends as a sentence, unless it addresses the
// reader.
func isProse(s string, c *cue) bool {
	if !endsSentence(s) || strings.HasSuffix(c.start, ":") {
		return false
	}
	words := strings.Fields(strings.ToLower(s))
	if len(words) < 8 {
		return false
	}
	for _, w := range words {
		switch strings.Trim(w, ".,!?:;") {
		case "newsletter", "newsletters", "inbox", "email", "e-mail", "your", "our", "comment", "comments", "facebook", "twitter", "@":
			return false
		}
	}
	return true
}

// hasPrefixWords reports whether s begins with prefix and a word ends there.
func hasPrefixWords(s, prefix string) bool {
	if !strings.HasPrefix(s, prefix) {
		return false
	}
	if last := prefix[len(prefix)-1]; !isWordByte(last) || last >= '0' && last <= '9' {
		return true
	}
	return len(s) == len(prefix) || !isWordByte(s[len(prefix)])
}

// allButtons reports whether the words of s, in lower case, are all words of
// buttons; one word of many meanings is not enough.
func allButtons(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:|·•/()[]<>›»→←*+", r)
	})
	if len(words) == 0 || len(words) > 30 {
		return false
	}
	phrases, sure := 0, false
	for i := 0; i < len(words); phrases++ {
		n := 0
		for k := min(5, len(words)-i); k > 0 && n == 0; k-- {
			if button, ok := buttonWords[strings.Join(words[i:i+k], " ")]; ok {
				n, sure = k, sure || button
			}
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return sure || phrases >= 3
}

func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }
func hasDigit(s string) bool  { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }

// sentencesAbout estimates the number of sentences of s.
func sentencesAbout(s string) int {
	n := 0
	for i := 0; i+2 < len(s); i++ {
		if (s[i] == '.' || s[i] == '!' || s[i] == '?') && s[i+1] == ' ' && s[i+2] >= 'A' && s[i+2] <= 'Z' && i > 2 && s[i-2] != '.' && s[i-2] != ' ' {
			n++
		}
	}
	return n + 1
}
