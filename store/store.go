// Package store names what any library backend must do and opens one.
//
// The contract is cut in pieces, so that an index and the state beside it can
// later live in different services: Index is put, found and counted by
// passage; State is the documents themselves and what was recorded about
// them; Ledger is what was promised to rooms; Inbox is what rooms asked for, and
// what they were shown; Keeper is what adapters of platforms remember; Sources is
// how far the sources of documents were read, and what they were read from. No
// transaction reaches across calls, every time and id is passed in, and engine
// words (MATCH, rowids, bm25) stay inside the backend. The suite in
// store/storetest checks a backend against these comments.
package store

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
)

// Index finds passages of the current revisions.
type Index interface {
	// Search returns at most q.Limit hits, best first, ties by PassageID. No
	// query makes it fail; only the order of Score is promised.
	Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error)
	// DocFreq returns for each term how many passages that s sees hold it in
	// body, title or heading, and how many passages s sees.
	DocFreq(ctx context.Context, s briefs.Scope, terms []string) (df []int, passages int, err error)
	// Acronyms returns the distinct pairs that documents in s define and whose
	// ShortTerms or LongTerms is one of terms, ordered by Short, then Long.
	Acronyms(ctx context.Context, s briefs.Scope, terms []string) ([]briefs.Acronym, error)
}

// Documents keeps texts, their revisions and their metadata.
type Documents interface {
	// PutDocuments stores a batch, each document whole or not at all. Documents
	// of one collection that hold the same piece (briefs/copies) are folded:
	// the one published first, then added first, is the original, the others
	// are copies of it, whatever the order in which they come, are changed or
	// go. They stay, but of the documents that a Query lets through, only the
	// first with a piece is found. See sqlite.Library.PutDocuments for the rules
	// of history and metadata.
	PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error)
	// Document returns one revision with text and structure; 0 is the current
	// one. Metadata is that of the document, also for older revisions. It
	// returns ErrNotFound.
	Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
	// Revisions lists the revisions of a document that s sees, newest first,
	// withdrawn ones too. It returns ErrNotFound alike for a document outside
	// s and for one that does not exist.
	Revisions(ctx context.Context, s briefs.Scope, id briefs.DocumentID) ([]briefs.Revision, error)
	// Documents lists what l asks for. It returns ErrInvalid for a malformed
	// date or an unknown order.
	Documents(ctx context.Context, l briefs.Listing) ([]briefs.Listed, error)
	// CountDocuments is how many documents l lists without Offset and Limit.
	CountDocuments(ctx context.Context, l briefs.Listing) (int, error)
	// Collections lists the collections in s that hold a searchable document,
	// by name.
	Collections(ctx context.Context, s briefs.Scope) ([]briefs.CollectionCount, error)
	// Publishers lists the publishers of the searchable documents in s, by
	// name.
	Publishers(ctx context.Context, s briefs.Scope) ([]briefs.PublisherCount, error)
	// Bylines lists the pairs of author and publisher of the searchable
	// documents in s, by author, then publisher.
	Bylines(ctx context.Context, s briefs.Scope) ([]briefs.Byline, error)
	// Bylined lists the searchable documents in s that have one of bylines, at
	// most limit of them, in the order of bylines.
	Bylined(ctx context.Context, s briefs.Scope, bylines []briefs.Byline, limit int) ([]briefs.DocumentID, error)
	// EditDocument corrects metadata; what it sets outlives adding the
	// document again. It returns ErrNotFound and ErrInvalid.
	EditDocument(ctx context.Context, id briefs.DocumentID, e briefs.Edit) error
	// RemoveDocument withdraws a document: it is found and listed no more, but
	// links to its revisions still open. With purge every trace goes. It
	// returns ErrNotFound.
	RemoveDocument(ctx context.Context, id briefs.DocumentID, purge bool) error
	// Fold looks for copies among at most most documents that an older version
	// stored without looking, and returns how many are left: 0 where none are.
	Fold(ctx context.Context, most int) (left int, err error)
	// Repack makes anew what searches are answered from of what is indexed. What
	// is found stays. progress is told how many of all passages are done; it
	// may be nil.
	Repack(ctx context.Context, progress func(done, all int)) error
	// Reindex indexes anew at most most of the documents that are indexed under
	// an older version of terms (text.Version), a few at a time where they are
	// long; what is new or changed is indexed under the present one. index is
	// called for each with text and structure, and fills Passages and Acronyms
	// (structure.Index). Revisions, metadata and what is found of other
	// documents stay. It returns how many documents were looked at: 0 where none
	// is left.
	Reindex(ctx context.Context, most int, index func(*briefs.Document)) (done int, err error)
	// Export calls fn with every revision of every document in s, withdrawn
	// ones too, by id, then revision, all from one moment. To put them into an
	// empty library makes the same library. An error of fn ends it and is
	// returned; what fails its checks ends it with ErrDamaged.
	Export(ctx context.Context, s briefs.Scope, fn func(briefs.Document) error) error
}

// State is what is recorded beside the documents. To record leaves alone what
// is found, and takes no longer in a large library than in a small one. A
// reference to a document goes when it is purged.
type State interface {
	// RecordAsked notes that q.Question was asked in q.Room at q.Last, and what
	// was quoted for it. The same question in the same room is one, as for
	// gaps; First and Count of q are ignored, and quotes of revisions that are
	// not there are left out.
	RecordAsked(ctx context.Context, q briefs.Asked) error
	// Asked lists what was asked in rooms, in all rooms when none is named,
	// most recent first, at most limit, none when it is below 1.
	Asked(ctx context.Context, limit int, rooms ...string) ([]briefs.Asked, error)
	// AskedAbout lists the questions of rooms, of all rooms when none is
	// named, of which any answer quoted exactly r, also before their latest
	// one; most recent first, at most 100.
	AskedAbout(ctx context.Context, r briefs.Ref, rooms ...string) ([]briefs.Asked, error)
	// RecordGap notes that g.Question found no answer in g.Room at g.Last.
	// The same question (but for case, spaces and closing punctuation) in the
	// same room is one gap that counts up; First and Count of g are ignored.
	RecordGap(ctx context.Context, g briefs.Gap) error
	// Gaps lists the gaps of rooms, of all rooms when none is named, most
	// recent first.
	Gaps(ctx context.Context, rooms ...string) ([]briefs.Gap, error)
	// ClearGap forgets one gap. It returns ErrNotFound.
	ClearGap(ctx context.Context, question, room string) error
	// RecordFetch notes an attempt to read f.Source at f.At, which replaces the
	// one before; f.Succeeded is ignored: it is the last attempt without a
	// problem. One that brought no document and names no collection leaves the
	// source in its collection.
	RecordFetch(ctx context.Context, f briefs.Fetch) error
	// Fetches lists the latest attempt at each source, by source, of the
	// collections that s sees; those of no collection for Everything alone.
	Fetches(ctx context.Context, s briefs.Scope) ([]briefs.Fetch, error)
	// LinkKeys lists the keys that sign links, newest first; none in a library
	// that never had one.
	LinkKeys(ctx context.Context) ([]briefs.LinkKey, error)
	// RotateLinkKey adds the key after newest, the id of the newest one, 0 for
	// none, and with revoke drops all older ones. It returns ErrConflict when
	// newest is not the newest any more, ErrInvalid for a secret shorter than
	// 32 bytes.
	RotateLinkKey(ctx context.Context, newest int, secret []byte, at time.Time, revoke bool) error
	// RecordBriefing keeps what was posted; one of the same id that is there
	// already stays as it is. What refers to a revision that is not there is
	// left out: sources, changes, quotes, and an item without another quote.
	// Features of citations are not kept. A picture has words and both files,
	// else that is ErrInvalid.
	RecordBriefing(ctx context.Context, b briefs.Briefing) error
	// Briefings lists what was posted to rooms, to all rooms when none is
	// named, newest first, at most limit after passing over offset, none when
	// limit is below 1. What was purged since is left out as in
	// RecordBriefing.
	Briefings(ctx context.Context, offset, limit int, rooms ...string) ([]briefs.Briefing, error)
	// Briefing is one of those of rooms, of all when none is named. It returns
	// ErrNotFound alike for another room's and for one that never was.
	Briefing(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Briefing, error)
	// Picture is the picture of a briefing of rooms, of all when none is named,
	// with its files. It returns ErrNotFound alike for another room's, for one
	// without a picture and for one that never was. A purge of a document drops
	// the pictures that name a publisher whom no other document has.
	Picture(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Picture, error)
}

// Ledger keeps schedules and what became of each of their slots, so that
// several processes post each briefing once. What is told to it outlives a
// loss of power. A method that takes a briefs.Claimed returns ErrConflict when
// that is not the latest claim on its delivery, or the delivery has ended.
type Ledger interface {
	// Schedules lists the schedules that the library knows, by id.
	Schedules(ctx context.Context) ([]briefs.Schedule, error)
	// PutSchedule adds s at now, or changes the one of its id. What is new, or
	// is due at other moments from now on, owes nothing before now. s.Paused
	// and s.Through are ignored. It returns ErrConflict when one is made in a
	// room and the other by the configuration.
	PutSchedule(ctx context.Context, s briefs.Schedule, now time.Time) error
	// PauseSchedule pauses a schedule; why is not empty. What was planned and
	// not begun is skipped, what was begun is finished. It reports whether the
	// schedule was not paused before, and returns ErrNotFound.
	PauseSchedule(ctx context.Context, id briefs.ScheduleID, why string, now time.Time) (changed bool, err error)
	// ResumeSchedule lets a paused schedule go on: it owes nothing before now.
	// One that is not paused is left alone, unless its slots are planned beyond
	// now; it then goes on from now too. It reports whether it changed
	// anything, and returns ErrNotFound.
	ResumeSchedule(ctx context.Context, id briefs.ScheduleID, now time.Time) (changed bool, err error)
	// DeleteSchedule forgets a schedule. What was planned and not begun is
	// skipped; its history stays. It returns ErrNotFound.
	DeleteSchedule(ctx context.Context, id briefs.ScheduleID, now time.Time) error

	// Plan enters deliveries of s, which are Planned or Skipped, and moves
	// s.Through on to through; those of known keys stay as they are. It
	// reports false, and changes nothing, when s is not as it is stored, or is
	// paused: read the schedules again.
	Plan(ctx context.Context, s briefs.Schedule, through time.Time, due []briefs.Delivery) (planned bool, err error)
	// PlanByHand enters one delivery besides the slots. It returns ErrConflict
	// when its key is known.
	PlanByHand(ctx context.Context, d briefs.Delivery) error
	// Claim takes on the delivery that is due the longest, of keys when any
	// are given, until now and lease. It reports false when none is to be had.
	Claim(ctx context.Context, owner string, now time.Time, lease time.Duration, keys ...briefs.DeliveryKey) (c briefs.Claimed, ok bool, err error)
	// Renew prolongs the lease of c.
	Renew(ctx context.Context, c briefs.Claimed, now time.Time, lease time.Duration) (briefs.Claimed, error)
	// Freeze fixes the parts of c, at least one, and keeps b, unless it has no
	// id, to be shown when they are posted. What is frozen stays: a later call
	// changes nothing. It returns c as it is stored.
	Freeze(ctx context.Context, c briefs.Claimed, parts []briefs.Part, b briefs.Briefing, now time.Time) (briefs.Claimed, error)
	// Begin notes that a part, from 1, is about to be sent.
	Begin(ctx context.Context, c briefs.Claimed, part int) error
	// Retract notes that a part that was begun was certainly not posted.
	Retract(ctx context.Context, c briefs.Claimed, part int) error
	// Sent notes that a part was posted.
	Sent(ctx context.Context, c briefs.Claimed, part int, receipt string) error
	// Retry gives c back, to be tried again from at on.
	Retry(ctx context.Context, c briefs.Claimed, why string, at time.Time) error
	// Hold keeps c from being tried again until Release: nobody can tell
	// whether a part of it was posted.
	Hold(ctx context.Context, c briefs.Claimed, why string, now time.Time) error
	// Finish ends c in a final state. Posted wants every part sent, else it
	// returns ErrInvalid; the briefing is then shown. The content of the parts
	// is dropped.
	Finish(ctx context.Context, c briefs.Claimed, state briefs.DeliveryState, why string, now time.Time) error
	// Release decides about a held delivery at now: the parts in doubt were
	// posted, or are sent again, as if it had just been planned. It returns
	// ErrNotFound when none of that key is held.
	Release(ctx context.Context, key briefs.DeliveryKey, posted bool, now time.Time) error

	// Deliveries lists what was due of a schedule, of all when id is empty, in
	// one of states, in any when none is named; the latest slot first, at most
	// limit, none when it is below 1.
	Deliveries(ctx context.Context, id briefs.ScheduleID, limit int, states ...briefs.DeliveryState) ([]briefs.Delivery, error)
	// CountDeliveries counts what was due by the states it has come to.
	CountDeliveries(ctx context.Context) (map[briefs.DeliveryState]int, error)
}

// Backend is a whole library. Its methods are safe for concurrent use.
type Backend interface {
	Index
	Documents
	State
	Ledger
	Inbox
	Keeper
	Sources
	// Check returns what is wrong with the stored data, nothing when it is
	// sound. The error is set only when checking itself could not be done.
	Check(ctx context.Context) (problems []string, err error)
	// Backup writes a sound copy to path while the library serves. It returns
	// ErrConflict when path exists.
	Backup(ctx context.Context, path string) error
	Stats(ctx context.Context) (briefs.LibraryStats, error)
	Close() error
}

var _ Backend = (*sqlite.Library)(nil)

// Open opens the library that spec names: a path, or "sqlite:" and a path.
// It returns ErrInvalid for any other scheme, else the errors of sqlite.Open.
func Open(ctx context.Context, log *slog.Logger, spec string, o sqlite.Options) (Backend, error) {
	path := spec
	if scheme, rest, ok := strings.Cut(spec, ":"); ok && !strings.ContainsAny(scheme, `/\.`) && len(scheme) > 1 {
		switch scheme {
		case "sqlite":
			path = rest
		default:
			return nil, briefs.Fault(briefs.ErrInvalid, "library %q: unknown scheme %q: write a path, or sqlite:PATH", spec, scheme)
		}
	}
	if path == "" {
		return nil, briefs.Fault(briefs.ErrInvalid, "library: has no name: name a file with --library")
	}
	lib, err := sqlite.Open(ctx, log, path, o)
	if err != nil {
		return nil, err
	}
	return lib, nil
}
