// Package matrix connects the rooms of a Matrix homeserver, encrypted ones
// with the build tag goolm. Rooms are named matrix:!id, those of one person
// and the bot alone matrix:dm/!id, members matrix:@name:server.
//
// What the bot hears comes through /sync; how far it has read is kept after
// the handler of Run has kept the events, so that a crash loses none, and
// passes none twice that the keys do not tell apart. A message is sent under a
// transaction id made of its key and carries the key in its content, where
// Find reads it back. Kept are, under the names that begin with
// "matrix/@user:server/", the sign-in, sealed; how far was read; messages whose
// key is missing; rooms that took the place of others; rooms to talk to one
// person. Keys of encryption have a file of their own.
package matrix

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// Prefix begins the names of the rooms and members of this package, and
// directPrefix those of rooms of one person and the bot.
const (
	Prefix       = "matrix:"
	directPrefix = Prefix + "dm/"
)

// Options says how to reach the homeserver. Homeserver, UserID, Keep, Now and
// one of Password and AccessToken are needed.
type Options struct {
	Homeserver  string // https://matrix.example.org
	UserID      string // @desk:example.org
	Password    string // lets the bot sign in again when its token has died
	AccessToken string // of a device made for the bot; empty to sign in by Password

	// CryptoFile holds the keys of encryption, and PickleKey seals them there;
	// without either encrypted rooms are neither read nor written.
	CryptoFile string
	PickleKey  string
	// RecoveryKey signs the bot's device, so that others need not verify it.
	RecoveryKey string

	// AllowFrom are those whose invites are accepted, and who are no
	// outsiders though they are of another server: "@ana:example.org" or
	// "*:example.org".
	AllowFrom []string
	// Listed reports that the configuration lists a room by its name: it is a
	// room then also while nobody but the bot and one person is in it.
	Listed func(room briefs.RoomID) bool

	// Alone is for a process that posts and does not call Run: it connects
	// when it first posts.
	Alone bool

	Keep   Keeper
	Secret string // seals what is kept; empty to keep no tokens
	Now    func() time.Time
	Client *http.Client // nil for one of its own
}

// Keeper keeps small values by name; store.Keeper says what each method
// promises.
type Keeper interface {
	Keep(ctx context.Context, name string, value []byte) error
	Kept(ctx context.Context, name string) ([]byte, error)
	KeptNames(ctx context.Context, prefix string) ([]string, error)
	Drop(ctx context.Context, name string) error
}

// Chat is the connection. It is safe for concurrent use.
type Chat struct {
	log *slog.Logger
	o   Options
	box *box // nil to keep no tokens

	mu     sync.Mutex
	client *mautrix.Client // nil until signed in
	cipher cipher          // nil where encrypted rooms cannot be used
	rooms  map[id.RoomID]*room
	alone  chan struct{}               // one connects at a time, where Options.Alone is set
	lanes  map[id.RoomID]chan struct{} // one send at a time in each room
	sent   map[string]map[int]string   // of keys that are posted in part: receipts by piece
	names  []string                    // what the bot is called, besides its id
	told   map[id.RoomID]bool          // the operator knows that the bot cannot read this room
}

var (
	_ bot.Chat    = (*Chat)(nil)
	_ bot.Finder  = (*Chat)(nil)
	_ bot.Checker = (*Chat)(nil)
	_ bot.Busy    = (*Chat)(nil)
)

// New returns a Chat that is not connected yet. It returns ErrInvalid when
// something is missing.
func New(log *slog.Logger, o Options) (*Chat, error) {
	switch name, server := splitUser(o.UserID); {
	case o.Homeserver == "":
		return nil, briefs.Fault(briefs.ErrInvalid, "matrix.homeserver: is missing: write the address of the homeserver")
	case name == "" || server == "":
		return nil, briefs.Fault(briefs.ErrInvalid, "matrix.user_id: %q is not a Matrix id: write @name:server", o.UserID)
	case o.Password == "" && o.AccessToken == "":
		return nil, briefs.Fault(briefs.ErrInvalid, "matrix: there is nothing to sign in with: set BRIEFDESK_MATRIX_PASSWORD or BRIEFDESK_MATRIX_ACCESS_TOKEN")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: syncWait + time.Minute}
	}
	if o.Listed == nil {
		o.Listed = func(briefs.RoomID) bool { return false }
	}
	c := &Chat{log: log, o: o, alone: make(chan struct{}, 1), rooms: map[id.RoomID]*room{}, lanes: map[id.RoomID]chan struct{}{}, sent: map[string]map[int]string{}, told: map[id.RoomID]bool{}}
	if o.Secret != "" {
		b, err := newBox([]byte(o.Secret))
		if err != nil {
			return nil, err
		}
		c.box = b
	}
	return c, nil
}

// newClient is a client without a token.
func (c *Chat) newClient() (*mautrix.Client, error) {
	cli, err := mautrix.NewClient(c.o.Homeserver, id.UserID(c.o.UserID), "")
	if err != nil {
		return nil, briefs.Fault(briefs.ErrInvalid, "matrix.homeserver %q: %v", c.o.Homeserver, err)
	}
	cli.Client = c.o.Client
	cli.Log = zerolog.Nop() // what it would log holds text
	cli.UserAgent = "briefdesk"
	cli.ResponseSizeLimit = 256 << 20
	return cli, nil
}

// connected is the client and the cipher once Run has signed in. It returns
// ErrUnavailable before.
func (c *Chat) connected() (*mautrix.Client, cipher, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil {
		return nil, nil, briefs.Fault(briefs.ErrUnavailable, "matrix %s: is not signed in", c.o.Homeserver)
	}
	return c.client, c.cipher, nil
}

// connect is connected, which a process that posts alone becomes by it.
func (c *Chat) connect(ctx context.Context) (*mautrix.Client, cipher, error) {
	if client, crypt, err := c.connected(); err == nil || !c.o.Alone {
		return client, crypt, err
	}
	select {
	case c.alone <- struct{}{}:
		defer func() { <-c.alone }()
	case <-ctx.Done():
		return nil, nil, briefs.Fault(briefs.ErrUnavailable, "matrix: %v", ctx.Err())
	}
	if client, crypt, err := c.connected(); err == nil {
		return client, crypt, nil
	}
	if err := c.signIn(ctx); err != nil {
		return nil, nil, err
	}
	client, crypt, err := c.connected()
	if err != nil || crypt == nil {
		return client, crypt, err
	}
	// Whose devices changed stands in the next sync only, which is not kept:
	// what else stands there is for Run.
	at, err := c.readMark(ctx)
	if err != nil || at.Token == "" {
		return client, crypt, err
	}
	resp, err := client.FullSyncRequest(ctx, mautrix.ReqSync{Since: at.Token, FilterID: filter})
	if err != nil {
		return nil, nil, lookFault(err)
	}
	crypt.heard(ctx, resp, at.Token)
	return client, crypt, nil
}

// Close ends the use of a connection that Run did not make.
func (c *Chat) Close() { c.disconnect() }

// kept is the name under which a value is kept.
func (c *Chat) kept(what string) string { return "matrix/" + c.o.UserID + "/" + what }

// load reads a kept value; nil when there is none.
func (c *Chat) load(ctx context.Context, what string) ([]byte, error) {
	v, err := c.o.Keep.Kept(ctx, c.kept(what))
	if errors.Is(err, briefs.ErrNotFound) {
		return nil, nil
	}
	return v, err
}

// allowed reports whether an id or its server is listed.
func allowed(list []string, user id.UserID) bool {
	_, server := splitUser(string(user))
	return slices.Contains(list, string(user)) || server != "" && slices.Contains(list, "*:"+server)
}

// external reports that somebody is of another server and not listed.
func (c *Chat) external(user id.UserID) bool {
	_, own := splitUser(c.o.UserID)
	_, server := splitUser(string(user))
	return server != own && !allowed(c.o.AllowFrom, user)
}

// splitUser cuts "@name:server"; both are empty when it is none. A server may
// have a port.
func splitUser(user string) (name, server string) {
	rest, ok := strings.CutPrefix(user, "@")
	if !ok {
		return "", ""
	}
	name, server, _ = strings.Cut(rest, ":")
	return name, server
}

// roomOf is the homeserver's name of a room of ours; direct reports that it is
// one of one person and the bot. It returns ErrNotFound.
func roomOf(room briefs.RoomID) (at id.RoomID, direct bool, err error) {
	if rest, ok := strings.CutPrefix(string(room), directPrefix); ok {
		at, direct = id.RoomID(rest), true
	} else {
		at = id.RoomID(strings.TrimPrefix(string(room), Prefix))
	}
	if !strings.HasPrefix(string(room), Prefix) || len(at) < 2 || at[0] != '!' {
		return "", false, briefs.Fault(briefs.ErrNotFound, "room %q is none of Matrix: write matrix:!id:server", room)
	}
	return at, direct, nil
}
