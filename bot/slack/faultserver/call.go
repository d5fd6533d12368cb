package faultserver

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is one call of the Web API, or of a response URL ("response_url").
type Call struct {
	Method string
	Args   map[string]string // as they came; what is JSON stays JSON. Without the token
	Token  string
	At     time.Time
	Status int    // of HTTP; 0 where the connection was cut
	Error  string // empty when it went well
	Fault  Kind   // that was planned; empty for none
}

// Calls are the calls of a method so far, in order; of all methods for "".
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			all = append(all, c)
		}
	}
	return all
}

// failure is an error as the Web API tells it.
type failure struct {
	code   string
	needed string   // the scopes of missing_scope
	notes  []string // of invalid_blocks
}

func (f *failure) Error() string { return f.code }

func fail(code string, notes ...string) error { return &failure{code: code, notes: notes} }

// everywhere are the errors that any method may answer
// (https://docs.slack.dev/reference/methods/auth.test lists them).
var everywhere = []string{
	"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope", "not_allowed_token_type", "ratelimited",
	"invalid_arguments", "invalid_form_data", "fatal_error", "internal_error", "service_unavailable", "unknown_method", "missing_argument", "msg_too_long",
	"invalid_blocks", "msg_blocks_too_long", "metadata_too_large", "message_not_found", "channel_not_found", "user_not_found", "file_not_found", "thread_not_found", "not_found",
	"no_text", "is_archived", "not_in_channel",
}

type method func(*Server, *token, arguments) (map[string]any, error)

// methods are what the server can do. They run with the lock held.
var methods = map[string]method{
	"apps.connections.open": (*Server).open, "auth.test": (*Server).authTest, "oauth.v2.access": (*Server).access, "auth.revoke": (*Server).uninstall, "apps.uninstall": (*Server).uninstall,
	"chat.postMessage": (*Server).postMessage, "chat.postEphemeral": (*Server).postEphemeral, "chat.update": (*Server).update, "chat.delete": (*Server).deleteMessage,
	"chat.getPermalink": (*Server).permalink, "chat.unfurl": (*Server).unfurl, "chat.startStream": (*Server).startStream, "chat.appendStream": (*Server).appendStream, "chat.stopStream": (*Server).stopStream,
	"conversations.info": (*Server).info, "conversations.list": (*Server).list, "conversations.members": (*Server).members, "conversations.open": (*Server).openDirect,
	"conversations.history": (*Server).history, "conversations.replies": (*Server).replies, "conversations.join": (*Server).join, "users.conversations": (*Server).list,
	"users.info": (*Server).userInfo, "users.list": (*Server).userList, "bots.info": (*Server).botInfo, "team.info": (*Server).teamInfo,
	"views.open": (*Server).openView, "views.push": (*Server).pushView, "views.update": (*Server).updateView, "views.publish": (*Server).publish,
	"files.getUploadURLExternal": (*Server).uploadURL, "files.completeUploadExternal": (*Server).completeUpload,
	"reactions.add": (*Server).done, "reactions.remove": (*Server).done, "pins.add": (*Server).done, "bookmarks.add": (*Server).done,
	"assistant.threads.setStatus": (*Server).setStatus, "agents.sessions.setStatus": (*Server).setStatus, "assistant.threads.setTitle": (*Server).done, "assistant.threads.setSuggestedPrompts": (*Server).done,
}

// sizeOfCall is how long a body may be, in bytes. Slack publishes none; a call
// within all other limits stays below it.
const sizeOfCall = 4 << 20

// call serves the Web API.
func (s *Server) call(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	args, err := read(r)
	bearer, secret, basic := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "", false
	if id, pass, ok := r.BasicAuth(); ok {
		bearer, secret, basic = id, pass, true
	}
	c := Call{Method: name, Args: map[string]string{}, Token: bearer, At: time.Now(), Status: http.StatusOK}
	for k, v := range args {
		c.Args[k] = v.raw
	}
	if basic { // of a client, as OAuth has it
		args["client_id"], args["client_secret"] = argument{raw: bearer}, argument{raw: secret}
	} else if c.Token == "" {
		c.Token = args.text("token")
	}
	delete(c.Args, "token")
	for _, of := range []string{"client_secret", "code", "refresh_token"} {
		delete(c.Args, of)
	}

	plan := s.planned(name, args.text("channel"))
	c.Fault = plan.Kind
	var body map[string]any
	var wait time.Duration
	s.lock(func() {
		if err == nil {
			for _, amiss := range s.against(name, args) {
				s.violations = append(s.violations, name+": "+amiss)
			}
			switch {
			case plan.Kind == Limited:
				err, wait = fail("ratelimited"), plan.Wait
			case plan.Kind == Refused:
				err = fail(plan.Error)
			case plan.Kind == BrokenBefore || plan.Kind == CutBefore:
			default:
				body, wait, err = s.perform(name, c.Token, args)
			}
		}
		var f *failure
		if errors.As(err, &f) {
			c.Error = f.code
			body = map[string]any{"ok": false, "error": f.code}
			if f.code == "ratelimited" {
				c.Status = http.StatusTooManyRequests
			} else if ref, ok := s.reference[name]; ok && plan.Kind == "" && !slices.Contains(everywhere, f.code) && ref.Errors[f.code] == nil {
				s.violations = append(s.violations, "the server's own: "+name+" has no error "+f.code)
			}
			if f.needed != "" {
				body["needed"], body["provided"] = f.needed, strings.Join(slices.Sorted(maps.Keys(s.tokens[c.Token].scopes)), ",")
			}
			if len(f.notes) > 0 {
				var marked []string
				for _, n := range f.notes {
					marked = append(marked, "[ERROR] "+n)
				}
				body["errors"], body["response_metadata"] = f.notes, map[string]any{"messages": marked}
			}
		} else if err != nil {
			c.Status, c.Error = http.StatusBadRequest, err.Error()
		}
		switch plan.Kind {
		case BrokenBefore, BrokenAfter:
			c.Status = http.StatusServiceUnavailable
		case Cut, CutBefore:
			c.Status = 0
		}
		s.calls = append(s.calls, c)
		if t := s.tokens[c.Token]; t != nil && t.scopes != nil {
			w.Header().Set("X-OAuth-Scopes", strings.Join(slices.Sorted(maps.Keys(t.scopes)), ","))
		}
	})
	if plan.Kind == Late {
		pause(r.Context(), plan.Wait)
	}
	s.write(w, c.Status, body, wait)
}

// write answers; a status of 0 cuts the connection instead.
func (s *Server) write(w http.ResponseWriter, status int, body map[string]any, wait time.Duration) {
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second)))) // whole seconds, as Slack's
	}
	if status >= 500 {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "upstream connect error") // no JSON, as of the servers before Slack's
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// perform runs a method for the holder of a token. A wait is that of
// ratelimited. The lock is held.
func (s *Server) perform(name, holder string, args arguments) (map[string]any, time.Duration, error) {
	m, ok := methods[name]
	if !ok {
		return nil, 0, fail("unknown_method")
	}
	t := s.tokens[holder]
	if name != "oauth.v2.access" {
		switch {
		case holder == "":
			return nil, 0, fail("not_authed")
		case t == nil:
			return nil, 0, fail("invalid_auth")
		case t.revoked != "":
			return nil, 0, fail(t.revoked)
		case t.app != (name == "apps.connections.open"):
			return nil, 0, fail("not_allowed_token_type")
		}
		if needed := s.lacks(name, t, args); needed != "" {
			return nil, 0, &failure{code: "missing_scope", needed: needed}
		}
		if wait := s.limit(name, args); wait > 0 {
			return nil, wait, fail("ratelimited")
		}
	}
	body, err := m(s, t, args)
	if err != nil {
		return nil, 0, err
	}
	if body == nil {
		body = map[string]any{}
	}
	body["ok"] = true
	return body, 0, nil
}

// lacks returns the scopes that t would need; empty when it has one of them.
func (s *Server) lacks(name string, t *token, args arguments) string {
	needed := s.reference[name].scopes
	if name == "agents.sessions.setStatus" {
		needed = []string{"chat:write"}
	}
	if t.scopes == nil || len(needed) == 0 {
		return ""
	}
	if c := s.channels[args.text("channel")]; c != nil && len(needed) > 1 && strings.HasPrefix(name, "conversations.") {
		_, what, _ := strings.Cut(needed[0], ":")
		if what == "read" || what == "history" {
			needed = []string{c.needs(what)}
		}
	}
	if slices.ContainsFunc(needed, func(n string) bool { return t.scopes[n] }) {
		return ""
	}
	return strings.Join(needed, ",")
}

// allScopes are the scopes that any method needs, and that of downloads.
func (s *Server) allScopes() map[string]bool {
	all := map[string]bool{"files:read": true}
	for _, r := range s.reference {
		for _, n := range r.scopes {
			all[n] = true
		}
	}
	return all
}

// read takes the arguments of a call, from a form, from JSON or from the
// address.
func read(r *http.Request) (arguments, error) {
	args := arguments{}
	form := func(v url.Values) {
		for name, all := range v {
			args[name] = argument{raw: all[0]}
		}
	}
	form(r.URL.Query())
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return args, err
	}
	r.Body = http.MaxBytesReader(nil, r.Body, sizeOfCall)
	switch kind {
	case "application/json":
		var body map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil && err != io.EOF {
			return args, fail("invalid_arguments")
		}
		for name, raw := range body {
			a := argument{raw: string(raw)}
			switch raw[0] {
			case '"':
				a.json = "string"
				err = json.Unmarshal(raw, &a.raw)
			case '{':
				a.json = "object"
			case '[':
				a.json = "array"
			case 't', 'f':
				a.json = "boolean"
			case 'n':
				a.json, a.raw = "null", ""
			default:
				a.json = "number"
			}
			args[name] = a
		}
	case "multipart/form-data":
		err = r.ParseMultipartForm(sizeOfCall)
		form(r.PostForm)
	default:
		err = r.ParseForm()
		form(r.PostForm)
	}
	return args, err
}
