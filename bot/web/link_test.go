package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

const publicURL = "https://desk.example.org"

// clock is a time that a test moves.
type clock struct{ at atomic.Int64 }

func newClock(t time.Time) *clock {
	c := &clock{}
	c.at.Store(t.UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

func openLibrary(t *testing.T, path string) store.Backend {
	t.Helper()
	lib, err := store.Open(t.Context(), discard(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return lib
}

func testLinks(t *testing.T) (*Links, *clock) {
	t.Helper()
	c := newClock(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	keys := openLibrary(t, filepath.Join(t.TempDir(), "l.db"))
	return NewLinks(keys, LinkOptions{PublicURL: publicURL, Days: 2, Now: c.now}), c
}

// tokenOf is the signature of a fresh address.
func tokenOf(t rapid.TB, l *Links, room string, id briefs.DocumentID) string {
	t.Helper()
	address, err := l.Document(context.Background(), room, id, 1, briefs.Span{Start: 3, End: 9})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("k")
}

func TestAddressForms(t *testing.T) {
	l, _ := testLinks(t)
	span := briefs.Span{Start: 812, End: 874}
	token := tokenOf(t, l, "slack:C1", "7f3a")
	for want, make := range map[string]func() (string, error){
		publicURL + "/d/7f3a?r=1&s=812-874&k=" + token + "#q": func() (string, error) { return l.Document(t.Context(), "slack:C1", "7f3a", 1, span) },
		publicURL + "/d/7f3a?k=" + token:                      func() (string, error) { return l.Document(t.Context(), "slack:C1", "7f3a", 0, briefs.Span{}) },
	} {
		if got, err := make(); got != want || err != nil {
			t.Errorf("got %s %v, want %s", got, err, want)
		}
	}
	local := NewLinks(nil, LinkOptions{PublicURL: "http://127.0.0.1:8088", Unsigned: true, Days: 2, Now: time.Now})
	got, err := local.Document(t.Context(), "", "a/b c?", 1, span)
	if want := "http://127.0.0.1:8088/d/a%2Fb%20c%3F?r=1&s=812-874#q"; got != want || err != nil {
		t.Errorf("got %s %v, want %s", got, err, want)
	}
	got, err = local.Briefing(t.Context(), "slack:C1", "w/1")
	if want := "http://127.0.0.1:8088/briefings/w%2F1"; got != want || err != nil {
		t.Errorf("got %s %v, want %s", got, err, want)
	}
	if _, err := local.open(t.Context(), token, kindDocument, "7f3a"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("a signature opens where none is made: %v", err)
	}
}

func TestTokenOpensItsThingUntilItsDay(t *testing.T) {
	l, c := testLinks(t)
	ctx := t.Context()
	token := tokenOf(t, l, "slack:C1", "a/b")
	if g, err := l.open(ctx, token, kindDocument, "a/b"); err != nil || g.room != "slack:C1" {
		t.Fatalf("%+v %v", g, err)
	}
	for _, other := range []struct {
		kind byte
		id   string
	}{{kindDocument, "a"}, {kindDocument, "a/b "}, {kindDocument, "A/b"}, {kindDocument, ""}, {kindBriefing, "a/b"}} {
		if _, err := l.open(ctx, token, other.kind, other.id); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("opens %c %q: %v", other.kind, other.id, err)
		}
	}
	c.advance(13*time.Hour + 59*time.Minute)
	if again := tokenOf(t, l, "slack:C1", "a/b"); again != token {
		t.Error("another address on the same day")
	}
	c.advance(48 * time.Hour) // the last minute of the second day after
	if _, err := l.open(ctx, token, kindDocument, "a/b"); err != nil {
		t.Errorf("on its last day: %v", err)
	}
	if again := tokenOf(t, l, "slack:C1", "a/b"); again == token {
		t.Error("the same address two days later")
	}
	c.advance(2 * time.Minute)
	if _, err := l.open(ctx, token, kindDocument, "a/b"); !errors.Is(err, errGone) {
		t.Errorf("after its last day: %v", err)
	}
	if _, err := l.open(ctx, token, kindDocument, "c"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("expired, and of another document: %v", err)
	}
}

// No other token and no other id opens: whatever is changed, added or left out.
func TestNoEditOpensProperty(t *testing.T) {
	l, _ := testLinks(t)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.StringN(0, 40, -1).Draw(t, "room")
		id := rapid.StringN(1, 20, -1).Draw(t, "id")
		token := tokenOf(t, l, room, briefs.DocumentID(id))
		if g, err := l.open(context.Background(), token, kindDocument, id); err != nil || g.room != room {
			t.Fatalf("its own: %+v %v", g, err)
		}
		edited := token
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		put := rapid.StringOfN(rapid.SampledFrom([]rune(alphabet+"=+/ \n\r.%")), 1, 3, -1).Draw(t, "put")
		switch rapid.SampledFrom([]string{"replace", "insert", "delete", "append", "cut", "bit"}).Draw(t, "edit") {
		case "replace":
			edited = token[:at] + put + token[min(len(token), at+len(put)):]
		case "insert":
			edited = token[:at] + put + token[at:]
		case "delete":
			edited = token[:at] + token[at+1:]
		case "append":
			edited += put
		case "cut":
			edited = token[:at]
		case "bit":
			raw, err := base64.RawURLEncoding.DecodeString(token)
			if err != nil {
				t.Fatal(err)
			}
			raw[at%len(raw)] ^= 1 << rapid.IntRange(0, 7).Draw(t, "of")
			edited = base64.RawURLEncoding.EncodeToString(raw)
		}
		if edited != token {
			if g, err := l.open(context.Background(), edited, kindDocument, id); err == nil || errors.Is(err, errGone) {
				t.Fatalf("%q opens as %q: %+v %v", edited, token, g, err)
			}
		}
		if other := rapid.StringN(0, 20, -1).Draw(t, "other"); other != id {
			if _, err := l.open(context.Background(), token, kindDocument, other); !errors.Is(err, briefs.ErrNotFound) {
				t.Fatalf("opens %q: %v", other, err)
			}
		}
	})
}

// What runs together in writing is signed apart.
func TestTokensOfNeighboursDiffer(t *testing.T) {
	l, _ := testLinks(t)
	seen := map[string]string{}
	for _, pair := range [][2]string{{"ab", "c"}, {"a", "bc"}, {"", "abc"}, {"abc", ""}, {"ab", "C"}} {
		token := tokenOf(t, l, pair[0], briefs.DocumentID(pair[1]))
		mac := token[len(token)-20:]
		if was, ok := seen[mac]; ok {
			t.Errorf("%q and %q are signed alike", pair, was)
		}
		seen[mac] = pair[0] + "|" + pair[1]
	}
}

func TestRotationIsNoticedAcrossProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	here, there := openLibrary(t, path), openLibrary(t, path)
	c := newClock(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	serving := NewLinks(here, LinkOptions{PublicURL: publicURL, Days: 2, Now: c.now})
	posting := NewLinks(there, LinkOptions{PublicURL: publicURL, Days: 2, Now: c.now})
	ctx := t.Context()
	opens := func(token string, want bool) {
		t.Helper()
		if _, err := serving.open(ctx, token, kindDocument, "a"); (err == nil) != want {
			t.Errorf("opens %v, want %v: %v", err == nil, want, err)
		}
	}
	rotate := func(newest int, revoke bool) {
		t.Helper()
		secret := make([]byte, 32)
		_, _ = rand.Read(secret)
		if err := there.RotateLinkKey(ctx, newest, secret, c.now(), revoke); err != nil {
			t.Fatal(err)
		}
	}
	first := tokenOf(t, posting, "slack:C1", "a")
	opens(first, true)
	rotate(1, false)
	c.advance(keysStay)
	second := tokenOf(t, posting, "slack:C1", "a")
	if second == first {
		t.Error("the old key signs")
	}
	opens(first, true)
	opens(second, true)
	rotate(2, true)
	c.advance(keysStay)
	opens(first, false)
	opens(second, false)
	third := tokenOf(t, posting, "slack:C1", "a")
	c.advance(keysRest) // a key that is not known yet is asked for sooner
	opens(third, true)
}

func TestSecretIsMixedIn(t *testing.T) {
	keys := openLibrary(t, filepath.Join(t.TempDir(), "l.db"))
	with := func(secret string) *Links {
		return NewLinks(keys, LinkOptions{PublicURL: publicURL, Days: 2, Now: time.Now, Secret: []byte(secret)})
	}
	token := tokenOf(t, with("one"), "r", "a")
	if _, err := with("one").open(t.Context(), token, kindDocument, "a"); err != nil {
		t.Error(err)
	}
	for _, other := range []string{"", "two"} {
		if _, err := with(other).open(t.Context(), token, kindDocument, "a"); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("secret %q opens: %v", other, err)
		}
	}
}

// Two processes that sign at the same time use one key.
func TestFirstKeyIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	libs := []store.Backend{openLibrary(t, path), openLibrary(t, path)}
	tokens := make([]string, 8)
	var wg sync.WaitGroup
	for i := range tokens {
		wg.Go(func() {
			tokens[i] = tokenOf(t, NewLinks(libs[i%2], LinkOptions{PublicURL: publicURL, Days: 2, Now: time.Now}), "r", "a")
		})
	}
	wg.Wait()
	for _, token := range tokens {
		if token != tokens[0] {
			t.Error("signed with different keys")
		}
	}
	if keys, err := libs[0].LinkKeys(t.Context()); err != nil || len(keys) != 1 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

// counted counts what is asked of keys, and fails on demand.
type counted struct {
	Keys
	reads atomic.Int32
	err   error
}

func (k *counted) LinkKeys(ctx context.Context) ([]briefs.LinkKey, error) {
	k.reads.Add(1)
	if k.err != nil {
		return nil, k.err
	}
	return k.Keys.LinkKeys(ctx)
}

func TestForgedKeysAreNotAskedFor(t *testing.T) {
	c := newClock(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	keys := &counted{Keys: openLibrary(t, filepath.Join(t.TempDir(), "l.db"))}
	l := NewLinks(keys, LinkOptions{PublicURL: publicURL, Days: 2, Now: c.now})
	token := tokenOf(t, l, "r", "a")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	raw[1] = 77 // the number of the key
	before := keys.reads.Load()
	for range 100 {
		if _, err := l.open(t.Context(), base64.RawURLEncoding.EncodeToString(raw), kindDocument, "a"); !errors.Is(err, briefs.ErrNotFound) {
			t.Fatal(err)
		}
		c.advance(10 * time.Millisecond)
	}
	if n := keys.reads.Load() - before; n > 1 {
		t.Errorf("keys were read %d times in a second", n)
	}

	// Keys that cannot be read are a fault, not a refusal; an address is
	// right all the same.
	keys.err = briefs.ErrUnavailable
	c.advance(keysStay)
	if _, err := l.open(t.Context(), token, kindDocument, "a"); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("open: %v", err)
	}
	address, err := l.Document(t.Context(), "r", "a", 1, briefs.Span{Start: 1, End: 2})
	if !errors.Is(err, briefs.ErrUnavailable) || address != publicURL+"/d/a?r=1&s=1-2#q" {
		t.Errorf("%s %v", address, err)
	}
}

func FuzzToken(f *testing.F) {
	l := NewLinks(oneKey{}, LinkOptions{PublicURL: publicURL, Days: 2, Now: time.Now})
	f.Add(tokenOf(f, l, "slack:C0123", "a"))
	f.Add(tokenOf(f, l, "", "a"))
	f.Add("")
	f.Add("AQ")
	f.Add(strings.Repeat("A", 2000))
	f.Add("AYGAAA" + strings.Repeat("A", 30))
	f.Fuzz(func(t *testing.T, token string) {
		g, key, head, mac, ok := parseToken(token)
		if !ok {
			return
		}
		if again := base64.RawURLEncoding.EncodeToString(append(head[:len(head):len(head)], mac...)); again != token {
			t.Errorf("%q has another spelling: %q", token, again)
		}
		if key < 0 || g.day < 0 || len(mac) != macBytes || !strings.HasSuffix(string(head), g.room) {
			t.Errorf("%q: %+v %d", token, g, key)
		}
	})
}

// oneKey is a library with one key, for fuzzing without a file.
type oneKey struct{}

func (oneKey) LinkKeys(context.Context) ([]briefs.LinkKey, error) {
	return []briefs.LinkKey{{ID: 1, Secret: make([]byte, 32)}}, nil
}

func (oneKey) RotateLinkKey(context.Context, int, []byte, time.Time, bool) error { return nil }
