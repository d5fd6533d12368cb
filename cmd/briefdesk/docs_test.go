package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// commands lists root's commands, all levels, without hidden ones.
func commands(root *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, c := range root.Commands() {
		if !c.Hidden {
			all = append(append(all, c), commands(c)...)
		}
	}
	return all
}

// Every command that README and docs show exists, with the flags shown.
func TestDocumentedCommandsExist(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile("(?m)(?:^|`|\\$ |\\| |with: )(?:go run \\./cmd/)?briefdesk ((?:--library \\S+ )?[a-z][^`\n]*)")
	flags := regexp.MustCompile(`--([a-z-]+)`)
	found := 0
	for _, file := range append(files, "../../README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			found++
			line, _, _ := strings.Cut(m[1], " #")
			root := (&app{}).root()
			cmd, _, err := root.Find(strings.Fields(line))
			if err != nil || cmd == root {
				t.Errorf("%s: no command in %q", file, m[0])
				continue
			}
			for _, f := range flags.FindAllStringSubmatch(line, -1) {
				if cmd.Flag(f[1]) == nil && root.PersistentFlags().Lookup(f[1]) == nil && f[1] != "help" {
					t.Errorf("%s: %s has no flag --%s", file, cmd.CommandPath(), f[1])
				}
			}
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s: link to %s leads nowhere", file, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d commands found: the test looks for them wrongly", found)
	}
	for _, c := range commands((&app{}).root()) {
		using, err := os.ReadFile("../../docs/using.md")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(using), "`"+c.CommandPath()) && !strings.Contains(string(using), "\n"+c.CommandPath()) {
			t.Errorf("docs/using.md does not show %s", c.CommandPath())
		}
	}
}

// The picture in README is what the program prints.
func TestReadmePicture(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const question = "why did US-China cyber relations not break down?"
	_, rest, ok := strings.Cut(string(text), "$ go run ./cmd/briefdesk demo --once \""+question+"\"\n")
	picture, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("README has no picture of the demo")
	}
	var out, errs bytes.Buffer
	a := &app{
		getenv: func(string) string { return "" }, stdin: strings.NewReader(""), stderr: &errs,
		now: func() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }, view: view{width: usualWidth},
	}
	if code := a.run(context.Background(), []string{"demo", "--once", question}, &out); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if *update {
		renewed := strings.Replace(string(text), picture, out.String(), 1)
		if err := os.WriteFile("../../README.md", []byte(renewed), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if picture != out.String() {
		t.Errorf("README shows\n%s\nbut the program prints\n%s\n(go test ./cmd/briefdesk -run TestReadmePicture -update)", picture, out.String())
	}
}

// The template that init writes names only keys that the configuration knows.
func TestTemplateUncommented(t *testing.T) {
	text := strings.ReplaceAll(string(commentedConfig), "\n  # ", "\n  ")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, "# "); ok && (strings.HasPrefix(rest, " ") || regexp.MustCompile(`^[a-z]+:`).MatchString(rest)) {
			lines[i] = rest
		}
	}
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &app{getenv: func(string) string { return "" }, configFlag: path}
	if err := a.loadConfig(); err != nil {
		t.Error(err)
	}
	if len(a.cfg.Collections["cyber"].Sources) != 4 || a.cfg.Web.PublicURL == "" || len(a.cfg.Schedules) != 1 {
		t.Errorf("the examples are not read: %+v", a.cfg)
	}
}
