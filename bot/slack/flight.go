package slack

import (
	"context"
	"sync"
)

// flights lets those who ask the same at the same time wait for one answer. It
// is safe for concurrent use.
type flights struct {
	mu  sync.Mutex
	now map[string]chan struct{}
}

// alone calls fn, unless somebody does so already for the same key: then it
// waits for them, and reports false. fn is to remember what it brings.
func (f *flights) alone(ctx context.Context, key string, fn func()) bool {
	f.mu.Lock()
	other := f.now[key]
	if other == nil {
		if f.now == nil {
			f.now = map[string]chan struct{}{}
		}
		done := make(chan struct{})
		f.now[key] = done
		f.mu.Unlock()
		defer func() {
			f.mu.Lock()
			delete(f.now, key)
			f.mu.Unlock()
			close(done)
		}()
		fn()
		return true
	}
	f.mu.Unlock()
	select {
	case <-other:
	case <-ctx.Done():
	}
	return false
}
