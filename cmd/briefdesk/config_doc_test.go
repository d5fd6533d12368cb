package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/config"
)

// The example of docs/configuration.md is a configuration that loads.
func TestDocumentedConfiguration(t *testing.T) {
	text, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	path := filepath.Join(t.TempDir(), "briefdesk.yaml")
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	c, err := config.Load(path, func(name string) string { asked[name] = true; return "" })
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Schedules) != 1 || len(c.Rooms) != 6 {
		t.Errorf("the example is not read: %+v", c)
	}
	for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }) {
		if strings.HasPrefix(word, "BRIEFDESK_") && word != "BRIEFDESK_" && !asked[word] {
			t.Errorf("docs/configuration.md names %s, which is not read", word)
		}
	}
}
