package copies_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
	"briefdesk/briefs/structure"
)

// The piece that the tests reprint and alter.
var piece = []string{
	"The port of Sundvik has waited for its second crane since the harbour board signed the contract in March 2019.",
	"The maker delivered the steel on time, but the foundations that the town had promised were never poured.",
	"Shipping firms say that they lose 14 hours a week because barges queue for the one crane that works.",
	"The board's chair, Ella Brandt, told members that a further loan of 3.2 million crowns would not be needed.",
	"That is hard to square with the accounts, which show that interest alone took 41 percent of harbour dues last year.",
	"Critics on the town council want an audit before any more concrete is ordered.",
	"They point to the ferry terminal, which opened four years late and cost twice what voters were told.",
	"Supporters reply that the crane would pay for itself once the rail link to Oberhafen carries grain again.",
	"Farmers around the lake have asked for that link since the mill closed, and they are tired of trucks on the coast road.",
	"The ministry of transport has offered to pay a third of the bill if the region finds the rest by the end of October.",
	"Nobody at the regional office would say whether the money is in the budget for next year.",
	"For now the steel lies under tarpaulins behind the customs shed, and the gulls have made it theirs.",
}

func doc(paragraphs ...string) *briefs.Document {
	d := &briefs.Document{ID: "d", Text: strings.Join(paragraphs, "\n\n")}
	structure.Analyze(d)
	return d
}

func in(s string, pairs ...string) []string {
	out := slices.Clone(piece)
	for i := range out {
		out[i] = strings.NewReplacer(pairs...).Replace(out[i])
	}
	if s != "" {
		out = append([]string{s}, out...)
	}
	return out
}

func TestCopiesAreTold(t *testing.T) {
	original := doc(piece...)
	for name, other := range map[string]*briefs.Document{
		"the same":      doc(piece...),
		"one paragraph": doc(strings.Join(piece, " ")),
		"a standfirst":  doc(in("Why has a harbour town on the coast owned a crane for years without once using it?")...),
		"a note on where it stood first": doc(append(in(""), "This article first appeared in the Lakeland Observer on 3 May 2021 and is "+
			"printed here with kind permission of its editors.")...),
		"another house style": doc(in("", "percent", "per cent", "would not", "wouldn’t", "four years", "4 years",
			"harbour", "harbor")...),
		"edited words":           doc(in("", "are tired of", "have had enough of", "Critics on the", "Some critics on the")...),
		"dates in another order": doc(in("", "in March 2019", "in 2019, in March,")...),
		"notes of a scan":        doc(in("", "crane since", "crane [3] since")...),
	} {
		if !copies.Same(copies.Read(original), copies.Read(other)) || !copies.Same(copies.Read(other), copies.Read(original)) {
			t.Errorf("%s: not taken for a copy", name)
		}
	}
}

func TestOtherPiecesAreNotCopies(t *testing.T) {
	original := doc(piece...)
	reply := func() *briefs.Document {
		d := &briefs.Document{ID: "d"}
		for i, p := range piece {
			role := briefs.RoleQuotation
			if i%4 == 3 {
				p += " So they say, and it is wrong, as everybody who unloads there could have told them long ago."
				role = briefs.RoleParagraph
			}
			start := len(d.Text)
			d.Text += p + "\n\n"
			d.Blocks = append(d.Blocks, briefs.Block{Role: role, Span: briefs.Span{Start: start, End: start + len(p)}, Body: start})
		}
		structure.Analyze(d)
		return d
	}
	answered := in("")
	answered = append([]string{
		"I have read with care what the paper printed last week about our crane, and I should like to reply as one who has worked beside it since the beginning.",
		"The author has spoken with shipping firms and with the council, but with none of us who stand on the quay at five in the morning, and it shows in every line.",
		"Here is the whole article, so that readers may judge for themselves what is left out of it.",
	}, answered...)
	for name, other := range map[string]*briefs.Document{
		"another number":            doc(in("", "14 hours", "15 hours")...),
		"another number in letters": doc(in("", "four years", "five years")...),
		"another year":              doc(in("", "March 2019", "March 2020")...),
		"another month":             doc(in("", "end of October", "end of November")...),
		"a number more":             doc(in("", "Shipping firms say", "Shipping firms say in 5 letters")...),
		"a negation less":           doc(in("", "would not be needed", "would be needed")...),
		"a negation more":           doc(in("", "has offered to pay", "has not offered to pay")...),
		"the opposite":              doc(in("", "they lose 14", "they gain 14")...),
		"another name":              doc(in("", "Ella Brandt", "Marta Lind")...),
		"another town":              doc(in("", "Sundvik", "Norrhamn")...),
		"another first paragraph, as press releases have": doc(append([]string{
			"The port of Norrhamn has bought a second tug, which the harbour board paid for with a grant of 8 million crowns.",
		}, piece[1:]...)...),
		"half of it":                         doc(piece[:6]...),
		"a piece that quotes":                reply(),
		"a reply with the whole piece below": doc(answered...),
		"a sequel": doc(append(slices.Clone(piece[:7]), "In June the first grain train came down the line.", "The council voted for the audit by nine to two.",
			"The firm that made the crane has gone out of business.", "A buyer from abroad wants the steel.")...),
	} {
		if copies.Same(copies.Read(original), copies.Read(other)) || copies.Same(copies.Read(other), copies.Read(original)) {
			t.Errorf("%s: taken for a copy", name)
		}
	}
}

func TestShortPiecesAreNoCopies(t *testing.T) {
	short := doc(piece[:3]...)
	if copies.Same(copies.Read(short), copies.Read(short)) || copies.Sketch(short) != nil {
		t.Errorf("a piece of %d words is taken for a copy", copies.Read(short).Words())
	}
}

// Pieces that are the same share a hash of their sketches nearly always, those
// that have nothing in common never.
func TestSketchesFindCopies(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		return fmt.Sprintf("x%c%c%c%c", 'a'+r.IntN(20), 'a'+r.IntN(20), 'a'+r.IntN(20), 'a'+r.IntN(20))
	}
	const trials = 1000
	missed, met := 0, 0
	var last []int32
	for range trials {
		words := make([]string, 200+r.IntN(600))
		for i := range words {
			words[i] = word()
		}
		edited := slices.Clone(words)
		for range len(words) / 100 { // some 4 runs of a hundred each
			edited[r.IntN(len(edited))] = word()
		}
		edited = append(words[:0:0], edited...)
		a, b := doc(strings.Join(words, " ")), doc(strings.Join(edited, " "))
		if !copies.Same(copies.Read(a), copies.Read(b)) {
			t.Fatal("an edited piece is no copy")
		}
		x, y := copies.Sketch(a), copies.Sketch(b)
		shared := func(x, y []int32) bool {
			return slices.ContainsFunc(x, func(h int32) bool { return slices.Contains(y, h) })
		}
		if !shared(x, y) {
			missed++
		}
		if shared(x, last) {
			met++
		}
		last = x
	}
	if missed > trials/200 || met > trials/500 {
		t.Errorf("of %d copies %d share no hash, of as many strangers %d do", trials, missed, met)
	}
}

func BenchmarkSketch(b *testing.B) {
	d := doc(piece[:5]...)
	b.SetBytes(int64(len(d.Text)))
	for b.Loop() {
		copies.Sketch(d)
	}
}

func BenchmarkSame(b *testing.B) {
	x, y := copies.Read(doc(piece...)), copies.Read(doc(in("A standfirst.")...))
	for b.Loop() {
		copies.Same(x, y)
	}
}
