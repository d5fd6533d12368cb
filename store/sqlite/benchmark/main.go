// Command benchmark measures the library beside Bleve over the same passages,
// in the same run on the same machine: adding, searching, asking, memory and
// disk. Each engine runs in a process of its own, so that its CPU time and
// peak memory are the operating system's account and nobody else's, and reads
// the same file of JSON lines.
//
//	go run . -passages 10000
//
// The passages and the questions are those of the folder that
// BRIEFDESK_SHARED names (default: shared, beside the repository).
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// settings are what a run is told.
type settings struct {
	root                string // folder of the data sets
	passages, questions int
	batch               int    // documents in a batch of Bleve
	engine              string // run this one only and print its figures as JSON
	file                string // passages already written, for engine
	profile             string // folder for CPU profiles; empty is none
}

func main() {
	s := settings{root: folder()}
	flag.IntVar(&s.passages, "passages", 10_000, "how many passages to add")
	flag.IntVar(&s.questions, "questions", 200, "how many questions to ask")
	flag.IntVar(&s.batch, "batch", 1000, "documents in a batch of Bleve")
	flag.StringVar(&s.engine, "engine", "", "run this engine only (briefdesk or bleve) and print its figures as JSON")
	flag.StringVar(&s.file, "file", "", "with -engine: add the passages of this file of JSON lines")
	flag.StringVar(&s.profile, "profile", "", "with -engine: write a CPU profile of each phase to this folder")
	flag.Parse()
	if err := run(context.Background(), s, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings, w io.Writer) error {
	dir, err := os.MkdirTemp("", "benchmark")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if s.file == "" {
		s.file = filepath.Join(dir, "passages.jsonl")
		if s.passages, err = writePassages(s.root, s.file, s.passages); err != nil {
			return err
		}
	}
	if s.engine != "" {
		f, err := measure(ctx, s, dir)
		if err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(f)
	}
	ours, err := spawn(ctx, s, "briefdesk")
	if err != nil {
		return err
	}
	peer, err := spawn(ctx, s, "bleve")
	if err != nil {
		return err
	}
	return table(w, ours, peer)
}

// spawn measures one engine in a process of its own.
func spawn(ctx context.Context, s settings, engine string) (f figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	cmd := exec.CommandContext(ctx, self, "-engine", engine, "-file", s.file,
		"-passages", fmt.Sprint(s.passages), "-questions", fmt.Sprint(s.questions), "-batch", fmt.Sprint(s.batch))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &f)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", engine, err)
	}
	return f, err
}
