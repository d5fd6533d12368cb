package packed

import "context"

// Document is what filters need to know of a document. All its passages are in
// one segment, with consecutive keys; nothing of it changes while they have
// these keys.
type Document struct {
	First             int64 // the key of its first passage
	Passages          int
	Collection        int64
	Dated             bool
	FirstDay, LastDay int32 // days since 1970-01-01, the bounds of its date
	Publisher         string
}

// Passage is the index terms of the fields of a passage, separated by spaces
// or newlines.
type Passage [fields]string

// Meta is what is kept of a segment beside its blobs.
type Meta struct {
	Version    byte  // of the format
	First, End int64 // its passages have keys in [First,End)
	Passages   int
	Documents  int
	Terms      int
	Tokens     int64
	Average    float64 // mean length for which the bounds of its blocks were computed
	Blobs      int     // numbered from 0
	Bytes      int64   // of the blobs
	Sum        uint64  // of the hashes of its occurrences, to be compared with the texts
}

// Old reports whether an older version of the program wrote the segment. It is
// read, but takes longer to open and to search.
func (m *Meta) Old() bool { return m.Version < Version }

// Source reads the blobs of a segment. Who reads must not change them. Its
// errors are handed on as they are.
type Source interface {
	Blob(ctx context.Context, n int) ([]byte, error)
}

// Sink takes the blobs of a new segment, in order from 0. It keeps no blob
// after it returns.
type Sink func(n int, blob []byte) error
