package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a library that keeps histories by the rule of the contract: what
// follows the longest suffix of the stored history that is a prefix of the
// new one is appended.
type memory struct {
	histories map[briefs.DocumentID][]briefs.Document
	order     []briefs.DocumentID // of calls, with repetition
	batches   []int
	refuse    func(briefs.Document) error
}

func newMemory() *memory { return &memory{histories: map[briefs.DocumentID][]briefs.Document{}} }

func (m *memory) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, d := range batch {
		if m.refuse != nil {
			if err := m.refuse(d); err != nil {
				return nil, err
			}
		}
	}
	m.batches = append(m.batches, len(batch))
	var out []briefs.Stored
	for len(batch) > 0 {
		n := history(batch)
		s, id := batch[:n], batch[0].ID
		h := m.histories[id]
		k := min(len(h), n)
		for ; k > 0; k-- {
			if slices.EqualFunc(h[len(h)-k:], s[:k], func(a, b briefs.Document) bool { return a.Text == b.Text && a.Title == b.Title }) {
				break
			}
		}
		for i, d := range s {
			m.order = append(m.order, id)
			if i < k {
				out = append(out, briefs.Stored{ID: id, Revision: len(h) - k + i + 1, Outcome: briefs.Unchanged})
				continue
			}
			m.histories[id] = append(m.histories[id], d)
			r := len(m.histories[id])
			o := briefs.Revised
			if r == 1 {
				o = briefs.Added
			}
			out = append(out, briefs.Stored{ID: id, Revision: r, Outcome: o})
		}
		batch = batch[n:]
	}
	return out, nil
}

func files(t *testing.T, content map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, s := range content {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func add(t *testing.T, lib Library, o Options, sources ...string) Report {
	t.Helper()
	r, err := New(slog.New(slog.DiscardHandler), lib, o).Add(context.Background(), sources...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func record(id, text string) string { return fmt.Sprintf(`{"id":%q,"title":"T","text":%q}`, id, text) }

func TestAddTwiceChangesNothing(t *testing.T) {
	root := files(t, map[string]string{
		"a.txt":       "The first report\n\nBy Ana Example\n3 May 2031\n\nThe harbour was closed on Monday. It opened again a day later, to nobody's surprise.",
		"b.md":        "# The second\n\nThe bridge stays open. Nobody crosses it.",
		"c.html":      "<title>The third</title><article><h1>The third</h1><p>The road is long enough for everybody who walks it.</p></article>",
		"sub/d.jsonl": record("x", "One sentence stands here.") + "\n" + record("y", "Another sentence stands here.") + "\n" + record("x", "One sentence was changed here.") + "\n",
	})
	lib := newMemory()
	r := add(t, lib, Options{Collection: "c1"}, root)
	if r.Added != 5 || r.Revised != 1 || r.Failed != 0 {
		t.Fatalf("first time: %+v", r)
	}
	if got := len(lib.histories["x"]); got != 2 {
		t.Errorf("x has %d revisions, want 2", got)
	}
	if d := lib.histories["y"][0]; d.Collection != "c1" || d.Source != filepath.Join(root, "sub/d.jsonl") || len(d.Passages) == 0 {
		t.Errorf("y: collection %q, source %q, %d passages", d.Collection, d.Source, len(d.Passages))
	}
	first := slices.Clone(lib.order)
	lib.order = nil
	r = add(t, lib, Options{Collection: "c1"}, root)
	if r.Added != 0 || r.Revised != 0 || r.Unchanged != 6 || r.Failed != 0 {
		t.Errorf("second time: %+v", r)
	}
	if !slices.Equal(first, lib.order) {
		t.Errorf("order %v, then %v", first, lib.order)
	}
	if !slices.ContainsFunc(first, func(id briefs.DocumentID) bool { return strings.HasPrefix(string(id), "a-") && len(id) == 10 }) {
		t.Errorf("ids %v: want a- and 8 digits for a.txt", first)
	}
}

func TestARevertedPageIsANewRevision(t *testing.T) {
	root := files(t, map[string]string{"a.jsonl": record("x", "It is open today."), "b.jsonl": record("x", "It is closed today.")})
	lib := newMemory()
	a, b := filepath.Join(root, "a.jsonl"), filepath.Join(root, "b.jsonl")
	for _, src := range []string{a, b, a} {
		if r := add(t, lib, Options{}, src); r.Added+r.Revised != 1 {
			t.Errorf("%s: %+v", src, r)
		}
	}
	if n := len(lib.histories["x"]); n != 3 {
		t.Errorf("%d revisions, want 3", n)
	}
}

// An id in two files of one Add is one history, so that adding both again
// changes nothing.
func TestHistoriesRunAcrossFiles(t *testing.T) {
	root := files(t, map[string]string{
		"a.jsonl": record("x", "It is open today.") + "\n" + record("z", "Nothing else is here.") + "\n",
		"b.jsonl": record("x", "It is closed today."),
	})
	lib := newMemory()
	if r := add(t, lib, Options{}, root); r.Added != 2 || r.Revised != 1 {
		t.Fatalf("%+v", r)
	}
	if r := add(t, lib, Options{}, root); r.Unchanged != 3 {
		t.Errorf("%+v", r)
	}
}

func TestProblemsDoNotStopTheRest(t *testing.T) {
	root := files(t, map[string]string{
		"bin.txt":   "\x00\x01\x02",
		"empty.txt": "",
		"menu.txt":  "Home\nAbout us\nContact\n",
		"good.txt":  "The harbour was closed on Monday. It opened again a day later, to nobody's surprise.",
		"l.jsonl":   record("a", "A good sentence is here.") + "\nnot json\n" + `{"id":7,"text":"x"}` + "\n\n" + `{"id":"b"}` + "\n" + record("c", "Another good sentence is here.") + "\n" + record("d", "***") + "\n",
	})
	lib := newMemory()
	r := add(t, lib, Options{}, root, filepath.Join(root, "missing.txt"))
	if r.Added != 3 || r.Failed != 8 || len(r.Problems) != 8 {
		t.Fatalf("added %d, failed %d: %v", r.Added, r.Failed, r.Problems)
	}
	for _, want := range []string{
		"missing.txt: no such file or folder: check the path",
		"bin.txt: looks binary, not text: save it as text",
		"empty.txt: is empty: put text into it or remove it",
		"menu.txt: no sentence found: give it a text in sentences",
		`l.jsonl: line 2: is not JSON (invalid character 'o' in literal null (expecting 'u') at byte 2: "not json"): write one object a line`,
		`l.jsonl: line 3: "id" is a number, not a string: put it in quotes`,
		`l.jsonl: line 5: "text" is missing or empty: give the text of the document`,
		"l.jsonl: line 7: no sentence found: give it a text in sentences",
	} {
		i := slices.IndexFunc(r.Problems, func(p Problem) bool { return strings.HasSuffix(p.Err.Error(), want) })
		if i < 0 {
			t.Errorf("no problem says %q: %v", want, r.Problems)
			continue
		}
		if p := r.Problems[i]; strings.Contains(p.Err.Error(), "\n") || !errors.Is(p.Err, briefs.ErrInvalid) && !errors.Is(p.Err, briefs.ErrNotFound) || p.Source == "" {
			t.Errorf("problem %+v", p)
		}
	}
}

func TestStdinAndIDs(t *testing.T) {
	lib := newMemory()
	const text = "The harbour was closed on Monday. It opened again a day later, to nobody's surprise."
	for range 2 {
		add(t, lib, Options{Stdin: strings.NewReader(text)}, "-")
	}
	lines := `{"url":"https://example.org/papers/grain.html","title":"A","text":"The first form of it."}` + "\n" +
		`{"url":"https://example.org/papers/grain.html","title":"B","text":"The second form of it."}` + "\n" +
		`{"title":"No Id","text":"This one has a title only."}`
	for range 2 {
		add(t, lib, Options{Stdin: strings.NewReader(lines)}, "-")
	}
	var ids []string
	for id, h := range lib.histories {
		ids = append(ids, fmt.Sprintf("%s×%d", string(id[:len(id)-9]), len(h)))
	}
	slices.Sort(ids)
	if got, want := strings.Join(ids, " "), "grain×2 no-id×1 standard-input×1"; got != want {
		t.Errorf("ids %q, want %q", got, want)
	}
}

func TestBatchesKeepHistoriesWhole(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintln(&b, record(fmt.Sprintf("d%d", i%4950), fmt.Sprintf("Sentence number %d is here.", i)))
	}
	root := files(t, map[string]string{"a.jsonl": b.String()})
	lib := newMemory()
	var events []Event
	r := add(t, lib, Options{Progress: func(e Event) { events = append(events, e) }}, root)
	if r.Added != 4950 || r.Revised != 50 {
		t.Errorf("%+v", r)
	}
	if len(lib.batches) != 3 {
		t.Errorf("batches %v, want three", lib.batches)
	}
	last := events[len(events)-1]
	if last.BytesDone != last.BytesTotal || last.Documents != 5000 || last.BytesTotal != int64(b.Len()) {
		t.Errorf("last event %+v, want %d bytes and 5000 documents", last, b.Len())
	}
	for i := 1; i < len(events); i++ {
		if events[i].BytesDone < events[i-1].BytesDone || events[i].BytesDone > events[i].BytesTotal {
			t.Errorf("event %d goes back or beyond: %+v after %+v", i, events[i], events[i-1])
		}
	}
}

func TestARefusedDocumentIsTheOnlyLoss(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintln(&b, record(fmt.Sprintf("d%02d", i), "A good sentence is here."))
	}
	root := files(t, map[string]string{"a.jsonl": b.String()})
	lib := newMemory()
	lib.refuse = func(d briefs.Document) error {
		if d.ID == "d07" {
			return briefs.Fault(briefs.ErrInvalid, "no room for d07")
		}
		return nil
	}
	r := add(t, lib, Options{}, root)
	if r.Added != 19 || r.Failed != 1 || r.Problems[0].Line != 8 {
		t.Errorf("%+v", r)
	}
	lib = newMemory()
	lib.refuse = func(briefs.Document) error { return briefs.Fault(briefs.ErrUnavailable, "disk full") }
	if _, err := New(slog.New(slog.DiscardHandler), lib, Options{}).Add(context.Background(), root); !errors.Is(err, briefs.ErrUnavailable) {
		t.Errorf("a library that fails must stop the adding: %v", err)
	}
}

func TestCancelStops(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintln(&b, record(fmt.Sprintf("d%d", i), "A good sentence is here."))
	}
	root := files(t, map[string]string{"a.jsonl": b.String()})
	ctx, cancel := context.WithCancel(context.Background())
	lib := newMemory()
	in := New(slog.New(slog.DiscardHandler), lib, Options{Progress: func(Event) { cancel() }})
	if _, err := in.Add(ctx, root); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(lib.batches) != 1 {
		t.Errorf("batches %v: nothing may be stored after the end", lib.batches)
	}
}

// What a library exports, all revisions a line each, comes back as it was.
func TestExportComesBack(t *testing.T) {
	root := files(t, map[string]string{
		"a.txt":   "Title of it all\n\nBy Ana Example\n3 May 2031\n\nThe harbour was closed on Monday. It has two causes:\n\n* the storm of the year\n* the strike of the year\n\nShare this",
		"l.jsonl": record("x", "It is open today.") + "\n" + record("x", "It is closed today.") + "\n",
	})
	lib := newMemory()
	add(t, lib, Options{}, root)
	var out strings.Builder
	for _, id := range slices.Compact(lib.order) {
		for i, d := range lib.histories[id] {
			d.Revision = i + 1
			line, err := extract.MarshalJSONL(d)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
	}
	again := newMemory()
	if r := add(t, again, Options{Stdin: strings.NewReader(out.String())}, "-"); r.Failed != 0 {
		t.Fatalf("%+v", r)
	}
	for id, h := range lib.histories {
		for i, d := range h {
			got := again.histories[id][i]
			for k := range got.Passages { // numbered by a library, not here
				got.Passages[k].Revision = 0
			}
			if got.Text != d.Text || got.Title != d.Title || got.Author != d.Author || got.Published != d.Published || got.Source != d.Source || got.Collection != d.Collection || fmt.Sprint(got.Blocks) != fmt.Sprint(d.Blocks) || fmt.Sprint(got.Passages) != fmt.Sprint(d.Passages) {
				t.Errorf("%s revision %d came back as\n%+v\nwant\n%+v", id, i+1, got, d)
			}
		}
	}
}
