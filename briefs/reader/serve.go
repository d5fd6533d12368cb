package reader

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

// Serve is what a child does: it answers the requests on in until it ends or
// ctx does, one after another, with what read makes of them. It returns at
// once when in ends, whatever read is doing then: the parent is gone.
func Serve(ctx context.Context, in io.Reader, out io.Writer, read func(context.Context, extract.Input) (briefs.Document, error)) error {
	w := bufio.NewWriterSize(out, 64<<10)
	if err := errors.Join(writeFrame(w, []byte(greeting)), flush(w, out)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	requests, ended := make(chan extract.Input), make(chan error, 1)
	go func() {
		for {
			q, err := readRequest(in)
			if err != nil {
				ended <- err
				return
			}
			select {
			case requests <- q:
			case <-ctx.Done():
				return
			}
		}
	}()
	answered := make(chan error, 1)
	for {
		select {
		case q := <-requests:
			go func() {
				d, err := guarded(ctx, q, read)
				answered <- errors.Join(writeResponse(w, d, err), flush(w, out))
			}()
			select {
			case err := <-answered:
				if err != nil {
					return err
				}
				if len(q.Data) > 1<<20 {
					debug.FreeOSMemory() // the next may be small, or none may come for hours
				}
			case err := <-ended:
				return clean(err)
			case <-ctx.Done():
				return ctx.Err()
			}
		case err := <-ended:
			return clean(err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// flush brings what w holds to the parent, through out, which may hold it back
// as well.
func flush(w *bufio.Writer, out io.Writer) error {
	err := w.Flush()
	if f, ok := out.(interface{ Flush() error }); ok && err == nil {
		err = f.Flush()
	}
	return err
}

func clean(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// guarded reads one document; a fault in a reader is a problem of the
// document.
func guarded(ctx context.Context, in extract.Input, read func(context.Context, extract.Input) (briefs.Document, error)) (d briefs.Document, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			d, err = briefs.Document{}, aside(in, fmt.Sprintf("the reader failed at it (%.200v)", fault))
		}
	}()
	return read(ctx, in)
}

// aside is the problem of a document that could not be read to its end.
func aside(in extract.Input, why string) error {
	return briefs.Fault(briefs.ErrInvalid, "%s: set aside: %s: save it anew, in parts, or as text", in.Name, why)
}
