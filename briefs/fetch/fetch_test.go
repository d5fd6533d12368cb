package fetch

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// tree writes files below a new folder; a name that ends with "/" is a folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func list(t *testing.T, o Options, sources ...string) (*Fetcher, Listing) {
	t.Helper()
	f := New(o)
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	l, err := f.List(context.Background(), sources...)
	if err != nil {
		t.Fatal(err)
	}
	return f, l
}

func TestFolderIsSortedAndFiltered(t *testing.T) {
	root := tree(t, map[string]string{
		"b.txt": "b", "a/z.md": "z", "a/y.HTML": "y", "c.jsonl": "{}", "d.xlsx": "PK...", ".hidden.txt": "h", ".git/x.txt": "x",
	})
	_, l := list(t, Options{}, root, filepath.Join(root, "b.txt"))
	var names []string
	for _, it := range l.Items {
		rel, err := filepath.Rel(root, it.Name)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.ToSlash(rel))
	}
	if got, want := strings.Join(names, " "), "a/y.HTML a/z.md b.txt c.jsonl"; got != want {
		t.Errorf("items are %q, want %q: sorted, and b.txt once", got, want)
	}
	if l.Skipped != 3 { // d.xlsx, .hidden.txt, .git
		t.Errorf("skipped %d, want 3", l.Skipped)
	}
	if len(l.Problems) != 0 || l.Bytes != 5 {
		t.Errorf("problems %v, bytes %d, want none and 5", l.Problems, l.Bytes)
	}
	if !l.Items[3].Lines || l.Items[0].Lines || l.Items[0].Key == "" || !filepath.IsAbs(l.Items[0].Key) {
		t.Errorf("items %+v: only c.jsonl holds lines, and keys are absolute", l.Items)
	}
}

func TestProblemsNameThingAndMend(t *testing.T) {
	root := tree(t, map[string]string{"big.txt": strings.Repeat("x", 3<<20), "ok.txt": "fine"})
	_, l := list(t, Options{MaxBytes: 1 << 20}, filepath.Join(root, "none.txt"), filepath.Join(root, "big.txt"), "https://example.org/a", "", Stdin, filepath.Join(root, "ok.txt"))
	want := []struct {
		text string
		kind error
	}{
		{"none.txt: no such file or folder: check the path", briefs.ErrNotFound},
		{"big.txt: 3 MB is above the 1 MB limit: split it", briefs.ErrInvalid},
		{"https://example.org/a: is an address of the web, not a file or a folder: save the page as .html and add the file", briefs.ErrInvalid},
		{"a source is empty: name a file, a folder or \"-\"", briefs.ErrInvalid},
		{"standard input: there is none to read: name a file", briefs.ErrInvalid},
	}
	if len(l.Problems) != len(want) {
		t.Fatalf("problems %v, want %d", l.Problems, len(want))
	}
	for i, w := range want {
		err := l.Problems[i].Err
		if !strings.HasSuffix(err.Error(), w.text) || !errors.Is(err, w.kind) || strings.Contains(err.Error(), "\n") {
			t.Errorf("problem %d is %q, want …%q of kind %v", i, err, w.text, w.kind)
		}
	}
	if len(l.Items) != 1 {
		t.Errorf("items %v: the good file must be left", l.Items)
	}
}

func TestExplainPermission(t *testing.T) {
	err := explain("a.txt", &os.PathError{Op: "open", Path: "a.txt", Err: os.ErrPermission})
	if got := err.Error(); got != "a.txt: no permission to read: check its mode with ls -l" {
		t.Errorf("got %q", got)
	}
}

func TestLinksToFilesAreFollowedOnce(t *testing.T) {
	root := tree(t, map[string]string{"docs/a.txt": "a", "else/b.txt": "b"})
	for from, to := range map[string]string{"docs/b.txt": "../else/b.txt", "docs/self": ".", "docs/gone.txt": "nowhere.txt"} {
		if err := os.Symlink(to, filepath.Join(root, from)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	_, l := list(t, Options{}, filepath.Join(root, "docs"))
	if len(l.Items) != 2 || len(l.Problems) != 1 || l.Skipped != 1 {
		t.Errorf("items %v, problems %v, skipped %d: want a and b, the broken link as a problem, the folder link skipped", l.Items, l.Problems, l.Skipped)
	}
}

func TestStdin(t *testing.T) {
	for _, c := range []struct {
		in    string
		lines bool
	}{{"Some text.", false}, {"\n {\"id\":\"a\"}\n", true}, {"{ \"id\": 1}", true}, {"{braces} in prose", false}, {"\xef\xbb\xbf{\"id\":\"a\"}", true}} {
		f, l := list(t, Options{Stdin: strings.NewReader(c.in)}, Stdin, Stdin)
		if len(l.Items) != 1 || l.Items[0].Lines != c.lines || l.Items[0].Key != "" || l.Items[0].Size != int64(len(c.in)) {
			t.Errorf("%q: items %+v, problems %v", c.in, l.Items, l.Problems)
			continue
		}
		r, err := l.Items[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil || string(got) != c.in {
			t.Errorf("read %q, %v", got, err)
		}
		name := l.Items[0].path
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("the temporary copy is left: %v", err)
		}
	}
}

func TestStdinHasACapForDocumentsOnly(t *testing.T) {
	_, l := list(t, Options{MaxBytes: 10, Stdin: strings.NewReader(strings.Repeat("x", 11))}, Stdin)
	if len(l.Problems) != 1 || !strings.Contains(l.Problems[0].Err.Error(), "is above the 10 bytes limit") {
		t.Errorf("problems %v", l.Problems)
	}
	_, l = list(t, Options{MaxBytes: 10, Stdin: strings.NewReader(`{"id":"a","text":"much longer"}`)}, Stdin)
	if len(l.Problems) != 0 || len(l.Items) != 1 {
		t.Errorf("problems %v: lines have no cap", l.Problems)
	}
}

func TestReadFailures(t *testing.T) {
	root := tree(t, map[string]string{"a.txt": "hello"})
	_, l := list(t, Options{MaxBytes: 10}, root)
	it := l.Items[0]
	if err := os.WriteFile(it.Name, []byte("grown beyond the cap"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := it.Read(); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("a file that grew: %v", err)
	}
	if err := os.Remove(it.Name); err != nil {
		t.Fatal(err)
	}
	if _, err := it.Read(); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("a file that is gone: %v", err)
	}
	if _, err := it.Open(); !errors.Is(err, briefs.ErrNotFound) {
		t.Errorf("a file that is gone: %v", err)
	}
}

func TestListStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(Options{}).List(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestMegabytes(t *testing.T) {
	for n, want := range map[int64]string{10: "10 bytes", 2048: "2 KB", 32 << 20: "32 MB", 200 << 20: "200 MB", 33<<20 + 1<<19: "33.5 MB"} {
		if got := Megabytes(n); got != want {
			t.Errorf("Megabytes(%d) = %q, want %q", n, got, want)
		}
	}
}
