package reader

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// spare is what a child may map above its limit, in bytes: what is mapped is
// not held yet.
const spare = 128 << 20

// maxFile is the longest file that a child may write: the compiled engine of
// its cache is a quarter of it.
const maxFile = 128 << 20

// confine has the system refuse what no reader needs. Where it does not know
// such limits, the parent still watches.
func confine(most int64) {
	limits := map[int]uint64{syscall.RLIMIT_FSIZE: maxFile, syscall.RLIMIT_CORE: 0}
	if mapped := mappedData(); mapped > 0 { // at the start: more under the race detector than there is
		limits[syscall.RLIMIT_DATA] = mapped + uint64(most) + spare
	}
	for resource, limit := range limits {
		_ = syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit})
	}
}

// mappedData is how much memory for data this process has mapped, in bytes; 0
// when the system does not tell.
func mappedData() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "\nVmData:")
	line, _, _ := strings.Cut(rest, "\n")
	f := strings.Fields(line)
	if len(f) == 0 {
		return 0
	}
	kb, err := strconv.ParseUint(f[0], 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}
