// Package text makes words and sentences: it is the one place where index
// terms are made, so that what a document says and what a question asks meet
// in the same form, whichever index keeps them.
//
// Its neighbours: briefs/structure stores sentence spans and terms at ingest,
// briefs/ask makes the terms of questions, store packages index terms as they
// come. The tables beside the code (*.txt) are embedded and are written for
// this project; they hold general language and public facts only.
//
// A term consists only of lower-case letters, digits, '_' and non-ASCII
// letters, digits and marks, folded; it is at most MaxTerm bytes long.
// Concept terms (states, blocs, international bodies) begin with '_', which
// no other term does, so a document cannot forge one by spelling.
//
// The names of a state and its people are one concept: "US", "U.S.", "United
// States" and "Americans" are all "_us", in documents and questions alike, so
// nothing has to be expanded to find one by the other. A name counts wherever
// it is written as that name, also where it is ambiguous ("Georgia"): what
// matters is that document and question agree. Names that merely contain a
// state's ("New Mexico", "Latin America") stay plain words; seas and straits
// keep it ("South China Sea" is "south _cn sea"). Longer names win: "UN
// Security Council" is "_unsc", tied to "_un" by Related.
//
// All functions are deterministic, take any string, broken UTF-8 included,
// and are safe for concurrent use. All offsets are bytes, all intervals half
// open, [Start,End).
package text

// Version is raised whenever the terms of some text change, or the passages or
// acronyms that structure.Index makes of it. A library keeps for each document
// the version that it was indexed under, and indexes anew what is older.
// Version tests of this package and of briefs/structure fail where it was
// forgotten.
const Version = 2

// MaxTerm is the greatest length of a term in bytes; longer words are cut at
// a rune boundary.
const MaxTerm = 64
