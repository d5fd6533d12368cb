package schedule_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/schedule"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// The tests of this file run this test binary again as other processes, which
// do what childTask says with the library at childPath and the platform at
// childURL.
const (
	childTask = "BRIEFDESK_TEST_TASK"
	childPath = "BRIEFDESK_TEST_PATH"
	childURL  = "BRIEFDESK_TEST_URL"
)

// settle is how long a platform may take to post in TestKilledProcesses.
const settle = 500 * time.Millisecond

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http tells of second answers
	task := os.Getenv(childTask)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := child(task, os.Getenv(childPath), os.Getenv(childURL)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(task, path, url string) error {
	ctx := context.Background()
	lib, err := store.Open(ctx, quiet, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer lib.Close()
	o := schedule.Options{
		Ledger: lib, Chat: finder{newClient(nil, url)},
		Compose: func(_ context.Context, w schedule.Work) (schedule.Composed, error) {
			text := fmt.Sprintf("%s %d", w.Delivery.Slot.Local, os.Getpid()) // differs from that of another process
			return schedule.Composed{Parts: []briefs.Part{{Text: text + " 1"}, {Text: text + " 2"}}}, nil
		},
	}
	fmt.Println("open")
	if task == "ticks" {
		return ticks(ctx, schedule.NewRunner(quiet, o))
	}
	// By the real clock, in a hurry.
	o.Lease, o.Send, o.Settle = 3*time.Second, 1500*time.Millisecond, settle
	o.Backoff, o.MaxBackoff, o.Interval = 20*time.Millisecond, 200*time.Millisecond, 10*time.Millisecond
	o.Observe = func(e schedule.Event) { fmt.Println(e.Kind, e.Key) }
	return schedule.NewRunner(quiet, o).Run(ctx) // until it is killed
}

// ticks ticks at each time that it reads.
func ticks(ctx context.Context, r *schedule.Runner) error {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		now, err := time.Parse(time.RFC3339, in.Text())
		if err != nil {
			return err
		}
		if err := r.Tick(ctx, now); err != nil {
			return err
		}
		fmt.Println("done")
	}
	return nil
}

// spawn starts a child and waits until it has opened the library.
func spawn(t *testing.T, task, path, url string) (*exec.Cmd, *bufio.Scanner, io.Writer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path, childURL+"="+url)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		if err := cmd.Wait(); err != nil && !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
			t.Errorf("child: %v, %s", err, &stderr)
		}
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("child: %v, %s", lines.Err(), &stderr)
	}
	return cmd, lines, in
}

// TestKilledProcesses lets two processes at a time deliver from one library to
// a platform that fails, and kills one after the other with kill -9 at any
// moment. BRIEFDESK_PROVE kills 200.
func TestKilledProcesses(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 6
	}
	if prove() {
		kills = 200
	}
	rnd := rand.New(rand.NewPCG(9, 9))
	killed, briefings, posts := 0, 0, 0
	faults := map[fault]int{}
	for round := 0; killed < kills; round++ {
		path := filepath.Join(t.TempDir(), "library.db")
		lib := openLibrary(t, path)
		p := newPlatform(t, sometimes(rand.New(rand.NewPCG(uint64(round), 5)), 0.2))
		p.mu.Lock()
		p.clock, p.settle = time.Now, settle
		p.mu.Unlock()
		now := time.Now()
		for i := range 3 { // of ten slots each
			s := daily(briefs.ScheduleID(fmt.Sprint("s", i)))
			s.When, s.CatchUp, s.Made, s.Force = "*/5 * * * *", briefs.CatchUpAll, true, true
			if err := lib.PutSchedule(context.Background(), s, now.Add(-70*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		type process struct {
			cmd   *exec.Cmd
			lines *bufio.Scanner
		}
		start := func() process {
			cmd, lines, _ := spawn(t, "run", path, p.server.URL)
			return process{cmd, lines}
		}
		running := []process{start(), start()}
		open := func() int {
			n, err := lib.CountDeliveries(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return n[briefs.Planned] + n[briefs.Frozen]
		}
		for deadline := time.Now().Add(10 * time.Minute); ; {
			n := open()
			if all, err := lib.CountDeliveries(context.Background()); err != nil || len(all) > 0 && n == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("round %d: %d deliveries do not end", round, n)
			}
			time.Sleep(time.Duration(rnd.IntN(120)) * time.Millisecond)
			if n == 0 || killed == kills {
				continue
			}
			i := rnd.IntN(2)
			if err := running[i].cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			killed++
			running[i] = start()
		}
		for _, r := range running {
			_ = r.cmd.Process.Kill()
		}
		time.Sleep(settle) // for what the platform still posts
		all, err := lib.Schedules(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			spec, err := schedule.Parse(s.When, s.Zone, true)
			if err != nil {
				t.Fatal(err)
			}
			due, err := lib.Deliveries(context.Background(), s.ID, 99, briefs.Posted)
			if err != nil {
				t.Fatal(err)
			}
			briefings += len(due)
			if owed := spec.Next(s.Through.Add(-52*time.Minute), 10); len(due) < 10 {
				t.Errorf("%s: %d posted, owed %v", s.ID, len(due), owed)
			}
		}
		shown := p.shown()
		posts += len(shown)
		once(t, shown)
		whole(t, lib, shown)
		for f, n := range p.seen {
			faults[f] += n
		}
		if t.Failed() {
			break
		}
	}
	t.Logf("%d processes were killed, %d briefings, %d posts; faults %v", killed, briefings, posts, faults)
}

// whole fails the test unless shown are the parts of the posted deliveries,
// each delivery of one composition.
func whole(t *testing.T, lib store.Backend, shown []post) {
	t.Helper()
	texts := map[briefs.DeliveryKey]string{}
	for _, p := range shown {
		texts[p.Key] = p.Part.Text
	}
	all, err := lib.Deliveries(context.Background(), "", 1e6, briefs.Posted)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range all {
		for i := range d.Parts {
			n++
			text := texts[d.Key.Part(i+1)]
			if text == "" || text[:len(text)-1] != texts[d.Key.Part(1)][:len(text)-1] {
				t.Errorf("%s: part %d is %q, part 1 %q", d.Key, i+1, text, texts[d.Key.Part(1)])
			}
		}
	}
	if n != len(shown) {
		t.Errorf("%d parts were delivered, %d are shown", n, len(shown))
	}
}

// TestTwoProcesses lets two processes race for each of many slots, by a clock
// that the test sets. BRIEFDESK_PROVE takes 1,000 slots.
func TestTwoProcesses(t *testing.T) {
	slots := 60
	if testing.Short() {
		slots = 15
	}
	if prove() {
		slots = 1000
	}
	path := filepath.Join(t.TempDir(), "library.db")
	lib := openLibrary(t, path)
	p := newPlatform(t, func() fault { return works })
	s := daily("hourly")
	s.When, s.Made = "0 * * * *", true
	now := wednesday
	if err := lib.PutSchedule(context.Background(), s, now); err != nil {
		t.Fatal(err)
	}
	type process struct {
		lines *bufio.Scanner
		in    io.Writer
	}
	var both []process
	for range 2 {
		_, lines, in := spawn(t, "ticks", path, p.server.URL)
		both = append(both, process{lines, in})
	}
	for range slots {
		now = now.Add(time.Hour)
		var wg sync.WaitGroup
		for _, r := range both {
			wg.Go(func() {
				if _, err := fmt.Fprintln(r.in, now.Format(time.RFC3339)); err != nil {
					t.Error(err)
				}
				if !r.lines.Scan() {
					t.Error("child: ", r.lines.Err())
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
	}
	shown := p.shown()
	once(t, shown)
	whole(t, lib, shown)
	if len(shown) != 2*slots {
		t.Errorf("%d posts, want %d", len(shown), 2*slots)
	}
	by := map[string]int{}
	for _, m := range shown {
		by[m.Part.Text[len("2026-11-18T14:00 "):len(m.Part.Text)-2]]++
	}
	t.Logf("%d posts, by process %v", len(shown), by)
}
