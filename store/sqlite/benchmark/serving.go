package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// served are the figures of briefdesk serve, as a process of its own.
type served struct {
	Ready    float64 // seconds from its start until it says that it is ready
	Answered float64 // seconds until it has answered the first question
	Begin    int64   // bytes that it holds then
	Resident int64   // bytes after all questions, some time later
	Peak     int64   // bytes, the most that it held
	Page     []cost  // the wall time of each page with an answer
}

// starts is how often it is started, for the medians of Ready and Answered.
const starts = 5

// program builds briefdesk in dir, unless it is there.
func program(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "briefdesk")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/briefdesk")
	cmd.Dir = filepath.Join("..", "..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/briefdesk: %w: %s", err, out)
	}
	return path, nil
}

// start measures briefdesk serve over a library.
func start(ctx context.Context, s settings, at string, questions []question, f map[string]any) error {
	program, err := program(ctx, s.dir)
	if err != nil {
		return err
	}
	var all []served
	for i := range starts {
		ask := questions[:1]
		if i == starts-1 {
			ask = questions
		}
		one, err := startOnce(ctx, program, libraryFile(at), ask)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	last := all[starts-1]
	var ready, answered []float64
	for _, one := range all {
		ready, answered = append(ready, one.Ready), append(answered, one.Answered)
	}
	last.Ready, last.Answered = middle(ready), middle(answered)
	f["Served"] = last
	return nil
}

func startOnce(ctx context.Context, program, library string, questions []question) (f served, err error) {
	cmd := exec.CommandContext(ctx, program, "--library", library, "--json", "serve")
	cmd.Env = append(os.Environ(), "BRIEFDESK_WEB_LISTEN=127.0.0.1:0", "BENCHMARK_IS_PROGRAM=")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return f, err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return f, err
	}
	end := sync.OnceValue(func() error {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		return cmd.Wait()
	})
	defer func() { err = errors.Join(err, end()) }()
	var told struct{ Web string }
	if err := json.NewDecoder(bufio.NewReader(stdout)).Decode(&told); err != nil {
		return f, fmt.Errorf("what serve prints: %w", err)
	}
	f.Ready = time.Since(begun).Seconds()
	for i, q := range questions {
		asked := time.Now()
		if err := get(ctx, told.Web+"/?q="+url.QueryEscape(q.Text)); err != nil {
			return f, err
		}
		f.Page = append(f.Page, cost{Wall: time.Since(asked).Seconds()})
		if i == 0 {
			f.Answered = time.Since(begun).Seconds()
			f.Begin, _ = memory(cmd.Process.Pid)
		}
	}
	if len(questions) > 1 {
		if err := settle(ctx, process(cmd.Process.Pid)); err != nil {
			return f, err
		}
	}
	f.Resident, f.Peak = memory(cmd.Process.Pid)
	return f, nil
}

func get(ctx context.Context, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, resp.Status)
	}
	return nil
}

// process is one whose time is measured from outside.
type process int

func (p process) CPU() float64 { return cpuOf(int(p)) }
