package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// website NAME FOLDER serves the files of a folder on loopback until the script
// ends, and sets a variable to its host and port. In what it serves, HOST stands
// for these. A file FILE.status makes the answer of FILE that status.
func website(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: website NAME FOLDER")
	}
	root := ts.MkAbs(args[1])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := filepath.Join(root, filepath.FromSlash(filepath.Clean("/"+r.URL.Path)))
		if text, err := os.ReadFile(path + ".status"); err == nil {
			if code, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
				w.WriteHeader(code)
				return
			}
		}
		data, err := os.ReadFile(path)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		switch filepath.Ext(path) {
		case ".html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		case ".xml":
			w.Header().Set("Content-Type", "application/xml")
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(string(data), "HOST", r.Host)))
	}))
	ts.Defer(s.Close)
	ts.Setenv(args[0], s.Listener.Addr().String())
}

// replace FILE OLD NEW puts NEW in the place of each OLD.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	if !strings.Contains(string(data), args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(string(data), args[1], args[2])), 0o600))
}

// says PROGRAM ARG… | WORDS runs a program until its output holds WORDS.
func says(ts *testscript.TestScript, neg bool, args []string) {
	i := len(args) - 2
	if neg || i < 1 || args[i] != "|" {
		ts.Fatalf("usage: says PROGRAM ARG… | WORDS")
	}
	for start := time.Now(); time.Since(start) < 5*time.Minute; time.Sleep(50 * time.Millisecond) {
		err := ts.Exec(args[0], args[1:i]...)
		if err == nil && strings.Contains(ts.ReadFile("stdout"), args[i+1]) {
			return
		}
	}
	ts.Fatalf("%s never says %q", strings.Join(args[:i], " "), args[i+1])
}
