package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"briefdesk": main})
}

// TestScript runs the command line as a person types it, in an empty folder.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
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
		},
	})
}
