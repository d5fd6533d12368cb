package extract

import (
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// docxStyle is what the style of a paragraph says of it.
type docxStyle struct {
	role     briefs.Role
	level    int
	num      string // the list that its paragraphs are of
	numLevel int
	bold     bool
}

// rawStyle is a style before those that it is based on are seen.
type rawStyle struct {
	name, base string
	outline    int // -1 when it says nothing
	num        string
	numLevel   int // -1 when it says nothing
	bold       bool
	unbold     bool
}

// readDocxStyles reads the styles of paragraphs by their ids. Ids are in the
// language of the program, names are not.
func readDocxStyles(data []byte) map[string]docxStyle {
	raw := map[string]rawStyle{}
	x := newXML(data, wordNames)
	x.children(func(node) {
		x.children(func(n node) {
			if n.name != "w:style" || n.attr("w:type") != "paragraph" {
				return
			}
			s := rawStyle{outline: -1, numLevel: -1}
			id := n.attr("w:styleId")
			x.children(func(n node) {
				switch n.name {
				case "w:name":
					s.name = strings.ToLower(n.attr("w:val"))
				case "w:basedOn":
					s.base = n.attr("w:val")
				case "w:rPr":
					x.children(func(n node) {
						if n.name == "w:b" {
							s.bold, s.unbold = on(n), !on(n)
						}
					}, nil)
				case "w:pPr":
					x.children(func(n node) {
						switch n.name {
						case "w:outlineLvl":
							s.outline = n.number("w:val", -1, 9)
						case "w:numPr":
							x.children(func(n node) {
								switch n.name {
								case "w:ilvl":
									s.numLevel = n.number("w:val", 0, maxLevel)
								case "w:numId":
									s.num = n.attr("w:val")
								}
							}, nil)
						}
					}, nil)
				}
			}, nil)
			raw[id] = s
		}, nil)
	}, nil)
	out := map[string]docxStyle{}
	for id := range raw {
		out[id] = resolveStyle(raw, id)
	}
	return out
}

// maxBases is how many styles one may be based on, in a row.
const maxBases = 20

func resolveStyle(raw map[string]rawStyle, id string) docxStyle {
	var out docxStyle
	outline, level, weight := -1, -1, 0
	for range maxBases {
		s, ok := raw[id]
		if !ok {
			break
		}
		if out.role == "" && outline < 0 {
			out.role, out.level = styleRole(s.name)
		}
		if outline < 0 {
			outline = s.outline
		}
		if out.num == "" {
			out.num = s.num
		}
		if level < 0 {
			level = s.numLevel
		}
		if weight == 0 && (s.bold || s.unbold) {
			weight = 1
			out.bold = s.bold
		}
		id = s.base
	}
	out.numLevel = max(level, 0)
	if outline >= 0 && outline < 9 && (out.role == "" || out.role == briefs.RoleHeading) {
		out.role, out.level = briefs.RoleHeading, min(outline+1, 6)
	}
	return out
}

// styleRole is the role that the name of a style, in lower case, stands for
// in Word and in LibreOffice.
func styleRole(name string) (briefs.Role, int) {
	name = strings.ReplaceAll(name, "_20_", " ")
	if strings.HasSuffix(name, "caption") {
		return briefs.RoleCaption, 0
	}
	switch name {
	case "title", "book title":
		return briefs.RoleTitle, 0
	case "subtitle":
		return briefs.RoleHeading, 2
	case "illustration", "table", "figure", "drawing":
		return briefs.RoleCaption, 0
	case "quote", "intense quote", "block text", "block quote", "quotations", "quotation", "blockquote":
		return briefs.RoleQuotation, 0
	case "author", "authors", "byline":
		return briefs.RoleByline, 0
	case "date":
		return briefs.RoleDateline, 0
	case "footnote", "endnote":
		return briefs.RoleFootnote, 0
	case "header", "footer", "table of figures", "table of authorities", "toc heading", "contents heading", "header left", "header right", "footer left", "footer right", "macro":
		return briefs.RoleChrome, 0
	}
	if rank, ok := strings.CutPrefix(name, "heading "); ok {
		if n, err := strconv.Atoi(rank); err == nil && n > 0 {
			return briefs.RoleHeading, min(n, 6)
		}
	}
	for _, p := range []string{"toc ", "contents ", "index "} {
		if rest, ok := strings.CutPrefix(name, p); ok && (rest == "heading" || len(rest) < 3 && isDigits(rest)) {
			return briefs.RoleChrome, 0
		}
	}
	return "", 0
}

// bulletMarker is what an item without a number shows.
const bulletMarker = "• "

// maxLevel is the deepest level of lists, from 0.
const maxLevel = 8

// listLevel is how the items of one level of a list are numbered.
type listLevel struct {
	start  int
	format string
	text   string // "%1.%2." with the numbers of the levels
	set    bool
}

// docxLists numbers the items of lists.
type docxLists struct {
	kinds map[string]*[maxLevel + 1]listLevel // of abstract lists
	of    map[string]string                   // list → abstract list
	over  map[string]map[int]listLevel        // what a list changes of its abstract one
	at    map[string]*[maxLevel + 1]int       // the last numbers, by abstract list
	begun map[string]bool                     // lists whose own starts were applied
}

func readDocxLists(data []byte) docxLists {
	l := docxLists{
		kinds: map[string]*[maxLevel + 1]listLevel{}, of: map[string]string{}, over: map[string]map[int]listLevel{},
		at: map[string]*[maxLevel + 1]int{}, begun: map[string]bool{},
	}
	x := newXML(data, wordNames)
	x.children(func(node) {
		x.children(func(n node) {
			switch n.name {
			case "w:abstractNum":
				levels := &[maxLevel + 1]listLevel{}
				l.kinds[n.attr("w:abstractNumId")] = levels
				x.children(func(n node) {
					if n.name == "w:lvl" {
						levels[n.number("w:ilvl", 0, maxLevel)] = readListLevel(x)
					}
				}, nil)
			case "w:num":
				id := n.attr("w:numId")
				x.children(func(n node) {
					switch n.name {
					case "w:abstractNumId":
						l.of[id] = n.attr("w:val")
					case "w:lvlOverride":
						level := n.number("w:ilvl", 0, maxLevel)
						if l.over[id] == nil {
							l.over[id] = map[int]listLevel{}
						}
						x.children(func(n node) {
							o := l.over[id][level]
							switch n.name {
							case "w:startOverride":
								o.start = n.number("w:val", 1, 1<<20) + 1 // 0 is none
							case "w:lvl":
								start := o.start
								o = readListLevel(x)
								o.start = start
							}
							l.over[id][level] = o
						}, nil)
					}
				}, nil)
			}
		}, nil)
	}, nil)
	return l
}

func readListLevel(x *xmlStream) listLevel {
	v := listLevel{start: 1, format: "decimal", set: true}
	x.children(func(n node) {
		switch n.name {
		case "w:start":
			v.start = n.number("w:val", 1, 1<<20)
		case "w:numFmt":
			v.format = n.attr("w:val")
		case "w:lvlText":
			v.text = n.attr("w:val")
		}
	}, nil)
	return v
}

// next is the marker of the next item of a list on a level; empty when its
// items show none.
func (l *docxLists) next(num string, level int) string {
	kind := l.of[num]
	levels := l.kinds[kind]
	if levels == nil {
		return bulletMarker // a list that the file forgot
	}
	at := l.at[kind]
	if at == nil {
		at = &[maxLevel + 1]int{}
		for i := range at {
			at[i] = -1
		}
		l.at[kind] = at
	}
	if !l.begun[num] {
		l.begun[num] = true
		for i, o := range l.over[num] {
			if o.start > 0 {
				at[i] = -1
			}
		}
	}
	look := func(i int) listLevel {
		v, o := levels[i], l.over[num][i]
		if o.set {
			v.format, v.text = o.format, o.text
		}
		if o.start > 0 {
			v.start = o.start - 1
		}
		return v
	}
	for i := 0; i <= level; i++ {
		if at[i] < 0 { // levels above that have no item yet count as begun
			at[i] = look(i).start
			if i == level {
				at[i]--
			}
		}
	}
	at[level]++
	for i := level + 1; i <= maxLevel; i++ {
		at[i] = -1
	}
	v := look(level)
	switch v.format {
	case "bullet":
		if strings.TrimSpace(v.text) == "" { // a further paragraph of an item
			return ""
		}
		return bulletMarker
	case "none":
		return ""
	}
	if v.text == "" {
		return ""
	}
	text := v.text
	for i := 0; i <= level; i++ {
		format := look(i).format
		if i < level && (format == "bullet" || format == "none") {
			format = "decimal"
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), numeral(format, at[i]))
	}
	if text = oneLine(normalize(text)); text == "" || len(text) > 40 {
		return ""
	}
	return text + " "
}
