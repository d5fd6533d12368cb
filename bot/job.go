package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"briefdesk/briefs"
)

// job is one event that a Worker has taken.
type job struct {
	*Worker
	ctx context.Context // ends when the worker is to stop
	// work outlives ctx by a grace, and ends when another has taken the event.
	work   context.Context
	cancel context.CancelFunc
	renew  sync.WaitGroup
	t      briefs.Taken
	event  Event
	inRoom bool
	missed error // why a reply was refused that others do not hang on; nil for none
}

// job begins to work on t: its lease is prolonged until end.
func (w *Worker) job(ctx context.Context, t briefs.Taken) *job {
	j := &job{Worker: w, ctx: ctx, t: t}
	j.work, j.cancel = context.WithCancel(context.WithoutCancel(ctx))
	j.renew.Go(func() {
		tick := time.NewTicker(w.o.Lease / 3)
		defer tick.Stop()
		stopping := ctx.Done()
		var over <-chan time.Time
		for {
			select {
			case <-j.work.Done():
				return
			case <-stopping:
				stopping, over = nil, time.After(w.o.Grace)
			case <-over:
				j.cancel()
				return
			case <-tick.C:
				if _, err := w.inbox.Extend(j.work, t, w.o.Now(), w.o.Lease); errors.Is(err, briefs.ErrConflict) {
					j.cancel()
				}
			}
		}
	})
	return j
}

// end gives back what the job holds of the worker.
func (j *job) end() {
	j.cancel()
	j.renew.Wait()
	if j.inRoom {
		j.leave(j.event.Room)
	}
	<-j.slots
	j.Wake() // the next of the lane
}

// store is the context of what is told to the inbox: it is told also when the
// time of the job is up.
func (j *job) store() context.Context { return context.WithoutCancel(j.ctx) }

// ready makes the replies, unless they are fixed, and reports whether some are
// left to be sent.
func (j *job) ready() bool {
	if err := json.Unmarshal(j.t.Body, &j.event); err != nil {
		j.close(briefs.GivenUp, WorkGivenUp, fmt.Errorf("its body cannot be read: %w", err))
		return false
	}
	again, ok := j.enter(j.event.Room, j.o.Now())
	if !ok {
		j.told(j.inbox.PutBack(j.store(), j.t, "its room is busy", again))
		return false
	}
	j.inRoom = true
	if !j.t.Composed && !j.compose() {
		return false
	}
	if len(j.t.Replies) == 0 {
		j.close(briefs.Answered, WorkSilent, nil)
		return false
	}
	return true
}

// compose makes the replies and fixes them.
func (j *job) compose() bool {
	resp, err := j.respond()
	switch {
	case j.work.Err() != nil: // another has taken it
		return false
	case j.ctx.Err() != nil:
		j.told(j.inbox.PutBack(j.store(), j.t, "the process ended", j.o.Now()))
		return false
	case err != nil && j.t.Attempts < j.o.Attempts && !errors.Is(err, briefs.ErrDamaged):
		j.retry(err, j.o.Now().Add(j.backoff(j.t.Attempts)))
		return false
	case err != nil:
		j.log.ErrorContext(j.ctx, "a question could not be answered", "id", IncidentID(j.t.Key), "key", j.t.Key, "room", j.event.Room, "err", err)
		resp = j.by.Failed(j.t.Key, j.event, err)
		j.observe(WorkFailed, err)
	}
	t, err := j.inbox.Compose(j.store(), j.t, resp.Replies, resp.Shown)
	if !j.told(err) {
		return false
	}
	t.Aliases = j.t.Aliases
	j.t = t
	return true
}

// respond asks for the replies, and shows meanwhile that they are being made.
func (j *job) respond() (resp Response, err error) {
	ctx, cancel := context.WithCancel(j.ctx)
	defer cancel()
	stop := context.AfterFunc(j.work, cancel)
	defer stop()
	done := j.busy(ctx)
	defer done()
	defer func() {
		if p := recover(); p != nil { // the event of one person must not end the answers of all
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return j.by.Respond(ctx, j.t.Key, j.event)
}

// busy shows at the place of the answer that it is being made, when that takes
// its time and somebody waits.
func (j *job) busy(ctx context.Context) (done func()) {
	b, ok := j.chat.(Busy)
	e := &j.event
	if !ok || e.Kind != EventText && e.Kind != EventCommand || !e.Addressed && !e.Direct && e.Kind == EventText {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	shown := make(chan func(), 1)
	go func() {
		wait := time.NewTimer(j.o.BusyAfter)
		defer wait.Stop()
		select {
		case <-ctx.Done():
			shown <- func() {}
		case <-wait.C:
			shown <- b.Busy(ctx, e.Home(), Reading)
		}
	}()
	return func() {
		cancel()
		(<-shown)()
	}
}

// deliver sends the replies that are not sent. Where one is refused whose
// place is gone, those to other places are sent all the same; the last, which
// tells of them, only when one of them was.
func (j *job) deliver() {
	sent, last := false, len(j.t.Replies)-1
	for i := range j.t.Replies {
		switch {
		case j.t.Replies[i].Sent:
			sent = true
			continue
		case i == last && j.missed != nil && !sent:
			j.tell(j.t.Replies[i].Place, notThere)
			j.close(briefs.GivenUp, WorkGivenUp, j.missed)
			return
		case j.work.Err() != nil:
			return
		case j.ctx.Err() != nil:
			j.told(j.inbox.PutBack(j.store(), j.t, "the process ended", j.o.Now()))
			return
		}
		missed := j.missed
		if !j.reply(i + 1) {
			return
		}
		sent = sent || j.missed == missed
	}
	if j.missed != nil {
		j.close(briefs.GivenUp, WorkGivenUp, j.missed)
		return
	}
	j.observe(WorkAnswered, nil)
}

// reply sends reply n, unless it is there already, and reports whether it is,
// or is missed.
func (j *job) reply(n int) bool {
	r := &j.t.Replies[n-1]
	key := briefs.DeliveryKey(j.t.Key).Part(n)
	if r.Begun {
		receipt, found, err := j.find(r.Place, key)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			j.close(briefs.Unsure, WorkUnsure, errors.New("nobody can tell whether the reply was posted"))
			return false
		case errors.Is(err, briefs.ErrNotFound):
			j.close(briefs.GivenUp, WorkGivenUp, err)
			return false
		case err != nil:
			j.later(err, j.backoff(j.t.Attempts), briefs.Unsure, WorkUnsure)
			return false
		case found:
			return j.told(j.inbox.SentReply(j.store(), j.t, n, receipt, j.o.Now()))
		}
	}
	if !j.told(j.inbox.BeginReply(j.store(), j.t, n)) {
		return false
	}
	ctx, cancel := context.WithTimeout(j.work, j.o.Send)
	receipt, err := j.chat.Send(ctx, r.Outgoing, key)
	cancel()
	if err == nil {
		return j.told(j.inbox.SentReply(j.store(), j.t, n, receipt, j.o.Now()))
	}
	refused := errors.Is(err, briefs.ErrNotFound) || errors.Is(err, briefs.ErrInvalid)
	if !refused && !errors.Is(err, briefs.ErrUnavailable) { // it may have been posted: the platform is asked once it has settled
		j.later(err, max(j.o.Settle, j.backoff(j.t.Attempts)), briefs.Unsure, WorkUnsure)
		return false
	}
	if !j.told(j.inbox.RetractReply(j.store(), j.t, n)) {
		return false
	}
	if !refused {
		if j.ctx.Err() != nil {
			j.told(j.inbox.PutBack(j.store(), j.t, "the process ended", j.o.Now()))
			return false
		}
		j.later(err, j.backoff(j.t.Attempts), briefs.GivenUp, WorkGivenUp)
		return false
	}
	e := &j.event
	switch {
	case errors.Is(err, briefs.ErrInvalid):
		j.tell(r.Place, notShown)
	case n < len(j.t.Replies) && j.t.Replies[n].Place != r.Place:
		j.log.WarnContext(j.ctx, "a reply is left out: its place is gone, or closed to the bot", "id", IncidentID(j.t.Key), "reply", n, "err", err)
		j.missed = err
		return true
	case (e.Private || e.Own != "") && r.Only == "": // who asked can be told in another way
		j.tell(briefs.Place{Room: e.Room, Thread: e.Thread, Only: e.Author, Own: e.Own}, notThere)
	}
	j.close(briefs.GivenUp, WorkGivenUp, err)
	return false
}

// What is said of a reply that was refused.
const (
	notShown = "The answer cannot be shown here."
	notThere = "It could not be posted: the place is gone, or the bot is not in it. Invite it there and ask again."
)

func (j *job) find(at briefs.Place, key briefs.DeliveryKey) (receipt string, found bool, err error) {
	f, ok := j.chat.(Finder)
	if !ok {
		return "", false, errors.ErrUnsupported
	}
	ctx, cancel := context.WithTimeout(j.work, j.o.Send)
	defer cancel()
	return f.Find(ctx, at, key)
}

// tell says in one line that a reply was refused. It is tried once.
func (j *job) tell(at briefs.Place, what string) {
	resp, err := say(at, BlockText, what+" Tell the operator this id: "+IncidentID(j.t.Key))
	if err != nil {
		return
	}
	key := briefs.DeliveryKey(j.t.Key).Part(len(j.t.Replies) + 1)
	if _, found, err := j.find(at, key); found || err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return
	}
	ctx, cancel := context.WithTimeout(j.work, j.o.Send)
	defer cancel()
	if _, err := j.chat.Send(ctx, resp.Replies[0], key); err != nil {
		j.log.WarnContext(j.ctx, "a failure could not be told", "id", IncidentID(j.t.Key), "err", err)
	}
}

// later puts the event back for a while after a failure, until its deadline:
// then it ends in state.
func (j *job) later(err error, wait time.Duration, state briefs.IncomingState, kind WorkKind) {
	if j.o.Now().Sub(j.t.At) > j.o.Deadline {
		j.close(state, kind, err)
		return
	}
	j.retry(err, j.o.Now().Add(wait))
}

// retry puts the event back.
func (j *job) retry(err error, at time.Time) {
	why := line(err)
	j.log.WarnContext(j.ctx, "an answer is tried again", "id", IncidentID(j.t.Key), "room", j.event.Room, "attempt", j.t.Attempts, "err", why)
	j.observe(WorkRetry, err)
	j.told(j.inbox.PutBack(j.store(), j.t, why, at))
}

// close ends the event.
func (j *job) close(state briefs.IncomingState, kind WorkKind, err error) {
	if state != briefs.Answered {
		j.log.ErrorContext(j.ctx, "an answer ended without being posted, as far as is known", "id", IncidentID(j.t.Key), "key", j.t.Key, "room", j.event.Room, "state", state, "err", err)
	}
	j.observe(kind, err)
	j.told(j.inbox.End(j.store(), j.t, state, line(err), j.o.Now()))
}

// told reports whether the inbox took what it was told. What another has
// taken is theirs.
func (j *job) told(err error) bool {
	switch {
	case err == nil:
		return true
	case errors.Is(err, briefs.ErrConflict):
		j.log.InfoContext(j.ctx, "an event was taken over", "key", j.t.Key)
	default: // its lease runs out, and it is taken again
		j.log.ErrorContext(j.ctx, "the state of an answer is not kept", "id", IncidentID(j.t.Key), "key", j.t.Key, "err", err)
	}
	return false
}

func (j *job) observe(kind WorkKind, err error) {
	j.o.Observe(Work{Kind: kind, Room: j.event.Room, Took: j.o.Now().Sub(j.t.At), Why: line(err)})
}

// line is the text of err on one line; "" for none.
func line(err error) string {
	if err == nil {
		return ""
	}
	return known(err.Error())
}
