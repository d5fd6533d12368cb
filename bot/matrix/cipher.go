package matrix

import (
	"context"
	"errors"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// cipher reads and writes encrypted rooms as one device. It is safe for
// concurrent use.
type cipher interface {
	// heard takes what a sync says of keys and devices.
	heard(ctx context.Context, resp *mautrix.RespSync, since string)
	// state takes a state event of a room, parsed.
	state(ctx context.Context, evt *event.Event)
	// encrypted reports that a room was seen encrypted, ever.
	encrypted(ctx context.Context, room id.RoomID) (bool, error)
	// decrypt returns errNoKey when the key of the message is missing, and
	// errKeys when the file of keys cannot be used.
	decrypt(ctx context.Context, evt *event.Event) (*event.Event, error)
	// encrypt makes the content of an m.room.encrypted event for members.
	encrypt(ctx context.Context, room id.RoomID, kind event.Type, content any, members []id.UserID) (*event.EncryptedEventContent, error)
	// request asks the sender, and our own other devices, for the key of evt.
	request(ctx context.Context, evt *event.Event) error
	// keys tells what came of the recovery key: whether the user has keys of
	// cross-signing and whether they have signed this device.
	keys(ctx context.Context) (has, signed bool, err error)
	close() error
}

// errNoKey is the error of decrypt that passes when the key arrives.
var errNoKey = errors.New("the key of the message is missing")

// errKeys is the error of decrypt that says nothing of the message.
var errKeys = errors.New("matrix: the file of keys cannot be used")
