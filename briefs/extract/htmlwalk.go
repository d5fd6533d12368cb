package extract

import (
	"regexp"
	"strconv"
	"strings"

	"briefdesk/briefs"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// zone is where in a page a piece of text stands.
type zone struct {
	frame   *frame
	article bool // in <article> or <main>
	role    briefs.Role
	depth   int // of lists
	list    *listState
}

// listState numbers the items of one list.
type listState struct {
	ordered bool
	kind    string
	next    int
}

// walker turns the tree of a page into blocks.
type walker struct {
	b      builder
	buf    strings.Builder
	z      zone
	level  int    // of the heading that is open
	marker string // of the item that waits for its first text
	pre    bool
	link   int          // how many links are open
	aside  []*html.Node // what opens over the block that is being read
	self   []string     // the addresses of the page, as onSite has them

	manners map[string]manner // by class and id

	origins []origin  // of each block
	texts   []textRef // of all text that is read, in order
	open    origin    // of the block that is being read
}

// frame is an element that its name or class declares to be no part of the
// text: a menu, a form, a box.
//
// An <article> is one too where other text is what the page is about.
type frame struct {
	up      *frame // the frame around it
	size    int    // of the text in it that is in the article
	article bool
}

// origin tells where the text of a block comes from.
type origin struct {
	frame    *frame // the part of the page's frame it stands in, as the page declares it; nil outside
	from, to int    // its texts[from:to]
	size     int    // letters and other signs but space, about
	linked   int    // those of them in links
}

// textRef is one text node. Its mark is kept in the node (as a DataAtom, which
// text has no other use for), so that copies of the tree can be traced to it.
type textRef struct {
	mark int
	size int
}

// textMark is added to marks: beyond the atoms of x/net/html.
const textMark = 1 << 31

// text takes a text node into the block that is open.
func (w *walker) text(n *html.Node) {
	size := len(strings.TrimSpace(n.Data))
	if size == 0 {
		return
	}
	mark := len(w.texts) + 1
	n.DataAtom = textMark + atom.Atom(mark)
	w.texts = append(w.texts, textRef{mark, size})
	w.open.size += size
	if w.link > 0 {
		w.open.linked += size
	}
}

// leadsAway reports whether n is a link to another page.
func (w *walker) leadsAway(n *html.Node) bool {
	if n.DataAtom != atom.A {
		return false
	}
	to := strings.TrimSpace(attr(n, "href"))
	if to == "" || to[0] == '#' || strings.HasPrefix(strings.ToLower(to), "mailto:") {
		return false
	}
	to = onSite(to)
	for _, s := range w.self {
		if to == s || len(to) > 1 && strings.HasSuffix(s, to) {
			return false
		}
	}
	return true
}

// textsOf takes all text in n, as gather reads it.
func (w *walker) textsOf(n *html.Node, depth int) {
	if depth > maxDepth {
		return
	}
	switch {
	case n.Type == html.TextNode:
		w.text(n)
	case n.Type == html.ElementNode && (dropped[n.DataAtom] || isHidden(n)):
		return
	}
	if w.leadsAway(n) {
		w.link++
		defer func() { w.link-- }()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.textsOf(c, depth+1)
	}
}

// maxDepth ends the walk in trees deeper than any page that people read; the
// parser itself stops at 512.
const maxDepth = 600

// dropped elements hold no text of the page.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Canvas: true,
	atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Head: true, atom.Select: true, atom.Textarea: true,
	atom.Math: true, atom.Audio: true, atom.Video: true, atom.Datalist: true, atom.Map: true,
}

// block elements end the paragraph before and after them.
var blockElement = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Button: true, atom.Caption: true,
	atom.Center: true, atom.Dd: true, atom.Details: true, atom.Dialog: true, atom.Dir: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true,
	atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true,
	atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hgroup: true, atom.Hr: true, atom.Html: true, atom.Legend: true, atom.Li: true,
	atom.Main: true, atom.Menu: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true, atom.Summary: true, atom.Table: true,
	atom.Tbody: true, atom.Td: true, atom.Tfoot: true, atom.Th: true, atom.Thead: true, atom.Tr: true, atom.Ul: true, atom.Label: true,
}

var hiddenStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden`)

func (w *walker) walk(n *html.Node, depth int) {
	if depth > maxDepth {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.buf.WriteString(strings.ReplaceAll(n.Data, "\x00", ""))
		w.text(n)
		return
	case html.DocumentNode:
		w.children(n, depth)
		w.flush()
		return
	case html.ElementNode:
	default:
		return
	}
	if dropped[n.DataAtom] || isHidden(n) {
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.breakLine(n)
		return
	case atom.Sup:
		w.superscript(n, depth)
		return
	case atom.Img, atom.Input, atom.Hr:
		if n.DataAtom == atom.Hr {
			w.flush()
		}
		return
	}
	if w.leadsAway(n) {
		w.link++
		defer func() { w.link-- }()
	}
	if !blockElement[n.DataAtom] {
		if len(n.Attr) > 0 && w.manner(n).popup {
			w.aside = append(w.aside, n)
			return
		}
		w.children(n, depth)
		return
	}
	w.flush()
	saved, level := w.z, w.level
	w.enter(n)
	if n.DataAtom == atom.Table && dataTable(n) {
		w.table(n, depth)
	} else {
		w.children(n, depth)
	}
	w.flush()
	w.z, w.level = saved, level
	if n.DataAtom == atom.Li {
		w.marker = ""
	}
	if n.DataAtom == atom.Pre {
		w.pre = false
	}
}

func (w *walker) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, depth+1)
	}
}

// enter sets the zone for what is inside n.
func (w *walker) enter(n *html.Node) {
	manner := w.manner(n)
	switch n.DataAtom {
	case atom.Article:
		w.z.article = true
		w.z.frame = &frame{up: w.z.frame, article: true}
	case atom.Main:
		w.z.article = true
	case atom.Nav, atom.Aside, atom.Form, atom.Menu, atom.Dialog, atom.Button, atom.Label, atom.Fieldset:
		w.z.frame = &frame{up: w.z.frame}
	case atom.Header, atom.Footer:
		if !w.z.article {
			w.z.frame = &frame{up: w.z.frame}
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.z.role, w.level = briefs.RoleHeading, int(n.Data[1]-'0')
	case atom.Blockquote:
		w.z.role = briefs.RoleQuotation
	case atom.Figcaption, atom.Caption:
		w.z.role = briefs.RoleCaption
	case atom.Ul, atom.Dir, atom.Ol:
		w.z.list = &listState{ordered: n.DataAtom == atom.Ol, kind: attr(n, "type"), next: 1}
		if v, err := strconv.Atoi(attr(n, "start")); err == nil && v > 0 {
			w.z.list.next = v
		}
		w.z.depth++
	case atom.Li:
		if w.z.list == nil {
			w.z.list = &listState{}
			w.z.depth++
		}
		if w.z.role != briefs.RoleFootnote {
			w.z.role = briefs.RoleItem
		}
		w.marker = w.z.list.marker(n)
	case atom.Pre:
		w.pre = true
	}
	switch attr(n, "role") {
	case "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu":
		w.z.frame = &frame{up: w.z.frame}
	case "main", "article":
		w.z.article = true
	case "doc-endnotes":
		w.z.role = briefs.RoleFootnote
	}
	switch {
	case manner.footnote:
		w.z.role = briefs.RoleFootnote
	case manner.frame && n.DataAtom != atom.Body && n.DataAtom != atom.Html && n.DataAtom != atom.Main && n.DataAtom != atom.Article:
		w.z.frame = &frame{up: w.z.frame}
	case manner.caption && w.z.role == "" && n.DataAtom != atom.Figure && len(textOf(n, longCaption)) <= longCaption:
		w.z.role = briefs.RoleCaption
	}
}

// longCaption is how many bytes an element that is called a caption may hold.
const longCaption = 1000

// manner is that of the class and id of n; pages use few of them.
func (w *walker) manner(n *html.Node) manner {
	class := attr(n, "class") + " " + attr(n, "id")
	if class == " " {
		return manner{}
	}
	m, ok := w.manners[class]
	if !ok {
		m = mannerOf(class)
		if w.manners == nil {
			w.manners = map[string]manner{}
		}
		w.manners[class] = m
	}
	return m
}

// marker is what an item shows before its text.
func (l *listState) marker(n *html.Node) string {
	if !l.ordered {
		return "• "
	}
	if v, err := strconv.Atoi(attr(n, "value")); err == nil && v > 0 {
		l.next = v
	}
	v := l.next
	l.next++
	if (l.kind == "a" || l.kind == "A") && v <= 26 {
		return string(rune(l.kind[0])+rune(v-1)) + ". "
	}
	return strconv.Itoa(v) + ". "
}

// breakLine ends a line; two in a row end the paragraph.
func (w *walker) breakLine(n *html.Node) {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if p.Type == html.TextNode && strings.TrimSpace(p.Data) == "" {
			continue
		}
		if p.Type == html.ElementNode && p.DataAtom == atom.Br {
			w.flush()
			return
		}
		break
	}
	w.buf.WriteByte(0)
}

// flush writes the paragraph that is open, and what opens over it.
func (w *walker) flush() {
	w.paragraph()
	if len(w.aside) > 0 {
		w.asides()
	}
}

func (w *walker) paragraph() {
	raw := w.buf.String()
	w.buf.Reset()
	defer w.fresh()
	if strings.TrimSpace(raw) == "" {
		return
	}
	content := inline(raw)
	if w.pre {
		content = strings.ReplaceAll(strings.Trim(raw, "\n"), "\x00", "\n")
	}
	if strings.IndexFunc(content, notSpace) < 0 {
		return
	}
	role, level, marker := w.z.role, 0, ""
	switch role {
	case "":
		role = briefs.RoleParagraph
	case briefs.RoleHeading:
		level = max(w.level, 1)
	case briefs.RoleItem:
		if w.marker == "" { // a further paragraph of the item
			role = briefs.RoleParagraph
			break
		}
		level, marker, w.marker = max(w.z.depth, 1), w.marker, ""
	case briefs.RoleFootnote:
		marker, w.marker = strings.TrimPrefix(w.marker, "• "), ""
	}
	w.write(role, level, marker, content)
}

// asides writes what opens over the block before, as part of the frame.
func (w *walker) asides() {
	aside := w.aside
	w.aside = nil
	saved := w.z
	w.z.frame = &frame{up: w.z.frame}
	for _, n := range aside {
		w.textsOf(n, 0)
		w.write(briefs.RoleParagraph, 0, "", strings.ReplaceAll(inline(visible(n)), "\n", " "))
	}
	w.z = saved
}

func (w *walker) write(role briefs.Role, level int, marker, content string) {
	if w.b.add(role, level, marker, content) >= 0 {
		w.open.frame, w.open.to = w.z.frame, len(w.texts)
		w.origins = append(w.origins, w.open)
	}
	w.fresh()
}

// fresh begins the origin of the next block.
func (w *walker) fresh() { w.open = origin{from: len(w.texts), to: len(w.texts)} }
