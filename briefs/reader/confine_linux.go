package reader

import "syscall"

// spare is what a child may map above its limit, in bytes: what is mapped is
// not held yet.
const spare = 256 << 20

// maxFile is the longest file that a child may write: the compiled engine of
// its cache is a quarter of it.
const maxFile = 128 << 20

// confine has the system refuse what no reader needs. Where it does not know
// such limits, the parent still watches.
func confine(most int64) {
	for resource, limit := range map[int]uint64{
		syscall.RLIMIT_DATA:  uint64(most) + spare,
		syscall.RLIMIT_FSIZE: maxFile,
		syscall.RLIMIT_CORE:  0,
	} {
		_ = syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit})
	}
}
