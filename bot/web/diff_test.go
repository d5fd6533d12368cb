package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"briefdesk/briefs"
)

// showChanges writes lines as "= kept", "+ added", "- removed", and those of
// mixed fate with [+words] and [-words]; those that moved as "> from", "< to",
// and folded ones as "… n".
func showChanges(p *diffPage) string {
	var b strings.Builder
	for _, part := range p.Parts {
		if part.Folded > 0 {
			b.WriteString("… " + strings.Repeat("x", part.Folded) + "\n")
			continue
		}
		for _, words := range part.Lines {
			if len(words) == 1 {
				sign := "=+-"
				if words[0].Moved {
					sign = "=<>"
				}
				b.WriteString(string(sign[words[0].Change]) + " " + words[0].Text + "\n")
				continue
			}
			b.WriteString("~")
			for _, w := range words {
				switch w.Change {
				case kept:
					b.WriteString(" " + w.Text)
				case added:
					b.WriteString(" [+" + w.Text + "]")
				case removed:
					b.WriteString(" [-" + w.Text + "]")
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func compared(a, b string) *diffPage {
	p := &diffPage{}
	p.compare(paragraphsOf(a), paragraphsOf(b))
	return p
}

func TestCompare(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing", "a\n\nb", "a\n\nb", "= a\n= b\n"},
		{"one word", "The sea was rough today.", "The sea was calm today.", "~ The sea was [-rough] [+calm] today.\n"},
		{"added and removed", "Alpha one.\n\nBeta two.\n\nGamma three.", "Alpha one.\n\nGamma three.\n\nDelta four.", "= Alpha one.\n- Beta two.\n= Gamma three.\n+ Delta four.\n"},
		{"all else", "Alpha one.", "Beta two.", "- Alpha one.\n+ Beta two.\n"},
		{"from nothing", "", "Beta two.", "+ Beta two.\n"},
		{"folded", "1\n\n2\n\n3\n\n4\n\n5\n\n6", "1\n\n2\n\n3\n\n4\n\n5\n\n7", "… xxxx\n= 5\n- 6\n+ 7\n"},
		{"space is no change", "a b\n\nc", "a  b\n\n\nc", "= a b\n= c\n"},
		{"moved", "Alpha is the first one.\n\nBeta.\n\nGamma.", "Beta.\n\nGamma.\n\nAlpha is the first one.", "> Alpha is the first one.\n= Beta.\n= Gamma.\n< Alpha is the first one.\n"},
		{
			"split", "The sea was rough and the ship stayed in the harbour.", "The sea was rough.\n\nThe ship stayed in the harbour.",
			"~ The sea was [-rough and the] [+rough. The] ship stayed in the harbour.\n",
		},
		{
			"merged", "The sea was rough.\n\nThe ship stayed in the harbour.", "The sea was rough and the ship stayed in the harbour.",
			"~ The sea was [-rough. The] [+rough and the] ship stayed in the harbour.\n",
		},
		{"added before the reworded", "The sea was rough today.", "A new line.\n\nThe sea was calm today.", "+ A new line.\n~ The sea was [-rough] [+calm] today.\n"},
	} {
		if diff := cmp.Diff(c.want, showChanges(compared(c.from, c.to))); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// Both texts can be read off a comparison: what stayed and went is the one,
// what stayed and came the other.
func TestCompareProperty(t *testing.T) {
	line := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"the", "sea", "was", "calm", "old", "ship", "sailed"}), 1, 6).Draw(t, "words"), " ")
	})
	lines := rapid.SliceOfN(line, 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		a, b := lines.Draw(t, "from"), lines.Draw(t, "to")
		p := compared(strings.Join(a, "\n\n"), strings.Join(b, "\n\n"))
		var from, to []string
		for _, part := range p.Parts {
			for _, words := range part.Lines {
				for _, w := range words {
					if w.Change != added {
						from = append(from, w.Text)
					}
					if w.Change != removed {
						to = append(to, w.Text)
					}
				}
			}
		}
		if strings.Join(from, " ") != strings.Join(a, " ") || strings.Join(to, " ") != strings.Join(b, " ") {
			t.Fatalf("%q and %q of\n%s", from, to, showChanges(p))
		}
	})
}

// Texts that are too long for a table are split where they are the same.
func TestMatchLongTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(600, 1500).Draw(t, "n")
		var a, b []string
		for i := range n {
			s := strings.Repeat("x", i%50) + "." + strings.Repeat("y", i/50)
			if i%97 != 3 {
				a = append(a, s)
			}
			if i%89 != 5 {
				b = append(b, s)
			}
		}
		pairs := common(a, b)
		last := pair{-1, -1}
		for _, p := range pairs {
			if p.a <= last.a || p.b <= last.b || a[p.a] != b[p.b] {
				t.Fatalf("%v after %v", p, last)
			}
			last = p
		}
		if want := n - n/97 - n/89 - 3; len(pairs) < want {
			t.Fatalf("%d pairs, want %d", len(pairs), want)
		}
	})
}

func TestDiffPage(t *testing.T) {
	d := newShelf(t)
	d.addText(t, "a", "One thing.\n\nTwo <b>things</b>.\n\nThree.")
	if page := d.get(t, "/d/a/diff", 200); !strings.Contains(page, "one revision") {
		t.Error("a document of one revision is compared")
	}
	d.addText(t, "a", "One thing.\n\nTwo <b>other</b> things.\n\nThree.\n\nFour things.")
	d.addText(t, "a", "One thing.")
	for path, status := range map[string]int{
		"/d/a/diff?from=1&to=2": 200, "/d/a/diff": 200, "/d/a/diff?from=2": 200, "/d/a/diff?to=2": 200, "/d/a/diff?from=3&to=1": 200, "/d/a/diff?from=1&to=1": 200,
		"/d/a/diff?from=0&to=2": 404, "/d/a/diff?from=1&to=4": 404, "/d/a/diff?from=x": 404, "/d/a/diff?to=": 404, "/d/b/diff": 404,
	} {
		d.get(t, path, status)
	}
	page := d.get(t, "/d/a/diff?from=1&to=2", 200)
	p := parsePage(t, page)
	words := map[string]string{}
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "ins" || n.Data == "del" }) {
		words[n.Data] += "|" + content(n)
	}
	want := map[string]string{"del": "|removed: <b>things</b>.", "ins": "|added: <b>other</b> things.|added: Four things."}
	if diff := cmp.Diff(want, words); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if page := d.get(t, "/d/a/diff", 200); !strings.Contains(page, "revision 2</a>") || !strings.Contains(page, "revision 3</a>") {
		t.Error("the current revision is not compared with the one before it")
	}
	if page := d.get(t, "/d/a/diff?from=1&to=1", 200); !strings.Contains(page, "one and the same revision") {
		t.Error("a revision differs from itself")
	}
}

// Whatever is compared, the page stays within bounds.
func TestCompareIsBounded(t *testing.T) {
	lines := func(word string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(word + strings.Repeat("z", i%7) + " " + string(rune('a'+i%26)) + " " + strings.Repeat("q", i%31) + "\n\n")
		}
		return b.String()
	}
	for name, c := range map[string][2]string{
		"all different":    {lines("a", 20_000), lines("b", 20_000)},
		"two long lines":   {strings.Repeat("one two ", 300_000), strings.Repeat("two one ", 300_000)},
		"repeated":         {strings.Repeat("a\n\nb\n\n", 20_000), strings.Repeat("b\n\nc\n\n", 20_000)},
		"one line changed": {lines("a", 20_000), strings.Replace(lines("a", 20_000), "azzz k", "new line", 1)},
	} {
		p := compared(c[0], c[1])
		shown := 0
		for _, part := range p.Parts {
			shown += len(part.Lines)
		}
		if shown > 2*maxChanged+2*maxFolded {
			t.Errorf("%s: %d lines", name, shown)
		}
		if total := p.Added + p.Removed + p.Worded; total-p.Unshown > maxChanged+1 || total == 0 {
			t.Errorf("%s: %d changes, %d not shown", name, total, p.Unshown)
		}
	}
}

func TestSentencesOf(t *testing.T) {
	d := &briefs.Document{Text: "Heading\n\nLabel: One. Two.  Three."}
	d.Blocks = []briefs.Block{
		{Role: briefs.RoleHeading, Span: briefs.Span{End: 7}},
		{Role: briefs.RoleParagraph, Span: briefs.Span{Start: 9, End: 33}, Body: 9, Sentences: []briefs.Span{{Start: 16, End: 20}, {Start: 21, End: 25}, {Start: 27, End: 33}}},
	}
	want := []string{"Heading", "Label: One.", "Two.", "Three."}
	if diff := cmp.Diff(want, sentencesOf(d)); diff != "" {
		t.Error(diff)
	}
}
