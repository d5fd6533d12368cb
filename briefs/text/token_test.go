package text

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Use, used, using: us.", "use use use us"},
		{"1,000 and 3.5 of $5bn", "1000 and 3_5 of 5 bn"},
		{"It went; they broke.", "it go they break"},
		{"don’t can't cannot", "do not can not can not"},
		{"cyberattacks, cyber-attack", "cyber attack cyber attack"},
		{"café naïve", "cafe naiv"},
		{"e.g. this", "eg this"},
		{"No. 3", "number 3"},
		{"中国", "中 国"},
		{"１２３ ＡＢＣ ﬁnance", "123 abc financ"},
		{"the 1990s, the 1990's, 19th, 5G, G20, H1N1, 10km", "the 1990s the 1990s 19th 5g _g20 h1n1 10 km"},
		{"1.2.3 10,00 1,000,000.50 .5 5.", "1_2_3 10 00 1000000_50 5 5"},
		{"12,345 and 1234,567", "12345 and 1234 567"},
		{"5% of R&D", "5 percent of r and d"},
		{"states' rights; the state’s; O’Neill; it's; they're; we'll", "state right the state oneil it they we"},
		{"won't shan't isn’t", "will not shall not is not"},
		{"p.m. and/or Ph.D.", "pm and or ph d"},
		{"well-known re-elected co-operation", "well know reelect cooper"},
		{"soft\u00adhyphen", "softhyphen"},
		{"Москва Ärger Ελλάδα", "москва arger ελλάδα"},
		{"straße Łódź søk ÆTHER", "strass lodz sok aether"},
		{"ce\u0301dille", "cedill"},
		{"___ --- … !", ""},
		{"a\xffb", "a b"},
		{"No. We said no. 3 of them", "no we say no 3 of them"},
	} {
		if got := Terms(c.in); got != c.want {
			t.Errorf("Terms(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// checkTokens reports what is wrong with the tokens of s, or "".
func checkTokens(s string, tokens []Token) string {
	last := 0
	for _, tok := range tokens {
		switch {
		case tok.Start < last || tok.End > len(s) || tok.Start >= tok.End:
			return "out of order, outside or empty"
		case utf8.ValidString(s) && !utf8.ValidString(s[tok.Start:tok.End]):
			return "cuts a rune"
		case tok.Term == "" || len(tok.Term) > MaxTerm || !utf8.ValidString(tok.Term):
			return "length of term " + tok.Term
		case tok.Term[0] == '_' && Label(tok.Term) == tok.Term:
			return "forged concept " + tok.Term
		}
		last = tok.End
		for _, r := range tok.Term {
			ok := 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '_'
			if r >= utf8.RuneSelf {
				ok = (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && unicode.ToLower(r) == r
			}
			if !ok {
				return "alphabet of term " + tok.Term
			}
		}
	}
	return ""
}

func checkBoth(s string) string {
	if bad := checkTokens(s, Tokens(s)); bad != "" {
		return bad
	}
	if bad := checkTokens(s, QueryTokens(s)); bad != "" {
		return "question: " + bad
	}
	if got := len(strings.Fields(Terms(s))); got != len(Tokens(s)) {
		return "Terms and Tokens differ in number"
	}
	return ""
}

func TestTokensProperty(t *testing.T) {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"US", "us", "U.S.", "the", "-", "’s", "n't", "1,000", ".5", "bn", "cyber", "\xff", "é",
		"e\u0301", "İ", "ß", "中", "ｶ", "\u00ad", "United", "States", "South", "Korea", "_us", "%", "No. 3", "\u0345", "ﬁ", "K", "١٢", strings.Repeat("ä", 80), "co-operate",
		"ʼ", "‘", "’", "＇", "ʻ", "ʹ",
	}))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " ", "-"}).Draw(t, "glue"))
		if bad := checkBoth(s); bad != "" {
			t.Fatalf("%q: %s", s, bad)
		}
	})
}

func FuzzTokens(f *testing.F) {
	for line := range strings.Lines(prose) {
		f.Add(line)
	}
	f.Add("ʼ it ʼ’‘ isnʼ")
	f.Add("US-China U.S. No. 3 1,000.5bn e\u0301 中国 İ ﬁ \xff")
	f.Fuzz(func(t *testing.T, s string) {
		if bad := checkBoth(s); bad != "" {
			t.Fatalf("%q: %s", s, bad)
		}
	})
}

// TestTokensConcurrently lets the race detector see the stem cache at work.
func TestTokensConcurrently(t *testing.T) {
	want := Terms(prose)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				Terms(fmt.Sprintf("word%d other%d", i, i*7))
				if got := Terms(prose); got != want {
					t.Errorf("terms changed: %q", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestStop(t *testing.T) {
	for _, c := range []struct {
		in, word string
		want     bool
	}{
		{"it may fail", "may", true},
		{"May it fail?", "may", true},
		{"in May it fell", "may", false},
		{"5 may", "may", false},
		{"may 2031", "may", false},
		{"tell us", "us", true},
		{"No. 3", "number", false},
		{"no deal", "no", true},
		{"trade falls", "trade", false},
		{"why not", "not", true},
		{"they fail", "fail", false},
	} {
		found := false
		for _, tok := range Tokens(c.in) {
			if tok.Term == c.word {
				found = true
				if tok.Stop != c.want {
					t.Errorf("%q: Stop of %q is %v", c.in, c.word, tok.Stop)
				}
			}
		}
		if !found {
			t.Errorf("%q: no term %q", c.in, c.word)
		}
	}
	for _, w := range []string{"not", "no", "never", "neither", "nor", "without"} {
		if !Negative(w) || !Tokens(w)[0].Stop || Tokens(w)[0].Term != w {
			t.Errorf("%q must be negative, a stop word and its own term", w)
		}
	}
	if Negative("fail") || Negative("refus") {
		t.Error("verbs of failing are topics")
	}
}

// TestTokensLinear fails when some repetition makes the time grow with the
// square of the length.
func TestTokensLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: runs without -short")
	}
	for _, unit := range []string{"US ", "us-", "U.S.", "a.", "1,", "1,000", ".5", "x'", "the ", "United ", "co-", "(A B ", "é", "中", "\xff", "SHOUT US ", "\u00ad"} {
		s := strings.Repeat(unit, 500_000/len(unit))
		begin := time.Now()
		n := len(QueryTokens(s)) + len(Acronyms(s))
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("half a megabyte of %q took %v (%d tokens)", unit, took, n)
		}
	}
}

// A modifier apostrophe is a letter to Unicode; one that stands alone once
// kept the scanner from moving on.
func TestLoneApostrophes(t *testing.T) {
	for _, s := range []string{"ʼ", "a ʼ b", "ʼʼ", "ʼ1", "rock ʼnʼ roll", "isnʼ", "‘", "＇x", "USʼn't", "o''n't", "'n't"} {
		if bad := checkBoth(s); bad != "" {
			t.Errorf("%q: %s", s, bad)
		}
	}
}
