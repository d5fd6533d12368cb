package main

import (
	"encoding/json"
	"html"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// freeport NAME sets a variable to a free port.
func freeport(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport NAME")
	}
	port, err := freePort()
	ts.Check(err)
	ts.Setenv(args[0], port)
}

// freePort returns a port that was free a moment ago. It is none of those that
// systems give to whoever asks for any (from 32768 on Linux): another test would
// soon have it.
func freePort() (string, error) {
	for try := 1; ; try++ {
		port := strconv.Itoa(12_000 + rand.IntN(20_000))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err == nil {
			return port, l.Close()
		}
		if try == 100 {
			return "", err
		}
	}
}

// patience is how long a server may take to come up, or to notice a change.
const patience = 2 * time.Minute

// fetch STATUS URL [HEADER:VALUE…] gets a page, again and again until it has
// this status, and shows its body. A header Host names the host.
func fetchPage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fetch STATUS URL [HEADER:VALUE…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	status, body := 0, ""
	for start := time.Now(); time.Since(start) < patience; time.Sleep(50 * time.Millisecond) {
		if status, body, err = get(args[1], args[2:]); err == nil && status == want {
			_, err = io.WriteString(ts.Stdout(), body)
			ts.Check(err)
			return
		}
	}
	ts.Fatalf("%s: status %d, want %d: %v\n%s", args[1], status, want, err, body)
}

// opens FILE ADDRESS [HEADER:VALUE…] reads an answer as ask --json printed it
// and gets the link of each quote from the server at ADDRESS: each page must
// show the words of its quote.
func opens(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: opens FILE ADDRESS [HEADER:VALUE…]")
	}
	for _, q := range quotesIn(ts, args[0]) {
		status, body, err := get("http://"+args[1]+pathOf(ts, q), args[2:])
		ts.Check(err)
		if status != http.StatusOK || !strings.Contains(html.UnescapeString(body), q.Text) {
			ts.Fatalf("%s: status %d, and no %q in\n%s", q.Link, status, q.Text, body)
		}
	}
}

// linkof NAME FILE sets a variable to path and query of an answer's first link.
func linkof(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: linkof NAME FILE")
	}
	ts.Setenv(args[0], pathOf(ts, quotesIn(ts, args[1])[0]))
}

func quotesIn(ts *testscript.TestScript, file string) []quoteJSON {
	data, err := os.ReadFile(ts.MkAbs(file))
	ts.Check(err)
	var ans answerJSON
	ts.Check(json.Unmarshal(data, &ans))
	if len(ans.Quotes) == 0 {
		ts.Fatalf("%s holds no quote", file)
	}
	return ans.Quotes
}

func pathOf(ts *testscript.TestScript, q quoteJSON) string {
	u, err := url.Parse(q.Link)
	ts.Check(err)
	return u.RequestURI()
}

func get(address string, headers []string) (status int, body string, err error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}
