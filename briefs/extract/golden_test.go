package extract

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the blocks of the golden files")

// TestGolden reads every document of testdata. A file holds the metadata that
// is expected (meta, written by hand and never rewritten), the input, and the
// blocks (rewritten by -update).
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) < 30 {
		t.Fatalf("found %d golden files: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(filepath.Base(filepath.Dir(file))+"/"+name, func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var meta, input, want *txtar.File
			for i := range ar.Files {
				switch f := &ar.Files[i]; {
				case f.Name == "meta":
					meta = f
				case f.Name == "blocks":
					want = f
				case strings.HasPrefix(f.Name, "input."):
					input = f
				}
			}
			if meta == nil || input == nil || want == nil {
				t.Fatal("meta, input or blocks is missing")
			}
			d, err := Document(name+filepath.Ext(input.Name), input.Data)
			if err != nil {
				t.Fatal(err)
			}
			if err := checkBlocks(d.Text, d.Blocks); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(fields(string(meta.Data)), fields(showMeta(d))); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
			got := showBlocks(d)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

// fields reads "key: value" lines; those without a value are left out.
func fields(s string) map[string]string {
	out := map[string]string{}
	for l := range strings.Lines(s) {
		k, v, _ := strings.Cut(l, ":")
		if v = strings.TrimSpace(v); v != "" {
			out[k] = v
		}
	}
	return out
}

func showMeta(d briefs.Document) string {
	return fmt.Sprintf("title: %s\nauthor: %s\npublisher: %s\npublished: %s\nurl: %s\ncollection: %s\n",
		d.Title, d.Author, d.Publisher, d.Published, d.URL, d.Collection)
}

// showBlocks writes a line for each block: role, level, marker, and the first
// and last words, enough to see where it begins and ends.
func showBlocks(d briefs.Document) string {
	var b strings.Builder
	for _, bl := range d.Blocks {
		fmt.Fprintf(&b, "%s", bl.Role)
		if bl.Level > 0 {
			fmt.Fprintf(&b, " %d", bl.Level)
		}
		if m := d.Text[bl.Start:bl.Body]; m != "" {
			fmt.Fprintf(&b, " %q", m)
		}
		content := strings.ReplaceAll(strings.ReplaceAll(d.Text[bl.Body:bl.End], "\n", "⏎"), "\t", "⇥")
		if r := []rune(content); len(r) > 80 {
			content = string(r[:45]) + " … " + string(r[len(r)-25:])
		}
		fmt.Fprintf(&b, " | %s\n", content)
	}
	return b.String()
}
