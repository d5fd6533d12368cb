package main

import (
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
)

// A file is named once, also one whose name holds what a terminal obeys.
func TestProblemNamesItsFileOnce(t *testing.T) {
	for _, name := range []string{"a.txt", "esc\x1b[31m.txt", "two\nlines.txt"} {
		got := problemLine(ingest.Problem{Source: name, Err: briefs.Fault(briefs.ErrInvalid, "%s: is empty", name)})
		if want := collapse(clean(name)) + ": is empty"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
