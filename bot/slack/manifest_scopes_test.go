package slack

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"briefdesk/bot"
)

// eventScopes are the scopes of events, as
// https://docs.slack.dev/reference/events has them. Where an event tells of
// several kinds of channel each kind has its own.
var eventScopes = map[string][]string{
	"app_home_opened": nil, "app_uninstalled": nil, "tokens_revoked": nil,
	"app_mention":           {"app_mentions:read"},
	"channel_shared":        {"channels:read", "groups:read"},
	"channel_unshared":      {"channels:read", "groups:read"},
	"link_shared":           {"links:read"},
	"member_joined_channel": {"channels:read", "groups:read"},
	"message.channels":      {"channels:history"},
	"message.groups":        {"groups:history"},
	"message.im":            {"im:history"},
	"message.mpim":          {"mpim:history"},
	"user_change":           {"users:read"},
}

// unreferenced are methods that shared/slack/methods lacks, by the text of
// slack-go v0.35.0.
var unreferenced = map[string][]string{"agents.sessions.setStatus": {"chat:write"}}

// linkMethods are called for links to the reading pages alone.
var linkMethods = []string{"chat.unfurl"}

// methodName is what a method of the Web API looks like.
var methodName = regexp.MustCompile(`^[a-z]+(\.[a-zA-Z0-9]+)+$`)

// scopesOf are the scopes that the app needs for a method, of those that its
// reference lists: a method that works on several kinds of channel lists one
// for each kind. Direct messages alone are opened.
func scopesOf(t *testing.T, method string) []string {
	if scopes, ok := unreferenced[method]; ok {
		return scopes
	}
	var ref struct {
		Scopes struct {
			Bot []struct {
				Name string `json:"name"`
			} `json:"bot"`
		} `json:"scopes"`
	}
	data, err := os.ReadFile(shared(t, "slack", "methods", method+".json"))
	if err != nil {
		t.Fatalf("%s is called, and no reference says what it needs: %v", method, err)
	}
	if err := json.Unmarshal(data, &ref); err != nil {
		// Methods without scopes have a list there.
		return nil
	}
	var names []string
	for _, s := range ref.Scopes.Bot {
		if method == "conversations.open" && s.Name != "im:write" {
			continue
		}
		names = append(names, s.Name)
	}
	return names
}

func parsed(t *testing.T, dir string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// sdkCalls maps each function of slack-go to the methods that it calls, also
// through others.
func sdkCalls(t *testing.T) map[string]map[string]bool {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/slack-go/slack").Output()
	if err != nil {
		t.Fatal(err)
	}
	direct, calls := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, f := range parsed(t, strings.TrimSpace(string(out))) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			name := fn.Name.Name
			if direct[name] == nil {
				direct[name], calls[name] = map[string]bool{}, map[string]bool{}
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && methodName.MatchString(s) {
						direct[name][s] = true
					}
				case *ast.SelectorExpr:
					calls[name][n.Sel.Name] = true
				}
				return true
			})
		}
	}
	all := map[string]map[string]bool{}
	var reach func(name string, seen map[string]bool) map[string]bool
	reach = func(name string, seen map[string]bool) map[string]bool {
		found := maps.Clone(direct[name])
		seen[name] = true
		for next := range calls[name] {
			// Only a method's forms with and without context call each other.
			if _, ok := direct[next]; ok && !seen[next] && (strings.HasSuffix(next, "Context") || strings.HasPrefix(next, "SendMessage")) {
				maps.Copy(found, reach(next, seen))
			}
		}
		return found
	}
	for name := range direct {
		all[name] = reach(name, map[string]bool{})
	}
	return all
}

// called are the methods of the Web API that this package calls: those of the
// functions of slack-go that it uses, and those that it names itself.
func called(t *testing.T) map[string]bool {
	sdk, found := sdkCalls(t), map[string]bool{}
	for _, f := range parsed(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
					for m := range sdk[sel.Sel.Name] {
						if isMethod(t, m) {
							found[m] = true
						}
					}
				}
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && isMethod(t, s) {
					found[s] = true
				}
			}
			return true
		})
	}
	return found
}

func isMethod(t *testing.T, s string) bool {
	if !methodName.MatchString(s) {
		return false
	}
	_, err := os.Stat(shared(t, "slack", "methods", s+".json"))
	return err == nil || unreferenced[s] != nil || slices.ContainsFunc([]string{"chat.", "conversations.", "users.", "views.", "files.", "agents.", "assistant.", "reactions.", "team.", "apps.", "oauth.", "auth.", "bots."},
		func(p string) bool { return strings.HasPrefix(s, p) })
}

// handled are the events that the decoder does something about.
func handled(t *testing.T) []string {
	var events []string
	for _, f := range parsed(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			fn, ok := n.(*ast.FuncDecl)
			if !ok || fn.Name.Name != "event" || fn.Recv == nil {
				return true
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if sw, ok := n.(*ast.SwitchStmt); ok {
					if sel, ok := sw.Tag.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Type" {
						return true
					}
					for _, c := range sw.Body.List {
						for _, e := range c.(*ast.CaseClause).List {
							if lit, ok := e.(*ast.BasicLit); ok {
								s, _ := strconv.Unquote(lit.Value)
								events = append(events, s)
							}
						}
					}
				}
				return true
			})
			return false
		})
	}
	slices.Sort(events)
	return slices.Compact(events)
}

// The app asks for the scopes of the methods that are called, of the events
// that are heard and of its commands, and for no other.
func TestManifestScopes(t *testing.T) {
	for _, pages := range []string{"", "https://read.example.org"} {
		o := ManifestOptions{Name: "B", Socket: true, Pages: pages}
		data, err := Manifest(o)
		if err != nil {
			t.Fatal(err)
		}
		var m manifest
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		_, opener := any((*Chat)(nil)).(bot.Opener)
		want := map[string]bool{ // https://docs.slack.dev/reference/scopes
			"commands":        len(m.Features.Commands) > 0,
			"assistant:write": m.Features.Agent.Description != "", // to act as an agent
			"files:read":      opener,                             // https://docs.slack.dev/reference/objects/file-object#authentication
		}
		for method := range called(t) {
			if pages == "" && slices.Contains(linkMethods, method) {
				continue
			}
			for _, s := range scopesOf(t, method) {
				want[s] = true
			}
		}
		for _, e := range m.Settings.Events.Bot {
			scopes, ok := eventScopes[e]
			if !ok {
				t.Errorf("the scopes of event %s are not known here", e)
			}
			for _, s := range scopes {
				want[s] = true
			}
		}
		if got, want := m.OAuth.Scopes.Bot, slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
			t.Errorf("pages %q:\n asks for %v\nand needs %v\nfor calls of %v", pages, got, want, slices.Sorted(maps.Keys(called(t))))
		}
	}
}

// The app is subscribed to the events that are dealt with, and to no other.
func TestManifestEvents(t *testing.T) {
	data, err := Manifest(ManifestOptions{Name: "B", Socket: true, Pages: "https://read.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range handled(t) {
		if e == "message" {
			want = append(want, "message.channels", "message.groups", "message.im", "message.mpim")
		} else {
			want = append(want, e)
		}
	}
	if got := m.Settings.Events.Bot; !slices.Equal(got, want) {
		t.Errorf("subscribed to %v\n and deals with %v", got, want)
	}
	for _, c := range m.Features.Commands {
		if commandOf(c.Command) == "" {
			t.Errorf("%s is no command of ours", c.Command)
		}
	}
}
