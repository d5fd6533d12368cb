package briefs

// Outcome says what storing a document changed.
type Outcome string

// The outcomes.
const (
	Added     Outcome = "added"     // the first revision
	Revised   Outcome = "revised"   // a further revision
	Unchanged Outcome = "unchanged" // the library had it already
)

// Stored is the result of storing one document.
type Stored struct {
	ID       DocumentID
	Revision int // the revision that holds this content
	Outcome  Outcome
}

// Listed is one document as a listing shows it: the metadata of the current
// revision, without text or structure.
type Listed struct {
	Document
	PassageCount int
	Bytes        int // length of the text
}
