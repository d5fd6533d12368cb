package sqlite_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

// The tests of this file run this test binary again as another process, which
// does what childTask says in childPath.
const (
	childTask = "BRIEFDESK_TEST_TASK"
	childPath = "BRIEFDESK_TEST_PATH"
	childName = "BRIEFDESK_TEST_NAME"
)

func testMain(m *testing.M) {
	task := os.Getenv(childTask)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := child(task, os.Getenv(childPath), os.Getenv(childName)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(task, path, name string) error {
	ctx := context.Background()
	if task == "pack" {
		return packAll(ctx, path, name, os.Stdout)
	}
	lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer lib.Close()
	fmt.Println("open")
	switch task {
	case "add":
		return addAll(ctx, lib, name, os.Stdout)
	case "receive":
		return receiveAll(ctx, lib, name)
	case "answer":
		return answerAll(ctx, lib, name)
	case "reindex":
		return reindexAll(ctx, lib)
	case "hold":
		return holdOne(ctx, lib, name)
	case "read-only":
		if hits, err := lib.Search(ctx, seek("word")); err != nil || len(hits) != 1 {
			return fmt.Errorf("search: %d hits, %w", len(hits), err)
		}
		if _, err := lib.PutDocuments(ctx, []briefs.Document{storetest.Document("more", "More.")}); err != nil {
			fmt.Println("refused:", err)
		}
		problems, err := lib.Check(ctx)
		if err != nil || len(problems) > 0 {
			return fmt.Errorf("check: %q, %w", problems, err)
		}
	}
	return nil
}

func seek(form string) briefs.Query {
	return briefs.Query{Terms: []briefs.Term{{Forms: []string{form}}}, Scope: briefs.Everything(), Limit: 10}
}

// The documents of addAll: batches of batchSize, some with a second revision.
const (
	batches   = 12
	batchSize = 5
)

func batch(name string, b int) (docs []briefs.Document) {
	for i := range batchSize {
		id := fmt.Sprintf("%s-%d-%d", name, b, i)
		docs = append(docs, storetest.Document(id, strings.Repeat("A sentence about "+id+" stands here. ", 20)))
		if i == 0 {
			docs = append(docs, storetest.Document(id, strings.Repeat("Another about "+id+". ", 30)))
		}
	}
	return docs
}

// addAll writes a line to progress after every batch, of which it records a
// question and a briefing, too.
func addAll(ctx context.Context, lib *sqlite.Library, name string, progress io.Writer) error {
	for b := range batches {
		docs := batch(name, b)
		if _, err := lib.PutDocuments(ctx, docs); err != nil {
			return err
		}
		if err := recordBatch(ctx, lib, fmt.Sprintf("%s-%d", name, b), docs); err != nil {
			return err
		}
		fmt.Fprintln(progress, "stored")
	}
	return nil
}

// recordBatch quotes each of docs in a question and in a briefing of that name.
func recordBatch(ctx context.Context, lib *sqlite.Library, name string, docs []briefs.Document) error {
	var refs []briefs.Ref
	var items []briefs.BriefItem
	for _, d := range docs {
		d.Revision = 1
		q, err := briefs.NewQuote(&d, briefs.Span{End: 9})
		if err != nil {
			return err
		}
		refs = append(refs, briefs.Ref{Document: d.ID, Revision: 1, Span: q.Span()})
		items = append(items, briefs.BriefItem{Quotes: []briefs.Citation{{N: 1, Source: 1, Quote: q}}})
	}
	if err := lib.RecordAsked(ctx, briefs.Asked{Question: name, Last: storetest.Morning, Quotes: refs}); err != nil {
		return err
	}
	return lib.RecordBriefing(ctx, briefs.Briefing{ID: briefs.BriefingID(name), Briefs: []briefs.Brief{{Sections: []briefs.Section{{Items: items}}}}})
}

// spawn starts the child; its output ends with the process.
func spawn(t *testing.T, binary, task, path, name string, attr *syscall.SysProcAttr) (*exec.Cmd, io.ReadCloser, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path, childName+"="+name)
	cmd.SysProcAttr = attr
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out, &stderr
}

func clean(t *testing.T, lib *sqlite.Library) {
	t.Helper()
	problems, err := lib.Check(context.Background())
	if err != nil || len(problems) > 0 {
		t.Fatalf("Check = %q, %v", problems, err)
	}
}

// TestKill kills a process that adds documents fifty times, at any moment
// between its start and its end, and finishes the work after every kill. The
// moments are chosen by what the child reports, so that a slow machine meets
// them too: the lines to wait for, then a part of the time that a line takes.
func TestKill(t *testing.T) {
	rounds := 50
	if testing.Short() {
		rounds = 8
	}
	ctx := context.Background()
	rnd := rand.New(rand.NewPCG(2031, 3))
	killed, partial := 0, 0
	opening, storing := 10*time.Millisecond, time.Millisecond // measured below
	for round := 0; round < rounds || round < 10*rounds && (killed < rounds/2 || partial < rounds/4); round++ {
		path := filepath.Join(t.TempDir(), "library.db")
		start := time.Now()
		cmd, out, stderr := spawn(t, os.Args[0], "add", path, "k", nil)
		reports := bufio.NewScanner(out)
		await := rnd.IntN(1 + batches + 1) // nothing, "open", "stored"…; the last is the end
		for line := range await {
			if !reports.Scan() {
				t.Fatalf("child: %v, %s", reports.Err(), stderr)
			}
			if took := time.Since(start); line == 0 {
				opening = took
			} else {
				storing = (took - opening) / time.Duration(line)
			}
		}
		longest := storing
		if await == 0 {
			longest = opening
		}
		time.Sleep(time.Duration(rnd.Float64() * float64(longest)))
		_ = cmd.Process.Kill() // it may have ended
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			if !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
				t.Fatalf("child: %v, %s", err, stderr)
			}
			killed++
		}
		lib, err := sqlite.Open(ctx, slog.New(slog.DiscardHandler), path, sqlite.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		clean(t, lib)
		before, err := lib.Stats(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if before.Documents%batchSize != 0 {
			t.Errorf("round %d: %d documents: half a batch was stored", round, before.Documents)
		}
		if stored := (await - 1) * batchSize; before.Documents < stored {
			t.Errorf("round %d: %d documents, but %d were reported as stored", round, before.Documents, stored)
		}
		if 0 < before.Documents && before.Documents < batches*batchSize {
			partial++
		}
		if err := addAll(ctx, lib, "k", io.Discard); err != nil {
			t.Fatal(err)
		}
		complete(t, lib, "k")
		if err := lib.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d were killed, %d in the middle of the work", killed, rounds, partial)
	if killed < rounds/2 || partial < rounds/4 {
		t.Error("the moments are chosen badly")
	}
}

// complete fails unless lib holds just what addAll(name…) stores and records.
func complete(t *testing.T, lib *sqlite.Library, names ...string) {
	t.Helper()
	ctx := context.Background()
	clean(t, lib)
	want := map[string]bool{}
	for _, name := range names {
		for b := range batches {
			for _, d := range batch(name, b) {
				want[d.Text] = true
			}
		}
	}
	n := 0
	err := lib.Export(ctx, briefs.Everything(), func(d briefs.Document) error {
		n++
		if !want[d.Text] {
			return fmt.Errorf("document %s has a text that nobody added", d.ID)
		}
		return nil
	})
	if err != nil || n != len(want) {
		t.Fatalf("%d of %d texts, %v", n, len(want), err)
	}
	asked, err := lib.Asked(ctx, 1000)
	if err != nil || len(asked) != batches*len(names) {
		t.Errorf("%d questions, %v", len(asked), err)
	}
	posted, err := lib.Briefings(ctx, 0, 1000)
	if err != nil || len(posted) != batches*len(names) {
		t.Errorf("%d briefings, %v", len(posted), err)
	}
	for _, b := range posted {
		if len(b.Briefs) != 1 || len(b.Briefs[0].Sections) != 1 || len(b.Briefs[0].Sections[0].Items) != batchSize+1 {
			t.Errorf("briefing %s is not whole", b.ID)
		}
	}
}

// TestTwoProcesses adds to one new library from several processes at once.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	names := []string{"a", "b", "c"}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			cmd, out, stderr := spawn(t, os.Args[0], "add", path, name, nil)
			_, _ = io.Copy(io.Discard, out)
			if err := cmd.Wait(); err != nil {
				t.Errorf("%s: %v, %s", name, err, stderr)
			}
		})
	}
	wg.Wait()
	complete(t, library(t, path, sqlite.Options{}), names...)
}

// TestOtherProcessIsSeen checks that caches notice what another process wrote.
func TestOtherProcessIsSeen(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := library(t, path, sqlite.Options{})
	count := func() int {
		df, _, err := lib.DocFreq(ctx, briefs.Everything(), []string{"stand"})
		if err != nil {
			t.Fatal(err)
		}
		return df[0]
	}
	if n := count(); n != 0 {
		t.Fatalf("%d before", n)
	}
	cmd, out, stderr := spawn(t, os.Args[0], "add", path, "x", nil)
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v, %s", err, stderr)
	}
	if n := count(); n < batches*(batchSize-1) {
		t.Errorf("%d passages after another process added", n)
	}
}

// TestReadOnlyFile opens, as a user who may not write, a library in a folder
// that he may not write, and one that he may.
func TestReadOnlyFile(t *testing.T) {
	binary, attr := os.Args[0], (*syscall.SysProcAttr)(nil)
	dir, err := os.MkdirTemp("", "briefdesk-read-only") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o755)
		_ = os.RemoveAll(dir)
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 { // who may write anything: let the child be nobody
		attr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		data, err := os.ReadFile(binary)
		if err != nil {
			t.Fatal(err)
		}
		binary = filepath.Join(dir, "child")
		if err := os.WriteFile(binary, data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "library.db")
	lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lib.PutDocuments(context.Background(), []briefs.Document{storetest.Document("d", "One word.")}); err != nil {
		t.Fatal(err)
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{"folder closed": 0o555, "folder open": 0o777} {
		t.Run(name, func(t *testing.T) {
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
			cmd, out, stderr := spawn(t, binary, "read-only", path, "", attr)
			said, _ := io.ReadAll(out)
			if err := cmd.Wait(); err != nil {
				t.Fatalf("%v, %s%s", err, said, stderr)
			}
			if !strings.Contains(string(said), "reading only") || !strings.Contains(string(said), "make the file and its folder writable") {
				t.Errorf("child said %q", said)
			}
		})
	}
}
