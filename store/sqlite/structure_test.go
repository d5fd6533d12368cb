package sqlite

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"briefdesk/briefs"
)

// drawSpans draws any offsets, sound or not: the encoding must keep them all.
func drawSpan(t *rapid.T) briefs.Span {
	n := rapid.OneOf(rapid.IntRange(0, 300), rapid.Just(math.MaxInt), rapid.Just(math.MinInt), rapid.Int())
	return briefs.Span{Start: n.Draw(t, "start"), End: n.Draw(t, "end")}
}

func drawSpans(t *rapid.T) []briefs.Span {
	return rapid.SliceOfN(rapid.Custom(drawSpan), 0, 4).Draw(t, "spans")
}

func TestStructureRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		role := rapid.OneOf(rapid.SampledFrom(roles[:]), rapid.Map(rapid.String(), func(s string) briefs.Role { return briefs.Role(s) }))
		blocks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) briefs.Block {
			return briefs.Block{
				Role: role.Draw(t, "role"), Level: rapid.IntRange(-1, 9).Draw(t, "level"), Span: drawSpan(t),
				Body: rapid.Int().Draw(t, "body"), Sentences: drawSpans(t),
			}
		}), 0, 5).Draw(t, "blocks")
		enumerations := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) briefs.Enumeration {
			return briefs.Enumeration{LeadIn: drawSpan(t), Items: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) briefs.Item {
				return briefs.Item{Span: drawSpan(t), Depth: rapid.IntRange(-1, 9).Draw(t, "depth"), Sentences: drawSpans(t)}
			}), 0, 4).Draw(t, "items")}
		}), 0, 4).Draw(t, "enumerations")

		doc := briefs.Document{Blocks: blocks, Enumerations: enumerations, Pages: rapid.SliceOfN(rapid.Int(), 0, 4).Draw(t, "pages")}
		var read briefs.Document
		if err := decodeStructure(encodeStructure(&doc), &read); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(doc, read, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
		p := briefs.Passage{Role: role.Draw(t, "role"), Span: drawSpan(t), Sentences: drawSpans(t)}
		var got briefs.Passage
		if err := decodeLayout(encodeLayout(&p), &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// FuzzDecode feeds the decoders anything. What they accept must survive
// another round.
func FuzzDecode(f *testing.F) {
	f.Add(encodeStructure(&briefs.Document{}))
	f.Add(encodeStructure(&briefs.Document{Pages: []int{0, 0, 17}}))
	f.Add(encodeStructure(&briefs.Document{
		Blocks:       []briefs.Block{{Role: briefs.RoleItem, Level: 1, Span: briefs.Span{Start: 3, End: 40}, Body: 5, Sentences: []briefs.Span{{Start: 5, End: 40}}}, {Role: "other"}},
		Enumerations: []briefs.Enumeration{{Items: []briefs.Item{{Span: briefs.Span{Start: 5, End: 40}, Sentences: []briefs.Span{{Start: 5, End: 40}}}}}},
	}))
	f.Add([]byte{1, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}) // a vast count
	f.Fuzz(func(t *testing.T, b []byte) {
		var doc, again briefs.Document
		if decodeStructure(b, &doc) == nil {
			err := decodeStructure(encodeStructure(&doc), &again)
			if d := cmp.Diff(doc, again); err != nil || d != "" {
				t.Errorf("another round: %v %s", err, d)
			}
		}
		var p, q briefs.Passage
		if decodeLayout(b, &p) == nil {
			if err := decodeLayout(encodeLayout(&p), &q); err != nil || cmp.Diff(p, q) != "" {
				t.Errorf("another round of the layout: %v", err)
			}
		}
	})
}
