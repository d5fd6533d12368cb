package fetch

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"briefdesk/briefs"
)

// lister collects one Listing.
type lister struct {
	f     *Fetcher
	out   Listing
	seen  map[string]bool // keys already listed
	given int             // the index of the source that is being listed
}

func (l *lister) problem(source string, err error) {
	l.out.Problems = append(l.out.Problems, Problem{Source: source, Given: l.given, Err: err})
}

// source adds one source as it was given. Its error is that of ctx.
func (l *lister) source(ctx context.Context, s string) error {
	switch {
	case s == Stdin:
		l.stdin()
		return nil
	case strings.TrimSpace(s) == "":
		l.problem(s, briefs.Fault(briefs.ErrInvalid, "a source is empty: name a file, a folder or %q", Stdin))
		return nil
	case isAddress(s):
		l.problem(s, briefs.Fault(briefs.ErrInvalid, "%s: is an address of the web, not a file or a folder: save the page as .html and add the file", s))
		return nil
	}
	info, err := os.Stat(s)
	switch {
	case err != nil:
		l.problem(s, explain(s, err))
	case info.IsDir():
		return l.folder(ctx, s)
	case info.Mode().IsRegular():
		l.file(s, info.Size())
	default: // a pipe, such as the shell's <(command)
		l.stream(s, func() (io.ReadCloser, error) { return os.Open(s) })
	}
	return nil
}

func isAddress(s string) bool {
	lower := strings.ToLower(s)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// folder adds the supported files below root, sorted by path. Symbolic links
// to files are followed, links to folders are not: they can form circles.
func (l *lister) folder(ctx context.Context, root string) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if ctxErr := ctx.Err(); ctxErr != nil {
			return ctxErr
		}
		if err != nil {
			l.problem(path, explain(path, err))
			if e != nil && e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		hidden := path != root && strings.HasPrefix(e.Name(), ".")
		switch {
		case e.IsDir() && hidden:
			l.out.Skipped++
			return fs.SkipDir
		case e.IsDir():
			return nil
		case hidden || !Supported(e.Name()):
			l.out.Skipped++
			return nil
		}
		info, err := os.Stat(path) // follows a link
		switch {
		case err != nil:
			l.problem(path, explain(path, err))
		case !info.Mode().IsRegular():
			l.out.Skipped++
		default:
			l.file(path, info.Size())
		}
		return nil
	})
}

// file adds one regular file, once.
func (l *lister) file(path string, size int64) {
	key, err := filepath.Abs(path)
	if err != nil {
		l.problem(path, explain(path, err))
		return
	}
	if l.seen[key] {
		return
	}
	l.seen[key] = true
	it := Item{Name: path, Key: key, Size: size, Lines: isLines(path), path: path, max: l.f.most(path)}
	if !it.Lines && size > it.max {
		l.problem(path, tooLarge(path, size, it.max))
		return
	}
	l.add(it)
}

func (l *lister) add(it Item) {
	it.Given = l.given
	l.out.Items = append(l.out.Items, it)
	l.out.Bytes += it.Size
}

func (l *lister) stdin() {
	if l.seen[Stdin] {
		return
	}
	l.seen[Stdin] = true
	in := l.f.o.Stdin
	if in == nil {
		l.problem(stdinName, briefs.Fault(briefs.ErrInvalid, "%s: there is none to read: name a file", stdinName))
		return
	}
	l.stream(stdinName, func() (io.ReadCloser, error) { return io.NopCloser(in), nil })
}

// stream spools what can be read only once. JSON lines have no cap, a
// document has.
func (l *lister) stream(name string, open func() (io.ReadCloser, error)) {
	it, err := l.f.copyOut(name, open)
	if err != nil {
		l.problem(name, err)
		return
	}
	l.add(it)
}

func (f *Fetcher) copyOut(name string, open func() (io.ReadCloser, error)) (Item, error) {
	src, err := open()
	if err != nil {
		return Item{}, explain(name, err)
	}
	defer src.Close()
	r := bufio.NewReaderSize(src, 4<<10)
	head, err := r.Peek(4 << 10)
	if err != nil && err != io.EOF && len(head) == 0 {
		return Item{}, explain(name, err)
	}
	it := Item{Name: name, Lines: looksLikeLines(head), max: f.most(name)}
	var in io.Reader = r
	if !it.Lines {
		in = io.LimitReader(r, it.max+1)
	}
	tmp, err := os.CreateTemp("", "briefdesk-*")
	if err != nil {
		return Item{}, briefs.Fault(briefs.ErrUnavailable, "%s: no room for a temporary copy (%v): set TMPDIR to a folder with space", name, err)
	}
	f.spool = append(f.spool, tmp.Name())
	it.path = tmp.Name()
	it.Size, err = io.Copy(tmp, in)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	switch {
	case err != nil:
		return Item{}, explain(name, err)
	case !it.Lines && it.Size > it.max:
		return Item{}, briefs.Fault(briefs.ErrInvalid, "%s: is above the %s limit: split it", name, Megabytes(it.max))
	}
	return it, nil
}

// looksLikeLines reports whether a stream holds JSON lines: its first
// character that is not space opens an object with a key.
func looksLikeLines(head []byte) bool {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	rest := bytes.TrimSpace(head[1:])
	return len(rest) > 0 && (rest[0] == '"' || rest[0] == '}')
}
