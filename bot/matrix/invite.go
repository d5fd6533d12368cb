package matrix

import (
	"context"
	"errors"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// keptInviter begins the names under which it is kept who invited the bot to a
// room.
const keptInviter = "invited/"

// invited accepts an invite from those who may, and declines others.
func (l *listener) invited(ctx context.Context, at id.RoomID, invite *mautrix.SyncInvitedRoom) {
	by := inviterIn(invite.State.Events, id.UserID(l.o.UserID))
	if !allowed(l.o.AllowFrom, by) {
		const why = "is not listed in matrix.allow_invites_from"
		l.log.Error("matrix: an invite is declined", "room", string(at), "from", string(by), "why", why)
		if _, err := l.client.LeaveRoom(ctx, at, &mautrix.ReqLeave{Reason: "The bot joins only where those invite it whom its operator lists."}); err != nil {
			l.log.Warn("matrix: declining failed", "room", string(at), "err", fault(err, "declining an invite"))
		}
		return
	}
	if err := l.o.Keep.Keep(ctx, l.kept(keptInviter+string(at)), []byte(by)); err != nil {
		l.log.Error("matrix: an invite", "room", string(at), "err", err)
		return
	}
	_, server := splitUser(string(by))
	if _, err := l.client.JoinRoom(ctx, string(at), &mautrix.ReqJoinRoom{Via: []string{server}}); err != nil {
		l.log.Error("matrix: joining failed", "room", string(at), "from", string(by), "err", fault(err, "joining"))
		if errors.Is(err, mautrix.MForbidden) || errors.Is(err, mautrix.MNotFound) { // it was withdrawn
			_, _ = l.client.LeaveRoom(ctx, at)
		}
		return
	}
	l.log.Info("matrix: joined", "room", string(at), "from", string(by))
}

// inviterIn is who invited own; empty where nobody did, or where that cannot be
// told: all but one of the events come unproven from the server that invites
// (https://spec.matrix.org/v1.16/client-server-api/#stripped-state), so those
// that name several people name nobody.
func inviterIn(events []*event.Event, own id.UserID) id.UserID {
	var by id.UserID
	for _, evt := range events {
		classify(evt)
		if evt.Type != event.StateMember || evt.GetStateKey() != string(own) {
			continue
		}
		if evt.Content.Parsed == nil {
			_ = evt.Content.ParseRaw(evt.Type)
		}
		if content, ok := evt.Content.Parsed.(*event.MemberEventContent); ok && content.Membership == event.MembershipInvite {
			if by != "" && by != evt.Sender {
				return ""
			}
			by = evt.Sender
		}
	}
	return by
}

// inviter is who brought the bot to a room that it has joined; empty where
// that cannot be told.
func (l *listener) inviter(ctx context.Context, at id.RoomID, join *event.Event) id.UserID {
	by, err := l.load(ctx, keptInviter+string(at))
	if err == nil && by != nil {
		return id.UserID(by)
	}
	return join.Unsigned.PrevSender
}

// left notes that the bot was removed from a room.
func (l *listener) left(at id.RoomID) {
	l.mu.Lock()
	known := l.rooms[at] != nil
	delete(l.told, at)
	l.mu.Unlock()
	l.forget(at)
	if known {
		l.log.Error("matrix: the bot is no longer in a room: nothing is posted there until somebody invites it again", "room", string(at))
	}
}
