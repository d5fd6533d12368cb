package sqlite

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"briefdesk/briefs"
)

// version1 is a library whose segments are of version 1, as the program left it
// that wrote them: world made it of random words, and changed it 120 times.
func version1(t *testing.T) string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "version1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "library.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// oldSegments is how many passages are in segments of an older version.
func oldSegments(t *testing.T, lib *Library) (passages int) {
	t.Helper()
	list, err := lib.packedNow(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i := range list.segments {
		if s := &list.segments[i]; s.meta.Old() {
			passages += s.meta.Passages
		}
	}
	return passages
}

// TestOldSegments: segments of the version before answer as the full-text index
// does, by themselves, beside new ones, and when they were made anew.
func TestOldSegments(t *testing.T) {
	path := version1(t)
	w := &world{t: t, r: rand.New(rand.NewPCG(9, 1)), lib: openQuiet(t, path), held: map[briefs.DocumentID]briefs.Document{}}
	all := oldSegments(t, w.lib)
	if all < 30 {
		t.Fatalf("%d passages in old segments", all)
	}
	asked := func(when string) {
		t.Helper()
		checked(t, w.lib)
		found := 0
		for range 60 {
			q := w.query()
			hits := packedHits(t, w.lib, q)
			found += len(hits)
			sameHits(t, fmt.Sprintf("%s: %+v", when, q), hits, fallback(t, w.lib, q))
		}
		if found < 100 {
			t.Fatalf("%s: %d hits", when, found)
		}
	}
	asked("old")
	for range 10 {
		w.change()
	}
	if left := oldSegments(t, w.lib); left == 0 {
		t.Fatal("no old segment is left beside the new ones")
	}
	asked("beside new ones")
	settle(t, w.lib)
	if left := oldSegments(t, w.lib); left > 0 {
		t.Errorf("%d of %d passages are still in old segments", left, all)
	}
	asked("made anew")
	tidy(t, w.lib)
}

// TestOldSegmentsReadOnly reads a library that cannot be written.
func TestOldSegmentsReadOnly(t *testing.T) {
	path := version1(t)
	if err := openQuiet(t, path).Close(); err != nil { // brings the tables up to date
		t.Fatal(err)
	}
	lib, err := Open(context.Background(), slog.New(slog.DiscardHandler), path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if oldSegments(t, lib) == 0 {
		t.Fatal("no old segments")
	}
	w := &world{t: t, r: rand.New(rand.NewPCG(9, 2))}
	for range 60 {
		q := w.query()
		sameHits(t, fmt.Sprintf("%+v", q), packedHits(t, lib, q), fallback(t, lib, q))
	}
}
