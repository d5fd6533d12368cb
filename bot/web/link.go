package web

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"briefdesk/briefs"
)

// Keys is where the keys that sign addresses are kept. Implementations are
// safe for concurrent use.
type Keys interface {
	// LinkKeys lists the keys that check, newest first: that one signs.
	LinkKeys(ctx context.Context) ([]briefs.LinkKey, error)
	// RotateLinkKey adds the key after newest, 0 for the first, and with
	// revoke drops the older ones. It returns ErrConflict when newest is not
	// the newest any more.
	RotateLinkKey(ctx context.Context, newest int, secret []byte, at time.Time, revoke bool) error
}

// LinkOptions says how addresses look. PublicURL, Days and Now are needed.
type LinkOptions struct {
	PublicURL string // where readers reach the pages, without a slash at the end
	// Unsigned makes addresses without signature, for pages that only the
	// operator reaches, on this machine.
	Unsigned bool
	Days     int    // whole UTC days that an address stays open after the day it was made on
	Secret   []byte // mixed into every key, so that the keys alone sign nothing; empty for none
	Now      func() time.Time
}

// Links makes the addresses of documents and briefings, and checks their
// signatures. It is safe for concurrent use.
//
// A signature binds the room, the document or briefing, and the last day on
// which it opens: the same quote has the same address all day long. It does
// not bind revision and span, which lead nowhere else.
type Links struct {
	keys Keys
	o    LinkOptions

	mu     sync.Mutex
	cached []briefs.LinkKey
	at     time.Time // when cached was read; zero for never
}

// NewLinks returns a maker of addresses; keys may be nil when o.Unsigned.
func NewLinks(keys Keys, o LinkOptions) *Links { return &Links{keys: keys, o: o} }

// keysStay is how long keys are used without asking for them again: the time
// that a rotation in another process takes to be noticed. keysRest keeps
// addresses with invented keys from asking at every request.
const (
	keysStay = 3 * time.Second
	keysRest = time.Second
)

// Document is the address, for those in room, of span in a revision of a
// document. The room is named as questions of it are recorded; empty is the
// command line, whose addresses open whatever the document's collection is.
// Revision 0 is the current one, an empty span the whole document. An error
// is one of the keys'; the address is then right, but not signed.
func (l *Links) Document(ctx context.Context, room string, id briefs.DocumentID, revision int, span briefs.Span) (string, error) {
	token, err := l.sign(ctx, grant{room: room, kind: kindDocument, id: string(id), day: l.lastDay()})
	return documentAddress(l.o.PublicURL, id, revision, span, token), err
}

// Quote is the address of a quote, like Document.
func (l *Links) Quote(ctx context.Context, room string, q briefs.Quote) (string, error) {
	d := q.Document()
	return l.Document(ctx, room, d.ID, d.Revision, q.Span())
}

// Briefing is the address of a posted briefing for those in the room that it
// was posted to.
func (l *Links) Briefing(ctx context.Context, room string, id briefs.BriefingID) (string, error) {
	token, err := l.sign(ctx, grant{room: room, kind: kindBriefing, id: string(id), day: l.lastDay()})
	address := l.o.PublicURL + "/briefings/" + url.PathEscape(string(id))
	if token != "" {
		address += "?k=" + token
	}
	return address, err
}

// The kinds of thing that a signature opens, in its bytes for ever.
const (
	kindDocument = 'd'
	kindBriefing = 'b'
)

// grant is what one signature permits: to those in room, one thing, until the
// end of a day.
type grant struct {
	room string
	kind byte
	id   string
	day  int // UTC days since 1970, the last one on which it opens
}

func dayOf(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }

func (l *Links) lastDay() int { return dayOf(l.o.Now()) + l.o.Days }

// A token is base64url without padding of: version, number of the key and
// last day as uvarints, the room, and the first macBytes of an HMAC-SHA256
// over all that, the kind and the id. 128 bits of it are more than can be
// tried (NIST SP 800-107, 5.1).
const (
	tokenVersion = 1
	macBytes     = 16
	longestToken = 1024 // a room's name is far shorter
)

// sign returns the token of g; empty with Unsigned.
func (l *Links) sign(ctx context.Context, g grant) (string, error) {
	if l.o.Unsigned {
		return "", nil
	}
	keys, err := l.current(ctx, 0)
	if err != nil {
		return "", err
	}
	if len(keys) == 0 {
		if keys, err = l.first(ctx); err != nil {
			return "", err
		}
	}
	key := keys[0]
	head := binary.AppendUvarint([]byte{tokenVersion}, uint64(key.ID))
	head = binary.AppendUvarint(head, uint64(g.day))
	head = append(head, g.room...)
	token := base64.RawURLEncoding.EncodeToString(append(head, l.mac(key.Secret, head, g)...))
	if len(token) > longestToken {
		return "", briefs.Fault(briefs.ErrInvalid, "room of %d bytes: its name is too long to sign for", len(g.room))
	}
	return token, nil
}

// first makes the first key of a library, unless another process just did.
func (l *Links) first(ctx context.Context) ([]briefs.LinkKey, error) {
	secret := make([]byte, sha256.Size)
	_, _ = rand.Read(secret) // never fails
	if err := l.keys.RotateLinkKey(ctx, 0, secret, l.o.Now().UTC(), false); err != nil && !errors.Is(err, briefs.ErrConflict) {
		return nil, fmt.Errorf("first link key: %w", err)
	}
	l.forget()
	keys, err := l.current(ctx, 0)
	if err == nil && len(keys) == 0 {
		err = briefs.Fault(briefs.ErrUnavailable, "link keys: there is none")
	}
	return keys, err
}

// mac binds head, the readable part of a token, to what g names.
func (l *Links) mac(secret, head []byte, g grant) []byte {
	if len(l.o.Secret) > 0 {
		mixed := hmac.New(sha256.New, l.o.Secret)
		mixed.Write([]byte("briefdesk link key\x00"))
		mixed.Write(secret)
		secret = mixed.Sum(nil)
	}
	m := hmac.New(sha256.New, secret)
	m.Write([]byte("briefdesk link\x00"))
	m.Write([]byte{g.kind})
	m.Write(binary.AppendUvarint(nil, uint64(len(g.id)))) // so that no id runs into head
	m.Write([]byte(g.id))
	m.Write(head)
	return m.Sum(nil)[:macBytes]
}

// open returns what token permits on the thing of this kind and id. It
// returns ErrNotFound for whatever is not genuine and errGone for what is,
// but has expired.
func (l *Links) open(ctx context.Context, token string, kind byte, id string) (grant, error) {
	g, number, head, mac, ok := parseToken(token)
	if !ok || l.o.Unsigned {
		return grant{}, briefs.ErrNotFound
	}
	keys, err := l.current(ctx, number)
	if err != nil {
		return grant{}, err
	}
	g.kind, g.id = kind, id
	secret, known := make([]byte, sha256.Size), false // an unknown key takes the time of a known one
	for _, k := range keys {
		if k.ID == number {
			secret, known = k.Secret, true
		}
	}
	if !hmac.Equal(mac, l.mac(secret, head, g)) || !known {
		return grant{}, briefs.ErrNotFound
	}
	if dayOf(l.o.Now()) > g.day {
		return grant{}, errGone
	}
	return g, nil
}

// parseToken takes a token apart. Each grant has one spelling alone: what
// encodes to another token is refused.
func parseToken(token string) (g grant, key int, head, mac []byte, ok bool) {
	if len(token) > longestToken || strings.ContainsAny(token, "\r\n") { // which the decoder passes over
		return grant{}, 0, nil, nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 3+macBytes || raw[0] != tokenVersion {
		return grant{}, 0, nil, nil, false
	}
	head, mac = raw[:len(raw)-macBytes], raw[len(raw)-macBytes:]
	number, rest, ok := uvarint(head[1:])
	if !ok {
		return grant{}, 0, nil, nil, false
	}
	day, room, ok := uvarint(rest)
	if !ok {
		return grant{}, 0, nil, nil, false
	}
	return grant{room: string(room), day: day}, number, head, mac, true
}

// uvarint reads a number of at most 31 bits in its shortest form.
func uvarint(b []byte) (n int, rest []byte, ok bool) {
	u, size := binary.Uvarint(b)
	if size <= 0 || u > 1<<31-1 || !bytes.Equal(binary.AppendUvarint(nil, u), b[:size]) {
		return 0, nil, false
	}
	return int(u), b[size:], true
}

// current returns the keys, newest first, asked for again after keysStay, or
// sooner when the one of this number is not among them; 0 is any.
func (l *Links) current(ctx context.Context, number int) ([]briefs.LinkKey, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	stay := keysStay
	if number != 0 && !holds(l.cached, number) {
		stay = keysRest
	}
	if age := l.o.Now().Sub(l.at); !l.at.IsZero() && age >= 0 && age < stay {
		return l.cached, nil
	}
	keys, err := l.keys.LinkKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("link keys: %w", err)
	}
	l.cached, l.at = keys, l.o.Now()
	return keys, nil
}

func (l *Links) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = time.Time{}
}

func holds(keys []briefs.LinkKey, number int) bool {
	for _, k := range keys {
		if k.ID == number {
			return true
		}
	}
	return false
}
