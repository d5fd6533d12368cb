// Package fetch brings the bytes of documents: from files, folders and standard
// input by a Fetcher, from the web by a Web. It knows nothing of what the bytes
// mean beyond the endings of file names; package extract reads them, packages
// ingest and follow drive both. It stores nothing but a temporary copy of what
// cannot be read twice.
package fetch

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"briefdesk/briefs"
)

// DefaultMaxBytes is the cap of one document file. The largest book in plain
// text is a tenth of it, and reading holds a few copies in memory at once.
// Files that hold pictures too may be twice as long.
const (
	DefaultMaxBytes  = 32 << 20
	picturedMaxBytes = 64 << 20
)

// MaxBytes is the cap of a document file of that name, where none is set.
func MaxBytes(name string) int64 {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf", ".docx", ".docm", ".odt", ".epub":
		return picturedMaxBytes
	}
	return DefaultMaxBytes
}

// Stdin is the source that means standard input.
const Stdin = "-"

// stdinName is how reports name standard input.
const stdinName = "standard input"

// Options adjust a Fetcher. The zero value reads files and folders.
type Options struct {
	MaxBytes int64     // cap of one document; 0 is MaxBytes of its name. JSON lines have none
	Stdin    io.Reader // read for the source "-"; nil refuses that source
}

// Fetcher lists and opens sources. It is not safe for concurrent use, but its
// items are.
type Fetcher struct {
	o     Options
	spool []string // temporary files, removed by Close
}

// New returns a Fetcher. Close removes what it spooled.
func New(o Options) *Fetcher { return &Fetcher{o: o} }

// most is the cap of a document file of that name.
func (f *Fetcher) most(name string) int64 {
	if f.o.MaxBytes > 0 {
		return f.o.MaxBytes
	}
	return MaxBytes(name)
}

// Problem is a source that cannot be read.
type Problem struct {
	Source string
	Given  int   // the index of the source, as it was given, that it belongs to
	Err    error // names the source and the mend; wraps a kind of package briefs
}

// Listing is what a list of sources comes to.
type Listing struct {
	Items    []Item // in the order of the sources, folders sorted by path; nothing twice
	Problems []Problem
	Skipped  int   // files of folders passed over: hidden, or of an unsupported type
	Bytes    int64 // total size of Items
}

// List resolves sources: files, folders and "-". A source that cannot be read
// becomes a Problem and does not stop the rest; the only error is that of ctx.
func (f *Fetcher) List(ctx context.Context, sources ...string) (Listing, error) {
	l := &lister{f: f, seen: map[string]bool{}}
	for i, s := range sources {
		if err := ctx.Err(); err != nil {
			return l.out, err
		}
		l.given = i
		if err := l.source(ctx, s); err != nil {
			return l.out, err
		}
	}
	return l.out, nil
}

// Close removes the temporary copies. Items must not be opened after it.
func (f *Fetcher) Close() error {
	var first error
	for _, name := range f.spool {
		if err := os.Remove(name); err != nil && first == nil {
			first = err
		}
	}
	f.spool = nil
	return first
}

// Item is one file to be read.
type Item struct {
	Name  string // as reports name it: the path as it was given
	Key   string // the absolute path, stable across runs; empty for standard input
	Size  int64  // bytes
	Lines bool   // JSON lines: one document a line, read as a stream
	Given int    // the index of the source, as it was given, that it belongs to

	path string // where the bytes are
	max  int64
}

// File is an opened Item.
type File interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

// Open opens the item for streaming.
func (it Item) Open() (File, error) {
	f, err := os.Open(it.path)
	if err != nil {
		return nil, explain(it.Name, err)
	}
	return f, nil
}

// Read returns the whole content. It returns ErrInvalid when the item is
// above the cap; nothing beyond the cap is read.
func (it Item) Read() ([]byte, error) {
	if it.Size > it.max {
		return nil, tooLarge(it.Name, it.Size, it.max)
	}
	f, err := os.Open(it.path)
	if err != nil {
		return nil, explain(it.Name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, it.max+1))
	if err != nil {
		return nil, explain(it.Name, err)
	}
	if int64(len(data)) > it.max { // it grew while we looked
		return nil, tooLarge(it.Name, int64(len(data)), it.max)
	}
	return data, nil
}

func tooLarge(name string, size, limit int64) error {
	return briefs.Fault(briefs.ErrInvalid, "%s: %s is above the %s limit: split it", name, Megabytes(size), Megabytes(limit))
}

// Megabytes writes a size for a reader, in units of 1024²: "200 MB".
func Megabytes(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%d KB", (n+1<<9)>>10)
	}
	mb := float64(n) / (1 << 20)
	if mb == float64(int64(mb)) || mb >= 100 {
		return fmt.Sprintf("%.0f MB", mb)
	}
	return fmt.Sprintf("%.1f MB", mb)
}

// explain words an error of the file system as one line with its mend.
func explain(name string, err error) error {
	switch {
	case os.IsNotExist(err):
		return briefs.Fault(briefs.ErrNotFound, "%s: no such file or folder: check the path", name)
	case os.IsPermission(err):
		return briefs.Fault(briefs.ErrInvalid, "%s: no permission to read: check its mode with ls -l", name)
	}
	if pe, ok := err.(*os.PathError); ok {
		err = pe.Err
	}
	return briefs.Fault(briefs.ErrUnavailable, "%s: cannot be read (%v)", name, err)
}

// Supported reports whether a file found in a folder is read, by its ending.
func Supported(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".docm", ".odt", ".epub":
		return true
	}
	return isLines(name)
}

func isLines(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson":
		return true
	}
	return false
}
