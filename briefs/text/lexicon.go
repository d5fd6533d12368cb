package text

import (
	_ "embed"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"golang.org/x/text/unicode/norm"
)

// lexeme is what is known of one word form; immutable.
type lexeme struct {
	head    [headSize]byte // the beginning of surface
	surface string         // as written, lower case, folded
	term    string
	stop    bool
	node    *node // where names that begin with this word continue; nil when none do
}

// headSize is how much of a word stands in its lexeme itself, so that to know
// most words again reads one place of memory.
const headSize = 15

// is reports whether l is the lexeme of w.
func (l *lexeme) is(w []byte) bool {
	n := len(l.surface)
	if n > headSize {
		return l.surface == string(w)
	}
	return n == len(w) && string(l.head[:n]) == string(w)
}

// The stem cache is a table of pairs of lexemes, about 150 bytes each: it holds
// the vocabulary of ordinary prose.
const cachePairs = 1 << 14

// lexicon turns word forms into lexemes. Its tables never change; the cache
// slots are replaced whole and hold only immutable values, so it is safe for
// concurrent use.
type lexicon struct {
	stop    map[string]bool
	base    map[string]string // irregular form → regular form
	fixed   map[string]string // form → term, where the stemmer goes too far
	names   *node
	context *context
	cache   [cachePairs][2]atomic.Pointer[lexeme] // of a pair, the one that came last first
}

//go:embed irregular.txt
var irregularTable string

var theLexicon = sync.OnceValue(func() *lexicon {
	// The names are cut by a lexicon that knows no names yet.
	plain := newLexicon(&node{})
	return newLexicon(nameTable(func(name string) []string {
		var forms []string
		words, _ := plain.scan(name, nil, nil)
		for _, w := range words {
			forms = append(forms, w.lex.surface)
		}
		return forms
	}))
})

func newLexicon(names *node) *lexicon {
	x := &lexicon{stop: stopWords(), base: map[string]string{}, fixed: map[string]string{}, names: names}
	for line := range tableLines(irregularTable) {
		base, forms, _ := strings.Cut(line, ":")
		into := x.base
		if rest, ok := strings.CutPrefix(base, "="); ok {
			base, into = rest, x.fixed
		}
		for f := range strings.FieldsSeq(forms) {
			into[f] = base
		}
	}
	x.context = x.newContext()
	return x
}

// tableLines yields the lines of an embedded table without comments and
// blank lines.
func tableLines(table string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(table) {
			line = strings.TrimSpace(line)
			if line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// lookup returns the lexeme of a word in lower case, or nil when nothing of
// it is left after folding. foreign words hold runes beyond ASCII.
func (x *lexicon) lookup(w []byte, foreign bool) *lexeme {
	if foreign {
		w = foldWord(w)
	}
	w = cut(w)
	if len(w) == 0 {
		return nil
	}
	h := uint32(2166136261) // FNV-1a
	for _, c := range w {
		h = (h ^ uint32(c)) * 16777619
	}
	pair := &x.cache[(h^h>>15)%cachePairs]
	before := pair[0].Load()
	if before != nil && before.is(w) {
		return before
	}
	if l := pair[1].Load(); l != nil && l.is(w) {
		return l
	}
	l := x.make(string(w))
	pair[1].Store(before)
	pair[0].Store(l)
	return l
}

func (x *lexicon) make(w string) *lexeme {
	l := &lexeme{surface: w, term: w, stop: x.stop[w], node: x.names.next[w]}
	copy(l.head[:], w)
	if !l.stop {
		l.term = x.stem(w)
	}
	return l
}

// stem returns the term of a word that is no stop word.
func (x *lexicon) stem(w string) string {
	if !plainWord(w) {
		return w
	}
	w = american(w)
	if t, ok := x.fixed[w]; ok {
		return t
	}
	if b, ok := x.base[w]; ok {
		w = b
	}
	if t, ok := x.fixed[w]; ok {
		return t
	}
	env := snowballstem.NewEnv(w)
	english.Stem(env)
	switch t := env.Current(); {
	case t == "" || t == "us":
	case strings.HasPrefix(w, t):
		return w[:len(t)]
	default:
		return strings.Clone(t)
	}
	return w
}

// plainWord reports whether the English stemmer knows what to do with w.
func plainWord(w string) bool {
	if len(w) < 3 {
		return false
	}
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// cut shortens w to MaxTerm bytes at a rune boundary.
func cut(w []byte) []byte {
	if len(w) <= MaxTerm {
		return w
	}
	n := MaxTerm
	for n > 0 && !utf8.RuneStart(w[n]) {
		n--
	}
	return w[:n]
}

// foldWord lowers w and takes the diacritics off Latin letters. What is
// neither letter, digit nor mark after that is dropped.
func foldWord(w []byte) []byte {
	out := make([]byte, 0, len(w)+8)
	latin := false
	for _, r := range string(norm.NFKC.Bytes(w)) {
		if unicode.IsMark(r) {
			if !latin {
				out = utf8.AppendRune(out, r)
			}
			continue
		}
		latin = unicode.Is(unicode.Latin, r)
		if !latin {
			if r = unicode.ToLower(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
				out = utf8.AppendRune(out, r)
			}
			continue
		}
		if t, ok := latinLetters[unicode.ToLower(r)]; ok {
			out = append(out, t...)
			continue
		}
		for _, d := range norm.NFD.String(string(r)) {
			if d = unicode.ToLower(d); unicode.IsLetter(d) {
				out = utf8.AppendRune(out, d)
			}
		}
	}
	return out
}

// latinLetters are those that do not decompose.
var latinLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i",
	'ŋ': "ng", 'ŧ': "t", 'ĸ': "k", 'ſ': "s", 'ə': "e", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ẞ': "ss",
}
