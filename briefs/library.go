package briefs

import "time"

// Edit corrects the metadata of a document. A nil field is left as it is; a
// field that was edited stays so when the document is added again.
type Edit struct {
	Title, Author, Publisher, Collection *string
	Published                            *Date
}

// Listing says which documents to list. Documents are listed in the order of
// their ids (bytewise).
type Listing struct {
	Scope      Scope
	Collection string     // only this one; empty is every one that Scope sees
	Author     string     // part of the author's name, in any case; empty is any
	From, To   Date       // publication window as in Query
	AddedSince time.Time  // current revision added at or after it; zero is any time
	Withdrawn  bool       // also those removed without purge
	After      DocumentID // only ids after it, for paging; empty begins at the first
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
	Gaps      int   // recorded questions without an answer
	Bytes     int64 // size of the stored files
	Schema    int   // version of the stored form
}
