package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxNesting is how deep the elements of a part may nest. Tables in tables
// in text boxes come to a few dozen.
const maxNesting = 1000

var errNested = errors.New("is nested deeper than any program writes: save it anew, or as text")

// xmlStream reads a part element by element, in one pass. No entity but the
// five of XML is known, nothing external is asked for, and a document type is
// passed over.
type xmlStream struct {
	d     *xml.Decoder
	depth int
	err   error // the first; io.EOF at the end
	short map[string]string
}

// newXML reads data; short gives the namespaces that matter a short name.
func newXML(data []byte, short map[string]string) *xmlStream {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = []byte(decodeUTF16(data[2:], false))
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = []byte(decodeUTF16(data[2:], true))
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") { // decoded above
			return in, nil
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		s, ok := decodeAs(raw, label)
		if !ok {
			return nil, errDamaged
		}
		return strings.NewReader(s), nil
	}
	return &xmlStream{d: d, short: short}
}

// fault is the error of a part that was read to its end or given up.
func (x *xmlStream) fault() error {
	switch {
	case x.err == nil || x.err == io.EOF:
		return nil
	case errors.Is(x.err, errNested), errors.Is(x.err, errTooLong):
		return x.err
	}
	return errDamaged
}

// node is one element that begins.
type node struct {
	name  string // "w:p": the short name of its namespace and its own
	attrs []xml.Attr
	short map[string]string
}

// attr is the value of an attribute, by its short name or without one.
func (n node) attr(name string) string {
	space, local, ok := strings.Cut(name, ":")
	if !ok {
		space, local = "", name
	}
	for _, a := range n.attrs {
		if a.Name.Local == local && (space == "" || n.short[a.Name.Space] == space) {
			return a.Value
		}
	}
	return ""
}

func (n node) has(local string) bool {
	for _, a := range n.attrs {
		if a.Name.Local == local {
			return true
		}
	}
	return false
}

// number is an attribute as a number within bounds, else the value without.
func (n node) number(name string, without, most int) int {
	v, err := strconv.Atoi(n.attr(name))
	if err != nil || v < 0 || v > most {
		return without
	}
	return v
}

// children calls element for every element inside the one that was begun
// last, and text for what stands between them. What element does not read of
// its own children is passed over. At the start of a part it reads the whole.
func (x *xmlStream) children(element func(node), text func(string)) {
	level := x.depth
	for x.err == nil {
		switch t := x.token().(type) {
		case xml.StartElement:
			if element != nil {
				space := x.short[t.Name.Space]
				name := t.Name.Local
				if space != "" {
					name = space + ":" + name
				}
				element(node{name: name, attrs: t.Attr, short: x.short})
			}
			for x.err == nil && x.depth > level {
				x.token()
			}
		case xml.EndElement:
			if x.depth < level {
				return
			}
		case xml.CharData:
			if text != nil {
				text(string(t))
			}
		}
	}
}

// words gathers the text inside the element that was begun last.
func (x *xmlStream) words() string {
	var b strings.Builder
	var inside func(node)
	inside = func(node) { x.children(inside, func(s string) { b.WriteString(s) }) }
	x.children(inside, func(s string) { b.WriteString(s) })
	return b.String()
}

func (x *xmlStream) token() xml.Token {
	t, err := x.d.Token()
	if err != nil {
		x.err = err
		return nil
	}
	switch t.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > maxNesting {
			x.err = errNested
		}
	case xml.EndElement:
		x.depth--
	}
	return t
}
