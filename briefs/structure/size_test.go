package structure

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

// sentence returns n words.
func sentence(n int) string {
	return "Word" + strings.Repeat(" word", n-1) + ". "
}

func TestPassageSizes(t *testing.T) {
	var s strings.Builder
	for _, n := range []int{40, 150, 90, 10, 10, 199, 30, 380, 5} {
		s.WriteString(strings.TrimSpace(sentence(n)) + "\n\n")
	}
	s.WriteString(strings.Repeat(sentence(30), 40) + "\n\n") // 1200 words: cut
	s.WriteString(sentence(700))                             // one sentence: cannot be cut
	d := briefs.Document{ID: "d", Text: s.String()}
	Analyze(&d)
	check(t, &d)
	total := 0
	for i, p := range d.Passages {
		words := wordCount(d.Slice(p.Span), math.MaxInt)
		total += words
		if words > longestWords && i != len(d.Passages)-1 {
			t.Errorf("passage %d has %d words", i, words)
		}
		if want := briefs.PassageID(fmt.Sprintf("d/%06d", i)); p.ID != want {
			t.Errorf("passage %d is %s", i, p.ID)
		}
	}
	if want := wordCount(d.Text, math.MaxInt); total != want {
		t.Errorf("passages hold %d words of %d", total, want)
	}
	if n := len(d.Passages); n < 9 || n > 12 {
		t.Errorf("%d passages, want about 200 words each", n)
	}
}

func TestListStaysWithLeadIn(t *testing.T) {
	text := sentence(150) + "\n\nThe fund has three duties:\n\n* " + sentence(40) + "\n* " + sentence(40) + "\n* " + sentence(40) + "\n\n" + sentence(100)
	d := parse(text)
	Analyze(d)
	check(t, d)
	for _, p := range d.Passages {
		if got := d.Slice(p.Span); strings.Contains(got, "three duties") != strings.Contains(got, "* ") || strings.Count(got, "* ")%3 != 0 {
			t.Errorf("the list is not with its lead-in: %q", got)
		}
	}
}

// TestLinear bounds the time of texts that are large in every way that could
// make work grow faster than the text.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: runs without -short")
	}
	const size = 1 << 18
	for name, unit := range map[string]string{
		"prose":      "The council met again. It had little to say about the harbour, the fleet or the levy.\n\n",
		"ordinals":   "First, the ships. Second, the crews. ",
		"openers":    "First, the ships. ",
		"signs":      "(1) one ship (2) two ships ",
		"sign opens": "(1) ship ",
		"inline":     "it said: first, the ship; second, the crew; ",
		"one line":   "word ",
		"questions":  "Why is it so? ",
		"lists":      "There are two reasons:\n\n* a ship\n* a crew\n\n",
		"hands":      "On the one hand, this, on the other hand, that; ",
		"announced":  "There are three reasons. ",
		"promised":   "There are two reasons.\n\n",
		"promises":   "It has several parts. No ship came. No crew came. ",
		"quiet":      "The main reason is cost. Another is time. ",
		"flattened":  "Do so: 1. Dig. 2. Sow. ",
		"speakers":   "Q: Why? There are two reasons.\n\n",
		"blanks":     " \n\n",
		"brackets":   "((((((((( ",
	} {
		t.Run(name, func(t *testing.T) {
			d := parse(strings.Repeat(unit, size/len(unit)))
			start := time.Now()
			Analyze(d)
			// A linear pass takes well under a second; what is quadratic, minutes.
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%d bytes took %v", len(d.Text), took)
			}
		})
	}
}
