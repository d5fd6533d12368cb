package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"briefdesk/bot/console"
	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// owes LIBRARY NAME DURATION makes a schedule that the library knows owe its
// slots since so long ago, as if nothing had run since.
func owes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: owes LIBRARY NAME DURATION")
	}
	ctx := context.Background()
	ago, err := time.ParseDuration(args[2])
	ts.Check(err)
	lib, err := store.Open(ctx, slog.New(slog.DiscardHandler), ts.MkAbs(args[0]), sqlite.Options{MustExist: true})
	ts.Check(err)
	defer lib.Close()
	all, err := lib.Schedules(ctx)
	ts.Check(err)
	for _, s := range all {
		if s.ID == briefs.ScheduleID(args[1]) {
			ts.Check(lib.DeleteSchedule(ctx, s.ID, time.Now()))
			ts.Check(lib.PutSchedule(ctx, s, time.Now().Add(-ago)))
			return
		}
	}
	ts.Fatalf("no schedule %s", args[1])
}

// posts N FILE waits until a console file has at least N posts, each key once,
// and prints their texts.
func posts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: posts N FILE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var all []console.Line
	for start := time.Now(); time.Since(start) < patience; time.Sleep(50 * time.Millisecond) {
		if all = readPosts(ts, args[1]); len(all) >= want {
			break
		}
	}
	if len(all) < want {
		ts.Fatalf("%d posts, want %d", len(all), want)
	}
	seen := map[briefs.DeliveryKey]bool{}
	var out strings.Builder
	for _, l := range all {
		if key := l.Key.Part(l.Part); seen[key] {
			ts.Fatalf("%s was posted twice", key)
		} else {
			seen[key] = true
		}
		out.WriteString(string(l.Room) + " " + string(l.Key) + " " + strconv.Itoa(l.Part) + "\n" + l.Text + "\n")
	}
	_, err = ts.Stdout().Write([]byte(out.String()))
	ts.Check(err)
}

func readPosts(ts *testscript.TestScript, file string) []console.Line {
	data, err := os.ReadFile(ts.MkAbs(file))
	if err != nil { // none yet
		return nil
	}
	return consoleLines(data)
}

// consoleLines reads what a console file holds; what is no whole line is
// passed over.
func consoleLines(data []byte) (all []console.Line) {
	s := bufio.NewScanner(bytes.NewReader(data))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var l console.Line
		if json.Unmarshal(s.Bytes(), &l) == nil {
			all = append(all, l)
		}
	}
	return all
}
