package main

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// manyFiles writes n files of a note each, in folders of a hundred.
func manyFiles(t *testing.T, n int) string {
	t.Helper()
	root := t.TempDir()
	for i := range n {
		path := filepath.Join(root, fmt.Sprintf("%03d", i/100), fmt.Sprintf("note-%05d.txt", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("Note %d\n\nThe envoy of town %d wrote about the price of salt. The road to the harbour was closed in that week.\n", i, i)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-time.Hour) // nobody is writing them still
	if err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, old, old)
	}); err != nil {
		t.Fatal(err)
	}
	return root
}

// A process that is killed while it adds a folder, or reads one that is
// followed, again and again, leaves a library that opens, checks clean, and
// holds each file once when the command is repeated to its end.
// BRIEFDESK_PROVE does so with 10,000 files and more kills.
func TestKilledWhileReadingFiles(t *testing.T) {
	t.Parallel()
	files, cycles := 200, 4
	switch {
	case os.Getenv("BRIEFDESK_PROVE") != "":
		files, cycles = 10_000, 12
	case testing.Short():
		cycles = 2
	}
	program, root := programPath(t), manyFiles(t, files)
	for name, command := range map[string][]string{"add": {"add", "--collection", "notes", root}, "sync": {"sync"}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := filepath.Join(dir, "briefdesk.yaml")
			yaml := fmt.Sprintf("collections:\n  notes: {sources: [{path: %q}]}\n", root)
			if err := os.WriteFile(config, []byte(yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			call := func(library string, args ...string) []string {
				return append([]string{"--config", config, "--library", filepath.Join(dir, library)}, args...)
			}
			start := time.Now()
			mustRun(t, program, call("whole.db", command...)...)
			usual := time.Since(start)

			random := rand.New(rand.NewSource(time.Now().UnixNano()))
			killed, further, before := 0, 0, 0
			for cycle := 0; cycle < cycles || killed == 0 && cycle < 20*cycles; cycle++ {
				cmd := exec.Command(program, call("hurt.db", command...)...)
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
				if file, err := os.Stat(filepath.Join(dir, "hurt.db")); err != nil || file.Size() == 0 {
					continue // killed before its first write
				}
				mustRun(t, program, call("hurt.db", "library", "check")...)
				if now := strings.Count(mustRun(t, program, call("hurt.db", "library", "list", "--json")...), `{"id":"`); now > before {
					further, before = further+1, now
				} else if now < before {
					t.Errorf("%d documents, and %d before the kill", now, before)
				}
			}
			if killed == 0 {
				t.Errorf("none of %d processes was killed: the test proves nothing", cycles)
			}
			// The claim of the killed one on its source may last still.
			for start := time.Now(); ; time.Sleep(100 * time.Millisecond) {
				mustRun(t, program, call("hurt.db", command...)...)
				if strings.Count(mustRun(t, program, call("hurt.db", "library", "list", "--json")...), `{"id":"`) == files {
					break
				}
				if time.Since(start) > 20*time.Minute {
					t.Fatal("it is never finished")
				}
			}
			mustRun(t, program, call("hurt.db", "library", "check")...)
			if got, want := stripAdded(mustRun(t, program, call("hurt.db", "library", "list", "--json")...)),
				stripAdded(mustRun(t, program, call("whole.db", "library", "list", "--json")...)); got != want {
				t.Error("the finished library differs from one that was never killed")
			}
			t.Logf("%d of %d killed, %d of them after documents were stored", killed, cycles, further)
		})
	}
}
