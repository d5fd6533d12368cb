package ingest

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/structure"
)

// errNoSentence is the problem of a document that nothing could be quoted of.
var errNoSentence = briefs.Fault(briefs.ErrInvalid, "no sentence found: give it a text in sentences")

// job is what one worker reads and analyses at a time: a file, some lines that
// follow each other, or all the lines that share a key.
type job struct {
	item  fetch.Item
	lines []lineRef // empty for a document file
	bytes int64     // of the source, for progress
	done  chan result
}

// lineRef is where a line stands.
type lineRef struct {
	item   fetch.Item
	n      int
	offset int64
	size   int
	data   []byte // a copy of the line; nil when it is to be read again
}

// result is what a job comes to.
type result struct {
	source   string
	bytes    int64
	docs     []briefs.Document
	from     []origin // of docs
	problems []Problem
}

// pipe reads the items, has workers make documents of them, and stores these
// in order. At most a few jobs for each processor are held in memory.
func (in *Ingester) pipe(ctx context.Context, items []fetch.Item, rep repeats, s *storer) error {
	ctx, cancel := context.WithCancel(ctx)
	procs := runtime.GOMAXPROCS(0)
	todo := make(chan *job)           // to the workers
	order := make(chan *job, 2*procs) // the same jobs, to the storer
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	wg.Go(func() {
		defer close(todo)
		defer close(order)
		e := &emitter{ctx: ctx, todo: todo, order: order, rep: rep, held: map[uint64][]lineRef{}}
		for _, it := range items {
			if e.item(it) != nil {
				return // only when ctx has ended
			}
		}
		e.rest()
	})
	for range procs {
		wg.Go(func() {
			for j := range todo {
				j.done <- in.work(ctx, j)
			}
		})
	}
	for j := range order {
		select {
		case r := <-j.done:
			if err := s.add(ctx, r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.flush(ctx)
}

// problem says that what was read at o was not added.
func (o origin) problem(err error) Problem {
	return Problem{Source: o.source, Line: o.line, Err: fmt.Errorf("%s: %w", o, err), given: o.given}
}

// work makes the documents of one job.
func (in *Ingester) work(ctx context.Context, j *job) result {
	r := result{source: j.item.Name, bytes: j.bytes}
	started := time.Now()
	if !j.item.Lines {
		d, err := in.readFile(ctx, j.item)
		if err != nil {
			r.problems = append(r.problems, Problem{Source: j.item.Name, Err: err, given: j.item.Given})
			return r
		}
		if in.o.ID != nil && j.item.Key != "" {
			d.ID = in.o.ID(j.item.Key, d.ID)
		}
		in.finish(&r, d, origin{source: j.item.Name, given: j.item.Given}, started)
		return r
	}
	for _, ref := range j.lines {
		started := time.Now()
		from := origin{source: ref.item.Name, line: ref.n, given: ref.item.Given}
		d, err := readLine(ref)
		if err != nil {
			r.problems = append(r.problems, from.problem(err))
			continue
		}
		in.finish(&r, d, from, started)
	}
	return r
}

// finish gives a document what extraction leaves open, and its structure. Work
// on it began at started.
func (in *Ingester) finish(r *result, d briefs.Document, from origin, started time.Time) {
	d.Collection = cmp.Or(in.o.Collection, d.Collection, briefs.DefaultCollection)
	structure.Analyze(&d)
	from.took = time.Since(started)
	for i := range d.Blocks {
		if len(d.Blocks[i].Sentences) > 0 {
			r.docs, r.from = append(r.docs, d), append(r.from, from)
			return
		}
	}
	r.problems = append(r.problems, from.problem(errNoSentence))
}

func (in *Ingester) readFile(ctx context.Context, it fetch.Item) (briefs.Document, error) {
	data, err := it.Read()
	if err != nil {
		return briefs.Document{}, err
	}
	d, err := in.o.Read(ctx, extract.Input{Name: it.Name, Data: data})
	if err != nil {
		return briefs.Document{}, err
	}
	d.Source = strings.ToValidUTF8(it.Key, "\uFFFD")
	if it.Key == "" { // standard input and pipes have no path
		d.Source = it.Name
		d.ID = documentID(baseName(it.Name), string(data))
	} else {
		d.ID = documentID(baseName(it.Name), it.Key)
	}
	return d, nil
}

func readLine(ref lineRef) (briefs.Document, error) {
	data := ref.data
	if data == nil {
		var err error
		if data, err = readAt(ref); err != nil {
			return briefs.Document{}, err
		}
	}
	d, err := extract.Record(data)
	if err != nil {
		return briefs.Document{}, err
	}
	if d.ID == "" {
		if d.URL != "" {
			d.ID = documentID(baseName(d.URL), d.URL)
		} else {
			d.ID = documentID(d.Title, d.Title+"\n"+d.Text)
		}
	}
	if d.Source == "" {
		d.Source = ref.item.Key
		if d.Source == "" {
			d.Source = ref.item.Name
		}
	}
	return d, nil
}

func readAt(ref lineRef) ([]byte, error) {
	f, err := ref.item.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, ref.size)
	if _, err := f.ReadAt(data, ref.offset); err != nil {
		return nil, briefs.Fault(briefs.ErrUnavailable, "changed while it was read: add it again")
	}
	return data, nil
}
