package web

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"strings"
	"sync"
)

// leastZipped is the size in bytes from which on pages are compressed: what is
// smaller travels in one packet of an Ethernet frame anyway.
const leastZipped = 1400

// zippers compress pages. They are kept since each takes a megabyte to begin
// with. Nothing that a page hides stands beside what a stranger can put into
// it, so its length tells nothing (compare BREACH): the signature of a link is
// in a page that repeats nothing else of its address.
type zippers struct{ pool sync.Pool }

// zip returns data in the form of gzip.
func (z *zippers) zip(data []byte) []byte {
	w, ok := z.pool.Get().(*gzip.Writer)
	if !ok {
		w, _ = gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is known
	}
	var b bytes.Buffer
	b.Grow(len(data)/4 + 512)
	w.Reset(&b)
	_, _ = w.Write(data) // to memory
	_ = w.Close()
	z.pool.Put(w)
	return b.Bytes()
}

// takesGzip reads an Accept-Encoding header (RFC 9110, 12.5.3).
func takesGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, value, weighted := strings.Cut(weight, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return !weighted || err == nil && q > 0
	}
	return false
}
