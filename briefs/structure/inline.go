package structure

import (
	"strings"
	"unicode/utf8"
)

// references are nouns before a number in brackets that make it a reference:
// "paragraph (1)".
var references = words(`paragraph paragraphs section sections article articles
	subsection subsections subparagraph subparagraphs clause clauses schedule
	regulation regulations rule rules figure figures table tables equation
	equations eq appendix annex part parts chapter note notes item items act
	subdivision subdivisions in of under`)

// inlineCues returns the cues inside sentence s: signs such as "(1)" or "b)",
// ordinals between clauses ("; second, …"), and the two hands. Offsets are
// into s, which scan is at the beginning of.
func inlineCues(scan wordScanner) []cue {
	s := scan.s
	var out []cue
	var last [4]int // where the words before began
	var prev [4]string
	for n := 0; scan.next(); n++ {
		w, start, end := scan.word, scan.start, scan.end
		switch {
		case end < len(s) && s[end] == ')':
			if c, ok := signCue(s, start, end, prev[0]); ok {
				out = append(out, c)
			}
		case end+1 < len(s) && s[end] == '.' && '1' <= w[0] && w[0] <= '9':
			if c, ok := dotCue(s, start, end, prev[0], len(out) > 0); ok {
				out = append(out, c)
			}
		case n > 0 && scan.class&ordering != 0:
			if c, ok := clauseCue(s, w, start, end, prev[0], len(out) > 0); ok {
				out = append(out, c)
			}
		case w == "hand" && prev[0] == "one" && (prev[1] == "on" || prev[1] == "the" && prev[2] == "on"):
			at, before := last[1], prev[2]
			if prev[1] == "the" {
				at, before = last[2], prev[3]
			}
			lead := strings.TrimRight(s[:at], " \t\n\u00a0")
			out = append(out, cue{
				move: opens, family: handFamily, rank: 1, at: at, body: at, initial: at == 0,
				late: at > 0 && !strings.ContainsRune(",;:—–", lastRune(lead)) && !handLeaders[before],
			})
		case w == "other" && prev[0] == "the" && prev[1] == "on" && otherHand(s[end:]):
			out = append(out, cue{move: counts, family: handFamily, rank: 2, at: last[1], body: last[1], initial: last[1] == 0})
		}
		last = [4]int{start, last[0], last[1], last[2]}
		prev = [4]string{w, prev[0], prev[1], prev[2]}
	}
	return out
}

// handLeaders come before "on the one hand" where that begins a clause, and
// does not end one ("costs on the one hand and gains on the other").
var handLeaders = words("and but that if because while though although is are")

// otherHand reports whether s, what comes after "on the other", leaves it to
// mean the other hand.
func otherHand(s string) bool {
	return strings.HasPrefix(s, " hand") || strings.HasPrefix(s, ",")
}

// signCue returns the cue of the sign around s[start:end], which stands
// before ")".
func signCue(s string, start, end int, before string) (cue, bool) {
	at, open := start, ""
	if start > 0 && s[start-1] == '(' {
		at, open = start-1, "("
	}
	if at > 0 && !strings.ContainsRune(" \t\n\u00a0,;:—–“\"", lastRune(s[:at])) {
		return cue{}, false
	}
	body := end + 1
	if body < len(s) && s[body] != ' ' && s[body] != '\t' && s[body] != '\n' && !strings.HasPrefix(s[body:], "\u00a0") {
		return cue{}, false
	}
	m, ok := readRank(s[start:end])
	if !ok || references[before] || listing[before] || open == "" && bracketed(s[:at]) {
		return cue{}, false
	}
	c := ranked(m.rank)
	c.alt, c.family = m.alt, open+m.style+")"
	c.at, c.body, c.initial = at, body, strings.Trim(s[:at], "“\" ") == ""
	c.apart = true
	return c, true
}

// dotCue returns the cue of the number s[start:end] before a full stop, at the
// beginning of the sentence or of a clause: "1. dig; 2. sow".
func dotCue(s string, start, end int, before string, more bool) (cue, bool) {
	m, ok := readRank(s[start:end])
	lead := strings.TrimRight(s[:start], " \t\n\u00a0")
	clause := lead == "" || strings.ContainsRune(":;,—–", lastRune(lead)) || more && (before == "and" || before == "or")
	if !ok || !clause || references[before] || s[end+1] != ' ' && s[end+1] != '\n' {
		return cue{}, false
	}
	c := ranked(m.rank)
	c.family, c.at, c.body, c.initial, c.apart = dotFamily, start, end+1, lead == "", true
	return c, true
}

// bracketed reports whether s ends inside a bracket, as far back as brackets
// of prose reach.
func bracketed(s string) bool {
	s = s[max(0, len(s)-200):]
	return strings.LastIndexByte(s, '(') > strings.LastIndexByte(s, ')')
}

// clauseStarters come right after an ordinal that begins a clause without a
// comma: "first because …".
var clauseStarters = words("because that to by the a an it they we he she there is through in")

// clauseCue returns the cue of the word of order w = s[start:end] inside a
// sentence; more says that another cue stands before it in the sentence.
func clauseCue(s, w string, start, end int, before string, more bool) (cue, bool) {
	c := cue{move: closes}
	if n := ordinals[w]; n > 0 {
		c = ranked(n)
	}
	lead := strings.TrimRight(s[:start], " \t\n\u00a0")
	sign := lastRune(lead)
	c.apart = strings.ContainsRune(":;—–", sign)
	after := s[end:]
	comma := strings.HasPrefix(after, ",") || strings.HasPrefix(after, ":")
	adverb := comma || strings.HasSuffix(w, "stly") || strings.HasSuffix(w, "ndly") || strings.HasSuffix(w, "rdly") || strings.HasSuffix(w, "thly")
	if !adverb {
		h := wordScanner{s: after}
		adverb = h.next() && clauseStarters[h.word] && strings.TrimSpace(after[:h.start]) == "" && (c.apart || more && c.move != opens)
	}
	joined := before == "and" || before == "or" || before == "but"
	ok := adverb && (c.apart || sign == ',' || joined && (more || c.move != opens))
	c.family, c.at, c.body = ordinalFamily, start, start
	return c, ok
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
