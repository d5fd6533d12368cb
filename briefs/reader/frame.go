package reader

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

// A frame is its length in bytes, as four bytes with the highest first, and
// so many bytes. A child writes a greeting. Then the parent writes a request
// and the bytes of the file, and the child answers with a response, again and
// again, until the parent closes the stream.

// maxFrame is the longest frame in bytes: above every cap of a file, and far
// above what the longest book comes to as JSON.
const maxFrame = 128 << 20

// greeting tells parent and child of one version from those of others: a
// program may be replaced while it runs.
const greeting = "briefdesk reads documents 1"

type request struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
	Type string `json:"type,omitempty"`
}

type response struct {
	Document briefs.Document `json:"document"`
	Problem  string          `json:"problem,omitempty"` // one line; empty when Document holds
	Kind     string          `json:"kind,omitempty"`    // of Problem
}

// kinds are the kinds of problem that pass from child to parent.
var kinds = map[string]error{
	"":            briefs.ErrInvalid,
	"not found":   briefs.ErrNotFound,
	"unavailable": briefs.ErrUnavailable,
	"conflict":    briefs.ErrConflict,
}

func kindOf(err error) string {
	for name, kind := range kinds {
		if name != "" && errors.Is(err, kind) {
			return name
		}
	}
	return ""
}

var errFrame = errors.New("a frame is too long")

func writeFrame(w io.Writer, data []byte) error {
	if len(data) > maxFrame {
		return errFrame
	}
	var head [4]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(data)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// readFrame returns io.EOF only between two frames.
func readFrame(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxFrame {
		return nil, errFrame
	}
	var data bytes.Buffer
	data.Grow(int(min(n, 1<<20))) // what is only announced takes no memory
	if _, err := io.CopyN(&data, r, int64(n)); err != nil {
		return nil, fmt.Errorf("within a frame: %w", noEOF(err))
	}
	return data.Bytes(), nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func writeRequest(w io.Writer, in extract.Input) error {
	head, err := json.Marshal(request{Name: in.Name, URL: in.URL, Type: in.Type})
	if err != nil {
		return err
	}
	if err := writeFrame(w, head); err != nil {
		return err
	}
	return writeFrame(w, in.Data)
}

// readRequest returns io.EOF when there is no further one.
func readRequest(r io.Reader) (extract.Input, error) {
	head, err := readFrame(r)
	if err != nil {
		return extract.Input{}, err
	}
	var q request
	if err := json.Unmarshal(head, &q); err != nil {
		return extract.Input{}, err
	}
	data, err := readFrame(r)
	return extract.Input{Name: q.Name, URL: q.URL, Type: q.Type, Data: data}, noEOF(err)
}

func writeResponse(w io.Writer, d briefs.Document, problem error) error {
	a := response{Document: d}
	if problem != nil {
		a = response{Problem: problem.Error(), Kind: kindOf(problem)}
	}
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return writeFrame(w, data)
}

// readResponse returns what the child found: ok is false when the stream
// failed, and err then says how; else err is that of the document.
func readResponse(r io.Reader) (d briefs.Document, ok bool, err error) {
	data, err := readFrame(r)
	if err != nil {
		return briefs.Document{}, false, err
	}
	var a response
	if err := json.Unmarshal(data, &a); err != nil {
		return briefs.Document{}, false, err
	}
	if a.Problem != "" {
		kind, known := kinds[a.Kind]
		if !known {
			kind = briefs.ErrInvalid
		}
		return briefs.Document{}, true, briefs.Fault(kind, "%s", a.Problem)
	}
	return a.Document, true, nil
}
