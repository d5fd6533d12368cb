package briefs_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"briefdesk/briefs"
)

func TestLinkKeyHidesItsSecret(t *testing.T) {
	k := briefs.LinkKey{ID: 7, Secret: []byte("confidential")}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		fmt.Fprintf(&out, verb+verb+"\n", k, []briefs.LinkKey{k})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", k)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", k)
	b, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	for _, secret := range []string{"confidential", "99 111 110", "636f6e66", "Y29uZml"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the secret was told as %s:\n%s", secret, out.String())
		}
	}
}
