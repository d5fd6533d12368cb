//go:build goolm && (linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package matrix

import (
	"os"
	"syscall"
)

// lock reports whether no other process holds the file; one that dies lets go
// of it, and so does closing it.
func lock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
