package extract

import (
	"bytes"
	"strings"

	"briefdesk/briefs"
)

// odfNames are the namespaces of OpenDocument files.
var odfNames = map[string]string{
	"urn:oasis:names:tc:opendocument:xmlns:office:1.0":            "office",
	"urn:oasis:names:tc:opendocument:xmlns:text:1.0":              "text",
	"urn:oasis:names:tc:opendocument:xmlns:table:1.0":             "table",
	"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0":           "draw",
	"urn:oasis:names:tc:opendocument:xmlns:style:1.0":             "style",
	"urn:oasis:names:tc:opendocument:xmlns:meta:1.0":              "meta",
	"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
	"http://purl.org/dc/elements/1.1/":                            "dc",
}

// odt reads one OpenDocument text.
type odt struct {
	officeText
	a      *archive
	styles map[string]odtStyle // of paragraphs
	lists  map[string]*[maxLevel + 2]odtLevel
	counts map[string]int // items so far of the lists that may go on, by style
	marks  int            // notes so far
	endSeq int
	inNote bool
}

type odtStyle struct {
	name, base string
	bold       bool
}

type odtLevel struct {
	format, prefix, suffix string
	start, shown           int
	bullet                 bool
}

// readODT reads an OpenDocument text: changes accepted, comments left out.
func readODT(in Input) (briefs.Document, error) {
	d, err := in.odt()
	if err != nil {
		return briefs.Document{}, in.fault(err)
	}
	return d, nil
}

func (in Input) odt() (briefs.Document, error) {
	a, err := openArchive(in.Data)
	if err != nil {
		return briefs.Document{}, err
	}
	if manifest, err := a.optional("META-INF/manifest.xml"); err != nil {
		return briefs.Document{}, err
	} else if bytes.Contains(manifest, []byte("encryption-data")) {
		return briefs.Document{}, errProtected
	}
	content, err := a.part("content.xml")
	if err != nil {
		return briefs.Document{}, err
	}
	r := &odt{a: a, styles: map[string]odtStyle{}, lists: map[string]*[maxLevel + 2]odtLevel{}, counts: map[string]int{}}
	for _, name := range []string{"styles.xml", "meta.xml"} {
		data, err := a.optional(name)
		if err != nil {
			return briefs.Document{}, err
		}
		r.part(newXML(data, odfNames))
	}
	x := newXML(content, odfNames)
	r.part(x)
	if err := x.fault(); err != nil {
		return briefs.Document{}, err
	}
	return r.document(in.base()), nil
}

// part reads one part of the file: styles, properties and text may stand in
// any of them.
func (r *odt) part(x *xmlStream) {
	x.children(func(node) {
		x.children(func(n node) {
			switch n.name {
			case "office:styles", "office:automatic-styles":
				x.children(func(n node) { r.style(x, n) }, nil)
			case "office:meta":
				r.properties(x)
			case "office:body":
				x.children(func(n node) {
					if n.name == "office:text" {
						r.blocks(x, r.add, "")
					}
				}, nil)
			}
		}, nil)
	}, nil)
}

func (r *odt) style(x *xmlStream, n node) {
	switch {
	case n.name == "style:style" && n.attr("style:family") == "paragraph":
		name := first(n.attr("style:display-name"), n.attr("style:name"))
		s := odtStyle{name: strings.ToLower(name), base: n.attr("style:parent-style-name")}
		id := n.attr("style:name")
		x.children(func(n node) {
			if n.name == "style:text-properties" && n.attr("fo:font-weight") == "bold" {
				s.bold = true
			}
		}, nil)
		r.styles[id] = s
	case n.name == "style:style" && n.attr("style:family") == "text":
		id := n.attr("style:name")
		x.children(func(n node) {
			if n.name == "style:text-properties" && n.attr("fo:font-weight") == "bold" {
				r.styles["span "+id] = odtStyle{bold: true}
			}
		}, nil)
	case n.name == "text:list-style":
		levels := &[maxLevel + 2]odtLevel{}
		r.lists[n.attr("style:name")] = levels
		x.children(func(n node) {
			levels[n.number("text:level", 1, maxLevel+1)] = odtLevel{
				format: n.attr("style:num-format"), prefix: n.attr("style:num-prefix"), suffix: n.attr("style:num-suffix"),
				start: n.number("text:start-value", 1, 1<<20), shown: n.number("text:display-levels", 1, maxLevel+1),
				bullet: n.name != "text:list-level-style-number",
			}
		}, nil)
	}
}

func (r *odt) properties(x *xmlStream) {
	said := map[string]string{}
	x.children(func(n node) {
		if s := x.words(); said[n.name] == "" {
			said[n.name] = s
		}
	}, nil)
	r.props.setTitle(said["dc:title"])
	r.props.addAuthors(said["meta:initial-creator"])
	if len(r.props.authors) == 0 {
		r.props.addAuthors(said["dc:creator"])
	}
	r.props.publisher = publisherName(said["dc:publisher"])
	r.props.setDates(said["meta:creation-date"], said["dc:date"])
}

// blocks reads paragraphs, lists, tables and what holds them. force is the
// role of everything inside, empty for that of the styles.
func (r *odt) blocks(x *xmlStream, out sink, force briefs.Role) {
	x.children(func(n node) { r.block(x, n, out, force) }, nil)
}

func (r *odt) block(x *xmlStream, n node, out sink, force briefs.Role) {
	switch n.name {
	case "text:h", "text:p":
		r.paragraph(x, n, out, force)
	case "text:list":
		r.list(x, n, out, &odtList{force: force})
	case "text:numbered-paragraph":
		r.blocks(x, func(p para) {
			if p.role == "" {
				p.role, p.level, p.marker = briefs.RoleItem, n.number("text:level", 1, maxLevel+1), bulletMarker
			}
			out(p)
		}, force)
	case "table:table":
		var rows [][][]para
		r.rows(x, &rows)
		table(rows, out)
	case "text:section":
		if n.attr("text:display") != "none" {
			r.blocks(x, out, force)
		}
	case "text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index", "text:user-index", "text:alphabetical-index":
		r.blocks(x, out, briefs.RoleChrome)
	case "text:index-body", "text:index-title", "text:bibliography":
		r.blocks(x, out, force)
	case "draw:frame", "draw:a", "draw:g", "draw:custom-shape", "draw:rect", "draw:ellipse":
		r.frame(x, out)
	}
}

// paragraph reads a paragraph or a heading.
func (r *odt) paragraph(x *xmlStream, n node, out sink, force briefs.Role) {
	p := para{role: force}
	style := n.attr("text:style-name")
	role, level, bold := r.role(style)
	if force == "" {
		p.role, p.level = role, level
		if n.name == "text:h" && role != briefs.RoleTitle {
			p.role, p.level = briefs.RoleHeading, min(n.number("text:outline-level", 1, 10), 6)
		}
	}
	t := &odtText{bold: bold}
	r.inline(x, t)
	p.text = t.text.String()
	p.bold = strings.TrimSpace(p.text) != "" && !t.light
	out(p)
	for _, b := range t.boxes {
		out(b)
	}
}

// role is what the style of a paragraph, or one that it is based on, says.
func (r *odt) role(style string) (role briefs.Role, level int, bold bool) {
	for range maxBases {
		s, ok := r.styles[style]
		if !ok {
			role, level = styleRole(strings.ToLower(style))
			break
		}
		bold = bold || s.bold
		if role, level = styleRole(s.name); role != "" {
			break
		}
		style = s.base
	}
	return role, level, bold
}

// odtText is the text of a paragraph as it is read.
type odtText struct {
	text  strings.Builder
	bold  bool // of the span that is open
	light bool // some of it is not bold
	boxes []para
}

func (r *odt) inline(x *xmlStream, t *odtText) {
	write := func(s string) {
		r.grow(x, len(s))
		t.text.WriteString(s)
		if !t.bold && strings.TrimSpace(s) != "" {
			t.light = true
		}
	}
	x.children(func(n node) {
		switch n.name {
		case "text:s":
			write(" ")
		case "text:tab":
			write(" ")
		case "text:line-break":
			write("\x00")
		case "text:soft-page-break":
		case "text:note":
			write(r.footnote(x, n))
		case "text:span":
			was := t.bold
			t.bold = t.bold || r.styles["span "+n.attr("text:style-name")].bold
			r.inline(x, t)
			t.bold = was
		case "text:ruby":
			x.children(func(n node) {
				if n.name == "text:ruby-base" {
					r.inline(x, t)
				}
			}, nil)
		case "draw:frame", "draw:a", "draw:g", "draw:custom-shape", "draw:rect", "draw:ellipse":
			write(r.frame(x, func(p para) { t.boxes = append(t.boxes, p) }))
		case "office:annotation", "office:annotation-end", "text:placeholder", "text:hidden-text", "text:bibliography-configuration", "text:script",
			"text:tracked-changes", "text:hidden-paragraph", "text:toc-mark", "text:alphabetical-index-mark", "text:user-index-mark":
		default:
			if strings.HasPrefix(n.name, "text:") { // links, fields with their results, marks
				r.inline(x, t)
			}
		}
	}, write)
}

// footnote reads a note and returns its sign.
func (r *odt) footnote(x *xmlStream, n node) string {
	if r.inNote {
		return ""
	}
	r.inNote = true
	var body []para
	x.children(func(n node) {
		if n.name == "text:note-body" {
			r.blocks(x, func(p para) { body = append(body, p) }, "")
		}
	}, nil)
	r.inNote = false
	if len(body) == 0 {
		return ""
	}
	if n.attr("text:note-class") == "endnote" {
		r.endSeq++
		return r.note(numeral("lowerRoman", r.endSeq), body)
	}
	r.marks++
	return r.note(numeral("decimal", r.marks), body)
}

// frame reads the text boxes of a drawing, and returns a formula in it.
func (r *odt) frame(x *xmlStream, out sink) (formula string) {
	x.children(func(n node) {
		switch n.name {
		case "draw:text-box":
			r.blocks(x, out, "")
		case "draw:object":
			if formula == "" {
				formula = r.formula(n.attr("href"))
			}
		case "text:p", "text:h", "text:list", "table:table":
			r.block(x, n, out, "")
		case "draw:frame", "draw:a", "draw:g", "draw:custom-shape", "draw:rect", "draw:ellipse":
			formula += r.frame(x, out)
		}
	}, nil)
	return formula
}

// maxFormula is the longest formula that is written into a line, in bytes.
const maxFormula = 1000

// formula reads the object of a formula, empty for other objects.
func (r *odt) formula(href string) string {
	if href == "" || strings.Contains(href, ":") {
		return ""
	}
	data, err := r.a.optional(href + "/content.xml")
	if err != nil || data == nil {
		return ""
	}
	x := newXML(data, odfNames)
	var b strings.Builder
	math := false
	var inside func(node)
	inside = func(n node) {
		switch {
		case n.name == "math":
			math = true
		case n.name == "annotation" || !math:
			return
		}
		x.children(inside, func(s string) { b.WriteString(strings.TrimSpace(s)) })
	}
	x.children(inside, nil)
	if b.Len() > maxFormula {
		return ""
	}
	return b.String()
}
