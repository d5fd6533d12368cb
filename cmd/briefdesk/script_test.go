package main

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"briefdesk": main})
}

// TestScript runs the command line as a person types it, in an empty folder.
// The short form leaves out the commands in which nothing happens at once.
func TestScript(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		scripts = nil
		for _, name := range []string{"ask", "backup", "brief", "briefings", "demo", "schedule", "serve", "writers"} {
			scripts = append(scripts, "testdata/script/"+name+".txtar")
		}
	}
	testscript.Run(t, testscript.Params{
		Files:               scripts,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":        exits,
			"try":          try,
			"longquestion": longquestion,
			"damage":       damage,
			"schema":       schema,
			"binary":       binaryFile,
			"bigtext":      bigtext,
			"latin":        latin,
			"utf16":        utf16,
			"freeport":     freeport,
			"fetch":        fetchPage,
			"opens":        opens,
			"linkof":       linkof,
			"owes":         owes,
			"posts":        posts,
			"website":      website,
			"replace":      replace,
			"says":         says,
		},
	})
}
