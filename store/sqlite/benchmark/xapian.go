package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

//go:embed xapian/peer.cc
var xapianSource []byte

// buildXapian compiles the peer into dir; an error says what is missing.
func buildXapian(ctx context.Context, dir string) error {
	flags, err := exec.CommandContext(ctx, "xapian-config", "--cxxflags", "--libs").Output()
	if err != nil {
		return fmt.Errorf("there is no xapian-config (Debian: libxapian-dev): %w", err)
	}
	source := filepath.Join(dir, "xapian.cc")
	if err := os.WriteFile(source, xapianSource, 0o600); err != nil {
		return err
	}
	args := append([]string{"-O2", "-std=c++17", "-o", xapianProgram(dir), source}, strings.Fields(string(flags))...)
	if out, err := exec.CommandContext(ctx, "g++", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("g++: %w: %s", err, out)
	}
	return nil
}

func xapianProgram(dir string) string { return filepath.Join(dir, "xapian-peer") }

// xapian is a process that adds and then one that answers.
type xapian struct {
	program, db string
	cmd         *exec.Cmd // nil before there is a database
	in          io.WriteCloser
	out         *bufio.Reader
	gone        float64 // CPU seconds of the one that added
	peak        int64   // bytes, its largest resident set
}

func openXapian(ctx context.Context, dir, at string) (*xapian, error) {
	x := &xapian{program: xapianProgram(dir), db: filepath.Join(at, "xapian")}
	if _, err := os.Stat(x.db); err != nil {
		return x, nil
	}
	return x, x.start(ctx)
}

func (x *xapian) start(ctx context.Context) (err error) {
	x.cmd = exec.CommandContext(ctx, x.program, "serve", x.db)
	x.cmd.Stderr = os.Stderr
	if x.in, err = x.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	x.out = bufio.NewReader(out)
	if err := x.cmd.Start(); err != nil {
		return err
	}
	_, err = x.Search(ctx, question{}) // it is open when it answers
	return err
}

func (x *xapian) Add(ctx context.Context, dir string, n int) error {
	cmd := exec.CommandContext(ctx, x.program, "add", x.db, termsFile(dir, n))
	cmd.Env = append(os.Environ(), "XAPIAN_FLUSH_THRESHOLD=100000") // its default, 10000, takes longer
	cmd.Stderr = os.Stderr
	err := cmd.Run()
	if s := cmd.ProcessState; s != nil {
		x.gone += (s.UserTime() + s.SystemTime()).Seconds()
		if u, ok := s.SysUsage().(*syscall.Rusage); ok {
			x.peak = u.Maxrss << 10 // Linux counts it in KiB
		}
	}
	return err
}

func (x *xapian) Search(_ context.Context, q question) ([]string, error) {
	if _, err := io.WriteString(x.in, strings.Join(q.Terms, " ")+"\n"); err != nil {
		return nil, err
	}
	line, err := x.out.ReadString('\n')
	if line = strings.TrimSuffix(line, "\n"); err != nil || line == "" {
		return nil, err
	}
	return strings.Split(line, "\t"), nil
}

func (x *xapian) Process() int {
	if x.cmd == nil {
		return 0
	}
	return x.cmd.Process.Pid
}

func (x *xapian) CPU() float64 {
	if x.cmd == nil {
		return x.gone
	}
	return x.gone + cpuOf(x.cmd.Process.Pid)
}

func (x *xapian) Close() error {
	if x.cmd == nil {
		return nil
	}
	return errors.Join(x.in.Close(), x.cmd.Wait())
}
