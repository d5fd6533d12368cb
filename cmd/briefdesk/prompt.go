package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// maxLine bounds a typed or piped question, in bytes.
const maxLine = 1 << 20

// prompt reads lines: with editing and history from a terminal, plainly from
// a pipe.
type prompt struct {
	lines chan typed
	more  chan struct{} // asks the reader for one line
	show  func()
	close func()
}

type typed struct {
	line string
	err  error
}

// newPrompt reads from in. Output that was written to out before each line is
// flushed. close must be called, and gives the terminal back.
func newPrompt(in io.Reader, out io.Writer, v view, text string) (*prompt, error) {
	p := &prompt{lines: make(chan typed, 1), more: make(chan struct{}), show: flusher(out)}
	p.close = func() { close(p.more) }
	next := pipedLines(in)
	if v.terminal && terminalReader(in) {
		f := in.(*os.File)
		t := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{in, flushing{out}}, v.cyan(text))
		if width, height, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			_ = t.SetSize(width, height)
		}
		next = func() (string, error) {
			state, err := term.MakeRaw(int(f.Fd()))
			if err != nil {
				return "", fmt.Errorf("terminal: %w", err)
			}
			defer term.Restore(int(f.Fd()), state)
			line, err := t.ReadLine()
			if errors.Is(err, term.ErrPasteIndicator) {
				err = nil
			}
			return line, err
		}
		before, err := term.GetState(int(f.Fd()))
		if err != nil {
			return nil, fmt.Errorf("terminal: %w", err)
		}
		p.close = func() {
			close(p.more)
			_ = term.Restore(int(f.Fd()), before)
		}
	}
	go func() { // ends with the input or, blocked in a read, with the program
		for range p.more {
			line, err := next()
			p.lines <- typed{line, err}
		}
	}()
	return p, nil
}

// read returns the next line; io.EOF at the end, or the error of ctx.
func (p *prompt) read(ctx context.Context) (string, error) {
	p.show()
	select {
	case p.more <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	select {
	case t := <-p.lines:
		return t.line, t.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func pipedLines(in io.Reader) func() (string, error) {
	s := bufio.NewScanner(in)
	s.Buffer(nil, maxLine)
	return func() (string, error) {
		if s.Scan() {
			return s.Text(), nil
		}
		if err := s.Err(); err != nil {
			return "", fmt.Errorf("standard input: %w: write shorter lines", err)
		}
		return "", io.EOF
	}
}

// flushing writes through a buffer at once, for what a person waits to see.
type flushing struct{ io.Writer }

func (f flushing) Write(b []byte) (int, error) {
	n, err := f.Writer.Write(b)
	flusher(f.Writer)()
	return n, err
}

func flusher(w io.Writer) func() {
	b, ok := w.(*bufio.Writer)
	if !ok {
		return func() {}
	}
	return func() { _ = b.Flush() }
}
