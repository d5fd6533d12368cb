package packed

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// vocabulary numbers terms, from 0. It is a hash table with open addressing,
// seeded anew each time, so that nobody can write texts that make it slow.
type vocabulary struct {
	seed  maphash.Seed
	names []byte // one after the other
	words []vocable
	slots []uint32 // number + 1 of a term, 0 for none; a power of two, half full at most
}

type vocable struct {
	slot       uint64 // hash in the table
	hash       uint64 // termHash
	start, end uint32 // in names
	count      uint32 // how often it was added
}

// reset makes v empty and leaves it its room.
func (v *vocabulary) reset() {
	v.names, v.words = v.names[:0], v.words[:0]
	clear(v.slots)
	v.seed = maphash.MakeSeed()
}

// name is the term with a number.
func (v *vocabulary) name(id uint32) []byte {
	w := &v.words[id]
	return v.names[w.start:w.end]
}

// add counts an occurrence of a term.
func (v *vocabulary) add(term string) (id uint32, hash uint64) {
	if 2*len(v.words) >= len(v.slots) {
		v.grow()
	}
	slot := maphash.String(v.seed, term)
	mask := uint64(len(v.slots) - 1)
	i := slot & mask
	for ; v.slots[i] != 0; i = (i + 1) & mask {
		id := v.slots[i] - 1
		if w := &v.words[id]; w.slot == slot && string(v.names[w.start:w.end]) == term {
			w.count++
			return id, w.hash
		}
	}
	hash = termHash(term)
	start := len(v.names)
	v.names = append(v.names, term...)
	v.words = append(v.words, vocable{slot, hash, uint32(start), uint32(len(v.names)), 1})
	v.slots[i] = uint32(len(v.words))
	return v.slots[i] - 1, hash
}

func (v *vocabulary) grow() {
	v.slots = make([]uint32, max(1024, 4*len(v.slots)))
	mask := uint64(len(v.slots) - 1)
	for id, w := range v.words {
		i := w.slot & mask
		for v.slots[i] != 0 {
			i = (i + 1) & mask
		}
		v.slots[i] = uint32(id) + 1
	}
}

// sorted returns the numbers of the terms in the order of the terms.
func (v *vocabulary) sorted() []uint32 {
	type key struct {
		front uint64 // the first bytes of the term
		id    uint32
	}
	keys := make([]key, len(v.words))
	for id := range keys {
		var front [8]byte
		copy(front[:], v.name(uint32(id)))
		keys[id] = key{binary.BigEndian.Uint64(front[:]), uint32(id)}
	}
	slices.SortFunc(keys, func(a, b key) int {
		if a.front != b.front {
			return cmp.Compare(a.front, b.front)
		}
		return bytes.Compare(v.name(a.id), v.name(b.id))
	})
	ids := make([]uint32, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	return ids
}
