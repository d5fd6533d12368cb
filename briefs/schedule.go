package briefs

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// RoomID names a room as "slack:C0123", "matrix:!abc:example.org" or
// "console:NAME".
type RoomID string

// Platform is what stands before the first colon: "slack".
func (r RoomID) Platform() string { return platformOf(string(r)) }

func platformOf(name string) string {
	platform, _, _ := strings.Cut(name, ":")
	return platform
}

// ScheduleID names a schedule. It is the name that the configuration gives
// it; one made in a room is named NAME@ROOM, so that no room learns which
// names others took.
type ScheduleID string

// Slot is one moment when a schedule is due. What tells it apart is the wall
// clock: in spring a slot that the clock leaps over is the next minute there
// is, in autumn the repeated minute is one slot.
type Slot struct {
	Local string    // wall minute, "2026-11-23T09:00"
	Zone  string    // IANA name
	At    time.Time // UTC; the first moment of the wall minute
}

// String is the slot as people read it: "2026-11-23T09:00 Europe/Berlin".
func (s Slot) String() string { return s.Local + " " + s.Zone }

// IsZero reports whether s is no slot.
func (s Slot) IsZero() bool { return s == Slot{} }

// Quiet says what a schedule posts when there is nothing new.
type Quiet string

// The choices of Quiet; empty means QuietSay.
const (
	QuietSay  Quiet = "say_so" // one line that says so
	QuietSkip Quiet = "skip"   // nothing
)

// CatchUp says what becomes of slots that were missed.
type CatchUp string

// The choices of CatchUp; empty means CatchUpLatest.
const (
	CatchUpLatest CatchUp = "latest" // one briefing that covers them all
	CatchUpAll    CatchUp = "all"    // one each
	CatchUpSkip   CatchUp = "skip"   // none
)

// Schedule is a regular briefing of a room.
type Schedule struct {
	ID      ScheduleID
	Room    RoomID
	Topics  []string // words, or "collection:NAME"
	When    string   // a cron expression or plain words, as written
	Zone    string   // IANA name
	Quiet   Quiet
	CatchUp CatchUp
	Force   bool // may be due more often than every 15 minutes
	Made    bool // in a room, not by the configuration

	// What the library keeps beside it.
	Paused  string    // why it is paused; empty when it is not
	Through time.Time // the slots up to here have been planned or were never owed
}

// DeliveryKey names one delivery, or with "#" and a number one part of it,
// for ever: the same briefing has the same key in every attempt.
type DeliveryKey string

// Part is the key of part i, from 1.
func (k DeliveryKey) Part(i int) DeliveryKey {
	return k + DeliveryKey("#"+strconv.Itoa(i))
}

// Cut splits a key of Part; part is 0 for the key of a whole delivery.
func (k DeliveryKey) Cut() (whole DeliveryKey, part int) {
	if at := strings.LastIndexByte(string(k), '#'); at >= 0 {
		if n, err := strconv.Atoi(string(k[at+1:])); err == nil && n > 0 {
			return k[:at], n
		}
	}
	return k, 0
}

// Part is one message of a delivery.
type Part struct {
	Text  string          `json:"text"`            // all of it in plain words
	Body  json.RawMessage `json:"body,omitempty"`  // the same in the form of bot, for platforms that show more than words
	Image []byte          `json:"image,omitempty"` // a PNG file; nil for none
	Alt   string          `json:"alt,omitempty"`   // what Image shows, in words
}

// DeliveryState says how far a delivery has come.
type DeliveryState string

// The states. The first two are on their way; a held delivery waits for the
// operator; the others are final.
const (
	Planned DeliveryState = "planned" // nothing is composed yet
	Frozen  DeliveryState = "frozen"  // its parts are fixed; some may be posted
	Held    DeliveryState = "held"    // nobody can tell whether a part was posted
	Posted  DeliveryState = "posted"
	Nothing DeliveryState = "nothing" // nothing was new, and the schedule is to be silent then
	Skipped DeliveryState = "skipped" // by the catch-up policy, or because the schedule was paused or deleted
	Failed  DeliveryState = "failed"  // given up
)

// Delivery is one briefing of a schedule, due or done.
type Delivery struct {
	Key      DeliveryKey
	Schedule ScheduleID
	Room     RoomID
	Slot     Slot
	ByHand   bool // asked for by the operator: it uses up no slot
	// First is the earliest slot that this delivery stands for, when some
	// before Slot were missed, and Missed is how many; zero otherwise.
	First  Slot
	Missed int

	State    DeliveryState
	Known    time.Time  // when it was planned
	Attempts int        // how often a process took it on
	Retry    time.Time  // not tried before; zero when it was not put off
	Composed time.Time  // when the parts were fixed; zero before
	Ended    time.Time  // when it came to a final state or was held; zero before
	Why      string     // the last failure, or why it ended so; one line
	Parts    []SentPart // without their content once the delivery has ended
}

// SentPart is a part of a delivery and what became of it.
type SentPart struct {
	Part
	Begun   bool   // it was or is being sent, and may have been posted
	Sent    bool   // it was posted
	Receipt string // the platform's name for it; empty when it gave none
}

// Claimed is a delivery that one process has taken on for a while.
type Claimed struct {
	Delivery
	Token    int64     // grows with every claim: an older one may change nothing
	Lease    time.Time // others may claim it from then on
	Previous time.Time // when the schedule's last posted briefing was composed; zero for none
	// Orphaned reports that the claim before was not given back: its process
	// died, or is still at it because the clock leapt.
	Orphaned bool
}
