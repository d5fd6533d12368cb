package matrix

import (
	"context"
	"slices"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// Dendrite 0.15.2 leaves events out where it gives them by the page, which
// TestPagesLeaveOut measures: of 320 events that eight people wrote at the same
// time, pages of /messages of a hundred left 5 to 12 out, and pages of ten 82 to
// 112, for what stands at the end of a page hides what is equally deep. From or
// to the token of a sync they also leave out the first ones. /relations reads
// fifty and gives twenty of them. What it gives whole is /context, and
// /relations by twenty: nothing here depends on pages of another kind.
const (
	aroundSize = 100 // events that /context is asked for, half of them older: what Dendrite gives at most
	threadSize = 20  // events that /relations is asked for
	manyAround = 200 // how often /context is asked at most: 10,000 events
)

// back gives see the events of a room that are older than the one named from,
// newest first, and those near it that are newer, until see wants no more or
// the room begins. Each comes once; from comes not. It reports whether it came
// to the end, which it does not where there are too many.
func back(ctx context.Context, client *mautrix.Client, at id.RoomID, from id.EventID, see func(newer, older []*event.Event) (more bool)) (ended bool, err error) {
	seen := map[id.EventID]bool{from: true}
	fresh := func(all []*event.Event) (out []*event.Event) {
		for _, evt := range all {
			if !seen[evt.ID] {
				seen[evt.ID] = true
				out = append(out, evt)
			}
		}
		return out
	}
	for range manyAround {
		resp, err := client.Context(ctx, at, from, nil, aroundSize)
		if err != nil {
			return false, err
		}
		slices.Reverse(resp.EventsAfter)
		newer, older := fresh(resp.EventsAfter), fresh(resp.EventsBefore)
		if !see(newer, older) || len(older) == 0 {
			return true, nil
		}
		from = older[len(older)-1].ID
	}
	return false, nil
}

// newest is the page that a room ends with, newest first. It is whole but for
// those events that came at the same time as its last one.
func newest(ctx context.Context, client *mautrix.Client, at id.RoomID) ([]*event.Event, error) {
	resp, err := client.Messages(ctx, at, "", "", mautrix.DirectionBackward, nil, aroundSize)
	if err != nil {
		return nil, err
	}
	return resp.Chunk, nil
}
