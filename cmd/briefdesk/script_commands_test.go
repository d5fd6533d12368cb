package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits CODE PROGRAM ARG… runs a program that must end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		got = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// try PROGRAM ARG… runs a program that may end with any exit code, but no signal.
func try(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[0], args[1:]...)
	if e, ok := errors.AsType[*exec.ExitError](err); ok && e.ExitCode() > 0 {
		return
	}
	ts.Check(err)
}

// longquestion N asks a question of N bytes; it must end in silence or, where
// the system refuses the argument, not at all.
func longquestion(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	exits(ts, false, []string{"3", "briefdesk", "ask", strings.Repeat("why zeppelin ", n/13+1)[:n]})
}

// damage FILE overwrites all but the first page of a library, and its log.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	rand.New(rand.NewSource(1)).Read(data[4096:])
	ts.Check(os.WriteFile(path, data, 0o600))
	os.Remove(path + "-wal")
}

// schema FILE N sets user_version in the header of an SQLite file
// (https://www.sqlite.org/fileformat.html, offset 60).
func schema(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	n, err := strconv.ParseUint(args[1], 10, 32)
	ts.Check(err)
	data, err := os.ReadFile(path)
	ts.Check(err)
	binary.BigEndian.PutUint32(data[60:], uint32(n))
	ts.Check(os.WriteFile(path, data, 0o600))
}

// binaryFile FILE writes bytes that are no text in any encoding.
func binaryFile(ts *testscript.TestScript, _ bool, args []string) {
	noise := make([]byte, 4096)
	rand.New(rand.NewSource(2)).Read(noise)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), append([]byte("\x7fELF\x00\x00\x00"), noise...), 0o600))
}

// bigtext FILE N writes N million bytes of sentences.
func bigtext(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	million := []byte(strings.Repeat("The harbour was closed in that week, too.\n\n", 1_000_000/43))
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	for range n {
		_, err = f.Write(million)
		ts.Check(err)
	}
	ts.Check(f.Close())
}

// latin FILE writes text in Latin-1 with bytes that are broken UTF-8.
func latin(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("The caf\xe9 was closed in May. The ministers \xff\xc0 left."), 0o600))
}

// utf16 FILE writes UTF-16 with a lone surrogate and half a character.
func utf16(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	b.WriteString("\xff\xfe")
	for _, c := range "The hall was cold. " {
		b.Write([]byte{byte(c), 0})
	}
	b.WriteString("\x00\xd8x")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}
