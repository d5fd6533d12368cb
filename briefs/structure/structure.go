// Package structure finds the shape of a document: the sentences of its
// blocks, the enumerations that it makes, and the passages that are indexed.
//
// Its input comes from briefs/extract, which reads text, metadata and blocks
// with their roles; words and sentences are made by briefs/text; its result
// is stored by the library once, when a document is added, and read by
// briefs/ask.
package structure

import (
	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Analyze reads d.Text and d.Blocks (Role, Level, Span, Body) and fills
// Blocks[i].Sentences, Enumerations, Passages and Acronyms, replacing what was
// there. It also reads ID, Revision, Title, Author and Publisher for the
// fields of the passages.
//
// Blocks come out in order, inside the text, on character boundaries, not
// overlapping and not blank; what does not fit is clipped or dropped. Without
// blocks the text is taken as paragraphs separated by blank lines.
//
// In a conversation the name of the speaker before a colon ("Q:", "MS SAMPLE:")
// at the beginning of a paragraph is no part of its first sentence.
//
// A paragraph that tells what was corrected in the document itself gets the
// role of a correction.
//
// An enumeration may hold another one: then the inner items stand in the
// outer enumeration too, one level deeper, so that the outer one is whole.
// A heading that introduces an enumeration may be its lead-in.
// Where nothing announces points of prose that are counted ("First, …"), the
// statement right before them, which they explain, is.
//
// Analyze is deterministic, and doing it again changes nothing. Its time grows
// linearly with the text. It must not run twice at once on the same d.
func Analyze(d *briefs.Document) {
	d.Blocks = sanitise(d.Text, d.Blocks)
	notices(d)
	spoken := conversation(d)
	for i := range d.Blocks {
		d.Blocks[i].Sentences = sentences(d.Text, d.Blocks[i], spoken)
	}
	d.Enumerations = enumerations(d)
	Index(d)
}

// Index fills Passages and Acronyms of a document that was analysed before, as
// a library returns it: its blocks, sentences and enumerations stay, so that it
// is the same revision. It is the last part of Analyze. What comes of it is
// numbered by text.Version.
func Index(d *briefs.Document) {
	d.Passages = passages(d)
	d.Acronyms = text.Acronyms(d.Text)
}
