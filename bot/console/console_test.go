package console_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot/console"
	"briefdesk/briefs"
)

// childFile names the file that this test binary, run again, posts to until it
// is killed.
const childFile = "BRIEFDESK_TEST_CONSOLE"

func TestMain(m *testing.M) {
	path := os.Getenv(childFile)
	if path == "" {
		os.Exit(m.Run())
	}
	c, err := console.Open(path, time.Now)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("open")
	for i := 0; ; i++ {
		if _, err := c.Send(context.Background(), to("console:a", part(i)), key(i)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println("sent")
	}
}

func key(i int) briefs.DeliveryKey { return briefs.DeliveryKey(fmt.Sprintf("k/%d", i)).Part(1) }

func to(room briefs.RoomID, p briefs.Part) briefs.Outgoing {
	return briefs.Outgoing{Place: briefs.Place{Room: room}, Part: p}
}

func part(i int) briefs.Part {
	return briefs.Part{Text: strings.Repeat(fmt.Sprint("text ", i, "\n"), 2000)}
}

func open(t *testing.T, path string) *console.Chat {
	t.Helper()
	c, err := console.Open(path, func() time.Time { return time.Date(2031, 3, 4, 9, 30, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// lines reads the file; what is no line is counted.
func lines(t testing.TB, path string) (all []console.Line, torn int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var l console.Line
		if json.Unmarshal(s.Bytes(), &l) != nil {
			torn++
			continue
		}
		all = append(all, l)
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return all, torn
}

func TestSendAndFind(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "posts.jsonl")
	one, two := open(t, path), open(t, path) // as two processes
	key := briefs.DeliveryKey("weekly/2026-11-23T09:00/Europe/Berlin")
	for i, c := range []*console.Chat{one, two, one} {
		receipt, err := c.Send(ctx, to("console:a", briefs.Part{Text: "“quoted” <&>\nline\u2028"}), key.Part(2))
		if err != nil || receipt != "0" {
			t.Fatalf("%d: %q, %v", i, receipt, err)
		}
	}
	b, err := os.ReadFile(path)
	if want := `{"room":"console:a","key":"weekly/2026-11-23T09:00/Europe/Berlin","part":2,"at":"2031-03-04T09:30:00Z","text":"“quoted” <&>\nline\u2028"}` + "\n"; err != nil || string(b) != want {
		t.Errorf("file %s, want %s (%v)", b, want, err)
	}
	if _, err := two.Send(ctx, to("console:b", briefs.Part{Text: "x"}), key.Part(2)); err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		room  briefs.RoomID
		key   briefs.DeliveryKey
		found bool
	}{{"console:a", key.Part(2), true}, {"console:b", key.Part(2), true}, {"console:a", key.Part(1), false}, {"console:c", key.Part(2), false}, {"console:a", key, false}} {
		if receipt, found, err := one.Find(ctx, briefs.Place{Room: look.room}, look.key); found != look.found || err != nil || found != (receipt != "") {
			t.Errorf("find %s %s: %q, %v, %v", look.room, look.key, receipt, found, err)
		}
	}
	if _, err := one.Send(ctx, to("slack:C1", briefs.Part{Text: "x"}), key); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("another room: %v", err)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if err := one.Run(stopped, nil); err != nil {
		t.Error(err)
	}
	if _, err := one.Send(stopped, to("console:a", briefs.Part{Text: "x"}), key.Part(3)); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("stopped: %v", err)
	}
	if err := one.Check(ctx, "console:a"); err != nil {
		t.Error(err)
	}
}

// A line that was begun and not ended is closed, and its key posted again.
func TestTornLine(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "posts.jsonl")
	if err := os.WriteFile(path, []byte("\n{\"room\":\"console:a\",\"key\":\"k/1\",\"part\":1,\"te"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, path)
	if _, found, err := c.Find(ctx, briefs.Place{Room: "console:a"}, key(1)); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	receipt, err := c.Send(ctx, to("console:a", briefs.Part{Text: "again"}), key(1))
	if err != nil {
		t.Fatal(err)
	}
	again, found, err := c.Find(ctx, briefs.Place{Room: "console:a"}, key(1))
	if !found || err != nil || again != receipt {
		t.Errorf("found %v as %q, sent as %q, %v", found, again, receipt, err)
	}
	if all, torn := lines(t, path); len(all) != 1 || all[0].Text != "again" || torn != 2 { // the empty line and the torn one
		t.Errorf("%+v, %d torn", all, torn)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, found, err := c.Find(ctx, briefs.Place{Room: "console:a"}, key(1)); found || err != nil {
		t.Errorf("found in an emptied file: %v, %v", found, err)
	}
}

func TestOpenFaults(t *testing.T) {
	if _, err := console.Open(filepath.Join(t.TempDir(), "no", "file"), time.Now); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := console.Open(os.DevNull, time.Now); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("no file: %v", err)
	}
}

// TestKilled kills processes that post the same keys to one file: each key
// stands there once, and what was said to be sent is there. BRIEFDESK_PROVE
// kills sixty.
func TestKilled(t *testing.T) {
	rounds := 8
	switch {
	case os.Getenv("BRIEFDESK_PROVE") != "":
		rounds = 30
	case testing.Short():
		rounds = 3
	}
	path := filepath.Join(t.TempDir(), "posts.jsonl")
	most := 0
	for range rounds {
		var wg sync.WaitGroup
		var mu sync.Mutex
		last := most // of all that were said to be sent
		for p := range 2 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childFile+"="+path)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				sent := -1
				for s := bufio.NewScanner(out); s.Scan(); sent++ {
					if sent == last+5+p {
						_ = cmd.Process.Kill()
					}
				}
				_ = cmd.Wait() // it was killed
				mu.Lock()
				defer mu.Unlock()
				most = max(most, sent)
			})
		}
		wg.Wait()
	}
	all, torn := lines(t, path)
	seen := map[briefs.DeliveryKey]bool{}
	for i, l := range all {
		if seen[l.Key] {
			t.Errorf("%s stands there twice", l.Key)
		}
		seen[l.Key] = true
		if want := part(i).Text; l.Key.Part(1) != key(i) || l.Text != want {
			t.Errorf("line %d is %s", i, l.Key)
		}
	}
	if len(all) < most {
		t.Errorf("%d lines, %d were sent", len(all), most)
	}
	t.Logf("%d lines, %d torn, %d processes killed", len(all), torn, 2*rounds)
}
