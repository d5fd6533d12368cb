// Package follow keeps the sources of a library fresh: web pages, feeds,
// sitemaps, and whatever documents stand at the addresses these name. It
// fetches politely, reads what came, stores what changed, and remembers of each
// source and each item how far it is, so that it goes on after a crash, and
// loses and doubles nothing.
//
// A source is read by one process at a time. What a source lists is stored
// before any of it is read, together with what the server gave to ask again
// whether it changed; each item is then read, stored and noted on its own. A
// process that dies between two of these steps leaves items that are due.
package follow

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/fetch"
)

// Library is what a Follower needs of a library; package store says what the
// methods do.
type Library interface {
	PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error)
	Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
	RemoveDocument(ctx context.Context, id briefs.DocumentID, purge bool) error

	ClaimSource(ctx context.Context, s briefs.Source, owner string, now time.Time, lease time.Duration) (c briefs.ClaimedSource, ok bool, err error)
	RenewSource(ctx context.Context, c briefs.ClaimedSource, now time.Time, lease time.Duration) (briefs.ClaimedSource, error)
	SaveListing(ctx context.Context, c briefs.ClaimedSource, items []briefs.SourceItem) error
	SaveItem(ctx context.Context, c briefs.ClaimedSource, it briefs.SourceItem, addresses []string, a *briefs.Archived) error
	ReleaseSource(ctx context.Context, c briefs.ClaimedSource) error
	Sources(ctx context.Context, s briefs.Scope) ([]briefs.SourceState, error)
	SourceItems(ctx context.Context, k briefs.SourceKey, after string, limit int, names ...string) ([]briefs.SourceItem, error)
	DueItems(ctx context.Context, k briefs.SourceKey, now time.Time, retry bool, limit int) ([]briefs.SourceItem, error)
	CountDue(ctx context.Context, k briefs.SourceKey, now time.Time, retry bool) (int, error)
	ItemsOf(ctx context.Context, id briefs.DocumentID) ([]briefs.SourceItem, error)
	DocumentAt(ctx context.Context, collection string, addresses ...string) (briefs.DocumentID, error)
	Purged(ctx context.Context, collection string, names ...string) ([]string, error)
	Unpurge(ctx context.Context, collection string, names ...string) error
	Archived(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Archived, error)
	ArchivedBefore(ctx context.Context, s briefs.Scope, reader int, after briefs.DocumentID, limit int) ([]briefs.DocumentID, error)
	SaveArchived(ctx context.Context, a briefs.Archived) error
}

// Web fetches addresses; *fetch.Web is one.
type Web interface {
	Get(ctx context.Context, r fetch.Request) (fetch.Response, error)
}

// ReadFunc makes a document of what was fetched: extract.Read, or a reader in
// a process of its own.
type ReadFunc func(ctx context.Context, in extract.Input) (briefs.Document, error)

// Options adjust a Follower. The zero value is ready for use.
type Options struct {
	Owner   string                                           // who takes on sources, for the operator
	Ended   func(owner string) bool                          // whether a process is certainly no more; nil never knows
	Workers int                                              // sources read at a time; 0 is 4
	Now     func() time.Time                                 // the clock; nil is time.Now
	Sleep   func(ctx context.Context, d time.Duration) error // waits in Run; nil is a timer
	WebFor  func(briefs.Source) Web                          // the Web of a source; nil is that of the Follower

	// Revive lets documents come back that were removed by hand: for what a
	// person adds.
	Revive bool
	// Progress is called after each item, by several goroutines but one at a
	// time; nil is silent.
	Progress func(Event)

	Limits Limits
}

// Limits bound one reading of one source. Zero fields have the defaults.
type Limits struct {
	Items        int   // items of a feed that are taken; 0 is 1000
	SitemapPages int   // pages of a sitemap, all parts of it together; 0 is 20,000
	Sitemaps     int   // parts of a sitemap; 0 is 100
	FeedPages    int   // pages of a feed that is cut into several; 0 is 10
	Pages        int   // pages of one article; 0 is 20
	Reads        int   // items read in one go, the rest in the next; 0 is 20,000
	Turn         int   // likewise in Step and Run, where other sources wait for their turn; 0 is 200
	Bytes        int64 // fetched in one go; 0 is 1 GiB
}

// Event tells how far a reading of sources has come.
type Event struct {
	Source      briefs.Source
	Item        string         // address or name of the item that was read last; empty for the source itself
	Outcome     briefs.Outcome // of it; empty when it failed
	Done, Total int            // items of the source in this reading
	Failed      int            // of Done
}

// Problem is one source, or one item of it, that could not be read.
type Problem struct {
	Source briefs.Source
	Item   string // address or name; empty for the source itself
	Err    error  // one line that names the address and the mend; wraps a kind of package briefs
}

// Withdrawn is the outcome of an item whose original is gone.
const Withdrawn briefs.Outcome = "withdrawn"

// Read tells what became of one item, and what was understood of it.
type Read struct {
	Source    briefs.Source
	ID        briefs.DocumentID
	Revision  int
	Title     string
	Author    string
	Publisher string
	Published briefs.Date
	URL       string
	Passages  int
	Outcome   briefs.Outcome // Added, Revised or Withdrawn; Unchanged for a source that is one page
	Notes     []string       // what was not understood, or is to be known: "no author", "no date"
}

// SourceReport tells what came of one source.
type SourceReport struct {
	Source                                       briefs.Source
	Title                                        string
	As                                           briefs.SourceKind // what it turned out to be
	Added, Revised, Unchanged, Withdrawn, Failed int
	Waiting                                      int      // items that are left for the next reading
	Busy                                         bool     // another process is reading it; nothing was done
	Problem                                      string   // of the source itself, in one line
	Notes                                        []string // what the operator should know: that it moved, that it was cut off
	Next                                         time.Time
}

// Bounds of what a Report keeps; the counts of its sources count all.
const (
	maxProblems = 1000
	maxReads    = 10000
)

// Report sums up a reading of sources.
type Report struct {
	Sources  []SourceReport // in the order in which they were given
	Read     []Read         // the first 10,000
	Problems []Problem      // the first 1000
}

// Follower keeps sources fresh. It is safe for concurrent use.
type Follower struct {
	log  *slog.Logger
	lib  Library
	web  Web
	read ReadFunc
	o    Options

	telling *sync.Mutex // held while Progress is called
}
