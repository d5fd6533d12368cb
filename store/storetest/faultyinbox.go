package storetest

import (
	"context"
	"time"

	"briefdesk/briefs"
)

// Each method of store.Inbox and store.Keeper changes and tells nothing when
// Fault makes it fail.

// Receive fails or does its work.
func (f *Faulty) Receive(ctx context.Context, all []briefs.Incoming) (int, error) {
	if err := f.Fault("Receive"); err != nil {
		return 0, err
	}
	return f.Backend.Receive(ctx, all)
}

// Take fails or does its work.
func (f *Faulty) Take(ctx context.Context, platform, owner string, now time.Time, lease time.Duration) (briefs.Taken, bool, error) {
	if err := f.Fault("Take"); err != nil {
		return briefs.Taken{}, false, err
	}
	return f.Backend.Take(ctx, platform, owner, now, lease)
}

// Extend fails or does its work.
func (f *Faulty) Extend(ctx context.Context, t briefs.Taken, now time.Time, lease time.Duration) (briefs.Taken, error) {
	if err := f.Fault("Extend"); err != nil {
		return briefs.Taken{}, err
	}
	return f.Backend.Extend(ctx, t, now, lease)
}

// Compose fails or does its work.
func (f *Faulty) Compose(ctx context.Context, t briefs.Taken, replies []briefs.Outgoing, shown *briefs.Shown) (briefs.Taken, error) {
	if err := f.Fault("Compose"); err != nil {
		return briefs.Taken{}, err
	}
	return f.Backend.Compose(ctx, t, replies, shown)
}

// BeginReply fails or does its work.
func (f *Faulty) BeginReply(ctx context.Context, t briefs.Taken, n int) error {
	if err := f.Fault("BeginReply"); err != nil {
		return err
	}
	return f.Backend.BeginReply(ctx, t, n)
}

// RetractReply fails or does its work.
func (f *Faulty) RetractReply(ctx context.Context, t briefs.Taken, n int) error {
	if err := f.Fault("RetractReply"); err != nil {
		return err
	}
	return f.Backend.RetractReply(ctx, t, n)
}

// SentReply fails or does its work.
func (f *Faulty) SentReply(ctx context.Context, t briefs.Taken, n int, receipt string, now time.Time) error {
	if err := f.Fault("SentReply"); err != nil {
		return err
	}
	return f.Backend.SentReply(ctx, t, n, receipt, now)
}

// PutBack fails or does its work.
func (f *Faulty) PutBack(ctx context.Context, t briefs.Taken, why string, at time.Time) error {
	if err := f.Fault("PutBack"); err != nil {
		return err
	}
	return f.Backend.PutBack(ctx, t, why, at)
}

// End fails or does its work.
func (f *Faulty) End(ctx context.Context, t briefs.Taken, state briefs.IncomingState, why string, now time.Time) error {
	if err := f.Fault("End"); err != nil {
		return err
	}
	return f.Backend.End(ctx, t, state, why, now)
}

// CountIncoming fails or does its work.
func (f *Faulty) CountIncoming(ctx context.Context) (map[briefs.IncomingState]int, time.Time, error) {
	if err := f.Fault("CountIncoming"); err != nil {
		return nil, time.Time{}, err
	}
	return f.Backend.CountIncoming(ctx)
}

// ForgetIncoming fails or does its work.
func (f *Faulty) ForgetIncoming(ctx context.Context, before time.Time) (int, error) {
	if err := f.Fault("ForgetIncoming"); err != nil {
		return 0, err
	}
	return f.Backend.ForgetIncoming(ctx, before)
}

// Shown fails or does its work.
func (f *Faulty) Shown(ctx context.Context, id briefs.AnswerID) (briefs.Shown, error) {
	if err := f.Fault("Shown"); err != nil {
		return briefs.Shown{}, err
	}
	return f.Backend.Shown(ctx, id)
}

// ShownIn fails or does its work.
func (f *Faulty) ShownIn(ctx context.Context, room briefs.RoomID, thread string) ([]briefs.Shown, error) {
	if err := f.Fault("ShownIn"); err != nil {
		return nil, err
	}
	return f.Backend.ShownIn(ctx, room, thread)
}

// ShownAt fails or does its work.
func (f *Faulty) ShownAt(ctx context.Context, room briefs.RoomID, receipt string) (briefs.AnswerID, error) {
	if err := f.Fault("ShownAt"); err != nil {
		return "", err
	}
	return f.Backend.ShownAt(ctx, room, receipt)
}

// Posted fails or does its work.
func (f *Faulty) Posted(ctx context.Context, room briefs.RoomID, thread string) (bool, error) {
	if err := f.Fault("Posted"); err != nil {
		return false, err
	}
	return f.Backend.Posted(ctx, room, thread)
}

// RecordFeedback fails or does its work.
func (f *Faulty) RecordFeedback(ctx context.Context, said briefs.Feedback) error {
	if err := f.Fault("RecordFeedback"); err != nil {
		return err
	}
	return f.Backend.RecordFeedback(ctx, said)
}

// Feedback fails or does its work.
func (f *Faulty) Feedback(ctx context.Context, limit int, rooms ...string) ([]briefs.Feedback, error) {
	if err := f.Fault("Feedback"); err != nil {
		return nil, err
	}
	return f.Backend.Feedback(ctx, limit, rooms...)
}

// Keep fails or does its work.
func (f *Faulty) Keep(ctx context.Context, name string, value []byte) error {
	if err := f.Fault("Keep"); err != nil {
		return err
	}
	return f.Backend.Keep(ctx, name, value)
}

// Kept fails or does its work.
func (f *Faulty) Kept(ctx context.Context, name string) ([]byte, error) {
	if err := f.Fault("Kept"); err != nil {
		return nil, err
	}
	return f.Backend.Kept(ctx, name)
}

// KeptNames fails or does its work.
func (f *Faulty) KeptNames(ctx context.Context, prefix string) ([]string, error) {
	if err := f.Fault("KeptNames"); err != nil {
		return nil, err
	}
	return f.Backend.KeptNames(ctx, prefix)
}

// Drop fails or does its work.
func (f *Faulty) Drop(ctx context.Context, name string) error {
	if err := f.Fault("Drop"); err != nil {
		return err
	}
	return f.Backend.Drop(ctx, name)
}
