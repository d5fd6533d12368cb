package packed

// tokenizer splits the text of a field as FTS5's tokenizer "ascii tokenchars
// '_'" does: at what is ASCII but no letter, digit or underscore. Capitals are
// made small.
type tokenizer struct{ text string }

// maxTerm is FTS5's limit, in bytes: what is longer is cut.
const maxTerm = 1 << 15

// next returns the next term, "" at the end.
func (t *tokenizer) next() string {
	s, i := t.text, 0
	for i < len(s) && !inTerm(s[i]) {
		i++
	}
	start, capitals := i, false
	for i < len(s) && inTerm(s[i]) {
		capitals = capitals || s[i]-'A' < 26
		i++
	}
	t.text = s[i:]
	term := s[start:min(i, start+maxTerm)]
	if capitals {
		b := []byte(term)
		for j, c := range b {
			if c-'A' < 26 {
				b[j] = c + 'a' - 'A'
			}
		}
		term = string(b)
	}
	return term
}

func inTerm(c byte) bool {
	return c-'a' < 26 || c-'0' < 10 || c-'A' < 26 || c == '_' || c >= 0x80
}

// Sum is the sum of the hashes of the occurrences in a passage, modulo 2^64:
// those of all passages add up to Meta.Sum.
func (p Passage) Sum(key int64) uint64 {
	sum := uint64(0)
	position := uint32(0)
	for _, text := range p {
		t := tokenizer{text}
		for term := t.next(); term != ""; term = t.next() {
			sum += occurrence(termHash(term), key, position)
			position++
		}
		position++
	}
	return sum
}

// termHash is FNV-1a.
func termHash[T string | []byte](term T) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(term) {
		h = (h ^ uint64(term[i])) * 1099511628211
	}
	return h
}

// occurrence is the hash of a term with this hash at a position of a passage.
func occurrence(term uint64, key int64, position uint32) uint64 {
	x := term ^ (uint64(key)*0x9e3779b97f4a7c15 + uint64(position)*0xc2b2ae3d27d4eb4f)
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	return x ^ x>>32
}
