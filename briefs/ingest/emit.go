package ingest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
)

// emitter turns items into jobs.
type emitter struct {
	ctx         context.Context
	todo, order chan<- *job
	rep         repeats
	held        map[uint64][]lineRef // lines that wait for the last of their key
	next        *job                 // lines that are sent together; nil for none
	room        []byte               // the rest of the memory for their data
}

// The lines of a job are so many and so many bytes at most: enough that a
// worker is not woken for each, and that some work is ahead of the storer while
// it stores a batch.
const (
	jobLines = 64
	jobBytes = 64 << 10
)

// flush sends the lines that wait to be sent together.
func (e *emitter) flush() error {
	j := e.next
	if j == nil {
		return nil
	}
	e.next, e.room = nil, nil
	return e.send(j)
}

func (e *emitter) send(j *job) error {
	if err := e.flush(); err != nil {
		return err
	}
	j.done = make(chan result, 1)
	for _, c := range []chan<- *job{e.order, e.todo} {
		select {
		case c <- j:
		case <-e.ctx.Done():
			return e.ctx.Err()
		}
	}
	return nil
}

func (e *emitter) item(it fetch.Item) error {
	if !it.Lines {
		return e.send(&job{item: it, bytes: it.Size})
	}
	err := eachLine(it, func(l extract.Line) error {
		if l.Err != nil {
			return e.fail(it, l.N, int64(len(l.Data)), l.Err)
		}
		return e.line(it, l)
	})
	if err != nil && e.ctx.Err() == nil { // the file itself fails
		return e.fail(it, 0, 0, err)
	}
	if err := e.flush(); err != nil {
		return err
	}
	return e.ctx.Err()
}

// line emits a line; one whose key occurs again waits for the last of them.
// Waiting lines keep their place in the file, not their bytes.
func (e *emitter) line(it fetch.Item, l extract.Line) error {
	ref := lineRef{item: it, n: l.N, offset: l.Offset, size: len(l.Data)}
	read := int64(len(l.Data)) + 1
	hash, n := e.rep.of(extract.RecordKey(l.Data))
	if n == 0 {
		return e.gather(ref, l.Data, read)
	}
	e.held[hash] = append(e.held[hash], ref)
	j := &job{item: it, bytes: read}
	if len(e.held[hash]) == n {
		j.lines = e.held[hash]
		delete(e.held, hash)
	}
	return e.send(j)
}

// gather emits a line together with those beside it.
func (e *emitter) gather(ref lineRef, data []byte, read int64) error {
	if e.next != nil && (len(e.next.lines) == jobLines || len(data) > cap(e.room)-len(e.room)) {
		if err := e.flush(); err != nil {
			return err
		}
	}
	if e.next == nil {
		e.next, e.room = &job{item: ref.item}, make([]byte, 0, max(jobBytes, len(data)))
	}
	from := len(e.room)
	e.room = append(e.room, data...)
	ref.data = e.room[from:len(e.room):len(e.room)]
	e.next.lines = append(e.next.lines, ref)
	e.next.bytes += read
	return nil
}

// rest emits lines that still wait for one that is gone: their file changed
// between the two readings.
func (e *emitter) rest() {
	var left [][]lineRef
	for _, lines := range e.held {
		left = append(left, lines)
	}
	slices.SortFunc(left, func(a, b []lineRef) int {
		return cmp.Or(strings.Compare(a[0].item.Name, b[0].item.Name), a[0].n-b[0].n)
	})
	for _, lines := range left {
		if e.send(&job{item: lines[0].item, lines: lines}) != nil {
			return
		}
	}
}

// fail emits a result that is a problem only.
func (e *emitter) fail(it fetch.Item, line int, size int64, err error) error {
	if err := e.flush(); err != nil {
		return err
	}
	j := &job{item: it, done: make(chan result, 1)}
	j.done <- result{source: it.Name, bytes: size, problems: []Problem{origin{source: it.Name, line: line, given: it.Given}.problem(err)}}
	select {
	case e.order <- j:
		return nil
	case <-e.ctx.Done():
		return e.ctx.Err()
	}
}
