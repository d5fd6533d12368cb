package faultserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// reference is what Slack publishes of a method.
type reference struct {
	Args map[string]struct {
		Required bool   `json:"required"`
		Type     string `json:"type"` // empty for any
		Desc     string `json:"desc"`
	} `json:"args"`
	Errors map[string]json.RawMessage `json:"-"`
	Listed json.RawMessage            `json:"errors"`
	Scopes json.RawMessage            `json:"scopes"`
	Rate   struct {
		Label string `json:"label"`
	} `json:"rate_limit"`

	scopes []string // of a bot's token: one of them
	minute int      // calls a minute; 0 for no such tier
}

// readReference reads one file a method; nothing from no folder.
func readReference(dir string) (map[string]reference, error) {
	all := map[string]reference{}
	if dir == "" {
		return all, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has no reference", dir)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var r reference
		if err := json.Unmarshal(data, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if err := json.Unmarshal(r.Listed, &r.Errors); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		var scopes struct {
			Bot []struct {
				Name string `json:"name"`
			} `json:"bot"`
		}
		if json.Unmarshal(r.Scopes, &scopes) == nil { // else it lists none
			for _, s := range scopes.Bot {
				r.scopes = append(r.scopes, s.Name)
			}
		}
		if m := tier.FindStringSubmatch(r.Rate.Label); m != nil {
			r.minute, _ = strconv.Atoi(m[1]) // digits, as the expression says
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = r
	}
	return all, err
}

var tier = regexp.MustCompile(`(\d+)\+ per minute`)

// unlisted are methods and arguments that Slack documents, and that the
// reference at hand lacks or has wrong.
var unlisted = map[string][]string{
	"agents.sessions.setStatus": {"channel_id", "thread_ts", "status"}, // https://docs.slack.dev/reference/methods/agents.sessions.setStatus
	"files.info":                {"file"},
	"users.conversations":       {"types"},
}

// instead are required arguments for which others may stand.
var instead = map[string]string{"chat.appendStream/markdown_text": "chunks"}

// mayBeEmpty is a required argument whose emptiness says something: it takes
// the status away (https://docs.slack.dev/reference/methods/assistant.threads.setStatus).
const mayBeEmpty = "assistant.threads.setStatus/status"

// against says what is amiss with a call, by the reference.
func (s *Server) against(method string, args arguments) []string {
	r, ok := s.reference[method]
	if !ok {
		if len(s.reference) > 0 && unlisted[method] == nil {
			return []string{"is no method of the reference"}
		}
		return nil
	}
	var amiss []string
	for _, name := range slices.Sorted(maps.Keys(r.Args)) {
		if _, given := args[name]; given && method+"/"+name == mayBeEmpty {
			continue
		}
		if r.Args[name].Required && args.text(name) == "" && args.text(instead[method+"/"+name]) == "" {
			amiss = append(amiss, name+" is required")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(args)) {
		a, known := r.Args[name]
		switch {
		case name == "token":
		case !known && !slices.Contains(unlisted[method], name):
			amiss = append(amiss, name+" is no argument")
		case known && !args[name].fits(a.Type):
			amiss = append(amiss, fmt.Sprintf("%s is %q, no %s", name, args.text(name), a.Type))
		case known:
			if m := atMost.FindStringSubmatch(a.Desc); m != nil {
				if most, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", "")); err == nil && length(args.text(name)) > most {
					amiss = append(amiss, fmt.Sprintf("%s has %d characters, at most %d", name, length(args.text(name)), most))
				}
			}
		}
	}
	return amiss
}

// atMost is how the reference bounds a text.
var atMost = regexp.MustCompile(`Limit this field to ([\d,]+) characters`)

// arguments of a call. A value is a string of a form, or JSON.
type arguments map[string]argument

type argument struct {
	raw  string // a form's value, a JSON string's text, or JSON
	json string // "string", "number", "boolean", "array", "object" or "null"; empty for a form's
}

func (a arguments) text(name string) string { return a[name].raw }

func (a arguments) is(name string) bool { return a[name].raw == "true" || a[name].raw == "1" }

// fits reports whether a value is of the reference's type. A form's values are
// all strings; arrays may then be lists with commas.
func (a argument) fits(kind string) bool {
	if a.json == "null" || a.raw == "" {
		return true
	}
	var value any
	parsed := json.Unmarshal([]byte(a.raw), &value) == nil
	switch kind {
	case "boolean":
		return a.json == "boolean" || a.json == "" && slices.Contains([]string{"true", "false", "1", "0"}, a.raw)
	case "integer", "number":
		_, err := strconv.ParseFloat(a.raw, 64)
		return err == nil && a.json != "string"
	case "array":
		if a.json != "" {
			return a.json == "array"
		}
		_, list := value.([]any)
		return list || !strings.ContainsAny(a.raw, "[]{}")
	case "object":
		_, object := value.(map[string]any)
		return parsed && object
	case "string":
		return a.json == "" || a.json == "string"
	}
	return true
}
