package matrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// opens is a cipher that says what decrypting comes to.
type opens struct {
	cipher
	err error
}

func (o opens) decrypt(context.Context, *event.Event) (*event.Event, error) { return nil, o.err }

// A message whose key was missing stays kept until it was heard or no key will
// open it. One that cannot be read at all does not end the process again and
// again, and the operator is told of those that are passed over.
func TestLateMessages(t *testing.T) {
	var logs bytes.Buffer
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	l := &listener{
		Chat:   &Chat{log: slog.New(slog.NewTextHandler(&logs, nil)), o: Options{Keep: lib, Now: time.Now, UserID: "@desk:example.org"}},
		client: &mautrix.Client{UserID: "@desk:example.org"}, late: map[id.EventID]*lateEvent{},
	}
	kept := func() int {
		names, err := lib.KeptNames(t.Context(), l.kept(keptLate))
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	for _, test := range []struct {
		err  error
		want int // how many are kept
		log  string
	}{
		{fmt.Errorf("%w: the disk is full", errKeys), 1, ""},
		{errors.New("a bad signature"), 0, "cannot be decrypted"},
		{nil, 0, "panic"}, // nothing was decrypted: that ends in one
	} {
		logs.Reset()
		evt := &event.Event{ID: "$1", RoomID: "!a:example.org", Sender: "@ana:example.org", Type: event.EventEncrypted}
		if err := l.keepLate(t.Context(), evt); err != nil {
			t.Fatal(err)
		}
		l.cipher = opens{err: test.err}
		if err := l.tryLate(t.Context()); (err != nil) != (test.want > 0) {
			t.Errorf("%v: %v", test.err, err)
		}
		if n := kept(); n != test.want || len(l.late) != test.want {
			t.Errorf("%v: %d are kept, want %d", test.err, n, test.want)
		}
		if !strings.Contains(logs.String(), test.log) {
			t.Errorf("%v: the log says %q", test.err, logs.String())
		}
	}
	for i := range manyLate {
		l.late[id.EventID(fmt.Sprint("$", i))] = &lateEvent{}
	}
	if err := l.keepLate(t.Context(), &event.Event{ID: "$more", RoomID: "!a:example.org"}); err != nil || !strings.Contains(logs.String(), "passed over") || kept() > 0 {
		t.Errorf("%v, kept %d, log %q", err, kept(), logs.String())
	}
}
