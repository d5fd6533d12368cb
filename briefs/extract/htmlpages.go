package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// NextPage is the address of the page on which the article of a web page goes
// on; empty when it does not. Only an address that is that of the page with
// the next number counts: rel=next leads to the next article as often. Lists
// of articles have no next page in this sense.
func NextPage(in Input) string {
	own := webURL(in.URL)
	if own == nil || FormatOf(in) != FormatHTML {
		return ""
	}
	declared := in.charset()
	if declared == "" || isUTF8(declared) {
		declared = declaredCharset(in.Data)
	}
	text, ok := decode(in.Data, declared)
	if !ok {
		return ""
	}
	l := readLinks(text, own)
	if !l.article {
		return ""
	}
	for _, at := range asPages(own) {
		if at.n > 1 && !l.numbered(at) {
			continue
		}
		for _, a := range l.all {
			if !a.next && a.text != strconv.Itoa(at.n+1) && !nextText.MatchString(a.text) {
				continue
			}
			for _, to := range asPages(a.to) {
				if to.stem == at.stem && to.n == at.n+1 && to.n <= mostPages {
					return a.to.String()
				}
			}
		}
	}
	return ""
}

// mostPages is the highest page number that is followed.
const mostPages = 60

// nextText is what a link to the next page says.
var nextText = regexp.MustCompile(`(?i)^(?:next(?: page)?|page \d{1,2}|continued?(?: (?:reading|on page \d{1,2}|to page \d{1,2}))?|older|weiter|nächste(?: seite)?|(?:page )?suivante?|siguiente|seguinte|successiva|volgende|[›»→>]+)\s*[›»→>]*$`)

// pageAt is an address read as page n of the article at stem.
type pageAt struct {
	stem string
	n    int
}

var (
	pageInQuery = regexp.MustCompile(`(?i)^(?:page|p|pg|pagenum|pageno|page_?number|seite)$`)
	// pageInPath are the ways in which the number of a page ends a path.
	pageInPath = regexp.MustCompile(`(?i)^(.+?)(?:/(?:page|p|pg|seite)[/_-]?|[-_,](?:page|p|pg|seite)[-_]?|/)(\d{1,2})(\.\w{2,5})?/?$`)
	pageInName = regexp.MustCompile(`^(.+?)[-_,](\d{1,2})(\.\w{2,5})$`)
)

// asPages reads an address in every way that it can be a page of an article.
func asPages(u *url.URL) []pageAt {
	host := strings.ToLower(strings.TrimPrefix(u.Host, "www."))
	query, n := u.Query(), 0
	for _, k := range sortedKeys(query) {
		if v, err := strconv.Atoi(query.Get(k)); err == nil && pageInQuery.MatchString(k) && v > 0 && n == 0 {
			n = v
			query.Del(k)
		}
	}
	rest := "?" + query.Encode()
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if n > 0 {
		return []pageAt{{host + path + rest, n}}
	}
	out := []pageAt{{host + path + rest, 1}}
	for _, re := range []*regexp.Regexp{pageInPath, pageInName} {
		if m := re.FindStringSubmatch(path); m != nil {
			if v, _ := strconv.Atoi(m[2]); v > 1 {
				out = append(out, pageAt{host + m[1] + m[3] + rest, v})
			}
		}
	}
	return out
}

func sortedKeys(v url.Values) []string {
	out := make([]string, 0, len(v))
	for k := range v {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// links are those of a page that may lead to its next part.
type links struct {
	all     []link
	article bool // the page says that it is an article
}

type link struct {
	to   *url.URL
	text string
	next bool // rel=next
}

// numbered reports whether the page has the row of numbers by which pages of
// one article are told from articles with numbers.
func (l *links) numbered(at pageAt) bool {
	for _, a := range l.all {
		if a.text != strconv.Itoa(at.n-1) && a.text != "1" {
			continue
		}
		for _, p := range asPages(a.to) {
			if p.stem == at.stem && (p.n == at.n-1 || p.n == 1) {
				return true
			}
		}
	}
	return false
}

// mostLinks bounds how many links of a page are looked at.
const mostLinks = 5000

// pageOf is what a page of an article says of itself: "Page 1 of 5".
var pageOf = regexp.MustCompile(`(?i)\b(?:page|seite|página|pagina) \d{1,2} (?:of|von|sur|de|di|van) \d{1,2}\b`)

func readLinks(text string, own *url.URL) *links {
	l := &links{article: pageOf.MatchString(text)}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(1 << 20)
	base := own
	articles, hidden := 0, ""
	var open *link
	var words strings.Builder
	closeLink := func() {
		if open != nil {
			open.text = oneLine(words.String())
			l.all = append(l.all, *open)
		}
		open = nil
		words.Reset()
	}
	for len(l.all) < mostLinks {
		switch z.Next() {
		case html.ErrorToken:
			closeLink()
			l.article = l.article || articles == 1
			return l
		case html.TextToken:
			if open != nil && words.Len() < 200 {
				words.Write(z.Text())
			} else if hidden == "ld" && strings.Contains(string(z.Text()), `Article"`) {
				l.article = true
			}
		case html.EndTagToken:
			hidden = ""
			if name, _ := z.TagName(); string(name) == "a" {
				closeLink()
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			a := map[string]string{}
			for _, x := range t.Attr {
				a[x.Key] = strings.TrimSpace(x.Val)
			}
			switch t.Data {
			case "base":
				if b := absolute(own, a["href"]); b != "" {
					base, _ = url.Parse(b)
				}
			case "meta":
				key := strings.ToLower(a["property"] + a["name"])
				l.article = l.article || key == "og:type" && strings.EqualFold(a["content"], "article") || key == "article:published_time" || key == "citation_title"
			case "article":
				articles++
			case "script":
				if strings.EqualFold(a["type"], "application/ld+json") {
					hidden = "ld"
				}
			case "a", "link":
				closeLink()
				to, err := url.Parse(absolute(base, a["href"]))
				if err != nil || to.Host == "" {
					continue
				}
				to.Fragment = ""
				open = &link{to: to, next: slices.Contains(strings.Fields(strings.ToLower(a["rel"])), "next")}
				if t.Data == "link" || t.Type == html.SelfClosingTagToken {
					closeLink()
				}
			}
		}
	}
	l.article = l.article || articles == 1
	return l
}
