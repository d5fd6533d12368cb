package sqlite

import (
	"testing"
)

func TestRecentIsBounded(t *testing.T) {
	const size = 1000
	r := newRecent[int, string](100 * (size + placeBytes))
	for i := range 1000 {
		r.put(1, i, "v", size)
		r.get(1, 0)
	}
	if r.bytes > r.most || len(r.at) != 100 || r.order.Len() != 100 {
		t.Errorf("%d bytes in %d entries, %d in order", r.bytes, len(r.at), r.order.Len())
	}
	for key, want := range map[int]bool{0: true, 1: false, 899: false, 999: true} {
		if _, ok := r.get(1, key); ok != want {
			t.Errorf("%d is kept: %t", key, ok)
		}
	}
	if r.put(1, -1, "huge", r.most/4); r.at[-1] != nil {
		t.Error("one value took a quarter of the room")
	}
	r.put(2, 7, "new", size)
	if _, ok := r.get(2, 999); ok {
		t.Error("a value outlived its generation")
	}
	r.put(1, 8, "late", size) // read before the change
	if _, ok := r.get(2, 8); ok {
		t.Error("a value from before the change was kept")
	}
	if _, ok := r.get(1, 7); ok {
		t.Error("a value was told to who reads an earlier generation")
	}
	if v, ok := r.get(2, 7); !ok || v != "new" {
		t.Error("the newest value is gone")
	}
}

func TestRecentReadsWhatIsMissing(t *testing.T) {
	r := newRecent[int, int](1 << 20)
	r.put(0, 2, 20, 8)
	var asked []int
	got, err := r.all(0, []int{1, 2, 1, 3}, func(missing []int, keep func(int, int, int)) error {
		asked = append(asked, missing...)
		keep(1, 10, 8) // there is no 3
		return nil
	})
	if err != nil || len(asked) != 2 || got[1] != 10 || got[2] != 20 || got[3] != 0 {
		t.Error(got, asked, err)
	}
	if v, ok := r.get(0, 1); !ok || v != 10 {
		t.Error("what was read is not kept")
	}
	if _, ok := r.get(0, 3); ok {
		t.Error("what is not there is kept")
	}
}
