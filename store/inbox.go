package store

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// Inbox keeps what people wrote to the bot until it is answered, and what was
// answered, so that several processes, of which any may die at any moment,
// answer each of them once. What is told to it outlives a loss of power; only
// Take, Extend and Compose may then be forgotten, unless something was told
// after them. A method that takes a briefs.Taken returns ErrConflict when that
// is not the latest claim on it, it was put back, or its work has ended.
type Inbox interface {
	// Receive enters each of all whose Key and Aliases are all unknown, and
	// remembers their keys; it returns how many were new. It returns ErrInvalid
	// for one without a Key.
	Receive(ctx context.Context, all []briefs.Incoming) (added int, err error)
	// Take takes on, until now and lease, what came first to platform and may
	// be worked on: no other of its Lane that came before is waiting or being
	// worked on, and it was not put back beyond now. It reports false when there is
	// none.
	Take(ctx context.Context, platform, owner string, now time.Time, lease time.Duration) (t briefs.Taken, ok bool, err error)
	// Extend prolongs the lease of t.
	Extend(ctx context.Context, t briefs.Taken, now time.Time, lease time.Duration) (briefs.Taken, error)
	// Compose fixes the replies to t, none for silence, and remembers what they
	// show, unless shown is nil. What is fixed stays: a later call changes
	// nothing. It returns t as it is stored. An answer of the same ID that was
	// shown before stays as it was.
	Compose(ctx context.Context, t briefs.Taken, replies []briefs.Outgoing, shown *briefs.Shown) (briefs.Taken, error)
	// BeginReply notes that reply n, from 1, is about to be sent. It returns
	// ErrConflict when that was sent, or there is none; so do the next two.
	BeginReply(ctx context.Context, t briefs.Taken, n int) error
	// RetractReply notes that a reply that was begun was certainly not posted.
	RetractReply(ctx context.Context, t briefs.Taken, n int) error
	// SentReply notes that a reply was posted. When it was the last one that
	// was left, t has ended as Answered.
	SentReply(ctx context.Context, t briefs.Taken, n int, receipt string, now time.Time) error
	// PutBack gives t back, to be taken again from at on.
	PutBack(ctx context.Context, t briefs.Taken, why string, at time.Time) error
	// End ends t in a final state. Its body and the content of its replies are
	// dropped, also when SentReply ends it. It returns ErrInvalid for another
	// state, and for Answered while a reply is not sent. What was to be shown is
	// forgotten when it is given up before any reply was begun.
	End(ctx context.Context, t briefs.Taken, state briefs.IncomingState, why string, now time.Time) error
	// CountIncoming counts what came by the states it has come to, and gives
	// when the oldest one that waits came; zero for none.
	CountIncoming(ctx context.Context) (counts map[briefs.IncomingState]int, oldest time.Time, err error)
	// ForgetIncoming drops what ended before at, with its keys. What it showed
	// stays.
	ForgetIncoming(ctx context.Context, before time.Time) (dropped int, err error)

	// Shown is an answer that was shown, without the quotes of revisions that
	// are gone. It returns ErrNotFound.
	Shown(ctx context.Context, id briefs.AnswerID) (briefs.Shown, error)
	// ShownIn lists what was shown in a thread of a room, oldest first, at most
	// the latest 50; in none when thread is empty.
	ShownIn(ctx context.Context, room briefs.RoomID, thread string) ([]briefs.Shown, error)
	// ShownAt is the answer that the message of a receipt shows in a room. It
	// returns ErrNotFound.
	ShownAt(ctx context.Context, room briefs.RoomID, receipt string) (briefs.AnswerID, error)
	// Posted reports whether the bot has posted in a thread of a room, for all
	// to see: a reply, or the reply or the briefing that the thread hangs on,
	// whose receipt is then its name.
	Posted(ctx context.Context, room briefs.RoomID, thread string) (bool, error)

	// RecordFeedback keeps what f.Who says of an answer; what they said of it
	// before is replaced. It returns ErrInvalid without an answer, a person or
	// one of the verdicts.
	RecordFeedback(ctx context.Context, f briefs.Feedback) error
	// Feedback lists what was said in rooms, in all when none is named, most
	// recent first, at most limit, none when it is below 1.
	Feedback(ctx context.Context, limit int, rooms ...string) ([]briefs.Feedback, error)
}

// Keeper keeps small values by name for the adapters of platforms: tokens,
// sealed by whoever keeps them here, and how far they have read.
type Keeper interface {
	// Keep stores value under name, in the place of what was there; it outlives
	// a loss of power. It returns ErrInvalid without a name.
	Keep(ctx context.Context, name string, value []byte) error
	// Kept returns what is stored under name, or ErrNotFound.
	Kept(ctx context.Context, name string) ([]byte, error)
	// KeptNames lists the names that begin with prefix, sorted.
	KeptNames(ctx context.Context, prefix string) ([]string, error)
	// Drop forgets what is stored under name, if anything is.
	Drop(ctx context.Context, name string) error
}
