//go:build homeserver && goolm

package matrix

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"

	"briefdesk/bot/matrix/matrixtest"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// desk signs in with options, for keys only.
func desk(t *testing.T, hs *matrixtest.Server, log *strings.Builder, recovery string) *Chat {
	t.Helper()
	dir := t.TempDir()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(dir, "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	c, err := New(slog.New(slog.NewTextHandler(log, nil)), Options{
		Homeserver: hs.URL, UserID: "@desk:" + hs.Name, Password: matrixtest.Password, CryptoFile: filepath.Join(dir, "keys.db"), PickleKey: "pickle",
		RecoveryKey: recovery, Keep: lib, Secret: "a secret", Now: time.Now, Alone: true, AllowFrom: []string{"*:" + hs.Name},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, _, err := c.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// With the recovery key a new device is verified; with a wrong one it is not,
// and the operator is told.
func TestRecoveryKey(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	var log strings.Builder
	first := desk(t, hs, &log, "")
	recovery, err := generate(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, key string
		signed    bool
		said      string
	}{
		{"right", recovery, true, "verified with the recovery key"},
		{"none", "", false, "set BRIEFDESK_MATRIX_RECOVERY_KEY"},
		{"wrong", "EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd", false, "does not open the keys of the user"},
		{"no key at all", "nonsense", false, "does not open the keys of the user"},
	} {
		var log strings.Builder
		c := desk(t, hs, &log, test.key)
		has, signed, err := c.cipher.keys(t.Context())
		if err != nil || !has || signed != test.signed {
			t.Errorf("%s: has keys: %v, signed: %v, %v", test.name, has, signed, err)
		}
		if !strings.Contains(log.String(), test.said) {
			t.Errorf("%s: the log does not say %q:\n%s", test.name, test.said, log.String())
		}
		if test.key != "" && strings.Contains(log.String(), test.key) {
			t.Errorf("%s: the log shows the key", test.name)
		}
		verified := false
		for _, f := range Diagnose(t.Context(), c.o, nil) {
			verified = verified || f.OK && f.Detail == "the device is verified"
		}
		if verified != test.signed {
			t.Errorf("%s: Diagnose says verified: %v", test.name, verified)
		}
	}
}

// generate gives the user cross-signing keys, as a client does, and returns
// the recovery key.
func generate(ctx context.Context, c *Chat) (string, error) {
	mach := c.cipher.(*olmCipher).mach
	key, _, err := mach.GenerateAndUploadCrossSigningKeys(ctx, func(ui *mautrix.RespUserInteractive) any {
		return map[string]any{"type": "m.login.password", "identifier": map[string]any{"type": "m.id.user", "user": c.o.UserID}, "password": c.o.Password, "session": ui.Session}
	}, "")
	if err != nil {
		return "", err
	}
	if err := mach.SignOwnDevice(ctx, mach.OwnIdentity()); err != nil {
		return "", err
	}
	return key, mach.SignOwnMasterKey(ctx)
}

// Two processes never use one file of keys at a time.
func TestKeysAreLocked(t *testing.T) {
	hs := matrixtest.Start(t, matrixtest.Options{})
	hs.Register(t, "desk")
	var log strings.Builder
	first := desk(t, hs, &log, "")
	second, err := New(slog.New(slog.DiscardHandler), first.o)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := second.connect(t.Context()); err == nil || !strings.Contains(err.Error(), "another process uses it") {
		t.Errorf("the second: %v", err)
	}
	first.Close()
	if _, _, err := second.connect(t.Context()); err != nil {
		t.Errorf("when the first has ended: %v", err)
	}
	second.Close()
}
