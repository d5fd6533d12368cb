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

	also   string // room of the link that a signed-in reader opened; empty otherwise
	opened place  // what link opens
	// sign signs for a document that is quoted in what the link opens; nil
	// where nothing else opens by it.
	sign func(id briefs.DocumentID) string
}

// linkOnly reports whether v is nobody but who holds a link.
func (v visitor) linkOnly() bool { return v.link != "" && v.name == "" }

// token is what the address of a document carries for v; empty for none.
func (v visitor) token(id briefs.DocumentID) string {
	switch {
	case v.link == "":
		return ""
	case v.opened.area == "d" && v.opened.id == string(id):
		return v.link
	case v.sign != nil:
		return v.sign(id)
	}
	return ""
}

// rooms are the rooms whose questions v may see, as the Library methods take
// them: none means all, so it is only asked for where that is right.
func (v visitor) rooms() []string {
	if v.operator {
		return nil
	}
	if v.also != "" {
		return []string{v.room, v.also}
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
