package web

import (
	"strconv"
	"strings"
	"unicode"

	"briefdesk/briefs"
)

// A page shows so much of a document; a longer one is read in parts.
const (
	// partWeight bounds what one page shows, in bytes of text and blockWeight
	// for each block. Chromium lays it out in less than a second, and 5 MB in
	// ten. Articles and all but the longest reports are below it.
	partWeight  = 512 << 10
	blockWeight = 100
	// longestPiece is the longest block of a long document that stands as
	// one, in bytes; what is longer stands as several paragraphs.
	longestPiece = 64 << 10
)

// part is what a page shows of a document: the blocks [first,last).
type part struct {
	N, Of          int    // from 1; 1 of 1 is the whole
	Earlier, Later string // addresses of the parts before and after; empty for none
	first, last    int
}

// partOf divides blocks, which it returns cut where they are too long, and
// picks part n, the one with span when n is 0. Parts end where a block does;
// a span that goes on beyond takes its part with it.
func partOf(text string, blocks []briefs.Block, span briefs.Span, n int) ([]briefs.Block, part) {
	if len(text)+blockWeight*len(blocks) <= partWeight {
		return blocks, part{N: 1, Of: 1, last: len(blocks)}
	}
	blocks = piecesOf(text, blocks, span)
	starts := partStarts(blocks)
	if n == 0 {
		for n = 1; n < len(starts) && !span.Empty() && blocks[starts[n]].Start <= span.Start; {
			n++
		}
	}
	p := part{N: min(n, len(starts)), Of: len(starts), last: len(blocks)}
	p.first = starts[p.N-1]
	if p.N < p.Of {
		p.last = starts[p.N]
	}
	for p.last < len(blocks) && !span.Empty() && blocks[p.last].Start < span.End {
		p.last++
	}
	return blocks, p
}

// partStarts are the first blocks of the parts. A part rather ends early, and
// the next begins with a heading.
func partStarts(blocks []briefs.Block) []int {
	starts := []int{0}
	weight := 0
	for i, b := range blocks {
		heading := b.Role == briefs.RoleHeading && weight > partWeight/4*3
		if i > 0 && (heading || weight+b.Len()+blockWeight > partWeight) {
			starts = append(starts, i)
			weight = 0
		}
		weight += b.Len() + blockWeight
	}
	return starts
}

// piecesOf cuts blocks that are longer than longestPiece, between words where
// there are any, and not inside a span of that length.
func piecesOf(text string, blocks []briefs.Block, span briefs.Span) []briefs.Block {
	var out []briefs.Block
	for _, b := range blocks {
		for b.Len() > longestPiece {
			at := characterAt(text, b.Start+longestPiece)
			if span.Start > b.Start && span.Start < at && at < span.End && span.Len() < longestPiece {
				at = span.Start
			} else if i := strings.LastIndexFunc(text[b.Start:at], unicode.IsSpace); i > longestPiece/2 {
				at = characterAt(text, b.Start+i+1)
			}
			piece := b
			piece.End = at
			piece.Body = min(b.Body, at)
			out = append(out, piece)
			b.Start, b.Body = at, at
			if b.Role != briefs.RoleTable && b.Role != briefs.RoleChrome {
				b.Role, b.Level = briefs.RoleParagraph, 0
			}
		}
		if !b.Empty() {
			out = append(out, b)
		}
	}
	return out
}

// addresses writes where the parts around p are; whole is the address of the
// document without a span.
func (p *part) addresses(whole string) {
	at := func(n int) string {
		joint := "?"
		if strings.Contains(whole, "?") {
			joint = "&"
		}
		return whole + joint + "part=" + strconv.Itoa(n)
	}
	if p.N > 1 {
		p.Earlier = at(p.N - 1)
	}
	if p.N < p.Of {
		p.Later = at(p.N + 1)
	}
}
