package dispute

import (
	"math"
	"strconv"
	"strings"

	"briefdesk/briefs/text"
)

// amount is a number of a statement with its unit.
type amount struct {
	from, to int // tokens of number and unit
	value    float64
	within   float64  // how far another may be off and mean the same, by how it is rounded
	units    []string // terms that may be its unit, "%" for a share
	vague    bool     // no more than a bound, or part of a range
	rate     string   // "a year", "per head"
	by       string   // "by", "to" or "from", where one stands before it
}

// unitReach is how many terms behind a number may be its unit: "40 new members".
const unitReach = 2

// looseShare is by how much of the larger one numbers may differ that are said
// to be rough.
const looseShare = 0.2

// amounts are those of s, in order. Years and bare numbers are none.
func (s *Statement) amounts() []amount {
	var out []amount
	for i := 0; i < len(s.tokens); i++ {
		value, digits, ok := s.numberAt(i)
		if !ok {
			continue
		}
		a := amount{from: i, value: value, within: rounding(value, digits)}
		k := i + 1
		for k < len(s.tokens) {
			word := strings.ToLower(s.word(k))
			scale, scaled := s.r.words.scales[word]
			if !scaled || !s.near(k) {
				break
			}
			if a.within == 0 && scale > 1e2 {
				a.within = 0.5 // "40 million" may be 40.2
			}
			a.value, a.within = a.value*scale, a.within*scale
			k++
		}
		sign := strings.TrimSpace(s.text[:s.tokens[i].Start])
		switch {
		case strings.HasSuffix(sign, "$"):
			a.units = append(a.units, "dollar")
		case strings.HasSuffix(sign, "€"):
			a.units = append(a.units, "euro")
		case strings.HasSuffix(sign, "£"):
			a.units = append(a.units, "pound")
		}
		rest := s.text[s.tokens[k-1].End:]
		if strings.HasPrefix(strings.TrimSpace(rest), "%") || behind(rest, "per cent") || behind(rest, "percent") {
			a.units = append(a.units, "%")
			for k < len(s.tokens) && (s.word(k) == "%" || s.word(k) == "per" || s.word(k) == "cent" || s.word(k) == "percent") {
				k++
			}
		}
		for n := 0; len(a.units) == 0 || a.units[0] != "%"; n++ {
			if n == unitReach || k >= len(s.tokens) || s.tokens[k].Stop || !s.near(k) {
				break
			}
			if _, _, number := s.numberAt(k); number {
				break
			}
			a.units = append(a.units, s.tokens[k].Term)
			k++
			if s.r.words.currency[a.units[len(a.units)-1]] {
				break
			}
		}
		a.to = k
		if len(a.units) == 0 {
			continue
		}
		s.hedge(&a)
		out = append(out, a)
	}
	return out
}

// hedge reads what stands around an amount.
func (s *Statement) hedge(a *amount) {
	for i := max(0, a.from-4); i < a.from; i++ {
		word := strings.ToLower(s.word(i))
		a.vague = a.vague || s.r.words.bounds[word] || strings.ContainsAny(word, "<>")
		if s.r.words.rough[word] {
			a.within = max(a.within, looseShare*a.value)
		}
	}
	if a.from > 0 {
		switch word := strings.ToLower(s.word(a.from - 1)); word {
		case "by", "to", "from":
			a.by = word
		}
		if _, _, number := s.numberAt(a.from - 1); number && strings.TrimSpace(s.text[s.tokens[a.from-1].End:s.tokens[a.from].Start]) != "," {
			a.vague = true // "10-15 days"
		}
		if joint := s.tokens[a.from-1].Term; a.from > 1 && (joint == "to" || joint == "or" || joint == "and") {
			_, _, number := s.numberAt(a.from - 2)
			a.vague = a.vague || number
		}
	}
	for i := a.from; i < min(a.to+3, len(s.tokens)); i++ {
		switch word := strings.ToLower(s.word(i)); word {
		case "a", "an", "per", "each", "every":
			if i+1 < len(s.tokens) && i == a.to && s.near(i) {
				a.rate = s.tokens[i+1].Term
			}
		case "annually", "annual", "monthly", "weekly", "daily", "yearly":
			a.rate = strings.TrimSuffix(strings.TrimSuffix(word, "ly"), "al")
		case "to", "or":
			if i+1 < len(s.tokens) && i <= a.to {
				if _, _, number := s.numberAt(i + 1); number {
					a.vague = true // "10 days to 15", "two or three days"
				}
			}
		}
	}
	if a.to < len(s.tokens) {
		if word := strings.ToLower(s.word(a.to)); word == "more" || word == "fewer" || word == "less" {
			a.vague = true
		}
	}
}

func behind(rest, word string) bool { return strings.HasPrefix(strings.TrimLeft(rest, " -"), word) }

// word is token i as written.
func (s *Statement) word(i int) string { return s.text[s.tokens[i].Start:s.tokens[i].End] }

// near reports whether no more than a space or hyphen stands before token i.
func (s *Statement) near(i int) bool {
	return i > 0 && strings.Trim(s.text[s.tokens[i-1].End:s.tokens[i].Start], " -\u00a0\n") == ""
}

// numberAt is the number that token i is, and how it is written when in digits.
func (s *Statement) numberAt(i int) (value float64, digits string, ok bool) {
	word := s.word(i)
	if v, spelled := s.r.words.numbers[strings.ToLower(word)]; spelled {
		return v, "", true
	}
	if word == "" || word[0] < '0' || word[0] > '9' {
		return 0, "", false
	}
	end := s.tokens[i].End
	for end < len(s.text) && (s.text[end] >= '0' && s.text[end] <= '9' || (s.text[end] == '.' || s.text[end] == ',') && end+1 < len(s.text) && s.text[end+1] >= '0' && s.text[end+1] <= '9') {
		end++
	}
	digits = strings.ReplaceAll(s.text[s.tokens[i].Start:end], ",", "")
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || i > 0 && s.tokens[i-1].End == s.tokens[i].Start-1 && s.text[s.tokens[i].Start-1] == '.' {
		return 0, "", false
	}
	return v, digits, true
}

// rounding is how far the true number may be off one that is written so: half
// of its last digit after the point, or of its last one that is not 0 when it
// is large.
func rounding(value float64, digits string) float64 {
	if _, after, found := strings.Cut(digits, "."); found {
		return 0.5 * math.Pow10(-len(after))
	}
	if value < 100 {
		return 0
	}
	zeros := len(digits) - len(strings.TrimRight(digits, "0"))
	if zeros == 0 {
		return 0
	}
	return 0.5 * math.Pow10(zeros)
}

// differs reports whether a and b are other amounts of one unit.
func (a *amount) differs(b *amount) bool {
	far := math.Abs(a.value - b.value)
	return far > max(a.within, b.within) && far > 1e-9*max(a.value, b.value)
}

// comparable reports whether a and b may be amounts of the same.
func (a *amount) comparable(b *amount) bool {
	if a.vague || b.vague || a.rate != b.rate || a.by != b.by && (a.by != "" && b.by != "") {
		return false
	}
	return a.shares(b)
}

// shares reports whether a and b may have one unit.
func (a *amount) shares(b *amount) bool {
	for _, u := range a.units {
		for _, v := range b.units {
			if u == v || synonymous(u, v) {
				return true
			}
		}
	}
	return false
}

func synonymous(a, b string) bool {
	for _, s := range text.Synonyms(a) {
		if s == b {
			return true
		}
	}
	return false
}
