package follow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
)

// settling is how long a file has to stay as it is before it is read: what
// writes a file in pieces pauses less.
const settling = 2 * time.Second

// lookAgain is when a folder is due in which files were still being written.
const lookAgain = time.Minute

// folder is one reading of a source that is a file or a folder with all in it.
//
// What was read of each file is remembered by path, with its size, its time and
// a digest of its content. A file that stands elsewhere now, with the same
// content, keeps its document; the document of one that is gone is withdrawn,
// and comes back with it. Nothing is withdrawn below what cannot be looked
// into, nor where a whole folder is missing or empty: its disk may not be
// mounted. Each batch of documents is noted as soon as it is stored.
type folder struct {
	*Follower
	src  briefs.Source
	save func(ctx context.Context, items []briefs.SourceItem) error // in the place of those of the same names

	known  map[string]*briefs.SourceItem   // by name
	parts  map[string][]*briefs.SourceItem // documents of files that hold several, by path
	hidden []string                        // paths that could not be looked into
	gone   []*briefs.SourceItem            // what is there no more, and has not moved
	report SourceReport
	reads  []Read
	faults []Problem
	next   time.Duration // until it is to be read again before its time; 0 for not
}

// file is one file as the walk found it.
type file struct {
	fetch.Item
	name   string // of its item
	stamp  string // size and time
	at     time.Time
	digest string // of its content
	id     briefs.DocumentID
	from   *briefs.SourceItem // the file that it was before it was moved
}

// readFolder reads s, which is a SourcePath and is this process's to read. save
// stores items of it. The times and figures of s itself are left to the caller.
func (f *Follower) readFolder(ctx context.Context, s briefs.Source, save func(context.Context, []briefs.SourceItem) error) (SourceReport, []Read, []Problem, error) {
	d := &folder{Follower: f, src: s, save: save, report: SourceReport{Source: s, As: briefs.SourcePath}}
	err := d.run(ctx)
	if d.next > 0 {
		d.report.Next = f.now().Add(d.next)
	}
	return d.report, d.reads, d.faults, err
}

func (d *folder) run(ctx context.Context) error {
	if err := d.remember(ctx); err != nil {
		return err
	}
	files, there, err := d.list(ctx)
	if err != nil || !there {
		return err
	}
	changed, err := d.changed(ctx, files)
	if err != nil {
		return err
	}
	d.miss(files)
	d.match(changed)
	if err := d.store(ctx, changed); err != nil {
		return err
	}
	return d.withdraw(ctx)
}

// itemsAtATime bounds what is read of the library at once.
const itemsAtATime = 1000

// remember reads what is known of the files.
func (d *folder) remember(ctx context.Context) error {
	d.known, d.parts = map[string]*briefs.SourceItem{}, map[string][]*briefs.SourceItem{}
	for after := ""; ; {
		items, err := d.lib.SourceItems(ctx, d.src.Key(), after, itemsAtATime)
		if err != nil {
			return err
		}
		for i := range items {
			it := &items[i]
			d.known[it.Name] = it
			if path, _, part := cutPart(it.Name); part {
				d.parts[path] = append(d.parts[path], it)
			}
		}
		if len(items) < itemsAtATime {
			return nil
		}
		after = items[len(items)-1].Name
	}
}

// The name of an item is the path of its file; of a document in a file that
// holds several, the path and the document's id. No path holds a line break
// that is not quoted.
func partName(path string, id briefs.DocumentID) string { return path + "\n" + string(id) }

func cutPart(name string) (path, id string, part bool) { return strings.Cut(name, "\n") }

// itemName is the name of the item of the file at path.
func itemName(path string) string {
	if !utf8.ValidString(path) || strings.ContainsAny(path, "\n\r") {
		return strconv.QuoteToASCII(path)
	}
	return path
}

// list walks the source. It reports false where there is nothing to walk, which
// is then the problem of the source.
func (d *folder) list(ctx context.Context) ([]*file, bool, error) {
	root := d.src.Address
	info, err := os.Stat(root)
	switch {
	case err == nil && info.IsDir():
		if d.live() > 0 && bare(root) {
			d.missing("%s: is empty, and held %s: is its disk mounted? Nothing was withdrawn; where that is meant, put any file into it", root, plural(d.live(), "file"))
			return nil, false, nil
		}
		root += string(filepath.Separator) // follows the root itself where it is a link
	case err == nil:
	case errors.Is(err, fs.ErrNotExist) && d.known[itemName(root)] != nil && isFolder(filepath.Dir(root)): // a file that was deleted
		return nil, true, nil
	case errors.Is(err, fs.ErrNotExist):
		d.missing("%s: is not there: is its disk mounted? Correct the path, or put it there%s", root, d.kept())
		return nil, false, nil
	default:
		d.missing("%s: cannot be looked into (%v): check its mode with ls -ld%s", root, reason(err), d.kept())
		return nil, false, nil
	}
	f := fetch.New(fetch.Options{})
	defer f.Close()
	l, err := f.List(ctx, root)
	if err != nil {
		return nil, false, err
	}
	for _, p := range l.Problems {
		if _, err := os.Lstat(p.Source); errors.Is(err, fs.ErrNotExist) {
			continue // gone while we looked
		}
		d.hidden = append(d.hidden, filepath.Clean(p.Source))
		d.fault(p.Source, p.Err)
	}
	files := make([]*file, 0, len(l.Items))
	for _, it := range l.Items {
		one := &file{Item: it, name: itemName(it.Key)}
		if one.look() {
			files = append(files, one)
		}
	}
	return files, true, nil
}

// live counts the files that are known and not gone.
func (d *folder) live() int {
	n := 0
	for name, it := range d.known {
		if _, _, part := cutPart(name); !part && !absent(it) {
			n++
		}
	}
	return n
}

// kept says that nothing is withdrawn, where there is something.
func (d *folder) kept() string {
	if d.live() == 0 {
		return ""
	}
	return "; nothing was withdrawn"
}

// bare reports whether a folder holds nothing at all.
func bare(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	names, err := f.Readdirnames(1)
	return len(names) == 0 && err != nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// missing is the problem of a source that cannot be walked.
func (d *folder) missing(format string, args ...any) {
	err := briefs.Fault(briefs.ErrUnavailable, format, args...)
	d.report.Problem = err.Error()
	d.faults = append(d.faults, Problem{Source: d.src, Err: err})
}

// fault is the problem of one file, or of one folder below the source.
func (d *folder) fault(path string, err error) {
	d.report.Failed++
	d.faults = append(d.faults, Problem{Source: d.src, Item: path, Err: err})
}

// look notes size and time of the file as they are. It reports false when there
// is none.
func (f *file) look() bool {
	info, err := os.Stat(f.Key)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f.at = info.ModTime()
	f.stamp = fmt.Sprintf("%s %d", f.at.UTC().Format(time.RFC3339Nano), info.Size())
	return true
}

// changed are the files that are to be read: new ones, others than before, and
// those that were gone. It looks twice at what was written a moment ago, and
// leaves for the next time what is being written still.
func (d *folder) changed(ctx context.Context, files []*file) ([]*file, error) {
	var look []*file
	fresh := false
	for _, f := range files {
		it := d.known[f.name]
		if it != nil && !absent(it) && it.Modified == f.stamp {
			d.asBefore(it)
			continue
		}
		look = append(look, f)
		fresh = fresh || d.now().Sub(f.at).Abs() < settling
	}
	if fresh {
		if err := d.sleep(ctx, settling); err != nil {
			return nil, err
		}
	}
	var changed []*file
	var touched []briefs.SourceItem
	for _, f := range look {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		was := f.stamp
		if !f.look() || f.stamp != was {
			d.wait(f)
			continue
		}
		digest, err := digestOf(f.Key)
		if err != nil {
			d.hidden = append(d.hidden, f.Key)
			d.fault(f.Name, unreadable(f.Name, err))
			continue
		}
		f.digest = digest
		if it := d.known[f.name]; it != nil && !absent(it) && it.Digest == digest {
			it.Modified = f.stamp
			d.asBefore(it)
			touched = append(touched, *it)
			continue
		}
		changed = append(changed, f)
	}
	if len(touched) == 0 {
		return changed, nil
	}
	return changed, d.save(ctx, touched)
}

// wait leaves a file for the next time, because it is being written.
func (d *folder) wait(f *file) {
	d.hidden = append(d.hidden, f.Key)
	d.report.Waiting++
	d.next = lookAgain
}

// asBefore counts what came of a file that is the same as before.
func (d *folder) asBefore(it *briefs.SourceItem) {
	if it.Problem != "" {
		d.fault(it.Name, briefs.Fault(briefs.ErrInvalid, "%s", it.Problem))
	}
	parts := d.parts[it.Name]
	for _, p := range parts {
		if !absent(p) {
			d.report.Unchanged++
		}
	}
	if it.Problem == "" && len(parts) == 0 {
		d.report.Unchanged++
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// reason strips operation and path of an error of the file system.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return briefs.Fault(briefs.ErrInvalid, "%s: no permission to read: check its mode with ls -l", name)
	}
	return briefs.Fault(briefs.ErrUnavailable, "%s: cannot be read (%v)", name, reason(err))
}
