package faultserver

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// View is a modal or a home tab.
type View struct {
	ID, Hash, User string
	root, previous string         // of the views below it
	Content        map[string]any // as it was sent
}

// trigger lets the app open one modal, for as long as Slack lets it: 3 s
// (https://docs.slack.dev/interactivity/handling-user-interaction).
type trigger struct {
	user string
	ends time.Time
	used bool
}

// Modal is the modal that a user sees; nothing for none.
func (s *Server) Modal(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stack := s.modals[user]; len(stack) > 0 {
		return *stack[len(stack)-1], true
	}
	return View{}, false
}

// Home is the home tab of a user; nothing before it was published.
func (s *Server) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.homes[user]; v != nil {
		return *v, true
	}
	return View{}, false
}

// CloseModals closes what a user sees.
func (s *Server) CloseModals(user string) { s.lock(func() { delete(s.modals, user) }) }

// parse checks a view; kind is what the method takes.
func (s *Server) parse(raw, kind string) (map[string]any, error) {
	var v map[string]any
	if json.Unmarshal([]byte(raw), &v) != nil {
		return nil, fail("invalid_arguments", "failed to match all allowed schemas [json-pointer:/view]")
	}
	k := &checker{files: s.files}
	if err := k.modal("/view", v, len(raw)); err != nil {
		return nil, err
	}
	if str(v, "type") != kind {
		return nil, fail("invalid_arguments", "unsupported type: "+str(v, "type")+" [json-pointer:/view/type]")
	}
	return v, nil
}

// show keeps a view. The lock is held.
func (s *Server) show(user string, content map[string]any) *View {
	v := &View{ID: s.name("V0"), User: user, Content: content}
	v.Hash = v.ID + ".1"
	s.views[v.ID] = v
	return v
}

func (v *View) json() map[string]any {
	out := map[string]any{"id": v.ID, "team_id": Team, "hash": v.Hash, "app_id": App, "bot_id": BotID, "root_view_id": cmp.Or(v.root, v.ID), "previous_view_id": nil, "state": map[string]any{"values": map[string]any{}}}
	if v.previous != "" {
		out["previous_view_id"] = v.previous
	}
	for name, value := range v.Content {
		out[name] = value
	}
	return out
}

// openView serves views.open: the view takes the place of what the user sees.
func (s *Server) openView(_ *token, args arguments) (map[string]any, error) {
	v, err := s.triggered(args)
	if err != nil {
		return nil, err
	}
	s.modals[v.User] = []*View{v}
	return map[string]any{"view": v.json()}, nil
}

// viewsMost is how many views may lie above each other.
const viewsMost = 3

// pushView serves views.push: the view lies above what the user sees.
func (s *Server) pushView(_ *token, args arguments) (map[string]any, error) {
	v, err := s.triggered(args)
	if err != nil {
		return nil, err
	}
	stack := s.modals[v.User]
	switch {
	case len(stack) == 0:
		return nil, fail("invalid_trigger_id") // of nothing that is open
	case len(stack) == viewsMost:
		return nil, fail("push_limit_reached")
	}
	v.root, v.previous = stack[0].ID, stack[len(stack)-1].ID
	s.modals[v.User] = append(stack, v)
	return map[string]any{"view": v.json()}, nil
}

// triggered makes the view of a call, for whom its trigger is.
func (s *Server) triggered(args arguments) (*View, error) {
	t := s.triggers[args.text("trigger_id")]
	switch {
	case t == nil:
		return nil, fail("invalid_trigger_id")
	case time.Now().After(t.ends):
		return nil, fail("expired_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	}
	content, err := s.parse(args.text("view"), "modal")
	if err != nil {
		return nil, err
	}
	t.used = true
	return s.show(t.user, content), nil
}

func (s *Server) updateView(_ *token, args arguments) (map[string]any, error) {
	v := s.views[args.text("view_id")]
	if id := args.text("external_id"); v == nil && id != "" {
		for _, o := range s.views {
			if str(o.Content, "external_id") == id {
				v = o
			}
		}
	}
	if v == nil {
		return nil, fail("not_found")
	}
	if h := args.text("hash"); h != "" && h != v.Hash {
		return nil, fail("hash_conflict")
	}
	content, err := s.parse(args.text("view"), str(v.Content, "type"))
	if err != nil {
		return nil, err
	}
	v.change(content)
	return map[string]any{"view": v.json()}, nil
}

func (v *View) change(content map[string]any) {
	n, _ := strconv.Atoi(v.Hash[len(v.ID)+1:]) // our own
	v.Content, v.Hash = content, v.ID+"."+strconv.Itoa(n+1)
}

func (s *Server) publish(_ *token, args arguments) (map[string]any, error) {
	user := args.text("user_id")
	if s.users[user] == nil {
		return nil, fail("invalid_arguments", "user_id")
	}
	content, err := s.parse(args.text("view"), "home")
	if err != nil {
		return nil, err
	}
	v := s.homes[user]
	if v == nil {
		v = s.show(user, content)
		s.homes[user] = v
	} else if h := args.text("hash"); h != "" && h != v.Hash {
		return nil, fail("hash_conflict")
	} else {
		v.change(content)
	}
	return map[string]any{"view": v.json()}, nil
}

func (s *Server) uploadURL(_ *token, args arguments) (map[string]any, error) {
	n, err := strconv.Atoi(args.text("length"))
	if err != nil || n < 1 {
		return nil, fail("invalid_arguments")
	}
	f := &File{ID: s.name("F0"), Name: args.text("filename"), AltText: args.text("alt_txt"), length: n}
	s.files[f.ID] = f
	return map[string]any{"upload_url": s.base + "/upload/" + f.ID, "file_id": f.ID}, nil
}

// upload takes the bytes of a file, as they are or in a form.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	if form, err := r.MultipartReader(); err == nil {
		for {
			part, err := form.NextPart()
			if err != nil {
				break
			}
			if part.FileName() != "" {
				body = part
				break
			}
		}
	}
	content, err := io.ReadAll(body)
	status := http.StatusOK
	s.lock(func() {
		f := s.files[r.PathValue("id")]
		if f == nil || err != nil || len(content) != f.length {
			status = http.StatusBadRequest
			s.violations = append(s.violations, "upload: "+strconv.Itoa(len(content))+" bytes are not what was announced")
			return
		}
		f.Content = content
	})
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(content))) // as Slack does
}

// download gives the content of a file to who has the scope for it, and to all
// others the page to sign in, as Slack does.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	s.lock(func() {
		t := s.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		f := s.files[r.PathValue("id")]
		switch {
		case t == nil || t.scopes != nil && !t.scopes["files:read"]:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Slack</title>Sign in")
		case f == nil || f.Name != r.PathValue("name"):
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("Content-Type", f.Type)
			_, _ = w.Write(f.Content)
		}
	})
}

func (s *Server) completeUpload(_ *token, args arguments) (map[string]any, error) {
	var named []struct{ ID, Title string }
	if json.Unmarshal([]byte(args.text("files")), &named) != nil || len(named) == 0 {
		return nil, fail("invalid_arguments")
	}
	m := Message{User: Bot, BotID: BotID, Via: "files.completeUploadExternal", Text: args.text("initial_comment")}
	var shown []any
	for _, n := range named {
		f := s.files[n.ID]
		if f == nil || f.Content == nil || f.done {
			return nil, fail("file_not_found")
		}
		f.Title = n.Title
		m.Files = append(m.Files, *f)
		shown = append(shown, map[string]any{"id": f.ID, "title": f.Title})
	}
	if args.text("channel_id") != "" {
		c, err := s.writable(args)
		if err != nil {
			return nil, err
		}
		m.Thread = c.thread(args.text("thread_ts"))
		if args.text("blocks") != "" {
			if err := s.content(arguments{"blocks": args["blocks"], "text": args["initial_comment"]}, &m); err != nil {
				return nil, err
			}
		}
		s.heard(c, s.put(c, m))
	}
	for _, n := range named {
		s.files[n.ID].done = true
	}
	return map[string]any{"files": shown}, nil
}
