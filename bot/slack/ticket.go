package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// ticket is what a form is about. It stands in the private metadata of a view,
// signed: what comes back is what was given to this member of this workspace,
// whatever they send, so that nobody manages another room.
type ticket struct {
	Team   string          `json:"t"`
	Who    bot.Who         `json:"w"`
	Mark   string          `json:"n,omitempty"` // of the briefing: see nameMark
	Answer briefs.AnswerID `json:"a,omitempty"`
	// Where the answer stands, or the message that is asked about, as in Event.
	Thread  string `json:"h,omitempty"`
	Message string `json:"m,omitempty"`
	Private bool   `json:"p,omitempty"`
	Own     string `json:"x,omitempty"`
	List    string `json:"l,omitempty"` // the view below, which lists briefings
	Home    bool   `json:"o,omitempty"` // begun in App Home, which is then drawn anew
}

// ticketKey is the key of tickets made of what only the app and Slack know, so
// that forms outlive a restart.
func ticketKey(o Options) []byte {
	sum := sha256.Sum256([]byte("briefdesk slack forms 1\x00" + o.AppToken + "\x00" + o.SigningSecret))
	return sum[:]
}

// signed is t for the private metadata of a view.
func (t ticket) signed(key []byte) string {
	body, _ := json.Marshal(t) // strings and truth values: it cannot fail
	return base64.RawURLEncoding.EncodeToString(mac(key, body)) + "." + string(body)
}

// ticketOf reads what signed wrote. It returns ErrInvalid for anything else,
// and for a ticket of another workspace or member.
func ticketOf(key []byte, metadata, team, author string) (ticket, error) {
	var t ticket
	sum, body, _ := strings.Cut(metadata, ".")
	got, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil || !hmac.Equal(got, mac(key, []byte(body))) || json.Unmarshal([]byte(body), &t) != nil || t.Team != team || t.Who.Author != author {
		return ticket{}, briefs.Fault(briefs.ErrInvalid, "this form is out of date: close it and open it again")
	}
	return t, nil
}

func mac(key, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(body)
	return h.Sum(nil)
}
