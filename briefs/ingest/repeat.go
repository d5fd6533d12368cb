package ingest

import (
	"context"
	"hash/maphash"
	"slices"

	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
)

// repeats knows the keys that occur on several lines of one Add, as hashes.
// A collision of hashes only stores documents together that need not be.
type repeats struct {
	seed  maphash.Seed
	count map[uint64]int // only of keys that occur more than once
}

// of returns how often the key of a line occurs, 0 when it stands alone.
func (r repeats) of(key string) (hash uint64, n int) {
	if key == "" || len(r.count) == 0 {
		return 0, 0
	}
	hash = maphash.String(r.seed, key)
	return hash, r.count[hash]
}

// repeatedKeys reads the JSON lines of items once to find repeated keys. It
// takes 8 bytes of memory a line. What cannot be read is passed over: the
// reading proper reports it.
func repeatedKeys(ctx context.Context, items []fetch.Item) (repeats, error) {
	r := repeats{seed: maphash.MakeSeed(), count: map[uint64]int{}}
	var all []uint64
	for _, it := range items {
		if !it.Lines {
			continue
		}
		err := eachLine(it, func(l extract.Line) error {
			if key := extract.RecordKey(l.Data); key != "" {
				all = append(all, maphash.String(r.seed, key))
			}
			return ctx.Err()
		})
		if ctx.Err() != nil {
			return r, err
		}
	}
	slices.Sort(all)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] {
			r.count[all[i]] = max(r.count[all[i]], 1) + 1
		}
	}
	return r, nil
}

func eachLine(it fetch.Item, fn func(extract.Line) error) error {
	f, err := it.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	return extract.Lines(f, fn)
}
