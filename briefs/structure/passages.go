package structure

import (
	"fmt"
	"math"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Passages are about so many words long, as the retrieval literature and
// bm25's length normalisation like them; longest is where a list is no longer
// kept whole and a block is cut.
const (
	targetWords  = 200
	longestWords = 400
)

// piece is a part of a passage: a block, or some sentences of a long one.
type piece struct {
	briefs.Span
	sentences []briefs.Span
	words     int
}

// packer collects pieces into passages.
type packer struct {
	d        *briefs.Document
	headings []briefs.Block
	heading  string // headings joined
	terms    string // the index terms of headings
	title    string
	byline   string
	current  []piece
	words    int
	out      []briefs.Passage
}

// passages packs the quotable blocks of d.
func passages(d *briefs.Document) []briefs.Passage {
	p := &packer{
		d:      d,
		title:  text.Terms(d.Title),
		byline: strings.TrimSpace(text.Terms(d.Author) + " " + text.Terms(d.Publisher)),
	}
	leads := listLeads(d)
	for i := 0; i < len(d.Blocks); i++ {
		b := d.Blocks[i]
		switch {
		case b.Role == briefs.RoleHeading:
			p.flush(briefs.RoleParagraph)
			p.enter(b)
		case b.Role == briefs.RoleByline || b.Role == briefs.RoleAuthorNote:
			p.alone(b, b.Role)
		case b.Role == briefs.RoleFootnote:
			p.alone(b, briefs.RoleParagraph)
		case !b.Role.Quotable() && b.Role != briefs.RoleCorrection:
			p.flush(briefs.RoleParagraph)
		default:
			end := group(d.Blocks, leads, i)
			p.add(d.Blocks[i:end])
			i = end - 1
		}
	}
	p.flush(briefs.RoleParagraph)
	return p.out
}

// group returns the end of the run of blocks from i that belong together: a
// lead-in, its list items, and the lead-in of a deeper list among them.
func group(blocks []briefs.Block, leads map[int]bool, i int) int {
	end := i + 1
	for end < len(blocks) && blocks[end].Role == briefs.RoleItem &&
		(blocks[end-1].Role == briefs.RoleItem || leads[end-1]) {
		end++
	}
	return end
}

// listLeads returns the indices of the blocks that hold the lead-in of an
// enumeration whose first item is in the next block.
func listLeads(d *briefs.Document) map[int]bool {
	leads := make(map[int]bool)
	i := 0
	for _, e := range d.Enumerations {
		if e.LeadIn.Empty() {
			continue
		}
		first := e.Items[0].Span
		for i < len(d.Blocks) && d.Blocks[i].End < first.End {
			i++
		}
		if i > 0 && i < len(d.Blocks) && d.Blocks[i].Role == briefs.RoleItem && d.Blocks[i-1].Contains(e.LeadIn) {
			leads[i-1] = true
		}
	}
	return leads
}

// enter makes b the innermost heading.
func (p *packer) enter(b briefs.Block) {
	n := len(p.headings)
	for n > 0 && p.headings[n-1].Level >= b.Level {
		n--
	}
	p.headings = append(p.headings[:n], b)
	names := make([]string, len(p.headings))
	terms := make([]string, len(p.headings))
	for i, h := range p.headings {
		names[i] = strings.Join(strings.Fields(p.d.Slice(content(p.d.Text, h))), " ")
		terms[i] = text.Terms(names[i])
	}
	p.heading = strings.Join(names, " › ")
	p.terms = strings.Join(terms, " ")
}

// alone makes a passage of b by itself.
func (p *packer) alone(b briefs.Block, role briefs.Role) {
	p.flush(briefs.RoleParagraph)
	for _, part := range p.cut(b) {
		p.current = append(p.current[:0], part)
		p.flush(role)
	}
}

// add appends blocks that belong together, whole if they fit.
func (p *packer) add(blocks []briefs.Block) {
	var parts []piece
	words := 0
	for _, b := range blocks {
		for _, part := range p.cut(b) {
			parts = append(parts, part)
			words += part.words
		}
	}
	if len(parts) == 0 {
		return
	}
	if words <= longestWords {
		p.put(parts, words)
		return
	}
	for i := 0; i < len(parts); i++ {
		n := 1
		if i == 0 && len(blocks) > 1 && blocks[0].Role != briefs.RoleItem &&
			len(parts) > 1 && parts[0].words+parts[1].words <= longestWords {
			n = 2 // the lead-in does not stay behind alone
		}
		words := 0
		for _, part := range parts[i : i+n] {
			words += part.words
		}
		p.put(parts[i:i+n], words)
		i += n - 1
	}
}

// put appends parts to the current passage, or begins a new one when that
// comes nearer to the wanted length.
func (p *packer) put(parts []piece, words int) {
	over := p.words + words - targetWords
	if len(p.current) > 0 && (p.words+words > longestWords || over > 0 && over > targetWords-p.words) {
		p.flush(briefs.RoleParagraph)
	}
	p.current = append(p.current, parts...)
	p.words += words
}

// cut returns b as one piece, or as several when it is too long for a
// passage; none when it has no sentence.
func (p *packer) cut(b briefs.Block) []piece {
	if len(b.Sentences) == 0 {
		return nil
	}
	span := trim(p.d.Text, b.Span)
	total := 0
	counts := make([]int, len(b.Sentences))
	for i, s := range b.Sentences {
		counts[i] = wordCount(p.d.Text[s.Start:s.End], math.MaxInt)
		total += counts[i]
	}
	if total <= longestWords {
		return []piece{{Span: span, sentences: b.Sentences, words: total}}
	}
	var parts []piece
	start, words := 0, 0
	end := func(i int) {
		parts = append(parts, piece{
			Span:      briefs.Span{Start: b.Sentences[start].Start, End: b.Sentences[i-1].End},
			sentences: b.Sentences[start:i], words: words,
		})
		start, words = i, 0
	}
	for i := range b.Sentences {
		if i > start && words+counts[i] > targetWords+targetWords/4 {
			end(i)
		}
		words += counts[i]
	}
	end(len(b.Sentences))
	parts[0].Start = span.Start
	return parts
}

// flush ends the current passage.
func (p *packer) flush(role briefs.Role) {
	if len(p.current) == 0 {
		return
	}
	d := p.d
	passage := briefs.Passage{
		ID:       briefs.PassageID(fmt.Sprintf("%s/%06d", d.ID, len(p.out))),
		Document: d.ID, Revision: d.Revision,
		Span: briefs.Span{Start: p.current[0].Start, End: p.current[len(p.current)-1].End},
		Role: role, Heading: p.heading,
		TitleTerms: p.title, HeadingTerms: p.terms, BylineTerms: p.byline,
	}
	n := 0
	for _, part := range p.current {
		n += len(part.sentences)
	}
	passage.Sentences, passage.Terms = make([]briefs.Span, 0, n), make([]string, 0, n)
	for _, part := range p.current {
		for _, s := range part.sentences {
			passage.Sentences = append(passage.Sentences, s)
			passage.Terms = append(passage.Terms, text.Terms(d.Text[s.Start:s.End]))
		}
	}
	p.out = append(p.out, passage)
	p.current, p.words = p.current[:0], 0
}
