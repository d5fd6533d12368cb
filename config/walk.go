package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

var (
	rootType     = reflect.TypeFor[Config]()
	durationType = reflect.TypeFor[time.Duration]()
)

// walker compares the YAML tree with the types of Config: it notes the line
// of every key, and faults keys that Config does not have.
type walker struct {
	file  string
	lines map[string]int
	found Problems
}

func (w *walker) fault(n ast.Node, key, what, mend string) {
	place := fmt.Sprintf("%s:%d: ", w.file, line(n))
	if key != "" {
		place += key + ": "
	}
	w.found = append(w.found, fmt.Errorf("%s%s: %s", place, what, mend))
}

// walk visits n, which stands at the dotted path and is to become a t.
func (w *walker) walk(n ast.Node, t reflect.Type, path string) {
	switch n := n.(type) {
	case nil, *ast.NullNode:
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		w.fault(n, path, "uses a YAML anchor, alias or tag", "write the value itself")
	case *ast.MappingNode:
		for _, v := range n.Values {
			w.entry(v, t, path)
		}
	case *ast.MappingValueNode:
		w.entry(n, t, path)
	case *ast.SequenceNode:
		if t.Kind() != reflect.Slice {
			w.fault(n, path, "is a list", "write "+shape(t))
			return
		}
		for i, v := range n.Values {
			at := fmt.Sprintf("%s[%d]", path, i)
			w.lines[at] = line(v)
			w.walk(v, t.Elem(), at)
		}
	default:
		if k := t.Kind(); k == reflect.Struct || k == reflect.Map || k == reflect.Slice {
			w.fault(n, path, "is a single value", "write "+shape(t))
		}
	}
}

func (w *walker) entry(n *ast.MappingValueNode, t reflect.Type, path string) {
	if n.Key == nil || n.Key.IsMergeKey() || n.Key.GetToken() == nil {
		w.fault(n, path, "merges keys", "write the keys themselves")
		return
	}
	name := n.Key.GetToken().Value
	key := strings.TrimPrefix(path+"."+name, ".")
	var next reflect.Type
	switch t.Kind() {
	case reflect.Map:
		next = t.Elem()
	case reflect.Struct:
		fields := keysOf(t)
		if next = fields[name]; next == nil {
			w.unknown(n, key, name, slices.Sorted(maps.Keys(fields)))
			return
		}
	default:
		w.fault(n, path, "holds keys", "write "+shape(t))
		return
	}
	w.lines[key] = line(n.Key)
	w.walk(n.Value, next, key)
}

func (w *walker) unknown(n *ast.MappingValueNode, key, name string, known []string) {
	for secret, env := range secretKeys() {
		if key == secret {
			w.fault(n.Key, key, "is a secret, and secrets do not stand in the file", "set "+env+" or "+env+"_FILE in the environment")
			return
		}
	}
	low := strings.ToLower(name)
	for _, word := range []string{"token", "secret", "password", "key"} {
		if strings.Contains(low, word) {
			w.fault(n.Key, key, "looks like a secret, and secrets do not stand in the file",
				"set it in the environment: "+strings.Join(slices.Sorted(maps.Values(secretKeys())), ", "))
			return
		}
	}
	if near := nearest(low, known); near != "" {
		w.fault(n.Key, key, "is not a known key", "did you mean "+near+"?")
		return
	}
	w.fault(n.Key, key, "is not a known key", "leave it out, or use one of "+strings.Join(known, ", "))
}

// keysOf gives the YAML keys of a struct and their types.
func keysOf(t reflect.Type) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
			keys[tag] = t.Field(i).Type
		}
	}
	return keys
}

func shape(t reflect.Type) string {
	switch {
	case t == durationType:
		return "a duration such as 1h"
	case t.Kind() == reflect.Slice:
		return "a list such as [a, b]"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "keys such as {key: value}"
	case t.Kind() == reflect.Int:
		return "a number"
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return "a single value"
}

func line(n ast.Node) int {
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		return n.GetToken().Position.Line
	}
	return 1
}

// nearest returns the known word within an edit distance of a third of its
// length (a slip of the keyboard, not another word), or "".
func nearest(word string, known []string) string {
	best, least := "", 1000
	for _, k := range known {
		if d := distance(word, k); d < least && d <= max(1, len(k)/3) {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes; keys are ASCII. Words over
// 64 bytes are as far as they are long.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
