package main

import (
	"context"
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
	Search   []cost // of each question, the second time it is asked
	Ask      []cost // of each whole answer; empty for Bleve
	Found    int    // questions with a hit
	Answered int    // questions with an answer
	Disk     int64  // bytes
	Peak     int64  // bytes, the largest resident set
}

// measure runs one engine in this process, with its files in dir.
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
	e, err := openEngine(ctx, s.engine, dir, s.batch)
	if err != nil {
		return f, err
	}
	defer func() {
		if e != nil {
			e.Close()
		}
	}()
	if err := profiled(s.profile, "add", func() (err error) {
		f.Add, err = timed(func() error { return e.Add(ctx, s.file) })
		return err
	}); err != nil {
		return f, err
	}
	// Background work of adding must not be charged to searching.
	if err := settle(ctx); err != nil {
		return f, err
	}
	err = profiled(s.profile, "search", func() error {
		for range 2 { // the first round warms the caches
			f.Search, f.Found = nil, 0
			for _, q := range questions {
				hits := 0
				c, err := timed(func() (err error) { hits, err = e.Search(ctx, q); return err })
				if err != nil {
					return fmt.Errorf("search %q: %w", q, err)
				}
				f.Search = append(f.Search, c)
				if hits > 0 {
					f.Found++
				}
			}
		}
		return nil
	})
	if err != nil {
		return f, err
	}
	if a, ok := e.(*briefdesk); ok {
		err = profiled(s.profile, "ask", func() error {
			for _, q := range questions {
				answered := false
				c, err := timed(func() (err error) { answered, err = a.Ask(ctx, q); return err })
				if err != nil {
					return fmt.Errorf("ask %q: %w", q, err)
				}
				f.Ask = append(f.Ask, c)
				if answered {
					f.Answered++
				}
			}
			return nil
		})
		if err != nil {
			return f, err
		}
	}
	err = e.Close()
	e = nil
	if err != nil {
		return f, err
	}
	f.Peak = peak()
	f.Disk, err = size(dir)
	return f, err
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
