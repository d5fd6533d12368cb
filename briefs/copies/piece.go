package copies

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// Piece is the main text of a document, made ready to be compared: the words
// of its quotable blocks but for footnotes, which one edition of a text has
// and another leaves out. It must not be used twice at once.
type Piece struct {
	title []uint64 // distinct words
	words []word
	runs  []uint64 // hash of the run that begins at each word
	set   []uint64 // the distinct runs, ascending; nil until they are asked for
}

// word is one word in lower case.
type word struct {
	raw  uint64 // hash as it is written
	hash uint64 // hash whatever the house style
	marks
}

// marks say what a word is.
type marks uint8

const (
	number   marks = 1 << iota // digits, a number in letters, a month or a day of the week
	negation                   // or a word that has an opposite
	name                       // written with a capital inside of a sentence

	exact = number | negation
)

// Words is how many words the piece has.
func (p *Piece) Words() int { return len(p.words) }

// Read makes a piece of d.
func Read(d *briefs.Document) *Piece {
	r := reader{p: &Piece{words: make([]word, 0, len(d.Text)/5)}, lex: theLexicon()}
	p := r.document(d)
	t := reader{p: &Piece{}, lex: r.lex}
	t.read(d.Title)
	for _, w := range t.p.words {
		if !slices.Contains(p.title, w.raw) {
			p.title = append(p.title, w.raw)
		}
	}
	return p
}

func (r *reader) document(d *briefs.Document) *Piece {
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if !b.Role.Quotable() || b.Role == briefs.RoleFootnote {
			continue
		}
		r.quoted = 0
		if b.Role == briefs.RoleQuotation {
			r.quoted = quotedSalt
		}
		at := b.Body
		r.first = true
		for k, s := range b.Sentences {
			if k > 0 && s.Start > at && s.Start < b.End {
				r.read(d.Text[at:s.Start])
				at, r.first = s.Start, true
			}
		}
		r.read(d.Text[at:b.End])
	}
	p := r.p
	n := max(0, len(p.words)-run+1)
	if p.runs = p.runs[:0]; n > cap(p.runs) {
		p.runs = make([]uint64, 0, n)
	}
	for i := range n {
		var h uint64
		for _, w := range p.words[i : i+run] {
			h = h*runFactor + w.raw
		}
		p.runs = append(p.runs, mix(h))
	}
	return p
}

// distinct are the distinct runs of p, ascending.
func (p *Piece) distinct() []uint64 {
	if p.set == nil {
		p.set = slices.Clone(p.runs)
		slices.Sort(p.set)
		p.set = slices.Compact(p.set)
	}
	return p.set
}

// common tells which words of p stand in one of runs, which are ascending.
func (p *Piece) common(runs []uint64) []bool {
	out := make([]bool, len(p.words))
	for i, h := range p.runs {
		if _, found := slices.BinarySearch(runs, h); found {
			for k := range run {
				out[i+k] = true
			}
		}
	}
	return out
}

// holds are the words of p.
func (p *Piece) holds() map[uint64]bool {
	s := make(map[uint64]bool, len(p.words))
	for _, w := range p.words {
		s[w.hash] = true
	}
	return s
}

// Constants of the hashes: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/),
// an odd factor with bits at random for runs, and salts.
const (
	fnvOffset  = 14695981039346656037
	fnvPrime   = 1099511628211
	runFactor  = 0x9e3779b97f4a7c15
	quotedSalt = 0x5bd1e9955bd1e995
)

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit of
// the result depends on all bits of h.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func hashOf[S string | []byte](s S) uint64 {
	h := uint64(fnvOffset)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// reader cuts blocks into words.
type reader struct {
	p      *Piece
	lex    *lexicon // nil where nobody asks what the words are
	quoted uint64   // mixed into the words of quotations: to quote a piece is not to print it
	first  bool     // the next word begins a sentence
	buf    []byte
}

// read appends the words of s: letters and digits, in lower case. Apostrophes
// and the points of abbreviations and large numbers do not part a word, "[12]"
// is the mark of a note.
func (r *reader) read(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '[':
			if end := strings.IndexByte(s[i:min(len(s), i+6)], ']'); end > 1 && strings.Trim(s[i+1:i+end], "0123456789") == "" {
				i += end
			}
			i++
		case c == '%':
			r.add([]byte("percent"), false)
			i++
		case c == '&':
			r.add([]byte("and"), false)
			i++
		case c >= utf8.RuneSelf:
			c, size := utf8.DecodeRuneInString(s[i:])
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				i += r.word(s[i:])
			} else {
				i += size
			}
		case isLetter(c) || isDigit(c):
			i += r.word(s[i:])
		default:
			i++
		}
	}
}

// word appends the word at the beginning of s and returns its length.
func (r *reader) word(s string) int {
	first, _ := utf8.DecodeRuneInString(s)
	digits := unicode.IsDigit(first)
	b := r.buf[:0]
	i := 0
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			switch {
			case isDigit(c) && digits, isLetter(c) && !digits:
				b = append(b, c|0x20) // digits have the bit already
				i++
				continue
			case c == ',' && digits && i+1 < len(s) && isDigit(s[i+1]):
				i++
				continue
			case c == '.' && digits && i+1 < len(s) && isDigit(s[i+1]):
				b = append(b, c)
				i++
				continue
			case c == '.' && len(b) > 0 && !digits && i+1 < len(s) && isLetter(s[i+1]) && (i < 2 || s[i-2] == '.'):
				i++ // "U.S."
				continue
			case c == '\'' && len(b) > 0 && i+1 < len(s) && isLetter(s[i+1]):
				i++
				continue
			}
			break
		}
		u, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case u == '’' && len(b) > 0 && i+size < len(s) && isLetter(s[i+size]), u == '\u00ad':
			i += size
			continue
		case unicode.IsDigit(u) && digits, unicode.IsLetter(u) && !digits, unicode.IsMark(u):
			b = utf8.AppendRune(b, unicode.ToLower(u))
			i += size
			continue
		}
		break
	}
	r.buf = b
	if len(b) > 0 {
		r.spell(b, unicode.IsUpper(first))
	}
	return max(i, utf8.RuneLen(first))
}

// spell appends a word in the form that it is compared in.
func (r *reader) spell(b []byte, capital bool) {
	n, words := len(b), r.p.words
	switch {
	case n < 4:
		r.add(b, capital)
	case string(b) == "cannot":
		r.add(b[:n-3], capital)
		r.add(b[n-3:], false)
	case n > 3 && string(b[n-2:]) == "nt" && contracted(b): // "didn't"
		r.add(b[:n-2], capital)
		r.add([]byte("not"), false)
	case string(b) == "cent" && len(words) > 0 && words[len(words)-1].raw == hashOf("per")^r.quoted:
		r.p.words = words[:len(words)-1]
		r.add([]byte("percent"), false)
	default:
		r.add(b, capital)
	}
}

func (r *reader) add(s []byte, capital bool) {
	h := hashOf(s)
	w := word{raw: h ^ r.quoted, hash: h}
	if r.lex == nil {
		r.p.words = append(r.p.words, w)
		return
	}
	if first, _ := utf8.DecodeRune(s); unicode.IsDigit(first) {
		w.marks = number
	} else if k, ok := r.lex.known[string(s)]; ok && (capital || string(s) != "may") {
		w.marks = k.marks
		if k.as != "" {
			w.hash = hashOf(k.as)
		}
	}
	if capital && !r.first && !honorific(s) {
		w.marks |= name
	}
	w.hash ^= r.quoted
	r.first = false
	r.p.words = append(r.p.words, w)
}

// contracted reports whether b, which ends in "nt", is a verb with "not".
func contracted(b []byte) bool {
	switch string(b[:len(b)-2]) {
	case "are", "ca", "could", "did", "does", "do", "had", "has", "have", "is", "must", "need", "should", "was", "were", "wo", "would":
		return true
	}
	return false
}

// honorific reports whether s is a title that papers put before a name or not.
func honorific(s []byte) bool {
	switch string(s) {
	case "mr", "mrs", "ms", "dr", "prof", "professor", "president", "minister", "senator", "sir", "lady", "lord", "general", "gen", "sen", "rep":
		return true
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
