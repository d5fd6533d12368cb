package store

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// Sources keeps what is remembered of followed sources, so that several
// processes read each of them one at a time, and one that dies in the middle
// is gone on for. What is told to it may be forgotten by a loss of power: it is
// then read again. A method that takes a briefs.ClaimedSource returns
// ErrConflict when that is not the latest claim on the source.
type Sources interface {
	// KeepSource has s followed besides what the configuration names; by is
	// who wants it. One that is followed already changes to s.
	KeepSource(ctx context.Context, s briefs.Source, by string) error
	// ForgetSource drops a source with its items. Its documents stay. It
	// returns ErrNotFound.
	ForgetSource(ctx context.Context, k briefs.SourceKey) error
	// Sources lists the sources of the collections that s sees, by collection,
	// then address.
	Sources(ctx context.Context, s briefs.Scope) ([]briefs.SourceState, error)

	// ClaimSource takes on the source of s.Key(), known or new, until now and
	// lease. It reports false while another claim on it lasts, which is c then.
	ClaimSource(ctx context.Context, s briefs.Source, owner string, now time.Time, lease time.Duration) (c briefs.ClaimedSource, ok bool, err error)
	// RenewSource prolongs the lease of c.
	RenewSource(ctx context.Context, c briefs.ClaimedSource, now time.Time, lease time.Duration) (briefs.ClaimedSource, error)
	// SaveListing stores the state of c and items, each in the place of the one
	// of its name: all or nothing.
	SaveListing(ctx context.Context, c briefs.ClaimedSource, items []briefs.SourceItem) error
	// SaveItem stores one item, the addresses at which its document was found,
	// and what its revision was read from, unless that is nil: all or nothing.
	// What is stored of a revision stays.
	SaveItem(ctx context.Context, c briefs.ClaimedSource, it briefs.SourceItem, addresses []string, a *briefs.Archived) error
	// ReleaseSource stores the state of c and gives it back.
	ReleaseSource(ctx context.Context, c briefs.ClaimedSource) error

	// SourceItems lists the items of a source by name, those that are named or
	// read at one of names when any are given, else those after a name, at most
	// limit, without Own.
	SourceItems(ctx context.Context, k briefs.SourceKey, after string, limit int, names ...string) ([]briefs.SourceItem, error)
	// DueItems lists the items of a source that are due at now, with retry also
	// those that failed and wait; the longest due first, then as they were
	// entered; at most limit.
	DueItems(ctx context.Context, k briefs.SourceKey, now time.Time, retry bool, limit int) ([]briefs.SourceItem, error)
	// CountDue is how many items DueItems lists without limit.
	CountDue(ctx context.Context, k briefs.SourceKey, now time.Time, retry bool) (int, error)
	// ItemsOf lists the items of all sources whose document is id, without Own.
	ItemsOf(ctx context.Context, id briefs.DocumentID) ([]briefs.SourceItem, error)
	// GoneItems lists what sources of the collections that s sees do not have
	// any more, and what was withdrawn therefore, unless it came back
	// elsewhere; the latest first, at most limit, without Own.
	GoneItems(ctx context.Context, s briefs.Scope, limit int) ([]briefs.SourceItem, error)
	// FailingItems lists the items of a source that could not be read last, by
	// name, at most limit, without Own.
	FailingItems(ctx context.Context, k briefs.SourceKey, limit int) ([]briefs.SourceItem, error)
	// DocumentAt is the document of a collection that was found at one of
	// addresses, the first that is known; empty for none.
	DocumentAt(ctx context.Context, collection string, addresses ...string) (briefs.DocumentID, error)

	// Purged lists those of names, ids or addresses of documents of a
	// collection, that were purged after a source had brought them: they are
	// not to come back by themselves.
	Purged(ctx context.Context, collection string, names ...string) ([]string, error)
	// Unpurge lets names come back.
	Unpurge(ctx context.Context, collection string, names ...string) error

	// Archived is what a revision was read from. It returns ErrNotFound, and
	// ErrDamaged when it is not what was stored.
	Archived(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Archived, error)
	// ArchivedBefore lists the documents in s, but for withdrawn ones, whose
	// current revision has an original that was read last by a reader before
	// the given one; by id, those after an id, at most limit.
	ArchivedBefore(ctx context.Context, s briefs.Scope, reader int, after briefs.DocumentID, limit int) ([]briefs.DocumentID, error)
	// SaveArchived stores what a revision was read from, or only the reader
	// where it has that already. It returns ErrNotFound when there is no such
	// revision.
	SaveArchived(ctx context.Context, a briefs.Archived) error
}
