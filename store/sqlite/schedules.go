package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"briefdesk/briefs"
)

// micros writes t for a column; 0 is none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment reads what micros wrote.
func moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// Schedules lists the schedules that the library knows, by id.
func (l *Library) Schedules(ctx context.Context) ([]briefs.Schedule, error) {
	rows, err := l.rows(ctx, `SELECT id, room, topics, moments, zone, quiet, catch_up, force, made, paused, through FROM schedules ORDER BY id`)
	if err != nil {
		return nil, l.explain(err)
	}
	type stored struct {
		briefs.Schedule
		topics  []byte
		through int64
	}
	found, err := collect(rows, func(s *stored) []any {
		return []any{&s.ID, &s.Room, &s.topics, &s.When, &s.Zone, &s.Quiet, &s.CatchUp, &s.Force, &s.Made, &s.Paused, &s.through}
	})
	if err != nil {
		return nil, l.explain(err)
	}
	all := make([]briefs.Schedule, len(found))
	for i, s := range found {
		if err := json.Unmarshal(s.topics, &s.Topics); err != nil {
			return nil, damaged(l.path, "the topics of schedule "+string(s.ID)+" cannot be read")
		}
		s.Through = moment(s.through)
		all[i] = s.Schedule
	}
	return all, nil
}

// PutSchedule adds s at now, or changes the one of its id. What is new, or is
// due at other moments from now on, owes nothing before now. s.Paused and
// s.Through are ignored: a paused schedule stays so. It returns ErrInvalid
// without an id, ErrConflict when one is made in a room and the other by the
// configuration.
func (l *Library) PutSchedule(ctx context.Context, s briefs.Schedule, now time.Time) error {
	if s.ID == "" {
		return briefs.Fault(briefs.ErrInvalid, "put schedule: it has no id")
	}
	topics, err := json.Marshal(append([]string{}, s.Topics...))
	if err != nil {
		return err
	}
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `INSERT INTO schedules (id, room, topics, moments, zone, quiet, catch_up, force, made, paused, through)
			VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,'',?10)
			ON CONFLICT (id) DO UPDATE SET room = ?2, topics = ?3, moments = ?4, zone = ?5, quiet = ?6, catch_up = ?7, force = ?8,
			through = CASE WHEN moments = ?4 AND zone = ?5 THEN through ELSE ?10 END WHERE made = ?9`,
			string(s.ID), string(s.Room), string(topics), s.When, s.Zone, string(s.Quiet), string(s.CatchUp), s.Force, s.Made, micros(now))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return briefs.Fault(briefs.ErrConflict, "schedule %s: the configuration and a room both made one of this name: rename one", s.ID)
	})
}

// PauseSchedule pauses a schedule; why is not empty. What was planned and not
// begun is skipped, what was begun is finished. It reports whether the
// schedule was not paused before, and returns ErrNotFound.
func (l *Library) PauseSchedule(ctx context.Context, id briefs.ScheduleID, why string, now time.Time) (changed bool, err error) {
	if why == "" {
		return false, briefs.Fault(briefs.ErrInvalid, "pause schedule %s: it needs a reason", id)
	}
	err = l.onSchedule(ctx, id, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `UPDATE schedules SET paused = ? WHERE id = ? AND paused = ''`, valid(why), string(id))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if changed = n > 0; err != nil || !changed {
			return err
		}
		return w.skipPlanned(ctx, id, "the schedule was paused: "+why, now)
	})
	return changed, err
}

// ResumeSchedule lets a paused schedule go on: it owes nothing before now. One
// that is not paused is left alone, unless its slots are planned beyond now,
// because a clock was ahead; it then goes on from now too. It reports whether
// it changed anything, and returns ErrNotFound.
func (l *Library) ResumeSchedule(ctx context.Context, id briefs.ScheduleID, now time.Time) (changed bool, err error) {
	err = l.onSchedule(ctx, id, func(ctx context.Context, w *writer) error {
		r, err := w.exec(ctx, `UPDATE schedules SET paused = '', through = ?2 WHERE id = ?1 AND (paused <> '' OR through > ?2)`, string(id), micros(now))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		changed = n > 0
		return err
	})
	return changed, err
}

// DeleteSchedule forgets a schedule. What was planned and not begun is
// skipped; its history stays. It returns ErrNotFound.
func (l *Library) DeleteSchedule(ctx context.Context, id briefs.ScheduleID, now time.Time) error {
	return l.onSchedule(ctx, id, func(ctx context.Context, w *writer) error {
		if _, err := w.exec(ctx, `DELETE FROM schedules WHERE id = ?`, string(id)); err != nil {
			return err
		}
		return w.skipPlanned(ctx, id, "the schedule was deleted", now)
	})
}

// onSchedule runs fn in a transaction when the schedule exists.
func (l *Library) onSchedule(ctx context.Context, id briefs.ScheduleID, fn func(context.Context, *writer) error) error {
	return l.record(ctx, func(ctx context.Context, w *writer) error {
		var n int
		if err := w.row(ctx, `SELECT count(*) FROM schedules WHERE id = ?`, string(id)).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return briefs.Fault(briefs.ErrNotFound, "there is no schedule %s: see them with: briefdesk schedule list", id)
		}
		return fn(ctx, w)
	})
}

// skipPlanned ends what is planned of a schedule and not begun. A claim on it
// is void.
func (w *writer) skipPlanned(ctx context.Context, id briefs.ScheduleID, why string, now time.Time) error {
	_, err := w.exec(ctx, `UPDATE deliveries SET state = ?, why = ?, ended = ?, token = token + 1 WHERE schedule = ? AND state = ? AND NOT by_hand`,
		string(briefs.Skipped), valid(why), micros(now), string(id), string(briefs.Planned))
	return err
}
