package text

import "strings"

// matcher finds names in the words of one text.
type matcher struct {
	lex   *lexicon
	s     string
	words []word
	query bool

	lineEnd int // the line looked at last ends here
	shouted bool
}

// match finds the longest name that begins at words[i]: n is its length in
// words, 0 when there is none; concept is empty for a name that is none.
func (m *matcher) match(i int) (n int, concept string) {
	j := i
	for at := m.words[i].lex.node; at != nil; at = at.next[m.words[j].lex.surface] {
		if at.ends && m.counts(at.rule, i, j) {
			n, concept = j-i+1, at.term
		}
		if len(at.next) == 0 || j+1 == len(m.words) || !adjacent(m.s[m.words[j].end:m.words[j+1].start]) {
			break
		}
		j++
	}
	return n, concept
}

// adjacent reports whether two words with gap between them can belong to one
// name: a hyphen, or space with at most one line break.
func adjacent(gap string) bool {
	if rest, ok := strings.CutPrefix(gap, "'s"); ok {
		gap = rest
	} else if rest, ok := strings.CutPrefix(gap, "’s"); ok {
		gap = rest
	}
	switch gap {
	case " ", "-", "\n":
		return true
	case "‐", "‑", "–", "\u00a0", ". ", "\r\n":
		return true
	}
	return len(gap) <= 16 && strings.Trim(gap, " \t\r\n") == "" && strings.Count(gap, "\n") < 2 && gap != ""
}

// counts reports whether the name words[i..j] is written as its rule asks.
func (m *matcher) counts(r rule, i, j int) bool {
	w := &m.words[j]
	switch {
	case r == 0, w.shape&dotted != 0:
		return true
	case r&needUpper != 0:
		if w.shape&upper != 0 && (r&(needContext|exact) == 0 || !m.shouting(w)) {
			return true
		}
	case w.shape&capital != 0:
		return true
	}
	switch {
	case r&exact != 0:
		return false
	case r&needContext == 0:
		return m.query
	}
	return (m.query || w.shape&upper != 0) && m.mustBeState(i, j)
}

// shouting reports whether w stands in a line all in capitals, where capitals
// say nothing. Names do not count as words of such a line.
func (m *matcher) shouting(w *word) bool {
	if w.start < m.lineEnd {
		return m.shouted
	}
	start := strings.LastIndexByte(m.s[:w.start], '\n') + 1
	m.lineEnd = len(m.s)
	if n := strings.IndexByte(m.s[w.start:], '\n'); n >= 0 {
		m.lineEnd = w.start + n
	}
	run, long := 0, false
	m.shouted = false
	for i := start; i < m.lineEnd; i++ {
		c := m.s[i]
		if 'a' <= c && c <= 'z' {
			return false
		}
		if 'A' <= c && c <= 'Z' {
			run++
			long = long || run >= 4
		} else {
			run = 0
		}
	}
	m.shouted = long
	return long
}

// mustBeState reports whether the words around words[i..j], written without
// telling capitals, show that it is the state: "the us", "us-china",
// "us sanctions", "why did us".
func (m *matcher) mustBeState(i, j int) bool {
	var before, after *word
	if i > 0 {
		before = &m.words[i-1]
	}
	if j+1 < len(m.words) {
		after = &m.words[j+1]
	}
	if after != nil {
		gap := m.s[m.words[j].end:after.start]
		switch {
		case m.lex.context.nouns[after.lex.term] && adjacent(gap):
			return true
		case gap == "-" && m.lex.context.compounds[after.lex.surface]:
			return true
		case (gap == "-" || gap == "–" || gap == "/") && m.state(j+1):
			return true
		case m.lex.context.pairing[after.lex.surface] && m.state(j+2):
			return true
		}
	}
	if before == nil {
		return false
	}
	gap := m.s[before.end:m.words[i].start]
	switch w := before.lex.surface; {
	case w == "the":
		return after == nil || after.lex.surface != "versus" && after.lex.surface != "vs" && after.lex.surface != "them"
	case m.lex.context.subjects[w]:
		return after != nil && !m.lex.context.objects[after.lex.surface]
	case gap == "-" && m.lex.context.prefixes[w]:
		return true
	case (gap == "-" || gap == "–" || gap == "/") && m.stateBefore(i-1):
		return true
	case m.lex.context.pairing[w] && m.stateBefore(i-2):
		return true
	}
	return false
}

// state reports whether a concept begins at words[k] whatever surrounds it.
func (m *matcher) state(k int) bool {
	if k >= len(m.words) || m.words[k].lex.node == nil {
		return false
	}
	at := m.words[k].lex.node
	if at.ends && at.term != "" && at.rule&needContext == 0 {
		return true
	}
	if k+1 < len(m.words) { // names of two words and more
		at = at.next[m.words[k+1].lex.surface]
		return at != nil && (!at.ends || at.term != "")
	}
	return false
}

// stateBefore reports whether words[k] ends a concept.
func (m *matcher) stateBefore(k int) bool {
	if k < 0 {
		return false
	}
	if at := m.words[k].lex.node; at != nil && at.ends && at.term != "" && at.rule&(needContext|exact) == 0 {
		return true
	}
	if k > 0 && m.words[k-1].lex.node != nil {
		at := m.words[k-1].lex.node.next[m.words[k].lex.surface]
		return at != nil && at.ends && at.term != ""
	}
	return false
}

// context holds the words that give a state away; immutable.
type context struct {
	nouns                                           map[string]bool // terms
	compounds, pairing, subjects, objects, prefixes map[string]bool // word forms
}

func (x *lexicon) newContext() *context {
	set := func(list string) map[string]bool {
		m := map[string]bool{}
		for w := range strings.FieldsSeq(list) {
			m[w] = true
		}
		return m
	}
	c := &context{
		nouns:     map[string]bool{},
		compounds: set("led backed based made born style only imposed funded supplied trained built listed bound educated owned sanctioned china"),
		pairing:   set("and or versus vs"),
		subjects:  set("did does would should could might must will"),
		objects:   set("a an any good harm justice no the some"),
		prefixes:  set("anti pro non pan ex post"),
	}
	nouns, _ := x.scan(stateNouns, nil, nil)
	for _, w := range nouns {
		c.nouns[w.lex.term] = true
	}
	return c
}

// stateNouns follow the adjective of a state much more often than a pronoun.
const stateNouns = `government policy policymakers administration president presidency congress senate house parliament
	court supreme constitution state department secretary treasury minister ministry ambassador embassy diplomat diplomacy
	diplomatic foreign domestic federal military army navy marines troops forces soldiers veterans air pentagon defense
	security intelligence espionage spying surveillance cyber nuclear missile weapons arms sanctions tariffs trade export
	exports import imports economy economic dollar currency debt deficit budget tax taxes bank banks market markets stock
	industry industrial manufacturing companies firms corporations technology tech chip chips semiconductor energy oil gas
	climate agriculture farmers workers labor border immigration visa visas citizens voters people population election
	elections politics political politicians lawmakers legislation law laws officials allies ally alliance aid assistance
	relations relationship ties strategy strategic interests position response stance credibility power hegemony
	withdrawal invasion intervention strike strikes ban embargo restrictions subsidies investment investors intelligence
	bilateral nationals territory soil media press hackers hegemonic influence leadership support pressure objectives`
