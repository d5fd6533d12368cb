// Package ingest adds documents to a library. It joins package fetch (bytes),
// package extract (text and blocks) and package structure (sentences,
// enumerations, passages), and hands the result to the library in batches.
// It stores nothing itself.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
)

// Library stores documents.
type Library interface {
	// PutDocuments stores each document of batch whole or not at all, and
	// says for each, in order, what that changed. Consecutive documents of
	// one id are a history, oldest first.
	PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error)
}

// maxProblems is how many problems a Report keeps; Failed counts all.
const maxProblems = 1000

// Options adjust an Ingester. The zero value is ready for use.
type Options struct {
	Collection string      // where every document goes; empty: where it says, else briefs.DefaultCollection
	MaxBytes   int64       // cap of one document file; 0 is that of its kind, fetch.MaxBytes. JSON lines have none
	Stdin      io.Reader   // read for the source "-"; nil refuses it
	Progress   func(Event) // called from the goroutine of Add, in order; nil is silent

	// Read reads the documents that files are; nil is extract.Read. It is
	// called from several goroutines.
	Read func(context.Context, extract.Input) (briefs.Document, error)
	// ID is the id of the document in the file at path, of which usual is the
	// usual one. It is called by several goroutines. nil is the usual one.
	ID func(path string, usual briefs.DocumentID) briefs.DocumentID
}

// Event tells how far an Add has come.
type Event struct {
	Source     string // what was stored or refused last, as it was given
	BytesDone  int64  // never decreases; BytesTotal at the end
	BytesTotal int64
	Documents  int // stored or found unchanged so far
	Problems   int
}

// Problem is one source, or one line of it, that was not added.
type Problem struct {
	Source string // as it was given, or the path below a folder that was given
	Line   int    // from 1; 0 when the whole source is meant
	Err    error  // one line that names source and line, and the mend; wraps a kind of package briefs

	given int // the index of the source, as it was given
}

// Figures count what came of documents.
type Figures struct {
	Added, Revised, Unchanged int // revisions stored, or found to be there
	Failed                    int // all problems
}

func (f *Figures) count(o briefs.Outcome) {
	switch o {
	case briefs.Added:
		f.Added++
	case briefs.Revised:
		f.Revised++
	default:
		f.Unchanged++
	}
}

// Source tells what came of one source.
type Source struct {
	Name string // as it was given
	Figures
	// Collection is where everything of it goes; empty when its documents went
	// to several, or one that failed may belong elsewhere.
	Collection string
	First      *Problem // nil when there was none
}

// Report sums up an Add.
type Report struct {
	Figures
	Skipped  int       // files of folders passed over: hidden, or of an unsupported type
	Problems []Problem // in the order of the sources; the first 1000
	Sources  []Source  // one for each that was given, in their order; what several hold counts for the first
}

// Ingester adds documents to a library. It is safe for concurrent use.
type Ingester struct {
	log *slog.Logger
	lib Library
	o   Options
}

// New returns an Ingester that stores in lib.
func New(log *slog.Logger, lib Library, o Options) *Ingester {
	if o.Read == nil {
		o.Read = func(_ context.Context, in extract.Input) (briefs.Document, error) { return extract.Read(in) }
	}
	return &Ingester{log: log, lib: lib, o: o}
}

// Add adds everything in sources: files, folders and "-" for standard input.
// A source, line or document that cannot be added becomes a Problem of the
// Report and does not stop the rest. Documents are stored in the order of the
// sources; lines that share an id are stored together, at the last of them.
// Add returns an error only when it stopped early: that of ctx, or one of the
// library that would meet every document. The Report tells what was done.
func (in *Ingester) Add(ctx context.Context, sources ...string) (Report, error) {
	f := fetch.New(fetch.Options{MaxBytes: in.o.MaxBytes, Stdin: in.o.Stdin})
	defer func() {
		if err := f.Close(); err != nil {
			in.log.Warn("a temporary copy stays behind", "err", err)
		}
	}()
	list, err := f.List(ctx, sources...)
	if err != nil {
		return Report{}, err
	}
	s := &storer{in: in, event: Event{BytesTotal: list.Bytes}}
	s.report.Skipped = list.Skipped
	for _, name := range sources {
		s.report.Sources = append(s.report.Sources, Source{Name: name, Collection: in.o.Collection})
	}
	for _, p := range list.Problems {
		s.problem(Problem{Source: p.Source, Err: p.Err, given: p.Given})
	}
	repeated, err := repeatedKeys(ctx, list.Items)
	if err != nil {
		return s.report, err
	}
	err = in.pipe(ctx, list.Items, repeated, s)
	if err == nil {
		s.event.BytesDone = s.event.BytesTotal
		s.progress()
	}
	return s.report, err
}

// storer gathers results into batches and stores them. It belongs to the
// goroutine of Add.
type storer struct {
	in     *Ingester
	report Report
	event  Event

	batch  []briefs.Document
	from   []origin // of batch
	filled filling  // batch
}

// origin is where a document was read.
type origin struct {
	source string
	line   int
	given  int           // the index of the source that was given
	took   time.Duration // to read and analyse it
}

func (s *storer) problem(p Problem) {
	s.report.Failed++
	if len(s.report.Problems) < maxProblems {
		s.report.Problems = append(s.report.Problems, p)
	}
	of := &s.report.Sources[p.given]
	of.Failed++
	if of.First == nil {
		of.First = &p
	}
	of.Collection = s.in.o.Collection
	s.event.Source, s.event.Problems = p.Source, s.report.Failed
	s.logRefused(p)
}

func (s *storer) progress() {
	if s.in.o.Progress != nil {
		s.in.o.Progress(s.event)
	}
}

// add takes one result and stores the batch when it is full. The documents
// of one result are never parted: they may be a history.
func (s *storer) add(ctx context.Context, r result) error {
	for _, p := range r.problems {
		s.problem(p)
	}
	for i := range r.docs {
		s.filled.add(&r.docs[i])
		s.batch, s.from = append(s.batch, r.docs[i]), append(s.from, r.from[i])
	}
	s.event.Source = r.source
	s.event.BytesDone += r.bytes
	if s.filled.full() {
		return s.flush(ctx)
	}
	if len(r.problems) > 0 {
		s.progress()
	}
	return nil
}

func (s *storer) flush(ctx context.Context) error {
	if len(s.batch) > 0 {
		started := time.Now()
		if err := s.put(ctx, s.batch, s.from); err != nil {
			return err
		}
		s.filled.stored(time.Since(started))
	}
	clear(s.batch)
	clear(s.from)
	s.batch, s.from = s.batch[:0], s.from[:0]
	s.progress()
	return nil
}

// put stores a batch. When the library refuses it for what a document is, each
// history is tried alone, so that only the bad one is lost.
func (s *storer) put(ctx context.Context, batch []briefs.Document, from []origin) error {
	started := time.Now()
	stored, err := s.in.lib.PutDocuments(ctx, batch)
	if err == nil {
		s.logBatch(ctx, len(batch), time.Since(started))
		for i, st := range stored {
			s.logStored(ctx, from[i], &batch[i], st)
			s.report.count(st.Outcome)
			of := &s.report.Sources[from[i].given]
			switch c := batch[i].Collection; {
			case of.First == nil && of.Added+of.Revised+of.Unchanged == 0:
				of.Collection = c
			case of.Collection != c:
				of.Collection = s.in.o.Collection
			}
			of.count(st.Outcome)
		}
		s.event.Documents += len(batch)
		return nil
	}
	if ctx.Err() != nil || !errors.Is(err, briefs.ErrInvalid) && !errors.Is(err, briefs.ErrConflict) {
		return err
	}
	first := history(batch)
	if first == len(batch) {
		s.problem(from[0].problem(err))
		return nil
	}
	for len(batch) > 0 {
		n := history(batch)
		if err := s.put(ctx, batch[:n], from[:n]); err != nil {
			return err
		}
		batch, from = batch[n:], from[n:]
	}
	return nil
}

// history is how many documents at the start of batch share an id.
func history(batch []briefs.Document) int {
	n := 1
	for n < len(batch) && batch[n].ID == batch[0].ID {
		n++
	}
	return n
}

// String names an origin as errors do: "papers.jsonl: line 7".
func (o origin) String() string {
	if o.line == 0 {
		return o.source
	}
	return fmt.Sprintf("%s: line %d", o.source, o.line)
}
