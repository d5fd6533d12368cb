package ask_test

import (
	"errors"
	"log/slog"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// Each mechanism has a name of its own and can be taken away; nothing else can.
func TestWithout(t *testing.T) {
	asker := ask.New(slog.New(slog.DiscardHandler), nil)
	seen := map[ask.Mechanism]bool{}
	for _, m := range ask.Mechanisms() {
		if seen[m] || m == "" {
			t.Errorf("%q is listed twice, or has no name", m)
		}
		seen[m] = true
		if less, err := asker.Without(m); err != nil || less == asker {
			t.Errorf("without %q: %v", m, err)
		}
	}
	if _, err := asker.Without("luck"); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("without luck: %v", err)
	}
}
