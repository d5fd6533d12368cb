package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/pprof"
	"syscall"
	"time"
)

// cost is CPU time (user and system, all threads) and wall time of one thing,
// in seconds.
type cost struct{ CPU, Wall float64 }

// figures are what one engine's process reports.
type figures struct {
	Passages int
	Add      cost   // of all passages, from the file of JSON lines to durable
	First    []cost // of searching for each question once
	Search   []cost // of searching for all of them once more
	Ask      []cost // of each whole answer, once; empty for Bleve
	Found    int    // questions with a hit
	Answered int    // questions with an answer
	Disk     int64  // bytes
	Peak     int64  // bytes, the largest resident set
}

// measure runs one engine in this process, with its files in dir. The index is
// closed and opened again before each phase, so that every phase begins
// without caches of its own; those of the operating system are warm.
func measure(ctx context.Context, s settings, dir string) (f figures, err error) {
	f.Passages = s.passages
	questions, err := readQuestions(s.root, s.questions)
	if err != nil {
		return f, err
	}
	dir = filepath.Join(dir, "index")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return f, err
	}
	phase := func(name string, do func(e engine) error) error {
		e, err := openEngine(ctx, s.engine, dir, s.batch)
		if err != nil {
			return err
		}
		err = profiled(s.profile, name, func() error { return do(e) })
		return errors.Join(err, settle(ctx), e.Close()) // background work belongs to no other phase
	}
	err = phase("add", func(e engine) (err error) {
		f.Add, err = timed(func() error { return e.Add(ctx, s.file) })
		return err
	})
	if err != nil {
		return f, err
	}
	err = phase("search", func(e engine) (err error) {
		if f.First, f.Found, err = each(questions, func(q string) (bool, error) {
			hits, err := e.Search(ctx, q)
			return hits > 0, err
		}); err != nil {
			return err
		}
		f.Search, _, err = each(questions, func(q string) (bool, error) {
			_, err := e.Search(ctx, q)
			return true, err
		})
		return err
	})
	if err != nil {
		return f, err
	}
	if s.engine == "briefdesk" {
		err = phase("ask", func(e engine) (err error) {
			f.Ask, f.Answered, err = each(questions, func(q string) (bool, error) { return e.(*briefdesk).Ask(ctx, q) })
			return err
		})
		if err != nil {
			return f, err
		}
	}
	f.Peak = peak()
	f.Disk, err = size(dir)
	return f, err
}

// each times do on every question and counts those where it reports true.
func each(questions []string, do func(question string) (bool, error)) (costs []cost, count int, err error) {
	for _, q := range questions {
		yes := false
		c, err := timed(func() (err error) { yes, err = do(q); return err })
		if err != nil {
			return nil, 0, fmt.Errorf("question %q: %w", q, err)
		}
		costs = append(costs, c)
		if yes {
			count++
		}
	}
	return costs, count, nil
}

// profiled runs do under the CPU profiler when there is a folder for it.
func profiled(folder, phase string, do func() error) error {
	if folder == "" {
		return do()
	}
	f, err := os.Create(filepath.Join(folder, phase+".pprof"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}

func timed(do func() error) (cost, error) {
	cpu, wall := cpuSeconds(), time.Now()
	err := do()
	return cost{cpuSeconds() - cpu, time.Since(wall).Seconds()}, err
}

// settle waits until this process has nothing left to do, at most half a
// minute.
func settle(ctx context.Context) error {
	const step, quiet = 200 * time.Millisecond, 0.01
	for range 150 {
		before := cpuSeconds()
		select {
		case <-time.After(step):
		case <-ctx.Done():
			return ctx.Err()
		}
		if cpuSeconds()-before < quiet*step.Seconds() {
			break
		}
	}
	return nil
}

func usage() (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it fails for wrong arguments only
	}
	return u
}

// cpuSeconds is the user and system time of this process so far.
func cpuSeconds() float64 {
	u := usage()
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peak is the largest resident set of this process, in bytes; Linux counts it
// in KiB.
func peak() int64 { return usage().Maxrss << 10 }

func size(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}
