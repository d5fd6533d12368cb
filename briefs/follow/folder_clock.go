package follow

import (
	"context"
	"time"
)

func (f *Follower) now() time.Time {
	if f.o.Now != nil {
		return f.o.Now().UTC()
	}
	return time.Now().UTC()
}

func (f *Follower) sleep(ctx context.Context, d time.Duration) error {
	if f.o.Sleep != nil {
		return f.o.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
