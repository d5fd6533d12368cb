package main

import (
	"context"
	"slices"

	"briefdesk/bot/matrix"
	"briefdesk/briefs"
	"briefdesk/store/sqlite"
)

// diagnoseMatrix asks the homeserver whether the connection would work:
// versions, sign-in, device, and each room that the configuration names.
func (a *app) diagnoseMatrix(ctx context.Context) []diagnosis {
	if a.cfg.Matrix.Homeserver == "" {
		return nil
	}
	o := a.matrixOptions(nil)
	names := map[briefs.RoomID]bool{}
	for name := range a.cfg.Rooms {
		names[briefs.RoomID(name)] = true
	}
	lib, err := a.openAt(ctx, a.libraryPath(), sqlite.Options{MustExist: true, ReadOnly: true, Now: a.now})
	if err == nil { // else told of the library
		defer lib.Close()
		o.Keep = lib
		all, _ := a.schedules(ctx, lib)
		for _, l := range all {
			if l.state == stateActive {
				names[l.Room] = true
			}
		}
	}
	var rooms []briefs.RoomID
	for name := range names {
		if name.Platform() == "matrix" {
			rooms = append(rooms, name)
		}
	}
	slices.Sort(rooms)
	var checks []diagnosis
	for _, f := range matrix.Diagnose(ctx, o, rooms) {
		checks = append(checks, diagnosis{"matrix", f.OK, f.Detail, f.Mend})
	}
	return checks
}
