package bot

import (
	"context"

	"briefdesk/briefs"
)

// EventKind says what somebody did.
type EventKind string

// The kinds of event.
const (
	EventText    EventKind = "text"    // wrote something: a question, or a command in words
	EventCommand EventKind = "command" // gave a command by its name
	EventAction  EventKind = "action"  // pressed a button, chose from a menu, or reacted
	EventJoined  EventKind = "joined"  // added the bot to a room
)

// Event is what somebody did where the bot hears it. Its JSON form is kept
// until the bot has dealt with it.
type Event struct {
	Kind EventKind     `json:"kind"`
	Room briefs.RoomID `json:"room"` // direct messages of Matrix are "matrix:dm/!id"
	// Direct reports a room of the author and the bot alone.
	Direct bool `json:"direct,omitempty"`
	// External reports that the author is a guest or of another organisation,
	// or that the room is shared with one.
	External bool `json:"external,omitempty"`
	// Unknown reports that the platform did not tell, so that External was set.
	Unknown bool `json:"unknown,omitempty"`
	// Addressed reports that the bot was meant: mentioned, written to directly,
	// or commanded. Else it was merely written where the bot reads along.
	Addressed bool `json:"addressed,omitempty"`
	// Thread names the thread that the message stands in; empty when it stands
	// in none. Message names the message: a thread may hang on it. It is empty
	// for a command, which is no message.
	Thread  string `json:"thread,omitempty"`
	Message string `json:"message,omitempty"`
	Author  string `json:"author"` // "slack:U0123" or "matrix:@ana:example.org"
	// Text is what was written, as plain text without the mention; of a
	// command what stands behind its name.
	Text    string `json:"text,omitempty"`
	Files   []File `json:"files,omitempty"`   // that came with the message
	Command string `json:"command,omitempty"` // "ask", "brief", "briefings", "sources", "cite" or "help"

	// Of an action: which one, about which answer (or, where the platform knows
	// only the message that was reacted to, its receipt), and what was chosen.
	Action  ActionID        `json:"action,omitempty"`
	Answer  briefs.AnswerID `json:"answer,omitempty"`
	Receipt string          `json:"receipt,omitempty"`
	Value   string          `json:"value,omitempty"`

	// Private reports that only the author sees what this is about, and only
	// they are to see the reply: a button below what was shown to them alone.
	// A command without Message is private too.
	Private bool `json:"private,omitempty"`

	// Own is the adapter's, and comes back with each reply's place.
	Own string `json:"own,omitempty"`
}

// Home is where replies go: the thread of the message, begun where there is
// none; to the author alone where what they did is private.
func (e *Event) Home() briefs.Place {
	if e.Private || e.Kind == EventCommand && e.Message == "" {
		return briefs.Place{Room: e.Room, Thread: e.Thread, Only: e.Author, Own: e.Own}
	}
	thread := e.Thread
	if thread == "" {
		thread = e.Message
	}
	return briefs.Place{Room: e.Room, Thread: thread, Own: e.Own}
}

// Heard is an event with the keys that it is known by.
type Heard struct {
	Key     string   // "slack:T0AB:Ev0CD": the same for every delivery of the same event
	Aliases []string // further keys that the same may come under; see briefs.Incoming
	Event   Event
}

// Handler takes what was heard. When it returns without error, all of it is
// kept, and may be acknowledged to the platform: a crash loses nothing. What
// is known already is passed over.
type Handler func(ctx context.Context, all ...Heard) error
