package extract

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// plain reads a line as encoding/json would, where it is an object of strings
// and all their names are those of fields, as most lines are. It reports false
// for any other line, valid or not, and may have filled a part of r then.
func (r *record) plain(line []byte) bool {
	if !utf8.Valid(line) {
		return false // encoding/json mends it
	}
	s := plainObject{s: string(line)}
	if !s.sign('{') {
		return false
	}
	for {
		name, ok := s.value()
		if !ok || !s.sign(':') {
			return false
		}
		field := r.field(name)
		if field == nil {
			return false
		}
		if *field, ok = s.value(); !ok {
			return false
		}
		if s.sign('}') {
			s.space()
			return s.i == len(s.s)
		}
		if !s.sign(',') {
			return false
		}
	}
}

// field is the string that name stands for; nil for none.
func (r *record) field(name string) *string {
	switch name {
	case "id":
		return &r.ID
	case "title":
		return &r.Title
	case "text":
		return &r.Text
	case "author":
		return &r.Author
	case "publisher":
		return &r.Publisher
	case "published":
		return &r.Published
	case "url":
		return &r.URL
	case "collection":
		return &r.Collection
	case "source":
		return &r.Source
	case "added":
		return &r.Added
	}
	return nil
}

// plainObject is JSON that is being read.
type plainObject struct {
	s string
	i int
}

func (p *plainObject) space() {
	for p.i < len(p.s) && (p.s[p.i] == ' ' || p.s[p.i] == '\t' || p.s[p.i] == '\n' || p.s[p.i] == '\r') {
		p.i++
	}
}

// sign reads c, if it is what comes next.
func (p *plainObject) sign(c byte) bool {
	p.space()
	if p.i == len(p.s) || p.s[p.i] != c {
		return false
	}
	p.i++
	return true
}

// value reads a string.
func (p *plainObject) value() (string, bool) {
	if !p.sign('"') {
		return "", false
	}
	start := p.i
	for ; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == '"':
			p.i++
			return p.s[start : p.i-1], true
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// escaped reads the string that begins at start and has its first escape at
// p.i. It leaves pairs of surrogates to encoding/json.
func (p *plainObject) escaped(start int) (string, bool) {
	var b strings.Builder
	b.Grow(len(p.s) - start)
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == '"':
			b.WriteString(p.s[start:p.i])
			p.i++
			return b.String(), true
		case c < ' ':
			return "", false
		case c != '\\':
			p.i++
			continue
		}
		b.WriteString(p.s[start:p.i])
		if p.i++; p.i == len(p.s) {
			return "", false
		}
		switch c := p.s[p.i]; c {
		case '"', '\\', '/':
			b.WriteByte(c)
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			if p.i+5 > len(p.s) {
				return "", false
			}
			u, err := strconv.ParseUint(p.s[p.i+1:p.i+5], 16, 16)
			if err != nil || 0xD800 <= u && u < 0xE000 {
				return "", false
			}
			b.WriteRune(rune(u))
			p.i += 4
		default:
			return "", false
		}
		p.i++
		start = p.i
	}
	return "", false
}
