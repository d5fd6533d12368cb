package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// fill adds until that fails, and returns the error and how many batches were
// stored.
func fill(lib *sqlite.Library) (stored int, err error) {
	for ; err == nil && stored < 200; stored++ {
		_, err = lib.PutDocuments(context.Background(), []briefs.Document{
			storetest.Document(fmt.Sprint("f", stored), strings.Repeat(fmt.Sprintf("Number %d fills the disk. ", stored), 500)),
		})
	}
	return stored - 1, err
}

func full(t *testing.T, lib *sqlite.Library, path string) {
	t.Helper()
	stored, err := fill(lib)
	if !errors.Is(err, briefs.ErrUnavailable) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "space") {
		t.Fatalf("error %v, want one that names the file and the lack of space", err)
	}
	stats, err := lib.Stats(context.Background())
	if err != nil || stats.Documents != stored {
		t.Errorf("%d documents, %v; %d were stored", stats.Documents, err, stored)
	}
	clean(t, lib)
}

func TestSizeLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	full(t, library(t, path, sqlite.Options{MaxBytes: 1 << 20}), path)
	put(t, library(t, path, sqlite.Options{}), storetest.Document("later", "There is room again."))
}

// TestDiskFull fills a file system of 1 MiB.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no right to mount a small file system (TestSizeLimit covers the error): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "library.db")
	lib := library(t, path, sqlite.Options{})
	full(t, lib, path)
	if err := lib.Backup(context.Background(), filepath.Join(dir, "copy")); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("backup: %v, want ErrUnavailable", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
