package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cost is CPU time (user and system, all threads) and wall time of one thing,
// in seconds.
type cost struct{ CPU, Wall float64 }

// timed measures do on the process of e.
func timed(e engine, do func() error) (cost, error) {
	cpu, wall := e.CPU(), time.Now()
	err := do()
	return cost{e.CPU() - cpu, time.Since(wall).Seconds()}, err
}

// ownCPU is the CPU time of this process so far, in seconds.
func ownCPU() float64 { return clock(unix.CLOCK_PROCESS_CPUTIME_ID) }

// cpuOf is that of a process of ours, which may run or have ended and not have
// been waited for. Linux makes the number of the clock from that of the
// process, see clock_getcpuclockid(3).
func cpuOf(pid int) float64 { return clock(int32(^pid<<3 | 2)) }

func clock(id int32) float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(id, &t); err != nil {
		return 0
	}
	return float64(t.Nano()) / 1e9
}

// memory is what a process holds, and the most that it held, in bytes; 0 for
// one that is not there.
func memory(pid int) (resident, peak int64) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch {
		case err != nil:
		case name == "VmRSS":
			resident = kib << 10
		case name == "VmHWM":
			peak = kib << 10
		}
	}
	return resident, peak
}

// readBytes is how much a process has had read from the disk so far.
func readBytes(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(b), "\nread_bytes: ")
	n, _, _ := strings.Cut(after, "\n")
	v, _ := strconv.ParseInt(n, 10, 64) // absent is 0
	return v
}

// load is the load average of the last minute: what else the machine does.
func load() string {
	b, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(b), " ")
	return first
}

// settle waits until e has nothing left to do in the background: a second in
// which it takes less than 1 % of a core. It gives up after half an hour.
func settle(ctx context.Context, e interface{ CPU() float64 }) error {
	const second, quiet, long = time.Second, 0.01, 30 * 60
	for range long {
		before := e.CPU()
		select {
		case <-time.After(second):
		case <-ctx.Done():
			return ctx.Err()
		}
		if e.CPU()-before < quiet {
			return nil
		}
	}
	return errors.New("it does not come to rest")
}

// size is how much the files below path take.
func size(path string) (n int64, err error) {
	err = eachFile(path, func(_ string, info fs.FileInfo) error {
		n += info.Size()
		return nil
	})
	return n, err
}

// drop has the operating system forget what it keeps in memory of the files
// below path.
func drop(path string) error {
	return eachFile(path, func(path string, _ fs.FileInfo) error {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := f.Sync(); err != nil { // what was not written yet is not dropped
			return err
		}
		return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
	})
}

func eachFile(path string, fn func(string, fs.FileInfo) error) error {
	return filepath.WalkDir(path, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		return fn(path, info)
	})
}
