//go:build goolm

package matrix

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/rs/zerolog"
	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/crypto/olm"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
	"maunium.net/go/mautrix/sqlstatestore"
	"modernc.org/sqlite" // the driver of the file of keys

	"briefdesk/briefs"
)

// Encrypts reports whether this build can use encrypted rooms.
const Encrypts = true

// olmCipher is a cipher on Olm and Megolm
// (https://spec.matrix.org/v1.16/client-server-api/#end-to-end-encryption).
type olmCipher struct {
	db    *dbutil.Database
	mach  *crypto.OlmMachine
	rooms *sqlstatestore.SQLStateStore
	held  *os.File // keeps other processes out
}

// openCipher opens the file of keys for the device that client is signed in
// as, whose account in it carries the device's name: a new device begins anew
// beside the old one. It returns ErrInvalid when the file cannot be read with
// the pickle key, or the homeserver no longer knows the device's keys
// (errForgotten).
func openCipher(ctx context.Context, log *slog.Logger, client *mautrix.Client, o *Options) (cipher, error) {
	path, err := filepath.Abs(o.CryptoFile)
	if err != nil {
		return nil, err
	}
	held, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, briefs.Fault(briefs.ErrUnavailable, "matrix: file of keys %s: %v", o.CryptoFile, err)
	}
	if !lock(held) { // two at once would use one key twice, which no client accepts
		return nil, errors.Join(briefs.Fault(briefs.ErrUnavailable, "matrix: file of keys %s: another process uses it, such as briefdesk serve, which posts what is due", o.CryptoFile), held.Close())
	}
	c, err := openLocked(ctx, log, path, client, o)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	c.held = held
	return c, nil
}

func openLocked(ctx context.Context, log *slog.Logger, path string, client *mautrix.Client, o *Options) (*olmCipher, error) {
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err == nil { // for nobody else
		f.Close()
	}
	dsn := (&url.URL{Scheme: "file", Path: path}).String() + "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	db, err := dbutil.NewWithDialect(dsn, "sqlite")
	if err != nil {
		return nil, keysFault(o, err)
	}
	db.RawDB.SetMaxOpenConns(4)
	c, err := startCipher(ctx, log, db, client, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return c, nil
}

func startCipher(ctx context.Context, log *slog.Logger, db *dbutil.Database, client *mautrix.Client, o *Options) (*olmCipher, error) {
	quiet := zerolog.Nop()
	rooms := sqlstatestore.NewSQLStateStore(db, dbutil.NoopLogger, false)
	if err := rooms.Upgrade(ctx); err != nil {
		return nil, keysFault(o, err)
	}
	store := crypto.NewSQLCryptoStore(db, dbutil.NoopLogger, string(client.DeviceID), client.DeviceID, []byte(o.PickleKey))
	if err := store.DB.Upgrade(ctx); err != nil {
		return nil, keysFault(o, err)
	}
	mach := crypto.NewOlmMachine(client, &quiet, store, rooms)
	mach.IgnorePostDecryptionParseErrors = true
	if err := mach.Load(ctx); err != nil {
		if strings.Contains(err.Error(), "pickle") || errors.Is(err, olm.ErrBadMAC) || strings.Contains(err.Error(), "MAC") {
			return nil, briefs.Fault(briefs.ErrInvalid, "matrix: file of keys %s: cannot be opened with BRIEFDESK_MATRIX_PICKLE_KEY: set the key that it was made with, or move the file away to begin with a new device", o.CryptoFile)
		}
		return nil, keysFault(o, err)
	}
	c := &olmCipher{db: db, mach: mach, rooms: rooms}
	if err := c.publish(ctx, client); err != nil {
		return nil, err
	}
	if err := c.sign(ctx, log, o.RecoveryKey); err != nil {
		return nil, err
	}
	return c, nil
}

func keysFault(o *Options, err error) error {
	return briefs.Fault(briefs.ErrUnavailable, "matrix: file of keys %s: %v", o.CryptoFile, err)
}

// publish makes sure that the homeserver has the keys of this device.
func (c *olmCipher) publish(ctx context.Context, client *mautrix.Client) error {
	resp, err := client.QueryKeys(ctx, &mautrix.ReqQueryKeys{DeviceKeys: map[id.UserID]mautrix.DeviceIDList{client.UserID: {client.DeviceID}}})
	if err != nil {
		return fault(err, "the keys of this device")
	}
	shared := c.mach.GetAccount().Shared
	there, ok := resp.DeviceKeys[client.UserID][client.DeviceID]
	switch {
	case (!ok || len(there.Keys) == 0) && shared,
		ok && len(there.Keys) > 0 && (!shared || there.Keys.GetEd25519(client.DeviceID) != c.mach.OwnIdentity().SigningKey):
		return errForgotten
	case !shared:
		if err := c.mach.ShareKeys(ctx, -1); err != nil {
			return fault(err, "the keys of this device")
		}
	}
	return nil
}

// sign signs the device with the user's keys of cross-signing. What is wrong
// with them is told to the operator; rooms work without.
func (c *olmCipher) sign(ctx context.Context, log *slog.Logger, recovery string) error {
	has, signed, err := c.keys(ctx)
	switch {
	case err != nil:
		return err
	case signed:
		log.Info("matrix: the device is verified")
	case recovery == "" && has:
		log.Error("matrix: the device is not verified, and people see a warning beside its messages: set BRIEFDESK_MATRIX_RECOVERY_KEY")
	case recovery == "":
		log.Error("matrix: the user has no cross-signing keys, and people see a warning beside its messages: set up recovery for it in a client, and set BRIEFDESK_MATRIX_RECOVERY_KEY")
	case !has:
		log.Error("matrix: BRIEFDESK_MATRIX_RECOVERY_KEY is set, but the user has no cross-signing keys: set up recovery for it in a client")
	default:
		if err := c.mach.VerifyWithRecoveryKey(ctx, recovery); err != nil {
			log.Error("matrix: BRIEFDESK_MATRIX_RECOVERY_KEY does not open the keys of the user, and the device is not verified: copy the recovery key again", "err", err)
			return nil
		}
		log.Info("matrix: the device is verified with the recovery key")
	}
	return nil
}

func (c *olmCipher) keys(ctx context.Context) (has, signed bool, err error) {
	has, signed, err = c.mach.GetOwnVerificationStatus(ctx)
	if err != nil {
		return false, false, fault(err, "the keys of cross-signing")
	}
	return has, signed, nil
}

func (c *olmCipher) heard(ctx context.Context, resp *mautrix.RespSync, since string) {
	c.mach.ProcessSyncResponse(ctx, resp, since)
}

func (c *olmCipher) state(ctx context.Context, evt *event.Event) {
	mautrix.UpdateStateStore(ctx, c.rooms, evt)
	switch evt.Type {
	case event.StateMember:
		c.mach.HandleMemberEvent(ctx, evt)
	case event.StateHistoryVisibility:
		c.mach.HandleHistoryVisibility(ctx, evt)
	}
}

func (c *olmCipher) encrypted(ctx context.Context, room id.RoomID) (bool, error) {
	return c.rooms.IsEncrypted(ctx, room)
}

func (c *olmCipher) decrypt(ctx context.Context, evt *event.Event) (*event.Event, error) {
	plain, err := c.mach.DecryptMegolmEvent(ctx, evt)
	if errors.Is(err, crypto.ErrNoSessionFound) || errors.Is(err, olm.ErrUnknownMessageIndex) || errors.Is(err, crypto.ErrGroupSessionWithheld) {
		return nil, fmt.Errorf("%w: %w", errNoKey, err)
	}
	var failed *sqlite.Error
	if errors.As(err, &failed) || errors.Is(err, crypto.ErrRatchetError) { // the latter is of a write too
		return nil, fmt.Errorf("%w: %w", errKeys, err)
	}
	return plain, err
}

func (c *olmCipher) encrypt(ctx context.Context, room id.RoomID, kind event.Type, content any, members []id.UserID) (*event.EncryptedEventContent, error) {
	out, err := c.mach.EncryptMegolmEvent(ctx, room, kind, content)
	if err == nil || !crypto.IsShareError(err) {
		return out, err
	}
	if err := c.mach.ShareGroupSession(ctx, room, members); err != nil {
		return nil, err
	}
	return c.mach.EncryptMegolmEvent(ctx, room, kind, content)
}

func (c *olmCipher) request(ctx context.Context, evt *event.Event) error {
	content := evt.Content.AsEncrypted()
	//lint:ignore SA1019 old clients still say which device sent it
	device := content.DeviceID
	if device == "" {
		device = "*"
	}
	return c.mach.SendRoomKeyRequest(ctx, evt.RoomID, content.SenderKey, content.SessionID, "", map[id.UserID][]id.DeviceID{
		evt.Sender:           {device},
		c.mach.Client.UserID: {"*"},
	})
}

func (c *olmCipher) close() error {
	c.mach.Destroy()
	return errors.Join(c.db.Close(), c.held.Close())
}
