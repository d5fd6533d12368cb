package structure

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// check reports what no analysis may break.
func check(t interface {
	Errorf(string, ...any)
	Helper()
}, d *briefs.Document,
) {
	t.Helper()
	inside := func(what string, s briefs.Span) {
		t.Helper()
		if s.Start < 0 || s.Empty() || s.End > len(d.Text) {
			t.Errorf("%s [%d,%d) is not inside the text of %d bytes", what, s.Start, s.End, len(d.Text))
			return
		}
		if !utf8.RuneStart(d.Text[s.Start]) || s.End < len(d.Text) && !utf8.RuneStart(d.Text[s.End]) {
			t.Errorf("%s [%d,%d) cuts a character", what, s.Start, s.End)
		}
	}
	ordered := func(what string, outer briefs.Span, spans []briefs.Span) {
		t.Helper()
		pos := outer.Start
		for _, s := range spans {
			inside(what, s)
			if s.Start < pos || s.End > outer.End {
				t.Errorf("%s [%d,%d) is out of order or outside [%d,%d)", what, s.Start, s.End, outer.Start, outer.End)
			}
			pos = s.End
		}
	}
	pos := 0
	for _, b := range d.Blocks {
		inside("block", b.Span)
		if b.Start < pos || b.Body < b.Start || b.Body > b.End {
			t.Errorf("block [%d,%d) body %d overlaps or is out of order", b.Start, b.End, b.Body)
		}
		pos = b.End
		ordered("sentence", briefs.Span{Start: b.Body, End: b.End}, b.Sentences)
	}
	start := 0
	for _, e := range d.Enumerations {
		if len(e.Items) < 2 || e.Items[0].Start < start {
			t.Errorf("enumeration of %d items is short or out of order", len(e.Items))
			continue
		}
		start = e.Items[0].Start
		if e.LeadIn != (briefs.Span{}) {
			inside("lead-in", e.LeadIn)
			if e.LeadIn.End > start {
				t.Errorf("lead-in [%d,%d) overlaps the first item at %d", e.LeadIn.Start, e.LeadIn.End, start)
			}
		}
		pos := 0
		for _, item := range e.Items {
			inside("item", item.Span)
			if item.Start < pos || item.Depth < 0 || len(item.Sentences) == 0 {
				t.Errorf("item [%d,%d) depth %d with %d sentences overlaps the one before or is bare", item.Start, item.End, item.Depth, len(item.Sentences))
			}
			pos = item.End
			ordered("item sentence", item.Span, item.Sentences)
		}
	}
	pos = 0
	for _, p := range d.Passages {
		inside("passage", p.Span)
		if p.Start < pos || len(p.Sentences) == 0 || len(p.Terms) != len(p.Sentences) {
			t.Errorf("passage %s [%d,%d) overlaps or is bare", p.ID, p.Start, p.End)
		}
		pos = p.End
		ordered("passage sentence", p.Span, p.Sentences)
		for i, s := range p.Sentences {
			if i < len(p.Terms) && p.Terms[i] != text.Terms(d.Slice(s)) {
				t.Errorf("passage %s terms %d are %q", p.ID, i, p.Terms[i])
			}
		}
	}
}

// odd is text that looks like structure here and there.
func odd() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"First, ", "Second, ", "Third, ", "Finally, ", "Then, ", "first, ", "; second, ", "One reason is ", "Another reason is ",
		"On the one hand, ", "on the other hand, ", "(1) ", "(2) ", "(a) ", "b) ", "(i)", "Step 1: ", "* ", "1. ", "  - ",
		"There are three reasons. ", "because ", "Because ", "There was, to start with, ", "And there was also ", "Rust was the first. ", "Rot was the second reason. ", "Above all, ", "To begin with, ",
		"Two things: ", "It has two parts. ", "The main reason is ", "No ", "Q: ", "ADA: ",
		"2. ", "What is more, ", "There are two more. ", "Why? ", "They include:", "the fleet sank. ", "cost", ". ", ": ", "; ", " and ", "\n", "\n\n", "é", "…", "日本", "“", "”", "\u00a0", "\xff",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.ToValidUTF8(strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "text"), ""), "?")
	})
}

func TestProperties(t *testing.T) {
	roles := rapid.SampledFrom([]briefs.Role{
		"", "odd", briefs.RoleTitle, briefs.RoleHeading, briefs.RoleParagraph, briefs.RoleParagraph, briefs.RoleItem, briefs.RoleItem,
		briefs.RoleQuotation, briefs.RoleTable, briefs.RoleCaption, briefs.RoleByline, briefs.RoleAuthorNote, briefs.RoleFootnote, briefs.RoleChrome,
	})
	rapid.Check(t, func(t *rapid.T) {
		d := briefs.Document{ID: "d", Text: odd().Draw(t, "text")}
		if rapid.Bool().Draw(t, "wild") {
			at := rapid.IntRange(-5, len(d.Text)+5)
			for i := rapid.IntRange(0, 8).Draw(t, "blocks"); i > 0; i-- {
				d.Blocks = append(d.Blocks, briefs.Block{
					Role: roles.Draw(t, "role"), Level: rapid.IntRange(-1, 4).Draw(t, "level"),
					Span: briefs.Span{Start: at.Draw(t, "start"), End: at.Draw(t, "end")}, Body: at.Draw(t, "body"),
				})
			}
		} else {
			for _, b := range paragraphs(d.Text) {
				b.Role, b.Level = roles.Draw(t, "role"), rapid.IntRange(0, 3).Draw(t, "level")
				d.Blocks = append(d.Blocks, b)
			}
		}
		Analyze(&d)
		check(t, &d)
		again := d
		Analyze(&again)
		if diff := cmp.Diff(d, again); diff != "" {
			t.Errorf("not the same when done again:\n%s", diff)
		}
	})
}

func FuzzAnalyze(f *testing.F) {
	f.Add("Why? First, a b. Second, c d.", byte(0), byte(3))
	f.Add("Reasons: (1) one thing (2) two things\n\n* a\n* b", byte(2), byte(4))
	f.Fuzz(func(t *testing.T, s string, from, step byte) {
		roles := []briefs.Role{briefs.RoleParagraph, briefs.RoleItem, briefs.RoleHeading, briefs.RoleCaption, briefs.RoleFootnote}
		d := briefs.Document{ID: "f", Text: strings.ToValidUTF8(s, "?")}
		for i, at := 0, int(from); step > 0 && at < len(s) && i < 100; i++ {
			d.Blocks = append(d.Blocks, briefs.Block{Role: roles[i*7%len(roles)], Level: i % 3, Span: briefs.Span{Start: at, End: at + int(step)}, Body: at + i%4})
			at += int(step)
		}
		Analyze(&d)
		check(t, &d)
	})
}
