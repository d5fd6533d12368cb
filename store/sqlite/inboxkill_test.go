package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// What the processes of TestInboxKill are told, "ROUND FIRST FILE": the round,
// which is the hour of their clock, so that leases end with it; the number of
// the first thing to receive; and the file that stands for a room.
type inboxTask struct {
	round, first int
	room         string
}

func (k inboxTask) String() string { return fmt.Sprintf("%d %d %s", k.round, k.first, k.room) }

func parseInboxTask(s string) (k inboxTask, err error) {
	_, err = fmt.Sscan(s, &k.round, &k.first, &k.room)
	return k, err
}

func (k inboxTask) now() time.Time { return storetest.Morning.Add(time.Duration(k.round) * time.Hour) }

const inboxLanes = 5

// numberedThing is the thing of that number.
func numberedThing(i int) briefs.Incoming {
	return briefs.Incoming{
		Key: fmt.Sprintf("slack:%06d", i), Aliases: []string{fmt.Sprint("alias", i)}, Lane: fmt.Sprint("lane", i%inboxLanes), Body: []byte("thing"), At: storetest.Morning,
	}
}

// receiveAll receives a hundred things, each twice, prints those that are kept,
// and waits to be killed.
func receiveAll(ctx context.Context, lib *sqlite.Library, name string) error {
	k, err := parseInboxTask(name)
	if err != nil {
		return err
	}
	for i := k.first; i < k.first+100; i++ {
		for range 2 {
			if _, err := lib.Receive(ctx, []briefs.Incoming{numberedThing(i)}); err != nil {
				return err
			}
		}
		fmt.Println("kept", i)
	}
	time.Sleep(time.Minute)
	return errors.New("nobody killed it")
}

// answerAll answers what comes, with two replies each, until nothing is left.
// What was begun is looked for in the room before it is sent again.
func answerAll(ctx context.Context, lib *sqlite.Library, name string) error {
	k, err := parseInboxTask(name)
	if err != nil {
		return err
	}
	room, err := os.OpenFile(k.room, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer room.Close()
	for idle := 0; idle < 50; {
		t, ok, err := lib.Take(ctx, "slack", "w", k.now(), time.Hour-time.Minute)
		if err != nil {
			return err
		}
		if !ok {
			idle++
			time.Sleep(2 * time.Millisecond)
			continue
		}
		idle = 0
		if err := answerTaken(ctx, lib, t, k, room); err != nil {
			return err
		}
	}
	return nil
}

func answerTaken(ctx context.Context, lib *sqlite.Library, t briefs.Taken, k inboxTask, room io.Writer) error {
	at := briefs.Place{Room: "slack:C1", Thread: t.Lane}
	t, err := lib.Compose(ctx, t, []briefs.Outgoing{{Place: at, Part: briefs.Part{Text: fmt.Sprint("composed by ", t.Token)}}, {Place: at}}, &briefs.Shown{ID: briefs.AnswerID(t.Key), Room: at.Room})
	if err != nil {
		return err
	}
	for n, r := range t.Replies {
		line := fmt.Sprintf("%s#%d\n", t.Key, n+1)
		if r.Sent {
			continue
		}
		posted := false
		if r.Begun {
			all, err := os.ReadFile(k.room)
			if err != nil {
				return err
			}
			posted = strings.Contains(string(all), line)
		}
		if !posted {
			if err := lib.BeginReply(ctx, t, n+1); err != nil {
				return err
			}
			if _, err := io.WriteString(room, line); err != nil {
				return err
			}
		}
		if err := lib.SentReply(ctx, t, n+1, fmt.Sprint("r", line), k.now()); err != nil {
			return err
		}
	}
	return nil
}

// holdOne takes one thing and holds it until it is told to go on, in a later
// round, when another has taken it: nothing that it asks for may be done.
func holdOne(ctx context.Context, lib *sqlite.Library, name string) error {
	k, err := parseInboxTask(name)
	if err != nil {
		return err
	}
	var t briefs.Taken
	for ok := false; !ok; time.Sleep(time.Millisecond) {
		if t, ok, err = lib.Take(ctx, "slack", "held", k.now(), time.Hour-time.Minute); err != nil {
			return err
		}
	}
	fmt.Println("held")
	if _, err := fmt.Scanln(new(string)); err != nil {
		return err
	}
	_, compose := lib.Compose(ctx, t, nil, nil)
	_, extend := lib.Extend(ctx, t, k.now(), 1000*time.Hour)
	for _, err := range []error{
		compose, extend, lib.BeginReply(ctx, t, 1), lib.SentReply(ctx, t, 1, "stale", k.now()), lib.PutBack(ctx, t, "", k.now()), lib.End(ctx, t, briefs.GivenUp, "", k.now()),
	} {
		if !errors.Is(err, briefs.ErrConflict) {
			return fmt.Errorf("a stale claim on %s: %w", t.Key, err)
		}
	}
	fmt.Println("refused")
	return nil
}

// TestInboxKill kills a process that receives and two that answer, again and
// again: what was kept is answered, each reply stands in the room once, and
// those of a lane in order. BRIEFDESK_PROVE does it two hundred times.
func TestInboxKill(t *testing.T) {
	rounds := 8
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		rounds = 200
	}
	dir := t.TempDir()
	path, room := filepath.Join(dir, "library.db"), filepath.Join(dir, "room")
	library(t, path, sqlite.Options{}) // made before they race
	if err := os.WriteFile(room, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(2031, 4))
	kept, held, killed := map[int]bool{}, 0, 0
	next := 0
	var holder *heldProcess
	for round := 1; round <= rounds; round++ {
		k := inboxTask{round, next, room}
		kill := []*exec.Cmd{}
		receiver, out, stderr := spawn(t, os.Args[0], "receive", path, k.String(), nil)
		kill = append(kill, receiver)
		reports := bufio.NewScanner(out)
		note := func() {
			var i int
			if _, err := fmt.Sscanf(reports.Text(), "kept %d", &i); err == nil {
				kept[i] = true
				next = i // once more, which it may have been killed at
			}
		}
		for range 6 { // "open", and what is kept
			if !reports.Scan() {
				t.Fatalf("receiver: %s", stderr)
			}
			note()
		}
		if holder == nil && round < rounds {
			holder = hold(t, path, k)
		}
		for range 2 {
			cmd, out, _ := spawn(t, os.Args[0], "answer", path, k.String(), nil)
			go func() { _, _ = io.Copy(io.Discard, out) }()
			kill = append(kill, cmd)
		}
		time.Sleep(time.Duration(20+rnd.IntN(200)) * time.Millisecond)
		rnd.Shuffle(len(kill), func(i, j int) { kill[i], kill[j] = kill[j], kill[i] })
		for _, cmd := range kill {
			_ = cmd.Process.Kill() // it may have ended
			time.Sleep(time.Duration(rnd.IntN(10)) * time.Millisecond)
		}
		for reports.Scan() {
			note()
		}
		for _, cmd := range kill {
			if cmd.Wait() != nil && cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
				killed++
			}
		}
		if holder != nil && holder.round < round {
			answerRest(t, path, k) // what it holds with the rest
			holder.goOn(t)
			holder, held = nil, held+1
		}
	}
	answerRest(t, path, inboxTask{round: rounds + 1, room: room})
	posted := onceInOrder(t, room)
	for i := range kept {
		if posted[numberedThing(i).Key] != 2 {
			t.Errorf("thing %d was kept, but %d of its replies stand in the room", i, posted[numberedThing(i).Key])
		}
	}
	lib := library(t, path, sqlite.Options{})
	clean(t, lib)
	counts, _, err := lib.CountIncoming(context.Background())
	if err != nil || counts[briefs.Answered] != len(posted) || len(counts) != 1 {
		t.Errorf("counts %v, %v; want %d answered", counts, err, len(posted))
	}
	t.Logf("%d things kept, %d answered, %d processes killed, %d stale claims refused", len(kept), len(posted), killed, held)
	if killed < rounds || len(kept) < 3*rounds || held < rounds/4 {
		t.Error("the moments are chosen badly")
	}
}

// answerRest answers what can be taken, undisturbed.
func answerRest(t *testing.T, path string, k inboxTask) {
	t.Helper()
	cmd, out, stderr := spawn(t, os.Args[0], "answer", path, k.String(), nil)
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v, %s", err, stderr)
	}
}

// heldProcess is a process that holds a claim.
type heldProcess struct {
	round int
	cmd   *exec.Cmd
	in    io.Writer
	out   *bufio.Scanner
}

func hold(t *testing.T, path string, k inboxTask) *heldProcess {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"=hold", childPath+"="+path, childName+"="+k.String())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &heldProcess{k.round, cmd, in, bufio.NewScanner(out)}
	h.says(t, "open")
	h.says(t, "held")
	return h
}

func (h *heldProcess) says(t *testing.T, want string) {
	t.Helper()
	if !h.out.Scan() || h.out.Text() != want {
		t.Errorf("the process that holds a claim says %q, want %q", h.out.Text(), want)
	}
}

// goOn lets it try what is left to it.
func (h *heldProcess) goOn(t *testing.T) {
	t.Helper()
	if _, err := fmt.Fprintln(h.in, "on"); err != nil {
		t.Error(err)
	}
	h.says(t, "refused")
	if err := h.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// onceInOrder counts the replies by their thing; it fails when one stands there
// twice, or one of a lane after a later one.
func onceInOrder(t *testing.T, room string) map[string]int {
	t.Helper()
	data, err := os.ReadFile(room)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(data))
	posted := map[string]int{}
	latest := map[int]string{}
	for _, line := range lines {
		key, _, _ := strings.Cut(line, "#")
		posted[key]++
		var i int
		if _, err := fmt.Sscanf(key, "slack:%d", &i); err != nil {
			t.Fatal(err)
		}
		if lane := i % inboxLanes; line < latest[lane] {
			t.Errorf("%s stands after %s", line, latest[lane])
		} else {
			latest[lane] = line
		}
	}
	slices.Sort(lines)
	if once := slices.Compact(slices.Clone(lines)); len(once) != len(lines) {
		t.Errorf("%d of %d replies stand in the room twice", len(lines)-len(once), len(lines))
	}
	return posted
}
