package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"briefdesk/bot"
	"briefdesk/briefs"
)

// wrote is an event as a homeserver gives it.
func wrote(t testing.TB, kind, sender, content string) *event.Event {
	t.Helper()
	evt := &event.Event{}
	raw, err := json.Marshal(map[string]any{"type": kind, "sender": sender, "event_id": "$1", "origin_server_ts": 1, "content": json.RawMessage(content)})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, evt); err != nil {
		t.Fatal(err)
	}
	classify(evt)
	_ = evt.Content.ParseRaw(evt.Type)
	return evt
}

var cyber = surroundings{own: "@desk:example.org", names: []string{"Brief Desk", "desk"}, room: roomView{Name: "matrix:!r:example.org"}}

func TestDecode(t *testing.T) {
	const me = `"m.mentions":{"user_ids":["@desk:example.org"]}`
	for name, test := range map[string]struct {
		content string
		want    string // kind|command|text|addressed|thread; "" for nothing
	}{
		"mention":                {`{"msgtype":"m.text","body":"Brief Desk: why?",` + me + `}`, "text||why?|true|"},
		"mention without colon":  {`{"msgtype":"m.text","body":"Brief Desk why?",` + me + `}`, "text||why?|true|"},
		"mention in the middle":  {`{"msgtype":"m.text","body":"so, Brief Desk, why?",` + me + `}`, "text||so, Brief Desk, why?|true|"},
		"mention of another":     {`{"msgtype":"m.text","body":"bo: why?","m.mentions":{"user_ids":["@bo:example.org"]}}`, "text||bo: why?|false|"},
		"name, no m.mentions":    {`{"msgtype":"m.text","body":"desk: why?"}`, "text||why?|true|"},
		"name in capitals":       {`{"msgtype":"m.text","body":"BRIEF DESK, why?"}`, "text||why?|true|"},
		"at name":                {`{"msgtype":"m.text","body":"@desk why?"}`, "text||why?|true|"},
		"id":                     {`{"msgtype":"m.text","body":"@desk:example.org why?"}`, "text||why?|true|"},
		"id of a longer name":    {`{"msgtype":"m.text","body":"@desk:example.organic why?"}`, "text||@desk:example.organic why?|false|"},
		"about the bot":          {`{"msgtype":"m.text","body":"desk work is hard"}`, "text||desk work is hard|false|"},
		"a longer name":          {`{"msgtype":"m.text","body":"desktop: why?"}`, "text||desktop: why?|false|"},
		"pill of an old client":  {`{"msgtype":"m.text","body":"Brief Desk: why?","format":"org.matrix.custom.html","formatted_body":"<a href=\"https://matrix.to/#/@desk:example.org\">Brief Desk</a>: why?"}`, "text||why?|true|"},
		"name alone":             {`{"msgtype":"m.text","body":"desk"}`, "text|||true|"},
		"command":                {`{"msgtype":"m.text","body":"!Brief export controls since 30d"}`, "command|brief|export controls since 30d|true|"},
		"command to the bot":     {`{"msgtype":"m.text","body":"desk: !ask why?",` + me + `}`, "command|ask|why?|true|"},
		"command of another bot": {`{"msgtype":"m.text","body":"!asking why?"}`, "text||!asking why?|false|"},
		"exclamation":            {`{"msgtype":"m.text","body":"!"}`, "text||!|false|"},
		"thread":                 {`{"msgtype":"m.text","body":"and who?","m.relates_to":{"rel_type":"m.thread","event_id":"$root","is_falling_back":true,"m.in_reply_to":{"event_id":"$x"}}}`, "text||and who?|false|$root"},
		"reply fallback":         {`{"msgtype":"m.text","body":"> <@bo:b> desk: old?\n\nnew","m.relates_to":{"m.in_reply_to":{"event_id":"$x"}}}`, "text||new|false|"},
		"quoted, no reply":       {`{"msgtype":"m.text","body":"> <@bo:b> old?\n\nnew"}`, "text||> <@bo:b> old?\n\nnew|false|"},
		"emote":                  {`{"msgtype":"m.emote","body":"asks why"}`, "text||asks why|false|"},
		"notice":                 {`{"msgtype":"m.notice","body":"desk: why?",` + me + `}`, ""},
		"image":                  {`{"msgtype":"m.image","body":"desk: why?","url":"mxc://a/b"}`, ""},
		"file":                   {`{"msgtype":"m.file","body":"a.pdf","url":"mxc://a/b"}`, ""},
		"file without content":   {`{"msgtype":"m.file","body":"a.pdf",` + me + `}`, ""},
		"file for the bot":       {`{"msgtype":"m.file","body":"desk: add this","filename":"a.pdf","url":"mxc://a/b",` + me + `}`, "text||add this|true|+a.pdf"},
		"file by name alone":     {`{"msgtype":"m.file","body":"a.pdf","url":"mxc://a/b",` + me + `}`, "text|||true|+a.pdf"},
		"encrypted file":         {`{"msgtype":"m.file","body":"desk","filename":"b.pdf","info":{"size":-4},"file":{"url":"mxc://a/b","v":"v2"}}`, "text|||true|+b.pdf"},
		"file, by command":       {`{"msgtype":"m.file","body":"!sources add to cyber","filename":"b.pdf","url":"mxc://a/b"}`, "command|sources|add to cyber|true|+b.pdf"},
		"edit":                   {`{"msgtype":"m.text","body":"* desk: why?","m.new_content":{"msgtype":"m.text","body":"desk: why?"},"m.relates_to":{"rel_type":"m.replace","event_id":"$x"}}`, ""},
		"empty":                  {`{"msgtype":"m.text","body":" \n"}`, ""},
		"no body":                {`{}`, ""},
		"body of another kind":   {`{"msgtype":"m.text","body":7}`, ""},
	} {
		evt := wrote(t, "m.room.message", "@ana:example.org", test.content)
		got := ""
		if worth(evt) {
			if h, ok := decode(evt, &cyber); ok {
				e := h.Event
				got = strings.Join([]string{string(e.Kind), e.Command, e.Text, map[bool]string{true: "true", false: "false"}[e.Addressed], e.Thread}, "|")
				for _, f := range e.Files {
					got += "+" + f.Name
					if f.Ref == "" || f.Size < 0 {
						t.Errorf("%s: %+v", name, f)
					}
				}
				if h.Key != "matrix:$1" || e.Author != "matrix:@ana:example.org" || e.Message != "$1" || e.Room != "matrix:!r:example.org" {
					t.Errorf("%s: heard %+v", name, h)
				}
			}
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	own := wrote(t, "m.room.message", "@desk:example.org", `{"msgtype":"m.text","body":"desk: why?"}`)
	if _, ok := decode(own, &cyber); ok {
		t.Error("the bot hears itself")
	}
}

func TestReactions(t *testing.T) {
	for key, want := range map[string]bot.ActionID{"👍": bot.ActionGood, "👍️": bot.ActionGood, "👎🏿": bot.ActionWrong, "❤️": "", "": "", "👍👍": ""} {
		evt := wrote(t, "m.reaction", "@ana:example.org", `{"m.relates_to":{"rel_type":"m.annotation","event_id":"$a","key":"`+key+`"}}`)
		var got bot.ActionID
		if worth(evt) {
			h, _ := decode(evt, &cyber)
			got = h.Event.Action
			if h.Event.Receipt != "$a" || h.Event.Kind != bot.EventAction {
				t.Errorf("%q: %+v", key, h.Event)
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", key, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("m.room.message", `{"msgtype":"m.text","body":"desk: why?","m.mentions":{"user_ids":["@desk:example.org"]}}`)
	f.Add("m.room.message", `{"msgtype":"m.file","body":"desk: add this","filename":"a.pdf","file":{"url":"mxc://a/b","key":{"k":"x"},"hashes":{"sha256":"y"}}}`)
	f.Add("m.reaction", `{"m.relates_to":{"rel_type":"m.annotation","event_id":"$a","key":"👍"}}`)
	f.Add("m.room.encrypted", `{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"x","session_id":"s"}`)
	f.Add("m.room.member", `{"membership":"join","displayname":"`+strings.Repeat("x", 300)+`"}`)
	f.Fuzz(func(t *testing.T, kind, content string) {
		if !json.Valid([]byte(content)) || kind == "" {
			return
		}
		evt := &event.Event{}
		raw, _ := json.Marshal(map[string]any{"type": kind, "sender": "@a:b", "event_id": "$1", "content": json.RawMessage(content)})
		if json.Unmarshal(raw, evt) != nil {
			return
		}
		classify(evt)
		_ = evt.Content.ParseRaw(evt.Type)
		relation(evt).GetThreadParent()
		repliedTo(evt)
		if !worth(evt) {
			return
		}
		h, ok := decode(evt, &cyber)
		if ok && len(h.Event.Text) > longest {
			t.Errorf("%d bytes of text", len(h.Event.Text))
		}
		if _, err := json.Marshal(h); err != nil {
			t.Error(err)
		}
	})
}

func refused(status int, body string) error {
	e := &mautrix.RespError{}
	_ = json.Unmarshal([]byte(body), e)
	resp := &http.Response{StatusCode: status, Header: http.Header{}}
	if e.ErrCode == "" {
		return mautrix.HTTPError{Response: resp}
	}
	return mautrix.HTTPError{Response: resp, RespError: e}
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want error
	}{
		"forbidden":    {refused(403, `{"errcode":"M_FORBIDDEN"}`), briefs.ErrNotFound},
		"no room":      {refused(404, `{"errcode":"M_NOT_FOUND"}`), briefs.ErrNotFound},
		"too large":    {refused(413, `{"errcode":"M_TOO_LARGE"}`), briefs.ErrInvalid},
		"limited":      {refused(429, `{"errcode":"M_LIMIT_EXCEEDED"}`), briefs.ErrUnavailable},
		"dead token":   {refused(401, `{"errcode":"M_UNKNOWN_TOKEN"}`), briefs.ErrUnavailable},
		"server fault": {refused(500, `{"errcode":"M_UNKNOWN"}`), errLost},
		"gateway":      {refused(502, `<html>`), errLost},
		"no answer":    {mautrix.HTTPError{WrappedError: errors.New("EOF")}, errLost},
	} {
		if err := fault(test.err, "room !r"); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		} else if test.want == errLost && (errors.Is(err, briefs.ErrUnavailable) || errors.Is(err, briefs.ErrNotFound) || errors.Is(err, briefs.ErrInvalid)) {
			t.Errorf("%s: %v is certain", name, err)
		}
	}
	gone := mautrix.HTTPError{WrappedError: &url.Error{Op: "Get", URL: "https://m.example/?access_token=secret", Err: errors.New("EOF")}}
	for _, err := range []error{fault(gone, "posting"), readFault(gone, "listening"), fault(context.DeadlineExceeded, "posting")} {
		if strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q is no clear line", err)
		}
	}
	if d := retryAfter(refused(429, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":700}`)); d != 700*time.Millisecond {
		t.Errorf("wait %v", d)
	}
	if d := retryAfter(refused(500, `{}`)); d != 0 {
		t.Errorf("wait %v", d)
	}
	if !softLogout(refused(401, `{"errcode":"M_UNKNOWN_TOKEN","soft_logout":true}`)) || softLogout(refused(401, `{"errcode":"M_UNKNOWN_TOKEN"}`)) {
		t.Error("soft logout is mistaken")
	}
}

func TestNames(t *testing.T) {
	for room, want := range map[briefs.RoomID]id.RoomID{"matrix:!a:b": "!a:b", "matrix:dm/!a:b": "!a:b", "matrix:!v12": "!v12"} {
		at, direct, err := roomOf(room)
		if err != nil || at != want || direct != strings.HasPrefix(string(room), directPrefix) {
			t.Errorf("%s: %s, %v, %v", room, at, direct, err)
		}
	}
	for _, room := range []briefs.RoomID{"slack:C1", "matrix:", "matrix:dm", "matrix:dm/", "matrix:#a:b", "!a:b", "matrix:!"} {
		if _, _, err := roomOf(room); !errors.Is(err, briefs.ErrNotFound) {
			t.Errorf("%s: %v", room, err)
		}
	}
	list := []string{"@ana:example.org", "*:example.net:8448"}
	for who, want := range map[id.UserID]bool{"@ana:example.org": true, "@bo:example.org": false, "@x:example.net:8448": true, "@x:example.net": false, "ana:example.org": false, "": false, "@": false} {
		if allowed(list, who) != want {
			t.Errorf("%q is allowed: %v", who, !want)
		}
	}
}

func TestSeal(t *testing.T) {
	b, err := newBox([]byte("a secret"))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := newBox([]byte("another"))
	sealed := b.seal("name", []byte("token"))
	if plain, ok := b.open("name", sealed); !ok || string(plain) != "token" {
		t.Errorf("%q, %v", plain, ok)
	}
	if _, ok := b.open("other", sealed); ok {
		t.Error("opens under another name")
	}
	if _, ok := other.open("name", sealed); ok {
		t.Error("opens with another secret")
	}
	if _, ok := b.open("name", sealed[:5]); ok || strings.Contains(string(sealed), "token") {
		t.Error("is not sealed")
	}
}

func TestTransactions(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range []briefs.DeliveryKey{"a", "a#1", "b"} {
		for piece := range 3 {
			id := transaction(key, piece)
			if seen[id] || id != transaction(key, piece) || strings.ContainsAny(id, "/?#%") {
				t.Errorf("%s", id)
			}
			seen[id] = true
		}
	}
}

// What fails again and again is told to the operator as an error once, and
// again when it failed anew.
func TestPauses(t *testing.T) {
	var p pauses
	for range 2 {
		loud := 0
		for range 20 {
			if p.level() == slog.LevelError {
				loud++
			}
			p.last = p.next()
		}
		if loud != 1 || p.last != longPause {
			t.Errorf("%d errors, and then every %v", loud, p.last)
		}
		p.last = 0
	}
}
