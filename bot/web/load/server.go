package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// server is a process of briefdesk serve.
type server struct {
	process *exec.Cmd
	address string
	client  *http.Client
	ended   func() error // waits for the process; once
}

// serve starts the process on a free port and waits until it is ready.
func serve(ctx context.Context, program, library string) (*server, error) {
	cmd := exec.CommandContext(ctx, program, "--library", library, "--json", "serve")
	cmd.Env = append(os.Environ(), "BRIEFDESK_WEB_LISTEN=127.0.0.1:0")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{process: cmd, ended: sync.OnceValue(cmd.Wait), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 512}}}
	var told struct{ Web string }
	if err := json.NewDecoder(bufio.NewReader(stdout)).Decode(&told); err != nil {
		return nil, fmt.Errorf("serve: %w, %v", err, s.stop())
	}
	s.address = told.Web
	for range 100 {
		if err = s.get(ctx, "/readyz", nil); err == nil {
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, fmt.Errorf("serve: %w, %v", err, s.stop())
}

// stop asks the process to end, and waits for it. It may be called again.
func (s *server) stop() error {
	_ = s.process.Process.Signal(os.Interrupt) // it may have ended
	return s.ended()
}

// memory is the resident set of the process now, peak the largest one so far,
// as Linux tells them.
func (s *server) memory() string { return s.status("VmRSS") }
func (s *server) peak() string   { return s.status("VmHWM") }

func (s *server) status(field string) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(status)) {
		var kb int
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			if _, err := fmt.Sscan(rest, &kb); err == nil {
				return fmt.Sprintf("%d MB", kb/1024)
			}
		}
	}
	return "unknown"
}

// targets are addresses to draw from.
type targets struct{ pages, answers []string }

var quoteAddress = regexp.MustCompile(`href="(/d/[^"]+s=[0-9]+-[0-9]+[^"]*)#q"`)

// targets asks every question once and takes the quotes of the answers: of a
// hundred pages 70 are documents at a quote, 15 documents, 5 lists of the
// library, 5 searches, 5 the front page.
func (s *server) targets(ctx context.Context, held listing, questions []string) (t targets, err error) {
	var quotes []string
	for _, q := range questions {
		address := "/?q=" + url.QueryEscape(q)
		t.answers = append(t.answers, address)
		var page strings.Builder
		if err := s.get(ctx, address, &page); err != nil {
			return t, err
		}
		for _, m := range quoteAddress.FindAllStringSubmatch(page.String(), -1) {
			quotes = append(quotes, html.UnescapeString(m[1]))
		}
	}
	slices.Sort(quotes)
	quotes = slices.Compact(quotes)
	if len(quotes) < 20 {
		return t, fmt.Errorf("%d quotes in %d answers: too few to measure", len(quotes), len(questions))
	}
	for i := range 20 * len(quotes) {
		switch i % 20 {
		case 0:
			t.pages = append(t.pages, "/library?order=title&page="+fmt.Sprint(1+i%10))
		case 1:
			t.pages = append(t.pages, "/library/search?q="+url.QueryEscape(questions[i%len(questions)]))
		case 2:
			t.pages = append(t.pages, "/")
		case 3, 4, 5:
			t.pages = append(t.pages, "/d/"+url.PathEscape(held.Documents[i*7919%len(held.Documents)].ID))
		default:
			t.pages = append(t.pages, quotes[i%len(quotes)])
		}
	}
	return t, nil
}
