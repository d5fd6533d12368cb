package bot

import "briefdesk/briefs"

// Who is somebody in a room.
type Who struct {
	Room     briefs.RoomID
	Author   string // "slack:U0123"
	Direct   bool   // the room is theirs and the bot's alone
	External bool   // a guest or of another organisation, or the room is shared with one
	Unknown  bool   `json:",omitempty"` // the platform does not tell just now: External errs on the side of yes
}

// Who is who did e, and where.
func (e *Event) Who() Who {
	return Who{Room: e.Room, Author: e.Author, Direct: e.Direct, External: e.External, Unknown: e.Unknown}
}

// Grant is what somebody in a room may see and do. Its zero value permits
// nothing.
type Grant struct {
	SetUp    bool         // the configuration knows the room
	Outsider bool         // but does not admit outsiders to it, and this is one
	Scope    briefs.Scope // what may be quoted; nothing for an outsider
	// Questions reports that the room wants answers to questions that are
	// not addressed to the bot.
	Questions bool
	Manage    bool // may change the briefings of the room
	Admin     bool // may add sources
}

// Open reports whether anything may be asked at all.
func (g *Grant) Open() bool { return g.SetUp && !g.Outsider }
