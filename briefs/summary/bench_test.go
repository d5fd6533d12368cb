package summary_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

// benchPassages is the least size of the library that briefs are timed on.
const benchPassages = 10_000

// shuffled is a library of documents made of sentences of the sample.
func shuffled(b *testing.B) store.Backend {
	var sentences []string
	for _, f := range sample.Documents() {
		d := sampleDocument(b, f)
		for _, block := range d.Blocks {
			for _, s := range block.Sentences {
				sentences = append(sentences, d.Slice(s))
			}
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	lib := open(b, &clock{firstWeek})
	var batch []briefs.Document
	for n, passages := 0, 0; passages < benchPassages; n++ {
		var text strings.Builder
		for range 12 {
			for range 6 {
				text.WriteString(sentences[r.IntN(len(sentences))] + " ")
			}
			text.WriteString("\n\n")
		}
		d := briefs.Document{
			ID: briefs.DocumentID(fmt.Sprintf("d%04d", n)), Collection: "all", Source: "bench", Author: fmt.Sprintf("Author %d", n%40),
			Published: briefs.Date(fmt.Sprintf("2026-%02d", 1+n%12)), Text: text.String(),
		}
		structure.Analyze(&d)
		passages += len(d.Passages)
		if batch = append(batch, d); len(batch) == 200 {
			put(b, lib, batch...)
			batch = nil
		}
	}
	put(b, lib, batch...)
	return lib
}

func BenchmarkBrief(b *testing.B) {
	s := summarizer(shuffled(b))
	for _, topic := range []string{"collection:all", "export controls", "waiting lists in hospitals"} {
		b.Run(topic, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Brief(b.Context(), summary.Request{Topic: topic, Scope: briefs.Everything(), Since: firstWeek}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
