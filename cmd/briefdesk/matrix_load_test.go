//go:build homeserver && goolm

package main

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/bot/matrix/matrixtest"
)

// TestMatrixLoad asks at a steady rate, whether or not earlier questions were
// answered, and tells how long answers took by the homeserver's clock, and how
// much memory the program takes. With BRIEFDESK_PROVE it asks 20 questions a
// second in 20 rooms for a minute, of a library of 10,000 passages.
func TestMatrixLoad(t *testing.T) {
	rate, rooms, lasts, passages := 5, 4, 3*time.Second, 0
	if os.Getenv("BRIEFDESK_PROVE") != "" {
		rate, rooms, lasts, passages = 20, 20, time.Minute, 10_000
	}
	d := newMatrixDesk(t)
	var in []string
	yaml := ""
	for i := range rooms {
		in = append(in, d.ana.CreateRoom(t, matrixtest.Room{Name: fmt.Sprint("room ", i), Invite: []string{matrixBot}}))
		yaml += fmt.Sprintf("  \"matrix:%s\": {collections: [all]}\n", in[i])
	}
	d.configure(yaml)
	questions := (&slackDesk{t: t, program: d.program, dir: d.dir}).texts(t, passages)
	d.start()
	for _, room := range in {
		d.joins(room)
	}
	before := d.memory()
	random := rand.New(rand.NewSource(9))
	var asking sync.WaitGroup
	n := 0
	start := time.Now()
	for due := start; due.Sub(start) < lasts; due = due.Add(time.Duration(random.ExpFloat64() * float64(time.Second) / float64(rate))) {
		time.Sleep(time.Until(due))
		room, txn, words := in[n%rooms], fmt.Sprint("load", n), "desk: "+questions[random.Intn(len(questions))]
		n++
		asking.Go(func() { d.ana.Send(t, room, "m.room.message", txn, matrixText(words, mentionDesk)) })
	}
	asking.Wait()
	var took []time.Duration
	for end := time.Now().Add(10 * time.Minute); len(took) < n && time.Now().Before(end); {
		time.Sleep(2 * time.Second) // looking takes the homeserver's time too
		took = d.took(in)
	}
	if len(took) != n {
		t.Errorf("%d answers to %d questions", len(took), n)
	}
	t.Logf("%d questions in %d rooms in %v", n, rooms, lasts)
	t.Logf("answered: p50 %v, p95 %v, p99 %v, slowest %v", at(took, 0.5), at(took, 0.95), at(took, 0.99), at(took, 1))
	t.Logf("resident memory: %d MiB before, %d MiB after", before, d.memory())
	d.stop()
}

// took is how long each answer in rooms took, by the homeserver's clock.
func (d *matrixDesk) took(in []string) []time.Duration {
	var all []time.Duration
	for _, room := range in {
		asked := map[string]int64{}
		for _, e := range d.ana.Messages(d.t, room) {
			if e.Sender == d.ana.ID && e.Type == "m.room.message" {
				asked[e.ID] = e.At
			} else if at, ok := asked[e.Thread()]; ok && e.Sender == matrixBot {
				all = append(all, time.Duration(e.At-at)*time.Millisecond)
			}
		}
	}
	return all
}

// memory is what the program takes, in MiB; 0 where that cannot be told.
func (d *matrixDesk) memory() int {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(d.cmd.Process.Pid), "status"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kb, _ := strconv.Atoi(strings.Fields(rest + " 0")[0])
	return kb >> 10
}
