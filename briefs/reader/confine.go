package reader

import "runtime/debug"

// Confine is what a child does first: it keeps its memory below most bytes.
// The collector works harder before that; beyond it the system refuses, where
// it can, and the child ends.
func Confine(most int64) {
	debug.SetMemoryLimit(most / 4 * 3)
	debug.SetTraceback("single") // what is kept of a crash is short
	confine(most)
}
