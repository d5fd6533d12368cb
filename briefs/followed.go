package briefs

import "time"

// SourceKey names a followed source. One address followed for two collections
// is two sources, with documents of their own.
type SourceKey struct{ Collection, Address string }

// Key is the name of s among the followed sources.
func (s Source) Key() SourceKey { return SourceKey{s.Collection, s.Address} }

// SourceState is a followed source and what a library remembers of it between
// two readings. Times are UTC, zero for never.
type SourceState struct {
	Source
	By          string     // who has it followed besides the configuration; empty for none
	As          SourceKind // what it turned out to be; empty before it was read
	Title       string     // what it calls itself
	Read        time.Time  // the latest attempt
	Succeeded   time.Time  // the latest without a problem of the source itself
	Next        time.Time  // when it is due again
	Failures    int        // attempts since Succeeded
	Problem     string     // of the latest attempt, in one line; empty when there was none
	Moved       string     // where it is read now, because it moved for good
	Gone        time.Time  // since when it is gone
	ETag        string
	Modified    string // the Last-Modified of what was read last, as sent
	Reader      int    // the version of the reader that listed it
	LastFigures        // of the latest attempt

	// Filled by the library.
	Items   int // known of it
	Waiting int // of them not read yet
	Failing int // of them whose latest attempt failed
}

// LastFigures count what came of one reading of a source.
type LastFigures struct{ Added, Revised, Unchanged, Withdrawn, Failed int }

// ClaimedSource is a source that one process reads until Lease.
type ClaimedSource struct {
	SourceState
	Owner string // who has it
	Token int64  // of the latest claim
	Lease time.Time
}

// SourceItem is one thing that a source names: an item of a feed, a page of a
// sitemap, a file of a folder, or the page that is the source.
type SourceItem struct {
	Name     string // within its source: GUID, address or path
	Address  string // where it is read; empty when the source has all of it
	Document DocumentID

	// What the source says of it.
	Title, Author string
	Published     Date
	Stated        string // digest of what the source says, to see that it changed
	Own           []byte // the source's own text of it as HTML, until it is read

	OwnUsed  bool // the source's own text is the document
	ETag     string
	Modified string    // Last-Modified as sent; of a file its time
	Digest   string    // of the bytes that were read last
	Known    time.Time // when it was seen first
	Read     time.Time // when it was read last with success
	Next     time.Time // when it is due; zero when nothing is to be done
	Failures int       // attempts since Read
	Problem  string    // of the latest attempt
	Missing  time.Time // since when it is not to be found
	Gone     bool      // its document was withdrawn because it is gone
}

// Archived is what a revision of a document was read from.
type Archived struct {
	Document DocumentID
	Revision int
	Reader   int       // the version of the reader that read it last
	Fetched  time.Time // UTC
	Parts    []ArchivedPart
}

// ArchivedPart is one fetched page of an archived original.
type ArchivedPart struct {
	Address string // that answered
	Type    string // the Content-Type as sent
	Data    []byte
}
