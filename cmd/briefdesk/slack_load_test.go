package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"briefdesk/bot/slack/faultserver"
	"briefdesk/briefs/sample"
)

// slackLoadScene asks at a steady rate through one socket, at random moments
// whether or not earlier questions were answered, and tells how long
// acknowledgements and answers took: of each question, one answer. With
// BRIEFDESK_PROVE it asks 50 questions a second over 100 channels for a minute,
// of a library of 10,000 passages; docs/benchmarks.md has the figures.
func slackLoadScene(t *testing.T) {
	prove := os.Getenv("BRIEFDESK_PROVE") != ""
	rate, rooms, lasts, passages := 20, 40, 2*time.Second, 0
	if prove {
		rate, rooms, lasts, passages = 50, 100, time.Minute, 10_000
	}
	d := newSlackDesk(t, faultserver.Options{}, "socket", strings.ReplaceAll(manyRooms(rooms), "north", "all"))
	d.replace("briefdesk.yaml", "trap: {}", "trap: {}, all: {}")
	d.addRooms(rooms)
	questions := d.texts(t, passages)
	d.connected()
	random := rand.New(rand.NewSource(9))
	var all []asked
	start := time.Now()
	for due := start; due.Sub(start) < lasts; due = due.Add(time.Duration(random.ExpFloat64() * float64(time.Second) / float64(rate))) {
		time.Sleep(time.Until(due))
		q := asked{channel: fmt.Sprint("CM", len(all)%rooms)}
		q.ts = d.s.Say(faultserver.Words{Channel: q.channel, User: "U2", Text: faultserver.Mention + " " + questions[random.Intn(len(questions))]})
		all = append(all, q)
	}
	d.answered(t, 10*time.Minute, len(all), rooms)
	d.settle(t)
	d.once(t, all, rooms)
	acks, attempts := d.s.Acks()
	var took []time.Duration
	for i := range rooms {
		for _, m := range d.s.Said(fmt.Sprint("CM", i)) {
			took = append(took, m.At.Sub(moment(t, m.Thread)))
		}
	}
	t.Logf("%d questions in %d channels in %v: %d deliveries in %d attempts", len(all), rooms, lasts, len(acks), attempts)
	t.Logf("acknowledged: p50 %v, p99 %v, slowest %v", at(acks, 0.5), at(acks, 0.99), at(acks, 1))
	t.Logf("answered: p50 %v, p95 %v, p99 %v, slowest %v", at(took, 0.5), at(took, 0.95), at(took, 0.99), at(took, 1))
	if prove { // else other tests run beside this one
		if p99 := at(acks, 0.99); p99 > 500*time.Millisecond {
			t.Errorf("an acknowledgement took %v (p99)", p99)
		}
		if attempts != len(acks) {
			t.Errorf("%d deliveries took %d attempts", len(acks), attempts)
		}
	}
	d.stop()
	t.Logf("serve took %v of CPU time", (d.cmd.ProcessState.UserTime() + d.cmd.ProcessState.SystemTime()).Round(100*time.Millisecond))
	for _, v := range d.s.Violations() {
		t.Error(v)
	}
}

// at is a quantile.
func at(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))].Round(100 * time.Microsecond)
}

// moment is when a message was written, by its name.
func moment(t *testing.T, ts string) time.Time {
	t.Helper()
	seconds, micros, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(s, us*1000)
}

// texts fills the collection "all" with the sample library and, for passages,
// with so many of real texts, and returns questions about them. The file that
// BRIEFDESK_LOAD names is added to these texts.
func (d *slackDesk) texts(t *testing.T, passages int) []string {
	t.Helper()
	for _, f := range sample.Documents() {
		path := filepath.Join(d.dir, "sample", filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.run(t, "add", "--collection", "all", "sample")
	golden, err := sample.Golden()
	if err != nil {
		t.Fatal(err)
	}
	var questions []string
	for _, q := range golden {
		questions = append(questions, q.Question)
	}
	if passages == 0 {
		return questions
	}
	data := filepath.Join(slackReference(t), "..", "..", "data")
	sources := []string{
		filepath.Join(data, "retrieval/condqa_snippets/docs.jsonl"), filepath.Join(data, "answers/clapnq/docs.jsonl"),
		filepath.Join(data, "retrieval/cranfield/docs.jsonl"), filepath.Join(data, "extraction/html_aeb/html"),
	}
	if more := os.Getenv("BRIEFDESK_LOAD"); more != "" {
		sources = append(sources, more)
	}
	for _, source := range sources {
		// Some lines of the sets are faulty, and named: the rest is added.
		if out, err := d.command("add", "--collection", "all", source).CombinedOutput(); err != nil && !strings.Contains(err.Error(), "exit status 1") {
			t.Fatalf("add: %v: %s", err, out)
		}
	}
	for _, set := range []string{"retrieval/condqa_snippets", "answers/clapnq"} {
		for _, line := range strings.Split(strings.TrimSpace(head(t, filepath.Join(data, set, "queries.jsonl"), 200)), "\n") {
			var q struct{ Text string }
			if err := json.Unmarshal([]byte(line), &q); err != nil {
				t.Fatal(err)
			}
			questions = append(questions, q.Text)
		}
	}
	var listed struct {
		Documents []struct{ Passages int }
	}
	if err := json.Unmarshal([]byte(d.run(t, "library", "list", "--json")), &listed); err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, doc := range listed.Documents {
		held += doc.Passages
	}
	if t.Logf("%d documents, %d passages", len(listed.Documents), held); held < passages {
		t.Errorf("%d passages are fewer than %d", held, passages)
	}
	return questions
}

// head is the first lines of a file.
func head(t *testing.T, path string, n int) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for ; n > 0 && lines.Scan(); n-- {
		b.Write(lines.Bytes())
		b.WriteByte('\n')
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
