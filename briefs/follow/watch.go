package follow

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// How long a watched folder has to be quiet before it is read, and how long it
// is waited for when it never is.
const (
	quiet      = settling
	neverQuiet = 30 * time.Second
)

// watching watches one file, or a folder with all folders in it but hidden
// ones, for what may have changed in it.
type watching struct {
	w    *fsnotify.Watcher
	root string
	only string // the one file that counts, in root; empty for all
}

// watch watches the file or folder at path. It returns the error of the system
// where there is none, or where there is no more to watch with: then the folder
// is as good as its walks. What a link leads to is not watched.
func watch(path string) (*watching, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	g := &watching{w: w, root: path}
	if info.IsDir() {
		err = g.add(path)
	} else {
		g.root, g.only = filepath.Dir(path), path
		err = w.Add(g.root)
	}
	if err != nil {
		_ = w.Close()
		return nil, err
	}
	return g, nil
}

// close ends the watching. It is called once, after run.
func (g *watching) close() { _ = g.w.Close() }

// add watches dir and the folders in it. A folder that goes meanwhile is none.
func (g *watching) add(dir string) error {
	return filepath.WalkDir(dir+string(filepath.Separator), func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && path == g.root+string(filepath.Separator):
			return err
		case err != nil: // gone, or not for us: the walk tells
			return nil
		case !e.IsDir():
			return nil
		case filepath.Clean(path) != filepath.Clean(g.root) && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		}
		err = g.w.Add(filepath.Clean(path))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil
		}
		return err
	})
}

// run calls changed whenever something has changed and the folder has been
// quiet for so long since, until ctx ends. It ends early, after a last call,
// when the root itself went, and with the error of the system when there is no
// more to watch with.
func (g *watching) run(ctx context.Context, quiet, neverQuiet time.Duration, changed func()) error {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	defer timer.Stop()
	var since time.Time // of the first change that was not told; zero for none
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			since = time.Time{}
			changed()
		case err, open := <-g.w.Errors:
			if !open {
				return nil
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) { // else something was missed
				return err
			}
			since = g.soon(timer, since, quiet, neverQuiet)
		case e, open := <-g.w.Events:
			if !open {
				return nil
			}
			if !g.counts(e) {
				continue
			}
			if filepath.Clean(e.Name) == filepath.Clean(g.root) && e.Has(fsnotify.Remove|fsnotify.Rename) {
				changed()
				return nil
			}
			if e.Has(fsnotify.Create) && g.only == "" {
				if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
					if err := g.add(e.Name); err != nil {
						changed()
						return err
					}
				}
			}
			since = g.soon(timer, since, quiet, neverQuiet)
		}
	}
}

// soon has changed called after quiet, but at the latest neverQuiet after the
// first change that was not told.
func (g *watching) soon(timer *time.Timer, since time.Time, quiet, neverQuiet time.Duration) time.Time {
	now := time.Now()
	if since.IsZero() {
		since = now
	}
	timer.Reset(max(0, min(quiet, neverQuiet-now.Sub(since))))
	return since
}

// counts reports whether e may change what is read.
func (g *watching) counts(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod {
		return false
	}
	if g.only != "" {
		return filepath.Clean(e.Name) == filepath.Clean(g.only) || filepath.Clean(e.Name) == filepath.Clean(g.root)
	}
	return filepath.Clean(e.Name) == filepath.Clean(g.root) || !strings.HasPrefix(filepath.Base(e.Name), ".")
}

// watchFolder calls changed whenever something in the file or folder at path
// has changed, until ctx ends. Where it cannot be watched, now or any more, the
// reason is logged once and the walks have to do; after each of them, of which
// walked tells, it is tried again.
func (f *Follower) watchFolder(ctx context.Context, path string, walked <-chan struct{}, changed func()) {
	told := false
	for {
		g, err := watch(path)
		if err == nil {
			err = g.run(ctx, quiet, neverQuiet, changed)
			g.close()
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !told { // the walk tells what is not there
			told = true
			f.log.WarnContext(ctx, "a folder is not watched, only read on its interval", "source", path, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-walked:
		}
	}
}
