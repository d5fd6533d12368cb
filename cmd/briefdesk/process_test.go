package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// programPath returns a path under which this test binary acts as briefdesk: the
// script tests run it so, by its name.
func programPath(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "briefdesk")
	if err := os.Symlink(self, path); err != nil {
		t.Skip("no symbolic links: ", err)
	}
	return path
}

// manyDocuments writes n documents of several passages as JSONL.
func manyDocuments(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"d%04d","title":"Note %d","text":"`, i, i)
		for j := range 12 {
			fmt.Fprintf(&b, `The envoy of town %d wrote letter %d about the price of salt and the state of the road to the harbour. `, i, j)
		}
		b.WriteString("\"}\n")
	}
	path := filepath.Join(t.TempDir(), "many.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustRun(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// A process killed while it adds, again and again, leaves a library that
// opens, checks clean, and holds the same as any other when the add is
// repeated to its end. BRIEFDESK_PROVE kills fifty times in a larger library.
func TestKilledWhileAdding(t *testing.T) {
	t.Parallel()
	documents, cycles := 150, 20
	switch {
	case os.Getenv("BRIEFDESK_PROVE") != "":
		documents, cycles = 20000, 50
	case testing.Short():
		cycles = 4
	}
	program, source := programPath(t), manyDocuments(t, documents)
	whole := filepath.Join(t.TempDir(), "whole.db")
	start := time.Now()
	mustRun(t, program, "--library", whole, "add", source)
	usual := time.Since(start)

	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	killed := 0
	var hurt string
	for cycle := 0; cycle < cycles || killed == 0 && cycle < 20*cycles; cycle++ {
		if cycle%10 == 0 { // a fresh library, so that kills meet its making too
			hurt = filepath.Join(t.TempDir(), "hurt.db")
		}
		cmd := exec.Command(program, "--library", hurt, "add", source)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int63n(int64(usual))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			killed++
		} else {
			usual = max(usual/2, time.Millisecond) // it was quicker than measured
		}
		// A file of no byte is a library that was killed before its first
		// write; add takes it as none.
		if file, err := os.Stat(hurt); err == nil && file.Size() > 0 {
			mustRun(t, program, "--library", hurt, "library", "check")
		}
	}
	if killed == 0 {
		t.Errorf("none of %d processes was killed: the test proves nothing", cycles)
	}
	mustRun(t, program, "--library", hurt, "add", source)
	mustRun(t, program, "--library", hurt, "library", "check")
	if got, want := stripAdded(mustRun(t, program, "--library", hurt, "library", "list", "--json")),
		stripAdded(mustRun(t, program, "--library", whole, "library", "list", "--json")); got != want {
		t.Error("the finished library differs from one that was never killed")
	}
	t.Logf("%d of %d killed", killed, cycles)
}

// stripAdded removes the times of adding from a listing.
func stripAdded(list string) string {
	parts := strings.Split(list, `"added":"`)
	for i := 1; i < len(parts); i++ {
		_, parts[i], _ = strings.Cut(parts[i], `"`)
	}
	return strings.Join(parts, "")
}

// An interrupted add ends with one line, and finishes when it is repeated.
func TestInterruptedWhileAdding(t *testing.T) {
	t.Parallel()
	program := programPath(t)
	var source, library string
	var cmd *exec.Cmd
	var stderr bytes.Buffer
	for n := 1500; n < 50_000; n *= 2 { // more where a busy machine let it finish before the signal came
		source, library = manyDocuments(t, n), filepath.Join(t.TempDir(), "l.db")
		cmd = exec.Command(program, "--library", library, "add", source)
		stderr.Reset()
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for start := time.Now(); time.Since(start) < patience; time.Sleep(time.Millisecond) {
			if _, err := os.Stat(library); err == nil {
				break // the work has begun
			}
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		if cmd.Wait() != nil {
			break
		}
	}
	if got := stderr.String(); cmd.ProcessState.ExitCode() != 1 || strings.Count(got, "\n") != 1 || !strings.Contains(got, "interrupted") {
		t.Errorf("%v, stderr %q", cmd.ProcessState, got)
	}
	mustRun(t, program, "--library", library, "add", source)
	mustRun(t, program, "--library", library, "library", "check")
}
