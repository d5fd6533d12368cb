package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// shared is the folder of test data that was not made here.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = "../../../shared"
	}
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("needs BRIEFDESK_SHARED")
	}
	return filepath.Join(append([]string{root}, path...)...)
}

// schemas checks JSON against Slack's own schemas, as far as they use JSON
// Schema draft 7. What it does not know fails, rather than passes.
type schemas struct {
	t    *testing.T
	byID map[string]map[string]any
}

func loadSchemas(t *testing.T) schemas {
	s := schemas{t, map[string]map[string]any{}}
	for _, name := range []string{"manifest.schema.json", "manifest.schema.1.0.0.json", "manifest.schema.2.0.0.json"} {
		var m map[string]any
		readJSON(t, shared(t, "slack", "manifest", name), &m)
		s.byID[name] = m
	}
	return s
}

func readJSON(t *testing.T, path string, to any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// check lists what is wrong with v, which stands at path, by a rule of the
// schema named doc.
func (s schemas) check(doc string, rule map[string]any, v any, path string) (wrong []string) {
	bad := func(format string, args ...any) {
		wrong = append(wrong, path+": "+fmt.Sprintf(format, args...))
	}
	passes := func(r any) bool { return len(s.check(doc, r.(map[string]any), v, path)) == 0 }
	for _, word := range slices.Sorted(maps.Keys(rule)) {
		want := rule[word]
		switch word {
		case "$ref":
			ref := want.(string)
			if name, ok := strings.CutPrefix(ref, "#/definitions/"); ok {
				wrong = append(wrong, s.check(doc, s.byID[doc]["definitions"].(map[string]any)[name].(map[string]any), v, path)...)
			} else {
				doc := filepath.Base(ref)
				wrong = append(wrong, s.check(doc, s.byID[doc], v, path)...)
			}
		case "allOf":
			for _, r := range want.([]any) {
				wrong = append(wrong, s.check(doc, r.(map[string]any), v, path)...)
			}
		case "anyOf":
			if !slices.ContainsFunc(want.([]any), passes) {
				bad("fits none of several")
			}
		case "oneOf":
			var fits []any
			var all []string
			for _, r := range want.([]any) {
				if passes(r) {
					fits = append(fits, r)
				}
				all = append(all, s.check(doc, r.(map[string]any), v, path)...)
			}
			if len(fits) != 1 {
				bad("fits %d of several: %v", len(fits), all)
			}
		case "not":
			if passes(want) {
				bad("is what it must not be")
			}
		case "const":
			if !reflect.DeepEqual(v, want) {
				bad("is not %v", want)
			}
		case "enum":
			if !slices.Contains(want.([]any), v) {
				bad("%v is none of %v", v, want)
			}
		case "type":
			if !isType(want, v) {
				bad("is no %v", want)
			}
		case "required", "properties", "additionalProperties", "patternProperties", "minProperties", "maxProperties":
			if m, ok := v.(map[string]any); ok {
				wrong = append(wrong, s.object(doc, word, rule, m, path)...)
			}
		case "items", "minItems", "maxItems", "uniqueItems":
			if list, ok := v.([]any); ok {
				wrong = append(wrong, s.list(doc, word, want, list, path)...)
			}
		case "minLength", "maxLength", "pattern":
			text, ok := v.(string)
			switch n := utf8.RuneCountInString(text); {
			case !ok:
			case word == "minLength" && n < int(want.(float64)), word == "maxLength" && n > int(want.(float64)):
				bad("is %d long: %s %v", n, word, want)
			case word == "pattern" && !s.matches(want.(string), text):
				bad("%q does not match %v", text, want)
			}
		case "$id", "$schema", "$comment", "title", "description", "default", "definitions", "format", "_note", "regex":
		default:
			s.t.Fatalf("%s: the schema says %q, which this test does not know", path, word)
		}
	}
	return wrong
}

func (s schemas) object(doc, word string, rule, m map[string]any, path string) (wrong []string) {
	known, _ := rule["properties"].(map[string]any)
	patterns, _ := rule["patternProperties"].(map[string]any)
	switch want := rule[word].(type) {
	case []any: // required
		for _, name := range want {
			if _, ok := m[name.(string)]; !ok {
				wrong = append(wrong, fmt.Sprintf("%s: has no %v", path, name))
			}
		}
	case float64:
		if word == "minProperties" && len(m) < int(want) || word == "maxProperties" && len(m) > int(want) {
			wrong = append(wrong, fmt.Sprintf("%s: %d keys: %s %v", path, len(m), word, want))
		}
	default:
		for name, v := range m {
			at := path + "." + name
			r, ok := known[name].(map[string]any)
			for pattern, other := range patterns {
				if !ok && s.matches(pattern, name) {
					r, ok = other.(map[string]any), true
				}
			}
			switch {
			case word == "properties" && known[name] != nil, word == "patternProperties" && known[name] == nil && ok:
				wrong = append(wrong, s.check(doc, r, v, at)...)
			case word == "additionalProperties" && want == false && !ok:
				wrong = append(wrong, at+": is not known")
			}
		}
	}
	return wrong
}

func (s schemas) list(doc, word string, want any, list []any, path string) (wrong []string) {
	switch word {
	case "items":
		for i, v := range list {
			wrong = append(wrong, s.check(doc, want.(map[string]any), v, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case "uniqueItems":
		for i, v := range list {
			if slices.ContainsFunc(list[:i], func(w any) bool { return reflect.DeepEqual(v, w) }) {
				wrong = append(wrong, fmt.Sprintf("%s: %v twice", path, v))
			}
		}
	default:
		n := int(want.(float64))
		if word == "minItems" && len(list) < n || word == "maxItems" && len(list) > n {
			wrong = append(wrong, fmt.Sprintf("%s: %d items: %s %d", path, len(list), word, n))
		}
	}
	return wrong
}

// matches knows the one construct of the schemas' patterns that Go does not.
func (s schemas) matches(pattern, text string) bool {
	if rest, ok := strings.CutPrefix(pattern, `^(?![\.\-])`); ok {
		return !strings.HasPrefix(text, ".") && !strings.HasPrefix(text, "-") && s.matches("^"+rest, text)
	}
	re, err := regexp.Compile(strings.ReplaceAll(pattern, `\/`, `/`))
	if err != nil {
		s.t.Fatal(err)
	}
	return re.MatchString(text)
}

func isType(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(w any) bool { return isType(w, v) })
	}
	switch v := v.(type) {
	case map[string]any:
		return want == "object"
	case []any:
		return want == "array"
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case float64:
		return want == "number" || want == "integer" && v == float64(int64(v))
	}
	return want == "null"
}

// What init writes is an app that Slack's own schema takes.
func TestManifestFitsSchema(t *testing.T) {
	s := loadSchemas(t)
	check := func(data []byte) []string {
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		return s.check("manifest.schema.json", s.byID["manifest.schema.json"], v, "manifest")
	}
	for name, want := range map[string]bool{
		"v1-manifest.valid.json": true, "v2-manifest.valid.json": true, "node-sdk-socket-mode-app.json": true, "v2-manifest.invalid.json": false,
	} { // the checker is right itself
		data, err := os.ReadFile(shared(t, "slack", "manifest", name))
		if err != nil {
			t.Fatal(err)
		}
		if wrong := check(data); (len(wrong) == 0) != want {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	const url = "https://desk.example.org"
	for _, o := range []ManifestOptions{
		{Name: "Briefdesk", Socket: true},
		{Name: "Briefdesk", PublicURL: url},
		{Name: "Das Archiv der Abteilung für Übersee", PublicURL: url, Pages: "https://read.example.org/desk"},
		{Name: "B", PublicURL: url, Several: true, Socket: true, Pages: "http://127.0.0.1:8088"},
		{Name: "B", PublicURL: url, Several: true, Pages: "http://localhost:8088"},
	} {
		data, err := Manifest(o)
		if len([]rune(o.Name)) > 35 {
			if err == nil {
				t.Errorf("%+v: is taken", o)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if wrong := check(data); len(wrong) > 0 {
			t.Errorf("%+v: %s", o, strings.Join(wrong, "\n"))
		}
	}
}
