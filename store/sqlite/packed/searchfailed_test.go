package packed

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// failing is a source that fails after so many blobs.
type failing struct {
	memory
	left int
}

func (f *failing) Blob(ctx context.Context, n int) ([]byte, error) {
	if f.left == 0 {
		return nil, context.Canceled
	}
	f.left--
	return f.memory.Blob(ctx, n)
}

// TestSearchAfterOneThatFailed gives searches up at each blob that they read:
// nothing of them is in what is found next.
func TestSearchAfterOneThatFailed(t *testing.T) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(1, 2))
	b := NewBuilder()
	for d := range int64(20_000) {
		var text strings.Builder
		for range 12 {
			text.WriteString(" w")
			text.WriteByte('a' + byte(min(r.IntN(26), r.IntN(26))))
		}
		b.Add(Document{First: d + 1, Passages: 1}, []Passage{{Body: text.String()}})
	}
	var blobs memory
	meta, err := b.Seal(blobs.sink)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(left, limit int, terms ...string) ([]Found, error) {
		s, err := Open(ctx, meta, blobs)
		if err != nil {
			t.Fatal(err)
		}
		s.src = &failing{blobs, left}
		v, err := s.View(ctx, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var clauses []Clause
		for _, term := range terms {
			clauses = append(clauses, Clause{[]string{term}})
		}
		return Search(ctx, []*View{v}, clauses, StatsOf([]*View{v}), limit)
	}
	want, err := ask(-1, 300, "wb", "wc")
	if err != nil {
		t.Fatal(err)
	}
	for left := 0; ; left++ {
		_, err := ask(left, 1000, "wa", "wb", "wc", "wz")
		if err == nil && left > 5 {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(left, err)
		}
		got, err := ask(-1, 300, "wb", "wc")
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(want, got) {
			t.Fatalf("after a search that failed at blob %d: %d hits, first ones %v; want %d, %v", left, len(got), got[:5], len(want), want[:5])
		}
	}
}
