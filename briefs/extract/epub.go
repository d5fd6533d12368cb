package extract

import (
	"encoding/xml"
	"errors"
	"net/url"
	"path"
	"regexp"
	"strings"

	"briefdesk/briefs"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// epubNames are the namespaces of the parts of a book that are not its text.
var epubNames = map[string]string{
	"http://www.idpf.org/2007/opf":                    "opf",
	"http://purl.org/dc/elements/1.1/":                "dc",
	"urn:oasis:names:tc:opendocument:xmlns:container": "ocf",
	"http://www.w3.org/2001/04/xmlenc#":               "enc",
}

var errDRM = errors.New("is locked by the shop that sold it (DRM): get it without, or as PDF")

// maxChapters is how many parts of a book are read.
const maxChapters = 5000

// epub reads one book.
type epub struct {
	a     *archive
	base  string // the folder of the package document
	items map[string]epubItem
	spine []string        // ids of items, in order
	frame map[string]bool // paths of cover, contents and the like
	w     walker
	role  []briefs.Role // of each block, where the chapter says more than the walker
	props properties
	roles map[string]string // id of a creator → role
}

type epubItem struct{ path, kind, properties string }

// readEPUB reads a book: its chapters in the order of its spine, cover and
// contents as chrome.
func readEPUB(in Input) (briefs.Document, error) {
	d, err := in.epub()
	if err != nil {
		return briefs.Document{}, in.fault(err)
	}
	return d, nil
}

func (in Input) epub() (briefs.Document, error) {
	a, err := openArchive(in.Data)
	if err != nil {
		return briefs.Document{}, err
	}
	e := &epub{a: a, items: map[string]epubItem{}, frame: map[string]bool{}, roles: map[string]string{}}
	if err := e.open(); err != nil {
		return briefs.Document{}, err
	}
	locked, err := e.locked()
	if err != nil {
		return briefs.Document{}, err
	}
	read := 0
	for i, id := range e.spine {
		it, ok := e.items[id]
		if !ok || i >= maxChapters || it.kind != "" && !strings.Contains(it.kind, "html") && !strings.Contains(it.kind, "oeb1-document") {
			continue
		}
		if locked[it.path] {
			return briefs.Document{}, errDRM
		}
		data, err := a.part(it.path)
		if errors.Is(err, errNoPart) { // listed, but not there
			continue
		}
		if err != nil {
			return briefs.Document{}, err
		}
		e.chapter(data, e.frame[it.path] || strings.Contains(" "+it.properties+" ", " nav "))
		if read++; e.w.b.text.Len() > maxOfficeText {
			return briefs.Document{}, errTooLong
		}
	}
	if read == 0 {
		return briefs.Document{}, errNoPart
	}
	return e.document(in.base()), nil
}

// open reads the package document.
func (e *epub) open() error {
	container, err := e.a.part("META-INF/container.xml")
	if err != nil {
		return err
	}
	opf := ""
	x := newXML(container, epubNames)
	x.children(func(node) {
		x.children(func(node) {
			x.children(func(n node) {
				if opf == "" {
					opf = n.attr("full-path")
				}
			}, nil)
		}, nil)
	}, nil)
	if opf == "" {
		return errDamaged
	}
	data, err := e.a.part(opf)
	if err != nil {
		return err
	}
	e.base = path.Dir(partName(opf))
	x = newXML(data, epubNames)
	x.d.Entity = xml.HTMLEntity // names of letters that HTML knows
	var m epubMeta
	x.children(func(node) {
		x.children(func(n node) {
			switch n.name {
			case "opf:metadata":
				m.read(x)
			case "opf:manifest":
				x.children(func(n node) {
					e.items[n.attr("id")] = epubItem{path: e.path(n.attr("href")), kind: n.attr("media-type"), properties: n.attr("properties")}
				}, nil)
			case "opf:spine":
				x.children(func(n node) {
					if n.name == "opf:itemref" {
						e.spine = append(e.spine, n.attr("idref"))
					}
				}, nil)
			case "opf:guide":
				x.children(func(n node) {
					if frameParts[strings.ToLower(n.attr("type"))] {
						e.frame[e.path(n.attr("href"))] = true
					}
				}, nil)
			}
		}, nil)
	}, nil)
	if err := x.fault(); err != nil {
		return err
	}
	e.props = m.properties()
	return nil
}

// frameParts are the kinds of part that frame a book.
var frameParts = wordSet(`cover toc title-page titlepage halftitlepage copyright-page copyright index loi lot landmarks imprint page-list`)

// path is the part that a reference of the package document means.
func (e *epub) path(href string) string {
	href, _, _ = strings.Cut(href, "#")
	if s, err := url.PathUnescape(href); err == nil {
		href = s
	}
	return partName(e.base + "/" + href)
}

// locked are the parts that are encrypted, other than fonts.
func (e *epub) locked() (map[string]bool, error) {
	data, err := e.a.optional("META-INF/encryption.xml")
	if err != nil || data == nil {
		return nil, err
	}
	out := map[string]bool{}
	x := newXML(data, epubNames)
	x.children(func(node) {
		x.children(func(node) { // one encrypted part
			method, target := "", ""
			var inside func(node)
			inside = func(n node) {
				switch n.name {
				case "enc:EncryptionMethod":
					if method == "" {
						method = n.attr("Algorithm")
					}
				case "enc:CipherReference":
					target = n.attr("URI")
				}
				x.children(inside, nil)
			}
			x.children(inside, nil)
			if s, err := url.PathUnescape(target); err == nil {
				target = s
			}
			if method != "http://www.idpf.org/2008/embedding" && method != "http://ns.adobe.com/pdf/enc#RC" {
				out[partName(target)] = true
			}
		}, nil)
	}, nil)
	return out, nil
}

// emptyElement is an element that closes itself, which XHTML allows of all
// and HTML of a few.
var emptyElement = regexp.MustCompile(`<([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/>`)

var voidElements = wordSet(`area base br col embed hr img input link meta source track wbr`)

// chapter reads one part of the text.
func (e *epub) chapter(data []byte, frame bool) {
	text, ok := decode(data, declaredCharset(data))
	if !ok {
		return
	}
	text = emptyElement.ReplaceAllStringFunc(text, func(s string) string {
		m := emptyElement.FindStringSubmatch(s)
		if voidElements[strings.ToLower(m[1])] {
			return s
		}
		return "<" + m[1] + m[2] + "></" + m[1] + ">"
	})
	from := len(e.w.b.blocks)
	root, err := html.Parse(strings.NewReader(text))
	if err != nil { // nested too deeply for a tree
		d := flatHTML("", text)
		for _, b := range d.Blocks {
			e.w.b.add(briefs.RoleParagraph, 0, "", d.Text[b.Body:b.End])
		}
	} else {
		frame = prepareChapter(root, 0) || frame
		e.w.z = zone{}
		e.w.walk(root, 0)
	}
	for range len(e.w.b.blocks) - from {
		role := briefs.Role("")
		if frame {
			role = briefs.RoleChrome
		}
		e.role = append(e.role, role)
	}
}

// prepareChapter names the elements of a book as those of a web page that
// mean the same, and reports whether the whole is one of the frame.
func prepareChapter(n *html.Node, depth int) (frame bool) {
	if depth > maxDepth {
		return false
	}
	if n.Type == html.ElementNode {
		note := false
		for _, kind := range strings.Fields(strings.ToLower(attr(n, "epub:type") + " " + attr(n, "role"))) {
			switch kind {
			case "footnote", "endnote", "rearnote", "footnotes", "endnotes", "rearnotes":
				note = true
			case "pagebreak", "backlink", "doc-backlink":
				n.Attr = append(n.Attr, html.Attribute{Key: "hidden"})
			case "noteref":
				raise(n)
			}
			if frameParts[kind] && (n.DataAtom == atom.Body || n.DataAtom == atom.Section && depth < 5) {
				frame = true
			}
		}
		switch n.DataAtom {
		case atom.Aside, atom.Header, atom.Footer:
			n.Data, n.DataAtom = "div", atom.Div
		case atom.Nav:
			frame = true
		}
		if note && (n.DataAtom == atom.Div || n.DataAtom == atom.Section || n.DataAtom == atom.Ol || n.DataAtom == atom.Li || n.DataAtom == atom.P) {
			n.Attr = append([]html.Attribute{{Key: "class", Val: "footnotes"}}, n.Attr...)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		frame = prepareChapter(c, depth+1) || frame
	}
	return frame
}

// raise makes a link to a note raised text, which is how web pages write it.
func raise(n *html.Node) {
	if n.DataAtom != atom.A || n.Parent != nil && n.Parent.DataAtom == atom.Sup {
		return
	}
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Sup {
			return
		}
	}
	link := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: n.Attr}
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		link.AppendChild(c)
	}
	n.Data, n.DataAtom, n.Attr = "sup", atom.Sup, nil
	n.AppendChild(link)
}

// document settles the roles of what was read.
func (e *epub) document(base string) briefs.Document {
	p := &page{name: base, units: e.w.b.units(), meta: meta{
		title: e.props.title, authors: e.props.authors, publisher: e.props.publisher, url: e.props.url, published: e.props.created,
	}}
	p.tail = len(p.units)
	for i := range p.units {
		if e.role[i] != "" {
			p.units[i].Role, p.units[i].Level = e.role[i], 0
		}
	}
	for i := range p.units { // the title of the book, where it stands
		u := &p.units[i]
		if i < 60 && p.meta.title != "" && (u.Role == briefs.RoleHeading || u.Role == briefs.RoleChrome) && sameWords(u.text, p.meta.title) {
			u.Role, u.Level = briefs.RoleTitle, 0
			break
		}
	}
	p.points(func(i int) bool { return p.units[i].Role != briefs.RoleChrome })
	p.footnotes()
	if p.meta.title == "" {
		p.meta.title = titleFromName(base)
	}
	return p.document(e.w.b.text.String())
}
