package sqlite_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
	"briefdesk/briefs/structure"
	"briefdesk/store/sqlite"
)

// TestCopiesAreThoseThatAreTheSame changes libraries at random and compares
// what is folded with what the pieces themselves say.
func TestCopiesAreThoseThatAreTheSame(t *testing.T) {
	ctx := context.Background()
	lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	run, folded, apart := 0, 0, 0
	check := func(t *rapid.T) {
		run++
		collection := func(n int) string { return fmt.Sprintf("c%d-%d", run, n) }
		held := map[briefs.DocumentID]*briefs.Document{}
		for range rapid.IntRange(2, 8).Draw(t, "steps") {
			n := rapid.IntRange(0, 5).Draw(t, "document")
			id := briefs.DocumentID(fmt.Sprintf("%d/%d", run, n))
			d := held[id]
			switch what := rapid.IntRange(0, 9).Draw(t, "what"); {
			case what < 7 || d == nil:
				d = randomPiece(t)
				d.ID, d.Collection = id, collection(rapid.IntRange(0, 1).Draw(t, "collection"))
				d.Published = rapid.SampledFrom([]briefs.Date{"", "2030", "2030-05-01", "2030-05-02", "2029"}).Draw(t, "published")
				d.Added = time.Unix(int64(1_000_000+n), 0).UTC()
				structure.Analyze(d)
				if _, err := lib.PutDocuments(ctx, []briefs.Document{*d}); err != nil {
					t.Fatal(err)
				}
				held[id] = d
			case what == 7:
				date := rapid.SampledFrom([]briefs.Date{"2028-01-01", "2031"}).Draw(t, "date")
				if err := lib.EditDocument(ctx, id, briefs.Edit{Published: &date}); err != nil {
					t.Fatal(err)
				}
				d.Published = date
				if err := lib.RemoveDocument(ctx, id, true); err != nil { // an edited date would outlive the next text
					t.Fatal(err)
				}
				if _, err := lib.PutDocuments(ctx, []briefs.Document{*d}); err != nil {
					t.Fatal(err)
				}
			default:
				if err := lib.RemoveDocument(ctx, id, true); err != nil { // without, it keeps the day when it was added first
					t.Fatal(err)
				}
				delete(held, id)
			}
		}
		want := originals(held)
		for id := range held {
			got, err := lib.Document(ctx, id, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got.CopyOf != want[id] {
				t.Fatalf("%s is filed as a copy of %q, want %q\n%s", id, got.CopyOf, want[id], got.Text)
			}
			if got.CopyOf == "" {
				apart++
			} else {
				folded++
			}
		}
	}
	telling := func() bool { return folded >= run/10 && apart >= run }
	for try := 0; try == 0 || try < 10 && !telling(); try++ { // few libraries may have few copies by chance
		rapid.Check(t, check)
	}
	if problems, err := lib.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("Check = %q, %v", problems, err)
	}
	if !telling() {
		t.Errorf("%d copies and %d originals in %d libraries are too few to tell", folded, apart, run)
	}
}

// originals is the rule: each is a copy of the first original before it that is
// the same piece.
func originals(held map[briefs.DocumentID]*briefs.Document) map[briefs.DocumentID]briefs.DocumentID {
	var order []*briefs.Document
	for _, d := range held {
		order = append(order, d)
	}
	day := func(d *briefs.Document) (first, last int64) {
		f, l, ok := d.Published.Bounds()
		if !ok {
			return 1 << 60, 1 << 60
		}
		return f.Unix(), l.Unix()
	}
	slices.SortFunc(order, func(a, b *briefs.Document) int {
		af, al := day(a)
		bf, bl := day(b)
		return cmp.Or(cmp.Compare(al, bl), cmp.Compare(bf, af), a.Added.Compare(b.Added), cmp.Compare(a.ID, b.ID))
	})
	of := map[briefs.DocumentID]briefs.DocumentID{}
	for i, d := range order {
		for _, o := range order[:i] {
			share := slices.ContainsFunc(copies.Sketch(d), func(h int32) bool { return slices.Contains(copies.Sketch(o), h) })
			if of[o.ID] == "" && o.Collection == d.Collection && share && copies.Same(copies.Read(o), copies.Read(d)) {
				of[d.ID] = o.ID
				break
			}
		}
	}
	return of
}

// randomPiece is one of two pieces with some edits.
func randomPiece(t *rapid.T) *briefs.Document {
	r := rand.New(rand.NewPCG(uint64(rapid.IntRange(0, 1).Draw(t, "piece")), 7))
	var sentences []string
	for range 12 {
		words := make([]string, 11)
		for i := range words {
			words[i] = fmt.Sprintf("w%c%c%c", 'a'+r.IntN(20), 'a'+r.IntN(20), 'a'+r.IntN(20))
		}
		words[0] = "The"
		words[5] = fmt.Sprint(10 + r.IntN(80))
		sentences = append(sentences, strings.Join(words, " ")+".")
	}
	for range rapid.IntRange(0, 3).Draw(t, "edits") {
		at := rapid.IntRange(0, len(sentences)-1).Draw(t, "sentence")
		s := sentences[at]
		switch rapid.IntRange(0, 5).Draw(t, "edit") {
		case 0:
			s = strings.Replace(s, " w", " often w", 1)
		case 1:
			s = strings.Replace(s, "The ", "The 7 ", 1)
		case 2:
			s = strings.Replace(s, " w", " not w", 1)
		case 3:
			s = ""
		case 4:
			s += " Readers who have followed us so far may want to know where all of this is going to end."
		case 5:
			s = strings.ToUpper(s[:min(5, len(s))]) + s[min(5, len(s)):]
		}
		sentences[at] = s
	}
	return &briefs.Document{Text: strings.Join(sentences, " ")}
}

// TestFoldOldLibrary folds what stood in a library before there were sketches,
// in steps.
func TestFoldOldLibrary(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	r := rand.New(rand.NewPCG(3, 4))
	text := func() string {
		words := make([]string, 120)
		for i := range words {
			words[i] = fmt.Sprintf("w%c%c%c", 'a'+r.IntN(20), 'a'+r.IntN(20), 'a'+r.IntN(20))
		}
		return strings.Join(words, " ") + "."
	}
	var docs []briefs.Document
	for i := range 20 {
		s := text()
		for _, id := range []string{"copy", "first"} {
			d := briefs.Document{ID: briefs.DocumentID(fmt.Sprintf("%s%02d", id, i)), Text: s, Published: "2030-01-02"}
			if id == "first" {
				d.Published = "2030-01-01"
			}
			structure.Analyze(&d)
			docs = append(docs, d)
		}
	}
	if _, err := lib.PutDocuments(ctx, docs); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.ForgetSketches(ctx, lib); err != nil {
		t.Fatal(err)
	}
	if problems, err := lib.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("before: Check = %q, %v", problems, err)
	}
	// Meanwhile one of them changes and another goes.
	changed := docs[2]
	changed.Title = "Changed"
	if _, err := lib.PutDocuments(ctx, []briefs.Document{changed}); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveDocument(ctx, "first00", false); err != nil {
		t.Fatal(err)
	}
	for want := 33; ; want = max(0, want-7) {
		left, err := lib.Fold(ctx, 7)
		if err != nil || left != want {
			t.Fatalf("%d left, %v; want %d", left, err, want)
		}
		if problems, err := lib.Check(ctx); err != nil || len(problems) > 0 {
			t.Errorf("Check = %q, %v", problems, err)
		}
		if left == 0 {
			break
		}
	}
	for i := range 20 {
		d, err := lib.Document(ctx, briefs.DocumentID(fmt.Sprintf("copy%02d", i)), 0)
		want := briefs.DocumentID(fmt.Sprintf("first%02d", i))
		if i == 0 {
			want = ""
		}
		if err != nil || d.CopyOf != want {
			t.Errorf("%s is a copy of %q, %v; want %q", d.ID, d.CopyOf, err, want)
		}
	}
	if left, err := lib.Fold(ctx, 7); left != 0 || err != nil {
		t.Errorf("afterwards %d are left, %v", left, err)
	}
}
