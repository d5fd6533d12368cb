package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// Reading is shown while an answer is being made.
const Reading = "reading the library…"

// closed is the one line for who may ask nothing; "" for who may.
func closed(g Grant, w Who) string {
	switch {
	case !g.SetUp:
		return fmt.Sprintf("This room is not set up yet: ask the operator to list %q under rooms in the configuration.", string(w.Room))
	case g.Outsider && w.Unknown:
		return "It cannot be told just now whether you are a member of the team: try again in a minute."
	case g.Outsider:
		return "Questions from guests and from other organisations are not answered here: ask a member of the team."
	}
	return ""
}

// IncidentID is the id by which the operator finds in the log what befell the
// event of a key.
func IncidentID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:4])
}

// ErrorLine is one line about err for the person who asked. What errors of
// people are about is told as it is; of all else only an id, under which the
// caller has logged it.
func ErrorLine(err error, id string) string {
	line := strings.Join(strings.Fields(err.Error()), " ")
	switch {
	case errors.Is(err, briefs.ErrInvalid), errors.Is(err, briefs.ErrNotFound):
		if first, _ := cutWord(line); first != "" && first[0] < utf8.RuneSelf && !strings.ContainsAny(strings.TrimRight(first, ".:,"), "./") { // not an address or a file
			return strings.ToUpper(line[:1]) + line[1:]
		}
		return line
	case errors.Is(err, briefs.ErrUnavailable):
		return "The library cannot be reached just now. Try again in a minute; if it stays so, tell the operator this id: " + id
	}
	return "That failed, and it is not your fault. Tell the operator this id: " + id
}

// sign is what stands before a command in a room.
func (r *Responder) sign(room briefs.RoomID) string {
	if r.o.Sign != nil {
		return r.o.Sign(room.Platform())
	}
	return "/"
}

// examples are what can be written in a room.
func (r *Responder) examples(room briefs.RoomID) []string {
	sign := r.sign(room)
	return []string{
		sign + "ask why did the talks fail?",
		sign + "brief export controls since 30d",
		sign + "briefings add cyber every monday 09:00 Europe/Berlin",
		sign + "sources",
	}
}
