package packed

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// countedSource counts what is read.
type countedSource struct {
	memory
	reads int
}

func (c *countedSource) Blob(ctx context.Context, n int) ([]byte, error) {
	c.reads++
	return c.memory.Blob(ctx, n)
}

// TestCache: what is used stays, what is not goes, in bounded memory, and
// damage does not come in.
func TestCache(t *testing.T) {
	ctx := t.Context()
	src := &countedSource{}
	for n := range 400 {
		src.memory = append(src.memory, sealBlob(n, 0, Version, make([]byte, 10_000)))
	}
	c := NewCache(1 << 20)
	cached := c.Source(src)
	read := func(n int) []byte {
		b, err := cached.Blob(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for n := range src.memory {
		read(n)
		read(0) // is always needed
	}
	if src.reads != len(src.memory) {
		t.Errorf("%d reads of %d blobs", src.reads, len(src.memory))
	}
	if n := c.Bytes(); n > 1<<20 || n < 1<<19 {
		t.Errorf("%d bytes kept", n)
	}
	other := c.Source(src)
	if b, err := other.Blob(ctx, 0); err != nil || !slices.Equal(b, read(0)) || src.reads != len(src.memory)+1 {
		t.Errorf("%v, %d reads", err, src.reads)
	}
	src.memory[7][3] ^= 1
	if _, err := c.Source(src).Blob(ctx, 7); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v of a damaged blob", err)
	}
	c.put(cacheKey{owner: 99}, "large", 1<<20)
	if c.get(cacheKey{owner: 99}) != nil {
		t.Error("one thing fills the cache")
	}
}
