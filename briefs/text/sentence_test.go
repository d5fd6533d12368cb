package text

import (
	_ "embed"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

//go:embed testdata/sentences.txt
var sentenceCases string

func TestSentences(t *testing.T) {
	for line := range tableLines(sentenceCases) {
		line = strings.NewReplacer(`\n`, "\n", `\b`, "\n\n").Replace(line)
		input := strings.NewReplacer("\n\n¦ ", "\n\n", " ¦ ", " ", "¦", "").Replace(line)
		var want []string
		for part := range strings.SplitSeq(line, "¦") {
			want = append(want, strings.TrimSpace(part))
		}
		var got []string
		for _, sp := range Sentences(input) {
			got = append(got, input[sp.Start:sp.End])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Sentences(%q): (-want +got)\n%s", input, diff)
		}
	}
}

// checkSentences reports what is wrong with the spans of s, or "".
func checkSentences(s string) string {
	covered := make([]bool, len(s)+1)
	last := 0
	for _, sp := range Sentences(s) {
		switch {
		case sp.Start < last || sp.End > len(s) || sp.Empty():
			return "out of order, outside or empty"
		case strings.TrimSpace(s[sp.Start:sp.End]) != s[sp.Start:sp.End]:
			return "not trimmed"
		case utf8.ValidString(s) && !utf8.ValidString(s[sp.Start:sp.End]):
			return "cuts a rune"
		}
		last = sp.End
		for i := sp.Start; i < sp.End; i++ {
			covered[i] = true
		}
	}
	for i, r := range s {
		if !unicode.IsSpace(r) && !covered[i] {
			return "leaves out text"
		}
	}
	return ""
}

func TestSentencesProperty(t *testing.T) {
	piece := rapid.SampledFrom([]string{"U.S.", "Gen.", "The", "x", "5", " ", "\n", "\n\n", ".", "?", "[1]", "“", "”", "(", ")", "…", "é", "中。", "\xff", "a.m.", "\u2029", "\u0085", "\t", "*"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "glue"))
		if bad := checkSentences(s); bad != "" {
			t.Fatalf("%q: %s: %v", s, bad, Sentences(s))
		}
	})
}

func FuzzSentences(f *testing.F) {
	for line := range tableLines(sentenceCases) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if bad := checkSentences(s); bad != "" {
			t.Fatalf("%q: %s", s, bad)
		}
	})
}

// TestSentencesLinear fails when some repetition makes the time grow with
// the square of the length: a megabyte would then take minutes.
func TestSentencesLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: runs without -short")
	}
	for _, unit := range []string{"word ", ". ", "1. ", "a.b", "(", "[1]", "“a", "U.S. ", "… ", "! ", ".\n", "\n\n", "[1", "a.A", "]", ".)", "\xff", "A. ", "\"", ".1", " ", "5 . "} {
		s := strings.Repeat(unit, 1_000_000/len(unit))
		begin := time.Now()
		n := len(Sentences(s))
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("1 MB of %q took %v (%d sentences)", unit, took, n)
		}
	}
}
