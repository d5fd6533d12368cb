package matrix

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/briefs"
)

// Finding is one thing that Diagnose looked at.
type Finding struct {
	OK     bool
	Detail string
	Mend   string // how; empty when all is well
}

// Diagnose asks the homeserver whether a connection by o would work, and looks
// at the rooms named. It signs nobody in and changes nothing.
func Diagnose(ctx context.Context, o Options, rooms []briefs.RoomID) []Finding {
	d := &diagnosis{}
	c, err := New(slog.New(slog.DiscardHandler), o)
	if err != nil {
		d.fault("set it where briefdesk serve runs", "%v", err)
		return d.all
	}
	client, err := c.newClient()
	if err != nil {
		d.fault("correct it there", "%v", err)
		return d.all
	}
	if !d.versions(ctx, client) {
		return d.all
	}
	d.encryption(&o)
	if len(o.AllowFrom) == 0 {
		d.fault("list there who may invite it, such as \"@ana:example.org\" or \"*:example.org\"", "matrix.allow_invites_from is empty: the bot joins no room")
	}
	if !d.account(ctx, c, client) {
		return d.all
	}
	d.device(ctx, client)
	d.rooms(ctx, client, rooms, Encrypts && o.PickleKey != "")
	return d.all
}

type diagnosis struct{ all []Finding }

func (d *diagnosis) ok(format string, args ...any) {
	d.all = append(d.all, Finding{OK: true, Detail: fmt.Sprintf(format, args...)})
}

func (d *diagnosis) fault(mend, format string, args ...any) {
	d.all = append(d.all, Finding{Detail: fmt.Sprintf(format, args...), Mend: mend})
}

// versions looks whether there is a homeserver with the addresses that are
// used here, those of version 1.1 of the specification. Threads came with 1.4;
// Dendrite knows them and says 1.2.
func (d *diagnosis) versions(ctx context.Context, client *mautrix.Client) bool {
	v, err := client.Versions(ctx)
	if err != nil {
		d.fault("correct matrix.homeserver, or let this machine reach it", "%s cannot be asked: %s", client.HomeserverURL, cause(err))
		return false
	}
	if !v.ContainsGreaterOrEqual(mautrix.SpecV11) {
		d.fault("update the homeserver", "%s is too old: its newest version of Matrix is %s", client.HomeserverURL, v.GetLatest())
		return true
	}
	d.ok("%s answers, and knows Matrix up to %s", client.HomeserverURL, v.GetLatest())
	return true
}

func (d *diagnosis) encryption(o *Options) {
	switch {
	case !Encrypts:
		d.fault("take the release build, made with: make release", "this build cannot use encrypted rooms")
	case o.PickleKey == "":
		d.fault("set BRIEFDESK_MATRIX_PICKLE_KEY, for example to what openssl rand -base64 32 prints", "encrypted rooms are off")
	}
	if o.Secret == "" {
		d.fault("set BRIEFDESK_SECRET_KEY, for example to what openssl rand -base64 32 prints", "the sign-in cannot be kept: the bot signs in anew at each start")
	}
}

// account looks whether the token that is at hand works. It reports whether
// there is one.
func (d *diagnosis) account(ctx context.Context, c *Chat, client *mautrix.Client) bool {
	token := ""
	if c.o.Keep != nil {
		token = c.keptToken(ctx)
	}
	if token == "" {
		token = c.o.AccessToken
	}
	if token == "" {
		d.ok("%s has not signed in yet: briefdesk serve does", c.o.UserID)
		return false
	}
	client.AccessToken = token
	who, err := client.Whoami(ctx)
	switch {
	case errors.Is(err, mautrix.MUnknownToken) && c.o.Password != "":
		d.ok("the token of %s has died: briefdesk serve signs in again", c.o.UserID)
		return false
	case err != nil:
		d.fault("set BRIEFDESK_MATRIX_ACCESS_TOKEN to a new one, or BRIEFDESK_MATRIX_PASSWORD", "%s is not signed in: %s", c.o.UserID, cause(err))
		return false
	case who.UserID != id.UserID(c.o.UserID):
		d.fault("write the one that is meant in matrix.user_id, or set another token", "the token is of %s, not of %s", who.UserID, c.o.UserID)
		return false
	}
	client.DeviceID = who.DeviceID
	d.ok("%s is signed in as device %s", who.UserID, who.DeviceID)
	return true
}

// device looks whether others see the device as verified.
func (d *diagnosis) device(ctx context.Context, client *mautrix.Client) {
	if !Encrypts {
		return
	}
	resp, err := client.QueryKeys(ctx, &mautrix.ReqQueryKeys{DeviceKeys: map[id.UserID]mautrix.DeviceIDList{client.UserID: {}}})
	if err != nil {
		d.fault("try again", "the keys of the device cannot be asked for: %s", cause(err))
		return
	}
	const mend = "set up recovery for the bot's user in a client, set BRIEFDESK_MATRIX_RECOVERY_KEY to the recovery key, and start briefdesk serve"
	signing, has := resp.SelfSigningKeys[client.UserID]
	device, published := resp.DeviceKeys[client.UserID][client.DeviceID]
	switch {
	case !published:
		d.ok("the device has no keys yet: briefdesk serve publishes them")
	case !has:
		d.fault(mend, "the user has no cross-signing keys: people see a warning beside its messages")
	default:
		for name := range device.Signatures[client.UserID] {
			if strings.HasSuffix(string(name), ":"+string(signing.FirstKey())) {
				d.ok("the device is verified")
				return
			}
		}
		d.fault(mend, "the device is not verified: people see a warning beside its messages")
	}
}

// rooms looks at the rooms that the configuration names.
func (d *diagnosis) rooms(ctx context.Context, client *mautrix.Client, names []briefs.RoomID, encrypts bool) {
	joined, err := client.JoinedRooms(ctx)
	if err != nil {
		d.fault("try again", "the rooms cannot be asked for: %s", cause(err))
		return
	}
	d.ok("the bot is in %d rooms", len(joined.JoinedRooms))
	for _, name := range names {
		at, _, err := roomOf(name)
		if err != nil {
			continue // "matrix:dm" and the like
		}
		if !slices.Contains(joined.JoinedRooms, at) {
			d.fault("invite it there, as one of matrix.allow_invites_from", "%s: the bot is not in this room", name)
			continue
		}
		var e event.EncryptionEventContent
		err = client.StateEvent(ctx, at, event.StateEncryption, "", &e)
		switch {
		case errors.Is(err, mautrix.MNotFound):
			d.ok("%s: the bot is there", name)
		case err != nil:
			d.fault("try again", "%s: %s", name, cause(err))
		case !encrypts:
			d.fault("take the release build, and set BRIEFDESK_MATRIX_PICKLE_KEY", "%s is encrypted, and the bot can neither read nor write there", name)
		default:
			d.ok("%s: the bot is there, and the room is encrypted", name)
		}
	}
}
