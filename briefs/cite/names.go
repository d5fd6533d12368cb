package cite

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// name is an author. Either whole is set, for organisations and for names
// that are never turned round, or family is.
type name struct {
	whole         string
	given, family string
	suffix        string // "Jr.", "III"
	familyFirst   bool   // the family name stands first anyway: "Xi Jinping"
}

// String is the name as it is said.
func (n name) String() string {
	switch {
	case n.whole != "":
		return n.whole
	case n.familyFirst:
		return n.family + " " + n.given
	}
	return join(" ", n.given, n.family, n.suffix)
}

// inverted is the name as lists sort it: "King, Martin Luther, Jr." (Chicago
// 14.73 and 6.43; MLA chapter 5, Author).
func (n name) inverted() string {
	if n.whole != "" || n.familyFirst {
		return n.String()
	}
	return join(", ", n.family, n.given, n.suffix)
}

// initials is the name as APA 9.8 writes it: "King, M. L., Jr."
func (n name) initials() string {
	if n.whole != "" {
		return n.whole
	}
	return join(", ", n.family, initials(n.given), n.suffix)
}

// short is the name in a reference to a full citation.
func (n name) short() string {
	if n.whole != "" {
		return n.whole
	}
	return n.family
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// initials shortens given names: "Jean-Paul K." is "J.-P. K."
func initials(given string) string {
	var out []string
	for _, word := range strings.FieldsFunc(given, func(r rune) bool { return r == ' ' || r == '.' }) {
		var parts []string
		for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '‐' || r == '‑' }) {
			if first := firstLetter(part); first != "" {
				parts = append(parts, first+".")
			}
		}
		if len(parts) > 0 {
			out = append(out, strings.Join(parts, "-"))
		}
	}
	return strings.Join(out, " ")
}

// firstLetter is the first letter of s with the marks that belong to it.
func firstLetter(s string) string {
	i := strings.IndexFunc(s, unicode.IsLetter)
	if i < 0 {
		return ""
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	end := i + size
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.M, r) {
			break
		}
		end += size
	}
	return s[i:end]
}

var (
	suffixes = words(`jr jr. sr sr. ii iii iv`)
	degrees  = words(`phd ph.d ph.d. md m.d. ma m.a. mba m.b.a. msc m.sc. llm ll.m. jd j.d. esq esq. mp mep obe cbe`)
	titles   = words(`dr dr. prof prof. professor mr mr. mrs mrs. ms ms. sir dame ambassador amb. gen. lt. col. maj. adm. capt. rev. hon. sen. rep.`)
	// particles belong to the family name that follows them (APA 9.8; Chicago
	// 8.5 and MLA chapter 2 follow the usage of the bearer, which is not known
	// here).
	particles = words(`van von der den de del della di da dos das do du la le les ter ten te zu zum zur af av al el bin ibn bint ben abu st. 't`)
)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// person reads a personal name in the order in which it is said.
func person(s string) name {
	w := strings.Fields(s)
	for len(w) > 2 && titles[strings.ToLower(w[0])] {
		w = w[1:]
	}
	var n name
	if len(w) < 2 || !turns(s) {
		return name{whole: strings.Join(w, " ")}
	}
	if last := len(w) - 1; last > 1 && suffixes[strings.ToLower(w[last])] {
		n.suffix, w = w[last], w[:last]
		w[last-1] = strings.TrimRight(w[last-1], ",")
	}
	if len(w) == 2 && chineseFamily[strings.ToLower(w[0])] && chineseGiven.MatchString(strings.ToLower(w[1])) {
		return name{family: w[0], given: w[1], familyFirst: true}
	}
	at := len(w) - 1
	for at > 1 && particles[strings.ToLower(w[at-1])] {
		at--
	}
	n.given, n.family = strings.Join(w[:at], " "), strings.Join(w[at:], " ")
	return n
}

// turns reports whether names of the script of s put the family name last, so
// that lists turn them round. Han, Hangul and Kana put it first; Arabic,
// Hebrew and Indic names are listed as they are said (Chicago 8.13 to 8.16, 16.75 to 16.87).
func turns(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Georgian, unicode.Lm, unicode.Common) {
			return false
		}
	}
	return true
}

// Chinese names in Latin script put the family name first and write the two
// syllables of a given name as one word: "Yan Xuetong" (Chicago 8.15).
var (
	chineseFamily = words(`bai cai cao chen cheng cui dai deng ding dong du duan fan fang feng fu gao gong gu guo han hao he hou hu huang jia jiang jin kong lai lei li
		liang liao lin liu long lu luo lü ma mao meng mo ni pan peng qian qiao qin qiu ren shao shen shi song su sun tan tang tao tian wan wang wei wen wu xi xia xiang
		xiao xie xiong xu xue yan yang yao ye yi yin yu yuan zeng zhai zhang zhao zheng zhong zhou zhu zou`)
	chineseGiven = regexp.MustCompile(`^(?:` + syllable + `){2}$`)
)

const syllable = `(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|er|[aeiouü])`
