package briefs

import (
	"slices"
	"time"
)

// DocumentID names a document. It is the id of its JSONL line where it has
// one, else derived from its source, and stays the same when the document is
// added again.
type DocumentID string

// PassageID names a passage of one document revision. It is opaque; its
// order as a string is the tie-break of every ranking.
type PassageID string

// DefaultCollection is where documents go when no collection is named.
const DefaultCollection = "library"

// Span is the half-open byte interval [Start,End) of Document.Text.
type Span struct{ Start, End int }

// Len is the length of s in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether s holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether o lies inside s.
func (s Span) Contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Document is one text of the library in one revision. A revision is
// immutable: the same id with another text or other structure is the next
// revision.
type Document struct {
	ID           DocumentID
	Revision     int    // from 1; 0 before the library has numbered it
	Source       string // the path or address it was read from
	Title        string
	Author       string // several names are joined by ", "
	Publisher    string
	Published    Date
	URL          string // the address of the original, empty when unknown
	Collection   string
	Added        time.Time     // UTC; when this revision entered the library
	Withdrawn    bool          // removed without purge: found and listed no more, but its revisions still open
	Text         string        // valid UTF-8, everything that was read, in order
	Blocks       []Block       // in order of Start, not overlapping
	Enumerations []Enumeration // in order of the first item
	Pages        []int         // for originals with pages: the offsets of Text where each begins, the first 0; a page without text begins where the next one does
	Passages     []Passage     // what is indexed; the library does not fill it on reading
	Acronyms     []Acronym     // pairs the document defines; not filled on reading

	// What the library finds out and fills on reading: CopyOf is the document
	// whose piece this one repeats, empty for an original; Also are the other
	// places of the piece, the original first.
	CopyOf DocumentID
	Also   []Copy
}

// Copy is one of the places where a library holds the same piece. All of them
// are in one collection.
type Copy struct {
	ID               DocumentID
	Revision         int // the current one
	Title, Publisher string
	Published        Date
	URL              string // empty when unknown
}

// Slice returns the text of span, or "" when it is not inside the document.
func (d *Document) Slice(s Span) string {
	if s.Start < 0 || s.End > len(d.Text) || s.Empty() {
		return ""
	}
	return d.Text[s.Start:s.End]
}

// BlockAt returns the number of the block that holds the byte at offset, or -1.
func (d *Document) BlockAt(offset int) int {
	i, found := slices.BinarySearchFunc(d.Blocks, offset, func(b Block, at int) int {
		switch {
		case b.End <= at:
			return -1
		case b.Start > at:
			return 1
		}
		return 0
	})
	if !found {
		return -1
	}
	return i
}

// Role says what a block of a document is for.
type Role string

// The roles. Quotable reports which of them may answer a question.
const (
	RoleTitle      Role = "title"
	RoleHeading    Role = "heading"
	RoleParagraph  Role = "paragraph"
	RoleItem       Role = "item" // a list item; Level is its nesting depth from 1
	RoleQuotation  Role = "quotation"
	RoleTable      Role = "table" // one row a block, cells separated by tabs
	RoleCaption    Role = "caption"
	RoleByline     Role = "byline"
	RoleDateline   Role = "dateline"
	RoleAuthorNote Role = "author_note" // who the author is
	RoleFootnote   Role = "footnote"
	RoleCorrection Role = "correction" // what an editor says was corrected, clarified or retracted in the document
	RoleChrome     Role = "chrome"     // menus, buttons, forms, disclaimers, related links
)

// Quotable reports whether a sentence of a block with role r may answer any
// question. Bylines and author notes answer only questions about authorship,
// corrections only questions about corrections.
func (r Role) Quotable() bool {
	switch r {
	case RoleParagraph, RoleItem, RoleQuotation, RoleTable, RoleFootnote:
		return true
	}
	return false
}

// Block is one structural unit of a document.
type Block struct {
	Role  Role
	Level int // heading rank 1-6 or nesting depth of an item from 1; 0 elsewhere
	Span
	// Body is the offset where the content begins, after a list marker such
	// as "* " or "2. "; Start where there is none. Text[Start:Body] is the
	// marker.
	Body      int
	Sentences []Span // in order; none for headings, titles and chrome
}

// Enumeration is a list of parallel points that the document makes: reasons,
// factors, steps. Its items may be list items or sentences of prose several
// paragraphs apart ("First, …", "Finally, …").
type Enumeration struct {
	// LeadIn introduces the items ("There are three reasons:", or the
	// author's own question); empty when there is none.
	LeadIn Span
	Items  []Item // in order of Start, all levels
}

// Item is one point of an enumeration.
type Item struct {
	Span             // the point itself: for prose its sentence, for a list item its content
	Depth     int    // 0 is the outermost
	Sentences []Span // the sentences inside Span, in order; at least one
}

// Passage is the unit of search: some consecutive blocks of one revision.
type Passage struct {
	ID       PassageID
	Document DocumentID
	Revision int
	Span
	Role    Role   // RoleParagraph for running text; RoleByline or RoleAuthorNote for notes
	Heading string // the headings above it, outermost first, joined by " › "

	// Sentences are the sentences of the passage; Terms[i] holds the index
	// terms of Sentences[i], separated by spaces, in order.
	Sentences []Span
	Terms     []string

	// Terms of the fields around the passage, separated by spaces.
	TitleTerms, HeadingTerms, BylineTerms string
}

// Acronym is a pair that a document defines itself: "Long Form (LF)".
type Acronym struct {
	Short, Long           string // as written
	ShortTerms, LongTerms string // as index terms, separated by spaces
}
