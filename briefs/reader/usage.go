package reader

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"time"
)

// memory is how much of the memory of the machine c holds, in bytes; 0 where
// the system does not tell.
func (c *child) memory() int64 {
	pages, err := strconv.ParseInt(c.proc("statm", 1), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// tick is the unit in which Linux tells programs of times, on every machine.
const tick = time.Second / 100

// worked is for how long c has had a processor; 0 where the system does not
// tell.
func (c *child) worked() time.Duration {
	var sum time.Duration
	for _, field := range []int{13, 14} { // as a program, in the system
		n, err := strconv.ParseInt(c.proc("stat", field), 10, 64)
		if err != nil {
			return 0
		}
		sum += time.Duration(n) * tick
	}
	return sum
}

// proc is one field of what Linux says of c, from 0; empty elsewhere.
func (c *child) proc(file string, field int) string {
	if runtime.GOOS != "linux" {
		return ""
	}
	data, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/" + file)
	if err != nil {
		return ""
	}
	if at := bytes.LastIndexByte(data, ')'); at >= 0 { // the name of a program may hold spaces
		data = append([]byte("0 x"), data[at+1:]...)
	}
	fields := bytes.Fields(data)
	if field >= len(fields) {
		return ""
	}
	return string(fields[field])
}
