package web

import (
	"context"
	"net/http"

	"briefdesk/briefs"
)

// visitor is who makes a request and what they may see. Its zero value sees
// nothing.
type visitor struct {
	scope    briefs.Scope
	operator bool   // sees every room's questions, gaps and briefings
	room     string // whose link was opened, or the room of a signed-in reader; empty for the operator
	link     string // the signature that was presented, carried on to addresses of the same document; empty otherwise
	name     string // of a signed-in reader
}

// rooms are the rooms whose questions v may see, as the Library methods take
// them: none means all, so it is only asked for where that is right.
func (v visitor) rooms() []string {
	if v.operator {
		return nil
	}
	return []string{v.room}
}

type visitorKey struct{}

func withVisitor(r *http.Request, v visitor) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
}

// visitorOf is who makes r; nobody when no gate let r through.
func visitorOf(r *http.Request) visitor {
	v, _ := r.Context().Value(visitorKey{}).(visitor)
	return v
}
