package faultserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
)

// desk is a server with a channel, and those who call it.
func desk(t *testing.T, o faultserver.Options) *faultserver.Server {
	t.Helper()
	o.Reference, o.Patience = referenceDir(t), 30*time.Second
	s := faultserver.New(t, o)
	s.AddUser(faultserver.User{ID: "U1", Name: "ana"})
	s.AddChannel(faultserver.Channel{ID: "C1", Name: "desk", Members: []string{"U1"}})
	return s
}

// call calls a method with a form, and returns what came; "lost" as the error
// when nothing did.
func call(t *testing.T, s *faultserver.Server, method string, pairs ...string) map[string]any {
	t.Helper()
	form := url.Values{"token": {faultserver.BotToken}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.PostForm(s.API()+method, form)
	if err != nil {
		return map[string]any{"error": "lost"}
	}
	defer resp.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return map[string]any{"error": fmt.Sprint(resp.StatusCode)} // no JSON
	}
	return out
}

func TestFaultsOfCalls(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault       faultserver.Fault
		first, then any // errors
		stands      int // messages after two calls
	}{
		{faultserver.Fault{Kind: faultserver.Limited, Times: 1, Wait: time.Second}, "ratelimited", nil, 1},
		{faultserver.Fault{Kind: faultserver.BrokenBefore, Times: 1}, "503", nil, 1},
		{faultserver.Fault{Kind: faultserver.BrokenAfter, Times: 1}, "503", nil, 2},
		{faultserver.Fault{Kind: faultserver.Cut, Times: 1}, "lost", nil, 2},
		{faultserver.Fault{Kind: faultserver.CutBefore, Times: 1}, "lost", nil, 1},
		{faultserver.Fault{Kind: faultserver.Late, Wait: 10 * time.Millisecond}, nil, nil, 2},
		{faultserver.Fault{Kind: faultserver.Refused, Error: "is_archived", Skip: 1}, nil, "is_archived", 1},
		{faultserver.Fault{Kind: faultserver.Refused, Error: "is_archived", Channel: "C2"}, nil, nil, 2},
	} {
		s := desk(t, faultserver.Options{})
		test.fault.Method = "chat.postMessage"
		s.Plan(test.fault)
		first := call(t, s, "chat.postMessage", "channel", "C1", "text", "a")["error"]
		then := call(t, s, "chat.postMessage", "channel", "C1", "text", "b")["error"]
		if first != test.first || then != test.then || len(s.Said("C1")) != test.stands {
			t.Errorf("%s: %v, then %v, and %d messages", test.fault.Kind, first, then, len(s.Said("C1")))
		}
		if v := s.Violations(); len(v) > 0 {
			t.Errorf("%s: %q", test.fault.Kind, v)
		}
	}
}

func TestLimitsAndErrors(t *testing.T) {
	t.Parallel()
	s := desk(t, faultserver.Options{Unlimited: true})
	s.AddChannel(faultserver.Channel{ID: "C2", Name: "old", Archived: true})
	s.AddChannel(faultserver.Channel{ID: "C3", Name: "other", Absent: true})
	section := func(n int) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("x", n) + `"}}`
	}
	many := func(n int, block string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(block+",", n), ",") + "]"
	}
	markdown := func(n int) string { return `{"type":"markdown","text":"` + strings.Repeat("x", n) + `"}` }
	for name, test := range map[string]struct {
		method string
		pairs  []string
		want   any
	}{
		"plain":             {"chat.postMessage", []string{"channel", "C1", "text", "a"}, nil},
		"4,000 characters":  {"chat.postMessage", []string{"channel", "C1", "text", strings.Repeat("ä", 4000)}, nil},
		"4,001":             {"chat.postMessage", []string{"channel", "C1", "text", strings.Repeat("ä", 4001)}, "msg_too_long"},
		"nothing":           {"chat.postMessage", []string{"channel", "C1"}, "no_text"},
		"archived":          {"chat.postMessage", []string{"channel", "C2", "text", "a"}, "is_archived"},
		"no member":         {"chat.postMessage", []string{"channel", "C3", "text", "a"}, "not_in_channel"},
		"nowhere":           {"chat.postMessage", []string{"channel", "C4", "text", "a"}, "channel_not_found"},
		"section of 3,000":  {"chat.postMessage", []string{"channel", "C1", "blocks", many(1, section(3000))}, nil},
		"section of 3,001":  {"chat.postMessage", []string{"channel", "C1", "blocks", many(1, section(3001))}, "invalid_blocks"},
		"an empty section":  {"chat.postMessage", []string{"channel", "C1", "blocks", many(1, section(0))}, "invalid_blocks"},
		"50 blocks":         {"chat.postMessage", []string{"channel", "C1", "blocks", many(50, section(3))}, nil},
		"51 blocks":         {"chat.postMessage", []string{"channel", "C1", "blocks", many(51, section(3))}, "invalid_blocks"},
		"12,000 together":   {"chat.postMessage", []string{"channel", "C1", "blocks", many(4, section(3000))}, nil},
		"15,000 together":   {"chat.postMessage", []string{"channel", "C1", "blocks", many(5, section(3000))}, "msg_blocks_too_long"},
		"markdown of 12 k":  {"chat.postMessage", []string{"channel", "C1", "blocks", many(2, markdown(6000))}, nil},
		"more markdown":     {"chat.postMessage", []string{"channel", "C1", "blocks", many(2, markdown(6001))}, "invalid_blocks"},
		"an unknown block":  {"chat.postMessage", []string{"channel", "C1", "blocks", `[{"type":"surprise"}]`}, "invalid_blocks"},
		"no such blocks":    {"chat.postMessage", []string{"channel", "C1", "blocks", `{`}, "invalid_blocks_format"},
		"two equal blocks":  {"chat.postMessage", []string{"channel", "C1", "blocks", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`}, "invalid_blocks"},
		"much metadata":     {"chat.postMessage", []string{"channel", "C1", "text", "a", "metadata", `{"event_type":"a","event_payload":{"a":"` + strings.Repeat("x", 16000) + `"}}`}, "metadata_too_large"},
		"only for a member": {"chat.postEphemeral", []string{"channel", "C1", "text", "a", "user", "U2"}, "user_not_in_channel"},
		"no such message":   {"chat.update", []string{"channel", "C1", "text", "a", "ts", "1.000001"}, "message_not_found"},
		"no such thread":    {"conversations.replies", []string{"channel", "C1", "ts", "1.000001"}, "thread_not_found"},
		"no trigger":        {"views.open", []string{"trigger_id", "1.2.3", "view", "{}"}, "invalid_trigger_id"},
		"a home too large":  {"views.publish", []string{"user_id", "U1", "view", `{"type":"home","blocks":` + many(100, section(2600)) + `}`}, "view_too_large"},
		"101 blocks":        {"views.publish", []string{"user_id", "U1", "view", `{"type":"home","blocks":` + many(101, section(3)) + `}`}, "invalid_arguments"},
		"100 blocks":        {"views.publish", []string{"user_id", "U1", "view", `{"type":"home","blocks":` + many(100, section(3)) + `}`}, nil},
		"no method":         {"chat.shout", nil, "unknown_method"},
	} {
		if got := call(t, s, test.method, test.pairs...); got["error"] != test.want {
			t.Errorf("%s: %v, want %v", name, got["error"], test.want)
		}
	}
	want := []string{"chat.shout: is no method of the reference"}
	if v := s.Violations(); !slices.Equal(v, want) {
		t.Errorf("%q", v)
	}
	call(t, s, "chat.postMessage", "text", "a", "unfurl_links", "perhaps", "colour", "red")
	if v := s.Violations()[1:]; !slices.Equal(v, []string{"chat.postMessage: channel is required", "chat.postMessage: colour is no argument", `chat.postMessage: unfurl_links is "perhaps", no boolean`}) {
		t.Errorf("%q", v)
	}
	s.Forbid("chat:write", "groups:history")
	if got := call(t, s, "chat.postMessage", "channel", "C1", "text", "a"); got["error"] != "missing_scope" || got["needed"] != "chat:write" {
		t.Errorf("%v", got)
	}
	if got := call(t, s, "conversations.history", "channel", "C1"); got["error"] != nil {
		t.Error(got["error"])
	}
	s.Revoke(faultserver.BotToken, "token_revoked")
	if got := call(t, s, "auth.test"); got["error"] != "token_revoked" {
		t.Errorf("%v", got)
	}
}

// A reply to a thread whose parent was deleted lands in the channel, as
// Slack has it; and posting has its pace.
func TestThreadsAndPace(t *testing.T) {
	t.Parallel()
	s := desk(t, faultserver.Options{})
	ts := s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: "what?"})
	call(t, s, "chat.postMessage", "channel", "C1", "text", "a", "thread_ts", ts)
	if got := s.Answers("C1", ts); len(got) != 1 {
		t.Errorf("%d replies", len(got))
	}
	s.Delete("C1", ts)
	call(t, s, "chat.postMessage", "channel", "C1", "text", "b", "thread_ts", ts)
	if got := s.Answers("C1", ""); len(got) != 1 || got[0].Text != "b" {
		t.Errorf("%+v", got)
	}
	posted, start := 0, time.Now()
	for range 10 {
		if call(t, s, "chat.postMessage", "channel", "C1", "text", "c")["error"] != "ratelimited" {
			posted++
		}
	}
	if took := time.Since(start); posted > 4+int(took.Seconds()) {
		t.Errorf("%d of 10 were posted within %v", posted, took)
	}
}

// Over HTTP the app is asked again at once, and later, and each request is
// signed.
func TestRedeliveryOverHTTP(t *testing.T) {
	t.Parallel()
	s := desk(t, faultserver.Options{Minute: 20 * time.Millisecond})
	var tried []string
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h := http.Header{}
		faultserver.Sign(h, faultserver.SigningSecret, time.Now(), body)
		if h.Get("X-Slack-Signature") != r.Header.Get("X-Slack-Signature") && h.Get("X-Slack-Request-Timestamp") == r.Header.Get("X-Slack-Request-Timestamp") {
			t.Error("the signature is wrong")
		}
		if !bytes.Contains(body, []byte(`"event_id"`)) {
			t.Errorf("%s", body)
		}
		tried = append(tried, r.Header.Get("X-Slack-Retry-Num"))
		if len(tried) < 4 {
			http.Error(w, "no", http.StatusInternalServerError)
		}
	}))
	defer app.Close()
	s.SetRequestURL(app.URL)
	s.Say(faultserver.Words{Channel: "C1", User: "U1", Text: "what?"})
	s.Await(t, "it is taken", s.Idle)
	if got := strings.Join(tried, ","); got != ",1,2,3" || len(s.Lost()) > 0 {
		t.Errorf("tried %q, lost %q", got, s.Lost())
	}
}
