package reader

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// One document that hangs, one that eats memory and one that kills its reader
// among a hundred good ones cost those three.
func TestAddAround(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 100 {
		write(t, filepath.Join(dir, fmt.Sprintf("good-%02d.html", i)), fmt.Sprintf("<html><p>The price of salt rose in town %d, said the envoy.</p></html>", i))
	}
	for _, name := range []string{"hang.html", "exit.html", "eat.html"} {
		write(t, filepath.Join(dir, name), "<html><p>The price of salt rose.</p></html>")
	}
	p := pool(t, Options{Workers: 2, Timeout: 8 * time.Second, MaxMemory: 300 << 20})
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "a.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	report, err := ingest.New(slog.New(slog.DiscardHandler), lib, ingest.Options{Read: p.Read}).Add(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if report.Added != 100 || report.Failed != 3 {
		t.Errorf("%d added, %d failed, want 100 and 3: %v", report.Added, report.Failed, report.Problems)
	}
	for _, problem := range report.Problems {
		if s := problem.Err.Error(); !strings.Contains(s, "set aside: ") || strings.Contains(filepath.Base(problem.Source), "good") {
			t.Errorf("problem %q", s)
		}
	}
	n, err := lib.CountDocuments(t.Context(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil || n != 100 {
		t.Errorf("the library holds %d documents, %v", n, err)
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
