package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// owner names a process that reads sources, so that another on the same machine
// can tell when it is no more.
type owner struct {
	host  string
	pid   int
	since int64 // when it began; a pid may be had again, in a container each time
}

var _ fmt.Stringer = owner{}

func (a *app) owner() owner {
	host, _ := os.Hostname()
	return owner{host, os.Getpid(), a.began.UnixNano()}
}

func (o owner) String() string { return fmt.Sprintf("process %d/%d on %s", o.pid, o.since, o.host) }

// ended reports whether the owner of that name is certainly no more.
func (o owner) ended(name string) bool {
	var other owner
	if n, err := fmt.Sscanf(name, "process %d/%d on %s", &other.pid, &other.since, &other.host); err != nil || n != 3 || other.host != o.host || o.host == "" {
		return false
	}
	if other.pid == o.pid {
		return other.since != o.since
	}
	p, err := os.FindProcess(other.pid)
	if err != nil {
		return true
	}
	err = p.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}
