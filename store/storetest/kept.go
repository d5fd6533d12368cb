package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store"
)

func keptValues(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	check := func(prefix string, want ...string) {
		t.Helper()
		names, err := lib.KeptNames(ctx, prefix)
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("names of %q: %q, %v; want %q", prefix, names, err, want)
		}
	}
	check("")
	if _, err := lib.Kept(ctx, "slack/T1"); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("what was never kept: %v", err)
	}
	values := map[string][]byte{"slack/T1": {0, 255, '\n'}, "slack/T2": {}, "slack": []byte("x"), "slack%": []byte("y"), "slack_é/1": []byte("z"), "matrix/sync": []byte("s1")}
	for name, v := range values {
		if err := errors.Join(lib.Keep(ctx, name, []byte("before")), lib.Keep(ctx, name, v)); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.Keep(ctx, "nil", nil); err != nil {
		t.Error(err)
	}
	for name, v := range values {
		if got, err := lib.Kept(ctx, name); err != nil || !bytes.Equal(got, v) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, v)
		}
	}
	check("slack/", "slack/T1", "slack/T2")
	check("slack", "slack", "slack%", "slack/T1", "slack/T2", "slack_é/1")
	check("slack%", "slack%")
	check("slack_é", "slack_é/1")
	check("Slack")
	check("", "matrix/sync", "nil", "slack", "slack%", "slack/T1", "slack/T2", "slack_é/1")
	if err := errors.Join(lib.Drop(ctx, "slack/T1"), lib.Drop(ctx, "slack/T1"), lib.Drop(ctx, "never")); err != nil {
		t.Error(err)
	}
	check("slack/", "slack/T2")
	if err := lib.Keep(ctx, "", []byte("x")); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("without a name: %v", err)
	}
}
