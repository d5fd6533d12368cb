package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store"
)

// oldLibrary has some documents to index anew, and may fail.
type oldLibrary struct {
	store.Backend
	left, steps int
	failAt      int // the step that fails
}

func (l *oldLibrary) Fold(context.Context, int) (int, error) { return 0, nil }

func (l *oldLibrary) Reindex(_ context.Context, most int, index func(*briefs.Document)) (int, error) {
	if l.steps++; l.steps == l.failAt {
		return 0, errors.New("disk full")
	}
	done := min(most, l.left)
	for range done {
		index(&briefs.Document{ID: "d", Text: "A lamp."})
	}
	l.left -= done
	return done, nil
}

func TestTend(t *testing.T) {
	a := &app{log: slog.New(slog.DiscardHandler)}
	for _, c := range []struct {
		name        string
		lib         oldLibrary
		left, steps int
	}{
		{"nothing old", oldLibrary{}, 0, 1},
		{"all of it", oldLibrary{left: 2*reindexStep + 1}, 0, 4},
		{"a fault", oldLibrary{left: 3 * reindexStep, failAt: 2}, 2 * reindexStep, 2},
	} {
		a.tend(context.Background(), &c.lib)
		if c.lib.left != c.left || c.lib.steps != c.steps {
			t.Errorf("%s: %d documents left after %d steps, want %d after %d", c.name, c.lib.left, c.lib.steps, c.left, c.steps)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	ended := oldLibrary{left: 1}
	if a.tend(ctx, &ended); ended.steps != 0 {
		t.Error("work began after the end")
	}
}
