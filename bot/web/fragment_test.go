package web

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"briefdesk/briefs"
)

func paragraphsOf(text string) *briefs.Document {
	d := &briefs.Document{ID: "d", Text: text, URL: "https://lantern.example/a"}
	d.Blocks = blocksOf(d)
	return d
}

func TestOriginalAddress(t *testing.T) {
	for _, c := range []struct{ text, mark, url, want string }{
		{"One thing. Another thing.", "One thing.", "https://lantern.example/a", "https://lantern.example/a#:~:text=One%20thing%2E"},
		{"A well-known, odd & old one.", "A well-known, odd & old one.", "http://lantern.example/", "http://lantern.example/#:~:text=A%20well%2Dknown%2C%20odd%20%26%20old%20one%2E"},
		{"One thing.", "One thing.", "https://lantern.example/a?b=1&c=%20#part", "https://lantern.example/a?b=1&c=%20#part:~:text=One%20thing%2E"},
		{"One thing.", "One thing.", "https://lantern.example/a#part:~:text=old", "https://lantern.example/a#part:~:text=One%20thing%2E"},
		{"One thing.", "", "https://lantern.example/a#part", "https://lantern.example/a#part"},
		{"One thing.", "", "https://ana:secret@lantern.example/a", "https://lantern.example/a"},
		{"One thing.", "One thing.", "javascript:alert(1)//https://lantern.example", ""},
		{"One thing.", "One thing.", "data:text/html,x", ""},
		{"One thing.", "One thing.", "/etc/passwd", ""},
		{"One thing.", "One thing.", "https:lantern", ""},
		{"One thing.", "One thing.", "", ""},
		// The first of two is told by what follows, the second by what precedes.
		{"We agree.\n\nThen we sailed. We agree.", "We agree.", "https://lantern.example/a", "https://lantern.example/a#:~:text=We%20agree%2E,-Then%20we%20sailed%2E%20We"},
		{"Then we sailed. We agree. So it was.\n\nWe agree.", "We agree.", "https://lantern.example/a", "https://lantern.example/a#:~:text=Then%20we%20sailed%2E-,We%20agree%2E"},
		// Part of a word is no match for a browser; a mark over two paragraphs is named by its ends.
		{"Nobody agreed to the plans.", "body agreed to the plan", "https://lantern.example/a", "https://lantern.example/a#:~:text=Nobody%20agreed%20to%20the%20plans"},
		{"The first ends here.\n\nThe second begins.", "ends here.\n\nThe second", "https://lantern.example/a", "https://lantern.example/a#:~:text=ends%20here%2E,The%20second"},
		// The number of a note may look otherwise in the original.
		{"We paid.[2] They left.", "We paid.[2]", "https://lantern.example/a", "https://lantern.example/a#:~:text=We%20paid%2E"},
		{"We paid the toll,[1] twice a[2] year.[3][4] So.", "We paid the toll,[1] twice a[2] year.[3][4]", "https://lantern.example/a", "https://lantern.example/a#:~:text=We%20paid%20the%20toll%2C,year%2E"},
		{"They left.[1] We agree. So it was. We agree.", "We agree.", "https://lantern.example/a", "https://lantern.example/a#:~:text=We%20agree%2E,-So%20it%20was%2E%20We"},
		{"[12]", "[12]", "https://lantern.example/a", "https://lantern.example/a#:~:text=%5B12%5D"},
		{"海峡的价格。", "价格", "https://lantern.example/a", "https://lantern.example/a#:~:text=%E4%BB%B7%E6%A0%BC"},
	} {
		d := paragraphsOf(c.text)
		d.URL = c.url
		var span briefs.Span
		if c.mark != "" {
			span = spanAt(t, c.text, c.mark, 1)
		}
		if got := originalAddress(d, span); got != c.want {
			t.Errorf("%q in %q: %s\nwant %s", c.mark, c.text, got, c.want)
		}
	}
}

func TestOriginalAddressOfAPage(t *testing.T) {
	d := paragraphsOf("One thing. Another thing.")
	d.Pages = []int{0, 0, len("One thing. ")}
	for mark, want := range map[string]string{"One thing.": "https://lantern.example/a.pdf#page=2", "Another thing.": "https://lantern.example/a.pdf#page=3"} {
		d.URL = "https://lantern.example/a.pdf#top"
		if got := originalAddress(d, spanAt(t, d.Text, mark, 1)); got != want {
			t.Errorf("%q: %s, want %s", mark, got, want)
		}
	}
	if got := originalAddress(d, briefs.Span{}); got != d.URL {
		t.Errorf("of no sentence: %s", got)
	}
}

func TestLongSentenceIsNamedByItsEnds(t *testing.T) {
	long := "It began with seven quiet words that " + strings.Repeat("nobody heard, ", 30) + "and it ended with six other ones."
	d := paragraphsOf("Before. " + long + " After.")
	got := textDirective(d, spanAt(t, d.Text, long, 1))
	if want := "text=It%20began%20with%20seven%20quiet%20words,it%20ended%20with%20six%20other%20ones%2E"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// List markers are ours, not the original's.
func TestDirectiveLeavesMarkersOut(t *testing.T) {
	d := &briefs.Document{Text: "1. The ship was old.\n2. The sea was rough."}
	d.Blocks = []briefs.Block{
		{Role: briefs.RoleItem, Level: 1, Span: briefs.Span{Start: 0, End: 20}, Body: 3},
		{Role: briefs.RoleItem, Level: 1, Span: briefs.Span{Start: 21, End: len(d.Text)}, Body: 24},
	}
	for span, want := range map[briefs.Span]string{
		{Start: 0, End: 20}:          "text=The%20ship%20was%20old%2E",
		{Start: 20, End: 45}:         "text=The%20sea%20was%20rough%2E",
		{Start: 8, End: len(d.Text)}: "text=ship%20was%20old%2E,The%20sea%20was%20rough%2E",
		{Start: 21, End: 23}:         "",
	} {
		if got := textDirective(d, span); got != want {
			t.Errorf("%v: %s, want %s", span, got, want)
		}
	}
}

// found is the first place where a browser finds a directive, by the steps of
// section 3.6 of the specification: prefix, start, end and suffix each lie in
// one line of text, and only space may lie between them.
func found(t *rapid.T, lines []string, directive string) (from, to int) {
	part := func(s string) string {
		s, err := url.PathUnescape(s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var prefix, suffix string
	parts := strings.Split(strings.TrimPrefix(directive, "text="), ",")
	if strings.HasSuffix(parts[0], "-") {
		prefix, parts = part(strings.TrimSuffix(parts[0], "-")), parts[1:]
	}
	if last := parts[len(parts)-1]; strings.HasPrefix(last, "-") {
		suffix, parts = part(last[1:]), parts[:len(parts)-1]
	}
	start, end := part(parts[0]), ""
	if len(parts) > 1 {
		end = part(parts[1])
	}
	text := strings.Join(lines, "\n")
	whole := func(from, to int) bool {
		return !(from > 0 && splitsWord(text, from)) && !(to < len(text) && splitsWord(text, to))
	}
	for i := range text {
		if !strings.HasPrefix(text[i:], start) || !strings.HasSuffix(strings.TrimRight(text[:i], " \n"), prefix) {
			continue
		}
		stops := []int{i + len(start)}
		if end != "" {
			stops = nil
			for j := i + len(start); j <= len(text); j++ {
				if utf8.RuneStart(append([]byte(text), 0)[j]) && strings.HasPrefix(text[j:], end) {
					stops = append(stops, j+len(end))
				}
			}
		}
		for _, stop := range stops {
			if strings.HasPrefix(strings.TrimLeft(text[stop:], " \n"), suffix) && whole(i, stop) {
				return i, stop
			}
		}
	}
	return -1, -1
}

// A browser finds the sentence that is meant, though every sentence of the
// text stands there again and again.
func TestDirectiveFindsItsSentenceProperty(t *testing.T) {
	word := rapid.SampledFrom([]string{"we", "agree", "not", "the", "sea,", "old-time", "é", "R&D"})
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(word, 1, 12).Draw(t, "words"), " ")
		}), 1, 6).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		d := paragraphsOf(text)
		words := stretches{text: text}.words()
		a := rapid.IntRange(0, len(words)-1).Draw(t, "first")
		b := rapid.IntRange(a, len(words)-1).Draw(t, "last")
		span := briefs.Span{Start: words[a].Start, End: words[b].End}
		directive := textDirective(d, span)
		if p := directiveOf(t, directive); !p.only(strings.ToLower(collapse(text)), len(strings.ToLower(collapse(d.Slice(span))))) {
			t.Skip("not to be told apart by so much context")
		}
		if from, to := found(t, lines, directive); from != span.Start || to != span.End {
			t.Fatalf("%q [%d,%d) of %q: %s finds [%d,%d)", d.Slice(span), span.Start, span.End, text, directive, from, to)
		}
	})
}

// words are the words of the text, for spans that begin and end with whole
// ones.
func (s stretches) words() []briefs.Span {
	var out []briefs.Span
	at := 0
	for _, w := range strings.Fields(s.text) {
		at += strings.Index(s.text[at:], w)
		out = append(out, briefs.Span{Start: at, End: at + len(w)})
		at += len(w)
	}
	return out
}

func directiveOf(t *rapid.T, s string) directive {
	var p directive
	for i, part := range strings.Split(strings.TrimPrefix(s, "text="), ",") {
		plain, err := url.PathUnescape(strings.Trim(part, "-"))
		switch {
		case err != nil:
			t.Fatal(err)
		case strings.HasSuffix(part, "-") && i == 0:
			p.prefix = plain
		case strings.HasPrefix(part, "-"):
			p.suffix = plain
		case p.start == "":
			p.start = plain
		default:
			p.end = plain
		}
	}
	return p
}
