package packed

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkSearch asks questions of five words of 60,000 passages whose words
// fall as in a language: the ten best of one segment, of 30, with filters, and
// with a phrase.
func BenchmarkSearch(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 5))
	docs := samples(r, 14_000, 1)
	zipf := rand.NewZipf(r, 1.1, 300, 20000)
	questions := make([][]Clause, 100)
	for i := range questions {
		for range 5 {
			questions[i] = append(questions[i], Clause{[]string{fmt.Sprintf("t%x", zipf.Uint64())}})
		}
	}
	c := NewCache(CacheBytes)
	for _, parts := range []int{1, 30} {
		var views []*View
		for i := range parts {
			bld := NewBuilder()
			for _, d := range docs[i*len(docs)/parts : (i+1)*len(docs)/parts] {
				bld.Add(d.Document, d.passages)
			}
			var m memory
			meta, err := bld.Seal(m.sink)
			v, err := opened(b, c, meta, m, err).View(b.Context(), nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			views = append(views, v)
		}
		stats := StatsOf(views)
		run := func(name string, views []*View, limit int, more ...Clause) {
			b.Run(fmt.Sprintf("segments=%d/%s", parts, name), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					q := append(questions[i%len(questions)], more...)
					if _, err := Search(b.Context(), views, q, stats, limit); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run("top10", views, 10)
		run("top50", views, 50)
		run("phrase", views, 10, Clause{[]string{"t3", "t5"}})
		from := int32(10_000)
		run("dated", filtered(b, views, &Filter{From: &from}), 10)
		var some []Span
		for i := 0; i < len(docs); i += 100 {
			some = append(some, Span{docs[i].First, docs[i].First + int64(docs[i].Passages)})
		}
		run("hidden", filtered(b, views, &Filter{Hidden: some}), 10)
		run("few", filtered(b, views, &Filter{Documents: some}), 10)
	}
}

func filtered(b *testing.B, views []*View, f *Filter) []*View {
	b.Helper()
	var all []*View
	for _, v := range views {
		v, err := v.Filter(b.Context(), f)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}
