package text

import "sync"

// Token is one index term and where it stands.
type Token struct {
	Term       string
	Start, End int  // [Start,End) bytes into the input; tokens do not overlap and are in order
	Stop       bool // carries no topic by itself; indexed for phrases, left out of questions
}

// Tokens returns the terms of a document's text in order; nil when it holds
// none. Capitals count: "US" is the country, "us" the pronoun.
func Tokens(s string) []Token { return tokens(s, false) }

// QueryTokens is Tokens for a question, which people type without capitals:
// "us-china", "the us" and "polish government" mean the countries, "what does
// this mean for us" still means the asker.
func QueryTokens(s string) []Token { return tokens(s, true) }

// Terms returns the index terms of s, document mode, separated by one space
// each, stop words included; "" when there are none.
func Terms(s string) string {
	r := rooms.Get().(*room)
	defer rooms.Put(r)
	ts := r.read(s, false)
	out := r.out[:0]
	for i := range ts {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, ts[i].Term...)
	}
	r.out = out
	return string(out)
}

func tokens(s string, query bool) []Token {
	r := rooms.Get().(*room)
	defer rooms.Put(r)
	return append([]Token(nil), r.read(s, query)...)
}

// room is memory to read one text in; it is used again for others.
type room struct {
	buf    []byte
	words  []word
	tokens []Token
	out    []byte
}

var rooms = sync.Pool{New: func() any { return &room{} }}

// read returns the tokens of s, which are good until r is used again.
func (r *room) read(s string, query bool) []Token {
	lex := theLexicon()
	r.words, r.buf = lex.scan(s, r.words[:0], r.buf)
	m := matcher{lex: lex, s: s, words: r.words, query: query}
	out := r.tokens[:0]
	for i := 0; i < len(m.words); {
		n, concept := 0, ""
		if m.words[i].lex.node != nil {
			n, concept = m.match(i)
		}
		if concept != "" {
			out = append(out, Token{Term: concept, Start: m.words[i].start, End: m.words[i+n-1].end})
			i += n
			continue
		}
		for range max(n, 1) { // a name that merely contains another one stays plain
			out = append(out, m.plain(i))
			i++
		}
	}
	r.tokens = out
	return out
}

// plain makes the token of words[i], which is no name.
func (m *matcher) plain(i int) Token {
	w := &m.words[i]
	t := Token{Term: w.lex.term, Start: w.start, End: w.end, Stop: w.lex.stop}
	switch {
	case !t.Stop:
	case t.Term == "no" && w.shape&capital != 0 && numberFollows(m.s[w.end:]):
		t.Term, t.Stop = "number", false
	case t.Term == "may" && m.month(i):
		t.Stop = false
	}
	return t
}

// month reports whether the word "may" at words[i] is the month or a name: a
// number beside it, or a capital inside a sentence.
func (m *matcher) month(i int) bool {
	w := &m.words[i]
	if i+1 < len(m.words) && numeric(m.words[i+1].lex.term) {
		return true
	}
	if i == 0 {
		return false
	}
	before := &m.words[i-1]
	return numeric(before.lex.term) || w.shape&capital != 0 && w.shape&upper == 0 && m.s[before.end:w.start] == " "
}

func numeric(term string) bool { return '0' <= term[0] && term[0] <= '9' }

// numberFollows reports whether s begins like the rest of "No. 3".
func numberFollows(s string) bool {
	if len(s) < 2 || s[0] != '.' {
		return false
	}
	s = s[1:]
	if s[0] == ' ' || s[0] == '\n' {
		s = s[1:]
	}
	return s != "" && '0' <= s[0] && s[0] <= '9'
}
