package packed

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"
)

// Clause is what a question asks for: a term, or several that must follow each
// other in a field.
type Clause struct{ Terms []string }

// flat is the list of a phrase, not packed.
type flat struct {
	ordinals []uint32
	values   []uint32
	lengths  []byte     // of the passages, 4 bytes each
	text     int        // passages that hold it outside of the byline
	bounds   []float64  // the greatest impact of each block
	max      float64    // of all
	best     [3]float64 // as in Entry
}

// bytes is what f takes in memory.
func (f *flat) bytes() int64 {
	return int64(4*cap(f.ordinals) + 4*cap(f.values) + cap(f.lengths) + 8*cap(f.bounds) + 200)
}

// entry looks a term up, in the cache first; nil when no passage holds it.
func (v *View) entry(ctx context.Context, term string) (*Entry, error) {
	key := cacheKey{owner: v.owner, n: keptEntry, text: term}
	if e, ok := v.cache.get(key).(*Entry); ok {
		return e, nil
	}
	e, err := v.s.Entry(ctx, term)
	if err == nil {
		v.cache.put(key, e, entryBytes)
	}
	return e, err
}

// entryBytes is about what an Entry takes in memory.
const entryBytes = 200

// phrase returns the list of a phrase, made once.
func (v *View) phrase(ctx context.Context, terms []string) (*flat, error) {
	key := cacheKey{owner: v.owner, n: keptPhrase, text: strings.Join(terms, " ")}
	if f, ok := v.cache.get(key).(*flat); ok {
		return f, nil
	}
	f, err := v.s.phrase(ctx, terms)
	if err == nil {
		v.cache.put(key, f, f.bytes())
	}
	return f, err
}

// word is a term of a phrase while its list is made.
type word struct {
	offset    uint32 // its place in the phrase
	passages  int
	c         *Cursor
	ordinals  []uint32 // of the block, nil until they are decoded
	values    []uint32
	at        int
	starts    []uint32 // of the positions of the block, nil until they are decoded
	positions []uint32
}

// phrase makes the list of a phrase.
func (s *Segment) phrase(ctx context.Context, terms []string) (*flat, error) {
	f := &flat{}
	words := make([]word, len(terms))
	for i, t := range terms {
		e, err := s.Entry(ctx, t)
		if e == nil || err != nil {
			return f, err
		}
		words[i] = word{offset: uint32(i), passages: e.Passages}
		if words[i].c, err = s.Cursor(ctx, e); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return a.passages - b.passages })
	if err := s.intersect(ctx, words, f); err != nil {
		return nil, err
	}
	f.rate(s)
	return f, nil
}

// intersect adds the passages that hold the phrase to f. The rarest of words
// comes first and leads.
func (s *Segment) intersect(ctx context.Context, words []word, f *flat) error {
	lead := &words[0]
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		ok, err := lead.c.NextBlock()
		if !ok || err != nil {
			return err
		}
		lead.starts = nil
		if lead.ordinals, lead.values, err = lead.c.Block(); err != nil {
			return err
		}
	passages:
		for i, o := range lead.ordinals {
			lead.at = i
			for w := range words[1:] {
				found, end, err := words[1+w].seek(o)
				if err != nil || end {
					return err
				}
				if !found {
					continue passages
				}
			}
			if err := s.occurrences(ctx, words, o, f); err != nil {
				return err
			}
		}
	}
}

// seek goes to passage o, which is behind those sought before, and reports
// whether it holds the word and whether there are no more.
func (w *word) seek(o uint32) (found, end bool, err error) {
	if w.ordinals == nil || w.ordinals[len(w.ordinals)-1] < o {
		ok, err := w.c.Seek(o)
		if !ok || err != nil {
			return false, true, err
		}
		if w.ordinals, w.values, err = w.c.Block(); err != nil {
			return false, false, err
		}
		w.at, w.starts = 0, nil
	}
	n, found := slices.BinarySearch(w.ordinals[w.at:], o)
	w.at += n
	return found, false, nil
}

// occurrences adds passage o, which holds all of words, to f if it holds the
// phrase.
func (s *Segment) occurrences(ctx context.Context, words []word, o uint32, f *flat) error {
	for i := range words {
		w := &words[i]
		if w.starts != nil {
			continue
		}
		var err error
		if w.starts, w.positions, err = w.c.Positions(); err != nil {
			return err
		}
	}
	var at [fields]uint32
	weight, text := 0, false
positions:
	for _, p := range words[0].of() {
		if p < words[0].offset {
			continue
		}
		first := p - words[0].offset
		for i := 1; i < len(words); i++ {
			if _, ok := slices.BinarySearch(words[i].of(), first+words[i].offset); !ok {
				continue positions
			}
		}
		if weight == 0 {
			var err error
			if at, err = s.Starts(ctx, o); err != nil {
				return err
			}
		}
		field := Title
		for field+1 < fields && at[field+1] <= first {
			field++
		}
		weight += halves[field]
		text = text || field != Byline
	}
	if weight == 0 {
		return nil
	}
	value := uint32(weight) << 1
	if text {
		f.text++
	} else {
		value |= 1
	}
	f.ordinals, f.values = append(f.ordinals, o), append(f.values, value)
	f.lengths = binary.LittleEndian.AppendUint32(f.lengths, words[0].c.Length(words[0].at))
	return nil
}

// of are the positions of the word in the passage it is at.
func (w *word) of() []uint32 { return w.positions[w.starts[w.at]:w.starts[w.at+1]] }

// ranks are those of Entry.Best.
var ranks = [...]int{10, 50, 200}

// rate computes the bounds of f.
func (f *flat) rate(s *Segment) {
	f.ordinals, f.values, f.lengths = slices.Clip(f.ordinals), slices.Clip(f.values), slices.Clip(f.lengths)
	average := s.Meta().Average
	all := make([]float64, len(f.ordinals))
	for i := range f.ordinals {
		all[i] = impact(f.values[i]>>1, norm(binary.LittleEndian.Uint32(f.lengths[4*i:]), average))
	}
	for block := range slices.Chunk(all, blockSize) {
		f.bounds = append(f.bounds, slices.Max(block))
	}
	slices.Sort(all)
	if len(all) > 0 {
		f.max = all[len(all)-1]
	}
	for i, r := range ranks {
		if r <= len(all) {
			f.best[i] = all[len(all)-r]
		}
	}
}
