package extract

import (
	"errors"
	"regexp"
	"strings"
)

// The limits of XML that is read: what no feed or sitemap needs, and what
// would make readers recurse or copy without end.
const (
	maxXMLDepth  = 1000     // open elements
	maxXMLScopes = 20 << 20 // names of namespaces that readers copy, in all
	maxXMLPieces = 1 << 32  // bytes that readers copy when text is broken into pieces
	maxEntities  = 100      // declared by one document
)

// localName is a name of XML without its prefix, in lower case.
func localName(name string) string {
	return strings.ToLower(name[strings.LastIndexByte(name, ':')+1:])
}

// xmlRoot finds the first element of text: where its tag begins, and its name
// with the prefix; -1 and "" when there is none.
func xmlRoot(text string) (start int, name string) {
	s := xmlScanner{text: text}
	for {
		kind, from, _ := s.next()
		switch kind {
		case xmlNothing:
			return -1, ""
		case xmlStart, xmlEmpty:
			return from, tagName(text[from+1:])
		}
	}
}

func tagName(s string) string {
	if i := strings.IndexAny(s, " \t\r\n/>"); i >= 0 {
		return s[:i]
	}
	return s
}

type xmlKind int

const (
	xmlNothing xmlKind = iota // the end
	xmlStart                  // <a>
	xmlEmpty                  // <a/>
	xmlEnd                    // </a>
	xmlDoctype                // <!…>
	xmlOther                  // comments, instructions, CDATA
)

// xmlScanner finds the tags of XML without making anything of them.
type xmlScanner struct {
	text string
	pos  int
}

// next returns the next construct that begins with "<" and where it lies.
func (s *xmlScanner) next() (kind xmlKind, from, to int) {
	for {
		i := strings.IndexByte(s.text[s.pos:], '<')
		if i < 0 || s.pos+i+1 >= len(s.text) {
			s.pos = len(s.text)
			return xmlNothing, s.pos, s.pos
		}
		from = s.pos + i
		rest := s.text[from:]
		switch c := rest[1]; {
		case strings.HasPrefix(rest, "<!--"):
			return xmlOther, from, s.until(from, 4, "-->")
		case strings.HasPrefix(rest, "<![CDATA["):
			return xmlOther, from, s.until(from, 9, "]]>")
		case c == '?':
			return xmlOther, from, s.until(from, 2, "?>")
		case c == '!':
			return xmlDoctype, from, s.directive(from)
		case c == '/':
			return xmlEnd, from, s.until(from, 2, ">")
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80:
			to = s.tag(from)
			if to-from >= 3 && s.text[to-2] == '/' {
				return xmlEmpty, from, to
			}
			return xmlStart, from, to
		}
		s.pos = from + 1 // a lone "<"
	}
}

func (s *xmlScanner) until(from, skip int, end string) int {
	if i := strings.Index(s.text[from+skip:], end); i >= 0 {
		s.pos = from + skip + i + len(end)
	} else {
		s.pos = len(s.text)
	}
	return s.pos
}

// tag finds the end of a tag, passing over quoted values.
func (s *xmlScanner) tag(from int) int {
	quote, before := byte(0), byte(0) // before is the last character that is no space
	for i := from; i < len(s.text); i++ {
		c := s.text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && before == '=':
			quote = c
		case c == '>':
			s.pos = i + 1
			return s.pos
		}
		if c > ' ' {
			before = c
		}
	}
	s.pos = len(s.text)
	return s.pos
}

// directive finds the end of <!…>, which may hold others in brackets.
func (s *xmlScanner) directive(from int) int {
	depth, quote := 0, byte(0)
	for i := from; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				s.pos = i + 1
				return s.pos
			}
		}
	}
	s.pos = len(s.text)
	return s.pos
}

// xmlElement is an element that is open.
type xmlElement struct {
	name         string
	spaces, text int // namespaces in sight, bytes of its text so far
}

// xmlStack holds the open elements. Elements that are never closed end with
// those around them, as readers of broken XML have it.
type xmlStack struct {
	open  []xmlElement
	names map[string]int // how many of each name are open
}

func (s *xmlStack) top() *xmlElement {
	if len(s.open) == 0 {
		return nil
	}
	return &s.open[len(s.open)-1]
}

func (s *xmlStack) push(e xmlElement) {
	if s.names == nil {
		s.names = map[string]int{}
	}
	s.open = append(s.open, e)
	s.names[e.name]++
}

// pop closes the innermost element of that name and what it holds; it does
// nothing when none is open.
func (s *xmlStack) pop(name string) {
	for s.names[name] > 0 {
		top := s.top().name
		s.open = s.open[:len(s.open)-1]
		if s.names[top]--; top == name {
			return
		}
	}
}

// endName is the name in the tag </name>.
func endName(tag string) string {
	return strings.TrimRight(strings.TrimSuffix(tag[2:], ">"), " \t\r\n")
}

var entityDecl = regexp.MustCompile(`(?is)<!ENTITY\s+(%\s+)?[^\s"'<>]+\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')`)

// checkXML returns an error for XML that is made to exhaust its reader: with
// entities made of entities or read from files, with elements nested without
// end, and the like. root is where its first element begins.
func checkXML(text string, root int) error {
	declared := entityDecl.FindAllStringSubmatch(text[:root], maxEntities+1)
	if len(declared) > maxEntities {
		return errors.New("declares hundreds of entities")
	}
	for _, m := range declared {
		switch value := m[3] + m[4]; {
		case m[2] != "" && m[1] == "":
			return errors.New("declares entities that are read from elsewhere")
		case strings.Contains(strings.ReplaceAll(value, "&#", ""), "&") || m[1] == "" && strings.Contains(value, "%"):
			return errors.New("declares entities made of other entities")
		}
	}
	var (
		stack          xmlStack
		scopes, pieces int64
		last           = root
		s              = xmlScanner{text: text, pos: root}
	)
	for {
		kind, from, to := s.next()
		if e := stack.top(); e != nil {
			e.text += from - last
			pieces += int64(e.text)
		}
		last = to
		switch kind {
		case xmlNothing:
			return nil
		case xmlStart, xmlEmpty:
			e := xmlElement{name: tagName(text[from+1 : to])}
			if above := stack.top(); above != nil {
				e.spaces = above.spaces
			}
			if own := strings.Count(text[from:to], "xmlns"); own > 0 {
				e.spaces += own
				scopes += int64(e.spaces)
			}
			if kind == xmlStart {
				stack.push(e)
			}
		case xmlEnd:
			stack.pop(endName(text[from:to]))
		}
		switch {
		case len(stack.open) > maxXMLDepth:
			return errors.New("nests elements without end")
		case scopes > maxXMLScopes:
			return errors.New("declares namespaces without end")
		case pieces > maxXMLPieces:
			return errors.New("breaks its text into pieces without end")
		}
	}
}
