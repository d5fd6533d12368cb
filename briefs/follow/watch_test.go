package follow

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"briefdesk/briefs"
)

// Whatever changes in a folder is told, also in folders that are made while it
// is watched, and what does not count is not.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	g, err := watch(dir)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan struct{}, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- g.run(ctx, time.Millisecond, time.Second, func() { told <- struct{}{} })
	}()
	change := func(what string, do func() error) {
		t.Helper()
		for len(told) > 0 {
			<-told
		}
		if err := do(); err != nil {
			t.Fatal(what, err)
		}
		<-told // however long that takes: the test's own limit ends it
	}
	write := func(name string) func() error {
		return func() error { return os.WriteFile(filepath.Join(dir, name), []byte(note("Lorem")), 0o644) }
	}
	change("a new file", write("a.txt"))
	change("a changed file", write("a.txt"))
	change("a file in a folder", write("deep/b.txt"))
	change("a new folder", func() error { return os.MkdirAll(filepath.Join(dir, "new", "er"), 0o755) })
	for range 1000 { // until the new folders are watched
		if err := write("new/er/c.txt")(); err != nil {
			t.Fatal(err)
		}
		if len(g.w.WatchList()) == 4 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	change("a file in a new folder", write("new/er/c.txt"))
	change("a moved file", func() error { return os.Rename(filepath.Join(dir, "a.txt"), filepath.Join(dir, "deep", "a.txt")) })
	change("a deleted file", func() error { return os.Remove(filepath.Join(dir, "deep", "a.txt")) })
	change("a deleted folder", func() error { return os.RemoveAll(filepath.Join(dir, "new")) })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	g.close()
}

// When the folder itself goes, the watching ends, and that is told.
func TestWatchedFolderGoes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "papers")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	g, err := watch(dir)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan struct{}, 1000)
	ended := make(chan error)
	go func() {
		ended <- g.run(t.Context(), time.Millisecond, time.Second, func() { told <- struct{}{} })
	}()
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	<-told
	if err := <-ended; err != nil {
		t.Error(err)
	}
	g.close()
	if _, err := watch(dir); !os.IsNotExist(err) {
		t.Errorf("what is not there is watched: %v", err)
	}
}

// One file is watched by its folder: editors put another in its place.
func TestWatchedFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "one.txt")
	if err := os.WriteFile(path, []byte(note("Lorem")), 0o644); err != nil {
		t.Fatal(err)
	}
	g, err := watch(path)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan struct{}, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- g.run(ctx, time.Millisecond, time.Second, func() { told <- struct{}{} })
	}()
	for range 2 {
		if err := os.WriteFile(filepath.Join(dir, "new"), []byte(note("Ipsum")), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "new"), path); err != nil {
			t.Fatal(err)
		}
		<-told
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	g.close()
}

// A folder that is watched is read as soon as something changes in it, and when
// its disk comes back.
func TestWatchedFolderIsRead(t *testing.T) {
	p := newPapers(t)
	p.write("papers/a.txt", note("Lorem"))
	root := p.path("papers")
	p.follow(Options{Now: func() time.Time { return time.Now().Add(24 * time.Hour) }, Sleep: func(ctx context.Context, _ time.Duration) error {
		time.Sleep(time.Millisecond)
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.f.watchSource(ctx, briefs.Source{Kind: briefs.SourcePath, Address: root, Collection: "papers"}, time.Millisecond, time.Second)
	}()
	await := func(about ...string) {
		t.Helper()
		for { // however long that takes: the test's own limit ends it
			ids := p.ids()
			found := len(ids) == len(about)
			for _, a := range about {
				found = found && ids[a] != ""
			}
			if found {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
	await("Lorem")
	p.write("papers/deep/b.txt", note("Ipsum"))
	await("Lorem", "Ipsum")
	p.remove("papers/a.txt")
	await("Ipsum")
	p.move("papers", "away")
	p.write("away/c.txt", note("Dolor"))
	if err := os.Rename(p.path("away"), root); err != nil {
		t.Fatal(err)
	}
	await("Ipsum", "Dolor")
	cancel()
	<-ended
}
