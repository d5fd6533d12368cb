package main

import (
	"slices"
	"strings"

	"briefdesk/bot"
	"briefdesk/bot/console"
	"briefdesk/briefs"
	"briefdesk/config"
)

// anyRoom is the configuration of rooms that are not listed.
const anyRoom = "default"

// room is the configuration of a room by its own name. Direct messages are
// configured together: those of Slack, whose channels begin with D, as
// "slack:dm", or "slack:T0AB/dm" for one workspace, those of Matrix, "matrix:
// dm/!id:server", as "matrix:dm".
func (a *app) room(name string) (config.Room, bool) {
	if r, ok := a.cfg.Rooms[name]; ok {
		return r, true
	}
	platform, rest, _ := strings.Cut(name, ":")
	team, channel, several := strings.Cut(rest, "/")
	switch {
	case platform == "slack" && several && strings.HasPrefix(channel, "D"):
		if r, ok := a.cfg.Rooms["slack:"+team+"/dm"]; ok {
			return r, true
		}
	case platform == "slack" && strings.HasPrefix(rest, "D"):
	case platform == "matrix" && strings.HasPrefix(rest, "dm/"):
	default:
		return config.Room{}, false
	}
	r, ok := a.cfg.Rooms[platform+":dm"]
	return r, ok
}

// roomScope is what a room sees that is configured by its own name, or as a
// direct message.
func (a *app) roomScope(name string) (briefs.Scope, bool) {
	r, ok := a.room(name)
	return briefs.Only(r.Collections...), ok
}

// briefingScope is what the briefings of a room may quote: what the room sees.
// A room of the console is the operator's own file, and sees everything unless
// it is configured.
func (a *app) briefingScope(room briefs.RoomID) (briefs.Scope, bool) {
	if s, ok := a.roomScope(string(room)); ok {
		return s, true
	}
	if r, ok := a.cfg.Rooms[anyRoom]; ok {
		return briefs.Only(r.Collections...), true
	}
	if strings.HasPrefix(string(room), console.Prefix) {
		return briefs.Everything(), true
	}
	return briefs.Scope{}, false
}

// mayManage says who may change the briefings of a room: admins, and where the
// room is configured so, anyone.
func (a *app) mayManage(room briefs.RoomID, who string) bool {
	r, ok := a.room(string(room))
	if !ok {
		r = a.cfg.Rooms[anyRoom]
	}
	return r.Manage == "anyone" || slices.Contains(a.cfg.Admins, who)
}

// grant is what somebody in a room may see and do.
func (a *app) grant(w bot.Who) bot.Grant {
	scope, ok := a.briefingScope(w.Room)
	if !ok {
		return bot.Grant{}
	}
	r, ok := a.room(string(w.Room))
	if !ok {
		r = a.cfg.Rooms[anyRoom]
	}
	if w.External && !r.External {
		return bot.Grant{SetUp: true, Outsider: true}
	}
	return bot.Grant{
		SetUp: true, Scope: scope, Questions: r.ReplyTo == "questions",
		Manage: a.mayManage(w.Room, w.Author), Admin: slices.Contains(a.cfg.Admins, w.Author),
	}
}

// owners are the admins of a platform.
func (a *app) owners(platform string) []string {
	var all []string
	for _, who := range a.cfg.Admins {
		if strings.HasPrefix(who, platform+":") {
			all = append(all, who)
		}
	}
	return all
}
