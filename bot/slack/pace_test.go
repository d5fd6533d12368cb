package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"briefdesk/briefs"
)

// Each channel has its turn once a second, in order; none waits for another,
// and a pause holds up those who wait already.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace()
		start := time.Now()
		var mu sync.Mutex
		at := map[string][]time.Duration{}
		var all sync.WaitGroup
		for _, line := range []string{"a", "b"} {
			for range 3 {
				all.Go(func() {
					if err := p.turn(t.Context(), line, postGap); err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					at[line] = append(at[line], time.Since(start))
				})
			}
		}
		time.Sleep(1500 * time.Millisecond)
		p.pause("b", 10*time.Second)
		all.Wait()
		if got, want := fmt.Sprint(at), "map[a:[0s 1s 2s] b:[0s 1s 11.5s]]"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		p.pause("a", time.Minute)
		before := time.Now()
		if err := p.turn(ctx, "a", postGap); !errors.Is(err, briefs.ErrUnavailable) || time.Since(before) > 0 {
			t.Error("a turn that comes too late is waited for:", err, time.Since(before))
		}
	})
}
