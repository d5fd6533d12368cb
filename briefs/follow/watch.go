package follow

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"briefdesk/briefs"
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

// lookForFolder is how often it is tried to watch what cannot be watched: its
// disk may be mounted again, and others may have ended.
const lookForFolder = time.Minute

// Watch reads those of sources that are files or folders as soon as something
// changes in them, until ctx ends. Where the system has nothing to watch with,
// that is logged once, and reading them on their interval has to do.
func (f *Follower) Watch(ctx context.Context, sources []briefs.Source) {
	var wg sync.WaitGroup
	for _, s := range sources {
		if s.Kind == briefs.SourcePath {
			wg.Go(func() { f.watchSource(ctx, s, quiet, neverQuiet) })
		}
	}
	wg.Wait()
}

func (f *Follower) watchSource(ctx context.Context, s briefs.Source, quiet, neverQuiet time.Duration) {
	told := false
	for {
		g, err := watch(s.Address)
		if err == nil {
			f.readChanged(ctx, s) // what changed meanwhile was not seen
			err = g.run(ctx, quiet, neverQuiet, func() { f.readChanged(ctx, s) })
			g.close()
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !told { // reading it tells what is not there
			told = true
			f.log.LogAttrs(ctx, slog.LevelWarn, "a folder is not watched, only read on its interval: on Linux, raise fs.inotify.max_user_watches", slog.String("source", s.Address), slog.Any("err", err))
		}
		if f.sleep(ctx, lookForFolder) != nil {
			return
		}
	}
}

// readChanged reads s now, or when whoever is reading it has finished.
func (f *Follower) readChanged(ctx context.Context, s briefs.Source) {
	for {
		report, err := f.each(ctx, []briefs.Source{s}, false)
		if err != nil && ctx.Err() == nil {
			f.log.LogAttrs(ctx, slog.LevelError, "a folder is not read", slog.String("source", s.Address), slog.Any("err", err))
		}
		if err != nil || !report.Sources[0].Busy || f.sleep(ctx, settling) != nil {
			return
		}
	}
}
