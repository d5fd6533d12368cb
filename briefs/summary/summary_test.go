package summary_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
	"briefdesk/briefs/structure"
	"briefdesk/briefs/summary"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// firstWeek is when the tests begin.
var firstWeek = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// clock is the time that a library of the tests takes documents at.
type clock struct{ now time.Time }

func open(t testing.TB, c *clock) store.Backend {
	t.Helper()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	})
	return lib
}

// sampleDocument is a file of the sample as it is added, its name its id.
func sampleDocument(t testing.TB, f sample.File, change ...string) briefs.Document {
	t.Helper()
	text := strings.NewReplacer(change...).Replace(string(f.Data))
	d, err := extract.Document(f.Name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	d.ID = briefs.DocumentID(strings.TrimSuffix(path.Base(f.Name), path.Ext(f.Name)))
	d.Collection, d.Source = f.Collection, "sample:"+f.Name
	structure.Analyze(&d)
	return d
}

func put(t testing.TB, lib store.Backend, docs ...briefs.Document) {
	t.Helper()
	if _, err := lib.PutDocuments(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

// sampleLibrary holds the sample documents, of one collection when it is
// named.
func sampleLibrary(t testing.TB, collection string) store.Backend {
	lib := open(t, &clock{firstWeek})
	var docs []briefs.Document
	for _, f := range sample.Documents() {
		if collection == "" || f.Collection == collection {
			docs = append(docs, sampleDocument(t, f))
		}
	}
	put(t, lib, docs...)
	return lib
}

func summarizer(lib store.Backend) *summary.Summarizer {
	return summary.New(slog.New(slog.DiscardHandler), lib)
}

// topics are those that a person may name: collections, titles, neighbouring
// words of texts; and some that nobody would.
func topics(t *testing.T) []string {
	list := []string{
		"", " ", "the", "?", "why", "xyzzy", "collection:", "collection:none", "collection:cyber", "COLLECTION:cyber", "export controls",
		"\x00", "\xff\xfe", `"quoted" OR NEAR(x`, "ransomware\nransomware", strings.Repeat("cable ", 3000), "שלום", "🚢 cables", "NOT cables", "cable*", "us-china",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range sample.Documents() {
		d := sampleDocument(t, f)
		list = append(list, d.Title, "collection:"+d.Collection)
		words := strings.Fields(d.Text)
		for range 3 {
			i, n := r.IntN(len(words)-4), 1+r.IntN(3)
			list = append(list, strings.Join(words[i:i+n], " "))
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if testing.Short() {
		list = slices.Collect(func(yield func(string) bool) {
			for i := 0; i < len(list); i += 8 {
				if !yield(list[i]) {
					return
				}
			}
		})
	}
	return list
}

// check asserts what holds of every brief.
func check(t *testing.T, lib store.Backend, r summary.Request, b *briefs.Brief) {
	t.Helper()
	words, n := 0, 0
	opposed := map[int]int{} // quotes that contradict each other may say it in nearly the same words
	var all []briefs.Citation
	order := -1
	kinds := []briefs.SectionKind{
		briefs.SectionKeyPoints, briefs.SectionNew, briefs.SectionTimeline, briefs.SectionWho, briefs.SectionDisagreements, briefs.SectionNumbers, briefs.SectionGaps,
	}
	for _, s := range b.Sections {
		at := slices.Index(kinds, s.Kind)
		if at <= order || s.Heading == "" || len(s.Items) == 0 {
			t.Errorf("section %q (%d items) is empty or out of order", s.Kind, len(s.Items))
		}
		order = at
		for _, it := range s.Items {
			if (len(it.Quotes) == 0) != (s.Kind == briefs.SectionGaps) {
				t.Errorf("%s: %d quotes of %q", s.Kind, len(it.Quotes), it.Label)
			}
			if s.Kind == briefs.SectionKeyPoints && it.Sources != 1+len(it.Also) {
				t.Errorf("%d sources say it, but %v besides", it.Sources, it.Also)
			}
			for _, k := range it.Also {
				if k < 1 || k > len(b.Sources) || k == it.Quotes[0].Source {
					t.Errorf("source %d also says what %d says", k, it.Quotes[0].Source)
				}
			}
			if s.Kind == briefs.SectionDisagreements {
				opposed[it.Quotes[1].N] = it.Quotes[0].N
			}
			all = append(all, it.Quotes...)
		}
	}
	for _, c := range b.Changes {
		all = append(all, c.Quotes...)
	}
	used := make([][]int, len(b.Sources)+1)
	for _, c := range all {
		n++
		meta := c.Quote.Document()
		d, err := lib.Document(t.Context(), meta.ID, meta.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Slice(c.Quote.Span()); got == "" || got != c.Quote.Text() {
			t.Errorf("quote %q is %q in %s", c.Quote.Text(), got, d.ID)
		}
		if c.N != n || c.Source < 1 || c.Source > len(b.Sources) || b.Sources[c.Source-1].Document.ID != d.ID {
			t.Fatalf("quote %d is numbered %d, of source %d", n, c.N, c.Source)
		}
		if !r.Scope.Sees(d.Collection) {
			t.Errorf("%s of collection %s is out of scope", d.ID, d.Collection)
		}
		used[c.Source] = append(used[c.Source], c.N)
		words += len(strings.Fields(c.Quote.Text()))
	}
	for i, s := range b.Sources {
		if s.N != i+1 || !slices.Equal(s.Quotes, used[s.N]) || s.Document.Text != "" {
			t.Errorf("source %d: numbered %d, with %v, not %v", i+1, s.N, s.Quotes, used[i+1])
		}
	}
	if limit := max(r.Words, 0); limit > 0 && words > limit || limit == 0 && words > summary.DefaultWords {
		t.Errorf("%d words of %d", words, r.Words)
	}
	for i, a := range all {
		for _, c := range all[:i] {
			if opposed[a.N] != c.N && summary.NearDuplicate(a.Quote.Text(), c.Quote.Text()) {
				t.Errorf("nearly the same: %q and %q", a.Quote.Text(), c.Quote.Text())
			}
		}
	}
}

func TestEveryBriefIsVerbatim(t *testing.T) {
	lib := sampleLibrary(t, "")
	s := summarizer(lib)
	made := 0
	for i, topic := range topics(t) {
		r := summary.Request{Topic: topic, Scope: briefs.Everything(), Words: []int{0, 30, 120, 2000}[i%4]}
		if i%2 == 0 {
			r.Since = firstWeek.Add(-time.Hour)
		}
		b, err := s.Brief(t.Context(), r)
		if errors.Is(err, briefs.ErrInvalid) || errors.Is(err, briefs.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatalf("%.100q: %v", topic, err)
		}
		if len(b.Sections) > 0 {
			made++
		}
		t.Run(fmt.Sprintf("%.60q", topic), func(t *testing.T) { check(t, lib, r, &b) })
	}
	if !testing.Short() && made < 60 {
		t.Errorf("only %d topics have a brief", made)
	}
}

// One request has one brief: of another Summarizer, and of another library
// with the same documents, put in another order.
func TestSameBriefAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	c := &clock{firstWeek}
	one, other := open(t, c), open(t, c)
	docs := sample.Documents()
	for i := range docs {
		put(t, one, sampleDocument(t, docs[i]))
		put(t, other, sampleDocument(t, docs[len(docs)-1-i]))
	}
	for _, topic := range []string{"tariffs", "collection:cyber", "ransomware", "collection:energy", "waiting lists in hospitals"} {
		r := summary.Request{Topic: topic, Scope: briefs.Everything(), Since: firstWeek}
		var made [3]briefs.Brief
		for i, lib := range []store.Backend{one, one, other} {
			var err error
			if made[i], err = summarizer(lib).Brief(t.Context(), r); err != nil || len(made[i].Sections) == 0 {
				t.Fatal(err, len(made[i].Sections))
			}
		}
		if !reflect.DeepEqual(made[0], made[1]) || !reflect.DeepEqual(made[0], made[2]) {
			t.Errorf("%s: the same request has another brief", topic)
		}
	}
}

// What a room may not see changes nothing in its briefs: they are those of a
// library that holds its collections alone.
func TestBriefKeepsToItsScope(t *testing.T) {
	whole, alone := sampleLibrary(t, ""), sampleLibrary(t, "cyber")
	for _, topic := range []string{"cables", "tariffs", "export controls", "ransomware", "collection:cyber", "hospital waiting lists"} {
		r := summary.Request{Topic: topic, Scope: briefs.Only("cyber")}
		got, err := summarizer(whole).Brief(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		want, err := summarizer(alone).Brief(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: other collections show in the brief", topic)
		}
		check(t, whole, r, &got)
	}
	s := summarizer(whole)
	_, hidden := s.Brief(t.Context(), summary.Request{Topic: "collection:trade", Scope: briefs.Only("cyber")})
	_, absent := s.Brief(t.Context(), summary.Request{Topic: "collection:trode", Scope: briefs.Only("cyber")})
	if !errors.Is(hidden, briefs.ErrNotFound) || strings.Replace(hidden.Error(), "trade", "trode", 1) != absent.Error() {
		t.Errorf("hidden: %v; absent: %v", hidden, absent)
	}
	if b, err := s.Brief(t.Context(), summary.Request{Topic: "cables"}); err != nil || len(b.Sources) != 0 {
		t.Errorf("a scope that was forgotten sees %d sources, %v", len(b.Sources), err)
	}
}

func TestBriefOfBadRequests(t *testing.T) {
	s := summarizer(sampleLibrary(t, "cyber"))
	for _, r := range []summary.Request{
		{Topic: " "},
		{Topic: "collection: "},
		{Topic: "cables", Words: -1},
		{Topic: "cables", From: "yesterday"},
		{Topic: "cables", To: "2014-02-30"},
	} {
		r.Scope = briefs.Everything()
		if _, err := s.Brief(t.Context(), r); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// A topic that the library does not know has no brief, and is not made up
// from single words of it.
func TestBriefIsSilentOffTheTopic(t *testing.T) {
	s := summarizer(sampleLibrary(t, ""))
	for _, topic := range []string{"quantum computing", "penguin migration", "xyzzy", "brexit fisheries", "the", "?"} {
		b, err := s.Brief(t.Context(), summary.Request{Topic: topic, Scope: briefs.Everything()})
		if err != nil || len(b.Sections) != 0 || len(b.Sources) != 0 {
			t.Errorf("%s: %d sections, %v", topic, len(b.Sections), err)
		}
	}
	b, err := s.Brief(t.Context(), summary.Request{Topic: "undersea cables in Atlantis", Scope: briefs.Everything()})
	if err != nil || len(b.Sections) == 0 || !slices.Equal(b.Unmentioned, []string{"Atlantis"}) {
		t.Errorf("unmentioned: %q, %v", b.Unmentioned, err)
	}
}

func TestBriefKeepsToItsWindow(t *testing.T) {
	s := summarizer(sampleLibrary(t, ""))
	b, err := s.Brief(t.Context(), summary.Request{Topic: "collection:cyber", Scope: briefs.Everything(), From: "2023", To: "2023-09"})
	if err != nil || len(b.Sources) == 0 {
		t.Fatal(err)
	}
	for _, src := range b.Sources {
		if first, _, ok := src.Document.Published.Bounds(); !ok || first.Year() != 2023 || first.Month() > time.September {
			t.Errorf("%s was published %s", src.Document.ID, src.Document.Published)
		}
	}
}

func TestGapsOfTheTopic(t *testing.T) {
	s := summarizer(sampleLibrary(t, ""))
	r := summary.Request{Topic: "undersea cables", Scope: briefs.Everything(), Since: firstWeek, Gaps: []briefs.Gap{
		{Question: "who cut the cables?", Count: 2, Last: firstWeek},
		{Question: "what is a tariff?", Count: 9, Last: firstWeek},
		{Question: "how deep are cables laid?", Count: 3, Last: firstWeek.Add(-time.Hour)},
	}}
	gaps := func() (out []string) {
		b, err := s.Brief(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range b.Sections {
			if s.Kind == briefs.SectionGaps {
				for _, it := range s.Items {
					out = append(out, it.Label)
				}
			}
		}
		return out
	}
	if got := gaps(); !slices.Equal(got, []string{"how deep are cables laid?", "who cut the cables?"}) {
		t.Errorf("gaps of the topic: %q", got)
	}
	r.Topic = "collection:cyber"
	if got := gaps(); !slices.Equal(got, []string{"what is a tariff?", "who cut the cables?"}) {
		t.Errorf("gaps since the last briefing: %q", got)
	}
}

func FuzzTopic(f *testing.F) {
	for _, topic := range []string{"tariffs", "collection:cyber", "collection:", "why did it hold?", "\"x\" OR *", "\xff", "ISBN 2 (3)", "the of and"} {
		f.Add(topic)
	}
	lib := sampleLibrary(f, "cyber")
	s := summarizer(lib)
	f.Fuzz(func(t *testing.T, topic string) {
		r := summary.Request{Topic: topic, Scope: briefs.Everything(), Words: 60}
		b, err := s.Brief(t.Context(), r)
		if err != nil {
			if !errors.Is(err, briefs.ErrInvalid) && !errors.Is(err, briefs.ErrNotFound) {
				t.Fatal(err)
			}
			return
		}
		check(t, lib, r, &b)
	})
}
