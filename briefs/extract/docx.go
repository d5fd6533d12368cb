package extract

import (
	"path"
	"strings"

	"briefdesk/briefs"
)

// wordNames are the namespaces of Word's documents, as it has written them
// and as the stricter standard has.
var wordNames = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":              "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                          "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":                "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                            "m",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":               "mc",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":       "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                   "r",
	"http://purl.org/dc/elements/1.1/":                                          "dc",
	"http://purl.org/dc/terms/":                                                 "dcterms",
	"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "app",
	"http://schemas.openxmlformats.org/package/2006/relationships":              "rel",
}

// docx reads one Word document.
type docx struct {
	officeText
	a      *archive
	main   string // the part with the text
	styles map[string]docxStyle
	lists  docxLists
	fields []bool // of the fields that are open: whether their result has begun
	notes  map[string][]para
	seen   map[string]string // notes that were referred to → their sign
	counts [2]int            // footnotes, endnotes referred to
	carry  string            // text of a paragraph whose end was deleted
	inNote bool
}

// readDOCX reads a Word document: changes accepted, comments left out.
func readDOCX(in Input) (briefs.Document, error) {
	d, err := in.docx()
	if err != nil {
		return briefs.Document{}, in.fault(err)
	}
	return d, nil
}

func (in Input) docx() (briefs.Document, error) {
	a, err := openArchive(in.Data)
	if err != nil {
		return briefs.Document{}, err
	}
	r := &docx{a: a, main: "word/document.xml", notes: map[string][]para{}, seen: map[string]string{}}
	for _, target := range r.related("_rels/.rels", "officeDocument") {
		r.main = target
	}
	text, err := a.part(r.main)
	if err != nil {
		return briefs.Document{}, err
	}
	if err := r.prepare(); err != nil {
		return briefs.Document{}, err
	}
	x := newXML(text, wordNames)
	x.children(func(node) { // w:document
		x.children(func(n node) {
			if n.name == "w:body" {
				r.blocks(x, r.add)
			}
		}, nil)
	}, nil)
	if r.carry != "" {
		r.add(para{text: r.carry})
	}
	if err := x.fault(); err != nil {
		return briefs.Document{}, err
	}
	return r.document(in.base()), nil
}

// related are the parts that a list of relations names, of a type that ends
// with kind.
func (r *docx) related(rels, kind string) []string {
	data, err := r.a.part(rels)
	if err != nil {
		return nil
	}
	base := path.Dir(path.Dir(rels))
	var out []string
	x := newXML(data, wordNames)
	x.children(func(node) {
		x.children(func(n node) {
			if !strings.HasSuffix(n.attr("Type"), "/"+kind) || strings.EqualFold(n.attr("TargetMode"), "External") {
				return
			}
			target := n.attr("Target")
			if !strings.HasPrefix(target, "/") {
				target = base + "/" + target
			}
			out = append(out, partName(target))
		}, nil)
	}, nil)
	return out
}

// beside is the part of a kind that belongs to the text, nil without one.
func (r *docx) beside(kind string) ([]byte, error) {
	dir, file := path.Split(r.main)
	for _, target := range r.related(dir+"_rels/"+file+".rels", kind) {
		return r.a.optional(target)
	}
	return r.a.optional(dir + kind + ".xml")
}

// prepare reads what the text refers to: styles, lists, notes, properties.
func (r *docx) prepare() error {
	parts := map[string][]byte{}
	for _, kind := range []string{"styles", "numbering", "footnotes", "endnotes"} {
		data, err := r.beside(kind)
		if err != nil {
			return err
		}
		parts[kind] = data
	}
	r.styles = readDocxStyles(parts["styles"])
	r.lists = readDocxLists(parts["numbering"])
	r.inNote = true
	for _, kind := range []string{"footnote", "endnote"} {
		x := newXML(parts[kind+"s"], wordNames)
		x.children(func(node) {
			x.children(func(n node) {
				if t := n.attr("w:type"); t != "" && t != "normal" { // lines that part notes from text
					return
				}
				id := kind + n.attr("w:id")
				r.blocks(x, func(p para) { r.notes[id] = append(r.notes[id], p) })
			}, nil)
		}, nil)
		if err := x.fault(); err != nil {
			return err
		}
		r.carry, r.fields = "", nil
	}
	r.inNote = false
	core, err := r.a.optional("docProps/core.xml")
	if err != nil {
		return err
	}
	app, err := r.a.optional("docProps/app.xml")
	if err != nil {
		return err
	}
	r.properties(core, app)
	return nil
}

func (r *docx) properties(core, app []byte) {
	said := map[string]string{}
	for _, data := range [][]byte{core, app} {
		x := newXML(data, wordNames)
		x.children(func(node) {
			x.children(func(n node) {
				if s := x.words(); said[n.name] == "" {
					said[n.name] = s
				}
			}, nil)
		}, nil)
	}
	// The file that a widely used library of programmers starts from.
	if said["dc:creator"] == "python-docx" && strings.HasPrefix(said["dcterms:created"], "2013-12-23") {
		said["dcterms:created"] = ""
		if strings.HasPrefix(said["dcterms:modified"], "2013-12-23") {
			said["dcterms:modified"] = ""
		}
	}
	r.props.setTitle(said["dc:title"])
	r.props.addAuthors(said["dc:creator"])
	r.props.setDates(said["dcterms:created"], said["dcterms:modified"])
	r.props.publisher = first(publisherName(said["dc:publisher"]), publisherName(said["app:Company"]))
}

// blocks reads paragraphs and tables.
func (r *docx) blocks(x *xmlStream, out sink) {
	x.children(func(n node) { r.block(x, n, out) }, nil)
}

func (r *docx) block(x *xmlStream, n node, out sink) {
	switch n.name {
	case "w:p":
		r.paragraph(x, out)
	case "w:tbl":
		r.table(x, out)
	case "w:sdt":
		r.control(x, out, func(out sink) { r.blocks(x, out) })
	case "w:ins", "w:moveTo", "w:customXml", "w:smartTag":
		r.blocks(x, out)
	case "mc:AlternateContent":
		alternate(x, func() { r.blocks(x, out) })
	}
}

// control reads a field that is to be filled in, or a part made by the
// program: what stands in it, unless it is only the hint of what to write.
func (r *docx) control(x *xmlStream, out sink, content func(sink)) {
	hint, contents := false, false
	x.children(func(n node) {
		switch n.name {
		case "w:sdtPr":
			x.children(func(n node) {
				switch n.name {
				case "w:showingPlcHdr":
					hint = on(n)
				case "w:docPartObj":
					x.children(func(n node) {
						if n.name == "w:docPartGallery" {
							contents = strings.Contains(n.attr("w:val"), "Table of Contents")
						}
					}, nil)
				}
			}, nil)
		case "w:sdtContent":
			switch {
			case hint:
			case contents:
				content(func(p para) { out(para{role: briefs.RoleChrome, text: p.text}) })
			default:
				content(out)
			}
		}
	}, nil)
}

// alternate reads the first of several forms of the same thing.
func alternate(x *xmlStream, read func()) {
	done := false
	x.children(func(n node) {
		if (n.name == "mc:Choice" || n.name == "mc:Fallback") && !done {
			done = true
			read()
		}
	}, nil)
}

// on is the value of a property that is on unless it says otherwise.
func on(n node) bool {
	switch n.attr("w:val") {
	case "0", "false", "off":
		return false
	}
	return true
}
