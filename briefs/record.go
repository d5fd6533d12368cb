package briefs

import (
	"fmt"
	"time"
)

// Ref names a span of one document revision without its text.
type Ref struct {
	Document DocumentID
	Revision int
	Span
}

// Asked is one question of one room and what was quoted for it. The same
// question (but for case, spaces and closing punctuation) in the same room is
// one Asked that counts up.
type Asked struct {
	Room        string // empty for the command line
	Question    string // as asked last
	Reason      Reason // of the last time; empty when it was answered
	First, Last time.Time
	Count       int   // how often it was asked
	Quotes      []Ref // what was shown, in order, the last time it was answered
}

// Revision is one stored state of a document.
type Revision struct {
	N         int // from 1
	Added     time.Time
	Bytes     int    // length of the text
	Source    string // the path or address it was read from
	Current   bool   // the one that is searched
	Withdrawn bool   // of the document: it is found no more
}

// PublisherCount is one publisher and how many searchable documents it has.
type PublisherCount struct {
	Name      string // empty for documents that name none
	Documents int
}

// Byline is who wrote and who published a document, as far as they are named.
type Byline struct{ Author, Publisher string }

// Fetch is the latest attempt to read one source: what it changed, or why it
// failed.
type Fetch struct {
	Source                            string // path or address as it was given
	Collection                        string // empty when the documents named their own
	At                                time.Time
	Succeeded                         time.Time // the latest attempt without a problem; zero for none yet
	Added, Revised, Unchanged, Failed int       // documents; Failed counts problems
	Problem                           string    // the first problem in one line; empty when there was none

	// Of a source that is followed, else zero; RecordFetch ignores these.
	Kind      SourceKind // what it turned out to be
	Title     string     // what it calls itself
	Moved     string     // where it is read now, because it moved for good
	Withdrawn int        // documents whose originals are gone
	Waiting   int        // items that are not read yet
	Failing   int        // items whose latest attempt failed
	Next      time.Time  // when it is due again
}

// LinkKey signs the addresses of quotes. IDs grow; the newest key signs, and
// each key that is kept still checks.
type LinkKey struct {
	ID      int    // from 1
	Secret  []byte `json:"-"`
	Created time.Time
}

// Format prints the key without its secret, whatever the verb.
func (k LinkKey) Format(w fmt.State, _ rune) {
	fmt.Fprintf(w, "link key %d REDACTED", k.ID)
}
