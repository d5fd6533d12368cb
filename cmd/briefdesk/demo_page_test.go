package main

import (
	"bufio"
	"html"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"briefdesk/config"
)

// running is a demo that waits for questions.
type running struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	page string // the address that it prints
}

func startDemo(t *testing.T, program string) *running {
	t.Helper()
	r := &running{cmd: exec.Command(program, "demo")}
	r.cmd.Dir = t.TempDir()
	var err error
	if r.in, err = r.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.out = bufio.NewReader(out)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.cmd.Process.Kill(); _ = r.cmd.Wait() })
	text := r.until(t, "ends.")
	if r.page = regexp.MustCompile(`http://\S+`).FindString(text); r.page == "" {
		t.Fatalf("no address in %s", text)
	}
	return r
}

// until reads what is printed up to a line that holds text.
func (r *running) until(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for {
		line, err := r.out.ReadString('\n')
		b.WriteString(line)
		if strings.Contains(line, text) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%v after %s", err, b.String())
		}
	}
}

// The demo serves its page beside the box: links of the box open there, and a
// second demo finds a port of its own.
func TestDemoPage(t *testing.T) {
	t.Parallel()
	program := programPath(t)
	first := startDemo(t, program)
	second := startDemo(t, program)
	usual := config.Default()
	for _, r := range []*running{first, second} {
		if !strings.HasPrefix(r.page, "http://127.0.0.1:") {
			t.Errorf("served at %s", r.page)
		}
	}
	if first.page == second.page || second.page == usual.PublicURL() {
		t.Errorf("served at %s and %s", first.page, second.page)
	}
	for _, r := range []*running{first, second} {
		if _, err := io.WriteString(r.in, "why did US-China cyber relations not break down?\n"); err != nil {
			t.Fatal(err)
		}
		link := regexp.MustCompile(`http://127\.0\.0\.1\S+/d/\S+#q`).FindString(r.until(t, "#q"))
		if !strings.HasPrefix(link, r.page+"/d/") {
			t.Errorf("the demo at %s links to %s", r.page, link)
		}
		status, body, err := get(link, nil)
		if err != nil || status != 200 || !strings.Contains(html.UnescapeString(body), `id="q"`) {
			t.Errorf("%s: %d %v", link, status, err)
		}
		for _, path := range []string{"/", "/library", "/briefings", "/questions", "/brief?topic=cyber", "/?q=why+did+US-China+cyber+relations+not+break+down"} {
			if status, body, err := get(r.page+path, nil); err != nil || status != 200 || !strings.Contains(body, "<main") {
				t.Errorf("%s%s: %d %v", r.page, path, status, err)
			}
		}
	}
	// The end of the input ends one, a signal the other, and their pages too.
	if err := first.in.Close(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, first.out)
	if err := first.cmd.Wait(); err != nil {
		t.Errorf("at the end of the input: %v", err)
	}
	if err := second.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, second.out)
	if _ = second.cmd.Wait(); second.cmd.ProcessState.ExitCode() != exitFailed {
		t.Errorf("terminated: %v", second.cmd.ProcessState)
	}
	for _, r := range []*running{first, second} {
		if status, _, err := get(r.page+"/healthz", nil); err == nil {
			t.Errorf("%s still answers: %d", r.page, status)
		}
	}
}
