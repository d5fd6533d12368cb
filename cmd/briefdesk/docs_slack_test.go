package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"briefdesk/bot/slack"
	"briefdesk/config"
)

// docs/slack.md lists the scopes that the app asks for, names variables that
// are read, and shows configurations that load.
func TestSlackDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)

	_, table, _ := strings.Cut(text, "## Permissions")
	table, _, _ = strings.Cut(table, "\n## ")
	var listed []string
	for line := range strings.Lines(table) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
		for _, m := range regexp.MustCompile("`([a-z_.]+(?::[a-z]+)?)`").FindAllStringSubmatch(cell, -1) {
			if strings.HasPrefix(line, "|") {
				listed = append(listed, m[1])
			}
		}
	}
	slices.Sort(listed)
	if want := (slack.ManifestOptions{Pages: "https://read.example.org"}).Scopes(); !slices.Equal(listed, want) {
		t.Errorf("lists the scopes\n%v\nand the app asks for\n%v", listed, want)
	}

	asked := map[string]bool{}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) != 3 {
		t.Errorf("%d configurations", len(blocks))
	}
	for _, m := range blocks {
		path := filepath.Join(t.TempDir(), "briefdesk.yaml")
		if err := os.WriteFile(path, []byte(m[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(path, func(name string) string { asked[name] = true; return "" }); err != nil {
			t.Errorf("%s\n%v", m[1], err)
		}
	}
	for _, name := range regexp.MustCompile("BRIEFDESK_[A-Z_]+").FindAllString(text, -1) {
		if !asked[name] {
			t.Errorf("names %s, which is not read", name)
		}
	}
}
