package archtest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHouseIsInOrder(t *testing.T) {
	found, err := Check(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// Each breach is found, and the sound tree next to it is not faulted.
func TestCheckFindsBreaches(t *testing.T) {
	const tour = "// Briefdesk.\n//\n//\tbriefs  the words\n//\tbriefs/text  terms\n//\tcmd/briefdesk  wiring\npackage main\n"
	sound := map[string]string{
		"briefs/a.go":                   "package briefs",
		"briefs/text/a.go":              "package text\nimport \"briefdesk/briefs\"",
		"briefs/text/a_test.go":         "package text\nimport (\n\"testing\"\n\"github.com/google/go-cmp/cmp\"\n\"briefdesk/store/sqlite\"\n)",
		"cmd/briefdesk/doc.go":          tour,
		"cmd/briefdesk/main.go":         "package main\nimport (\n\"briefdesk/briefs/text\"\n\"github.com/spf13/cobra\"\n)",
		"store/sqlite/benchmark/go.mod": "module benchmark",
		"store/sqlite/benchmark/a.go":   "package main\nimport \"example.org/anything\"",
	}
	for _, test := range []struct{ name, file, content, want string }{
		{"sound", "", "", ""},
		{"arrow", "briefs/b.go", "package briefs\nimport \"briefdesk/briefs/text\"", "briefs may not import briefs/text"},
		{"arrow of a test", "briefs/b_test.go", "package briefs\nimport \"briefdesk/cmd/briefdesk\"", "briefs may not import cmd/briefdesk"},
		{"home", "briefs/b.go", "package briefs\nimport \"modernc.org/sqlite\"", "modernc.org/sqlite is at home in store/sqlite, bot/matrix only"},
		{"homeless", "briefs/b.go", "package briefs\nimport \"example.org/x\"", "example.org/x has no home"},
		{"test tool", "briefs/b.go", "package briefs\nimport \"github.com/google/go-cmp/cmp\"", "is at home in tests only"},
		{"testing", "briefs/b.go", "package briefs\nimport \"testing\"", "product code may not import testing"},
		{"nested", "briefs/more/go.mod", "module more", "briefs/more/go.mod: is not in the table of nested modules"},
		{"import of nested", "cmd/briefdesk/a.go", "package main\nimport \"briefdesk/store/sqlite/benchmark/plain\"", "may not import store/sqlite/benchmark/plain"},
		{"arrow of a suite", "store/storetest/a.go", "package storetest\nimport \"briefdesk/cmd/briefdesk\"", "store/storetest may not import cmd/briefdesk"},
		{"folder", "util/b.go", "package util", "code lives in bot, briefs, cmd, config, store only"},
		{"unknown package", "briefs/more/b.go", "package more", "package briefs/more is not in the table of arrows"},
		{"gone", "cmd/briefdesk/doc.go", tour + "//\tbriefs/gone  was here\n", "names briefs/gone, which is gone"},
		{"not named", "config/a.go", "package config", "does not name config"},
		{"order", "cmd/briefdesk/doc.go", "//\tbriefs/text  terms\n//\tbriefs  words\n//\tcmd/briefdesk  wiring\npackage main\n", "names briefs/text before briefs, which it imports"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, content := range sound {
				fsys[name] = &fstest.MapFile{Data: []byte(content)}
			}
			if test.file != "" {
				fsys[test.file] = &fstest.MapFile{Data: []byte(test.content)}
			}
			found, err := Check(fsys)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" && len(found) > 0 {
				t.Errorf("sound tree is faulted: %q", found)
			}
			if test.want != "" && !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, test.want) }) {
				t.Errorf("found %q, want %q", found, test.want)
			}
		})
	}
}
