package extract

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"briefdesk/briefs"
)

// maxLine is the longest line of JSON that is read, in bytes: twice the cap
// of a document file, since escapes can double a text.
const maxLine = 64 << 20

// Line is one line of a stream of JSON lines.
type Line struct {
	N      int    // from 1
	Offset int64  // where it begins in the stream, in bytes
	Data   []byte // without its line break; valid until the callback returns
	Err    error  // ErrInvalid when the line is too long; Data is then empty
}

// Lines calls fn for every line of r that holds more than space, in order. A
// byte order mark at the start is passed over. It stops at the first error of
// fn and returns it, or the error of r.
func Lines(r io.Reader, fn func(Line) error) error {
	br := bufio.NewReaderSize(r, 256<<10)
	l := Line{}
	if head, _ := br.Peek(3); bytes.HasPrefix(head, []byte(bomUTF8)) {
		if _, err := br.Discard(3); err != nil {
			return err
		}
		l.Offset = 3
	} else if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return briefs.Fault(briefs.ErrInvalid, "is UTF-16: save it as UTF-8")
	}
	var long []byte // a line longer than the buffer
	for {
		l.N++
		size := 0
		long = long[:0]
		var data []byte
		var err error
		for {
			data, err = br.ReadSlice('\n')
			size += len(data)
			if !errors.Is(err, bufio.ErrBufferFull) {
				break
			}
			if size <= maxLine {
				long = append(long, data...)
			}
		}
		if err != nil && err != io.EOF {
			return err
		}
		switch {
		case size > maxLine+1:
			l.Data, l.Err = nil, briefs.Fault(briefs.ErrInvalid, "the line is above 64 MB: split the document")
		case len(long) > 0:
			long = append(long, data...)
			l.Data, l.Err = long, nil
		default:
			l.Data, l.Err = data, nil
		}
		l.Data = bytes.TrimSuffix(bytes.TrimSuffix(l.Data, []byte("\n")), []byte("\r"))
		if l.Err != nil || len(bytes.TrimSpace(l.Data)) > 0 {
			if ferr := fn(l); ferr != nil {
				return ferr
			}
		}
		if err == io.EOF {
			return nil
		}
		l.Offset += int64(size)
	}
}
