package briefs

import "time"

// Edit corrects the metadata of a document. A nil field is left as it is; a
// field that was edited stays so when the document is added again.
type Edit struct {
	Title, Author, Publisher, Collection *string
	Published                            *Date
}

// Order is the order of a listing.
type Order string

// The orders; ties by id.
const (
	ByID        Order = ""          // bytewise
	ByPublished Order = "published" // newest first, undated last
	ByAdded     Order = "added"     // newest revision first
	ByTitle     Order = "title"     // in any case
)

// Listing says which documents to list, and in which order.
type Listing struct {
	Scope      Scope
	Collection string    // only this one; empty is every one that Scope sees
	Author     string    // part of the author's name, in any case; empty is any
	Publisher  string    // exactly this one; empty is any
	Title      string    // words that each occur in the title, author or publisher, in any case; empty is any
	From, To   Date      // publication window as in Query
	AddedSince time.Time // current revision added at or after it; zero is any time
	Withdrawn  bool      // also those removed without purge
	Order      Order
	After      DocumentID // only ids after it, for paging in the order of ids; empty begins at the first
	Offset     int        // so many are passed over first
	Limit      int        // at most so many; below 1 is no limit
}

// CollectionCount is one collection and what is searchable in it.
type CollectionCount struct {
	Name                string
	Documents, Passages int
}

// LibraryStats are figures of a whole library.
type LibraryStats struct {
	Documents int   // searchable ones
	Withdrawn int   // removed without purge
	Revisions int   // of all documents
	Passages  int   // searchable ones
	Outdated  int   // documents that are indexed under an older version of terms
	Gaps      int   // recorded questions without an answer
	Asked     int   // how often something was asked that was recorded
	Bytes     int64 // size of the stored files
	Schema    int   // version of the stored form
}
