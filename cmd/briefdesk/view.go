package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Widths of human output, in columns.
const (
	usualWidth  = 80 // where the terminal does not tell, and for pipes
	widestText  = 96 // longer lines are hard to read
	narrowWidth = 40
)

// view is how to print for a person.
type view struct {
	width    int
	terminal bool
	colour   bool
}

func viewOf(w io.Writer, getenv func(string) string) view {
	v := view{width: usualWidth}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return v
	}
	v.terminal = true
	v.colour = getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		v.width = min(max(width, narrowWidth), widestText)
	}
	return v
}

// terminalReader reports whether r is a terminal to type on.
func terminalReader(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (v view) bold(s string) string { return v.paint("1", s) }
func (v view) dim(s string) string  { return v.paint("2", s) }
func (v view) cyan(s string) string { return v.paint("36", s) }

func (v view) paint(code, s string) string {
	if !v.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// hyperlink makes s open url in terminals that know OSC 8; others show s.
func (v view) hyperlink(url, s string) string {
	if !v.colour {
		return s
	}
	return "\x1b]8;;" + url + "\x1b\\" + s + "\x1b]8;;\x1b\\"
}
