package structure

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"briefdesk/briefs"
)

var update = flag.Bool("update", false, "write what Analyze does now into the golden files")

var (
	roleMark = regexp.MustCompile(`^\[([a-z_]+)\] `)
	itemMark = regexp.MustCompile(`^( *)(\* |- |• |\(?(?:[0-9]+|[A-Za-z]|[ivx]+)[.)] )`)
)

// parse reads the notation of the golden files: blocks are separated by blank
// lines, items stand one a line; "# " is the title, "## " a heading of rank 2
// and so on; "[caption] " and its like name any role; two spaces before a
// list marker nest it one level deeper. A plain "1) " in a paragraph is
// written with the role: "[paragraph] 1) ".
func parse(s string) *briefs.Document {
	d := &briefs.Document{ID: "doc", Revision: 3, Title: "A title", Author: "Ada Sample", Publisher: "Sample Post", Text: s}
	for _, b := range paragraphs(s) {
		for b.Start < b.End {
			line := s[b.Start:b.End]
			end := b.End
			m := itemMark.FindStringSubmatch(line)
			if m == nil && b.Start > 0 && s[b.Start-1] == ' ' {
				b.Start = strings.LastIndexByte(s[:b.Start], '\n') + 1
				m = itemMark.FindStringSubmatch(s[b.Start:b.End])
			}
			block := briefs.Block{Role: briefs.RoleParagraph, Span: b.Span, Body: b.Start}
			switch {
			case m != nil:
				if i := strings.IndexByte(s[b.Start:b.End], '\n'); i >= 0 {
					end = b.Start + i
				}
				block.Role, block.Level = briefs.RoleItem, 1+len(m[1])/2
				block.Start += len(m[1])
				block.Body = b.Start + len(m[0])
			case strings.HasPrefix(line, "# "):
				block.Role, block.Body = briefs.RoleTitle, b.Start+2
			case strings.HasPrefix(line, "##"):
				block.Role, block.Level = briefs.RoleHeading, strings.IndexByte(line, ' ')
				block.Body = b.Start + block.Level + 1
			default:
				if m := roleMark.FindStringSubmatch(line); m != nil {
					block.Role = briefs.Role(m[1])
					block.Start += len(m[0])
					block.Body = block.Start
				}
			}
			block.End = end
			d.Blocks = append(d.Blocks, block)
			b.Start = end
			for b.Start < b.End && s[b.Start] == '\n' {
				b.Start++
			}
		}
	}
	return d
}

// show writes what Analyze found.
func show(d *briefs.Document, passages bool) string {
	var w strings.Builder
	line := func(indent, label string, s briefs.Span) {
		fmt.Fprintf(&w, "%s%s %s\n", indent, label, strings.ReplaceAll(d.Slice(s), "\n", "⏎"))
	}
	for _, e := range d.Enumerations {
		line("", "enumeration:", e.LeadIn)
		for _, item := range e.Items {
			line(strings.Repeat("  ", item.Depth+1), "-", item.Span)
		}
	}
	if passages {
		for _, p := range d.Passages {
			fmt.Fprintf(&w, "%s %s [%s]\n", p.ID, p.Role, p.Heading)
			for _, s := range p.Sentences {
				line("  ", "|", s)
			}
		}
	}
	if w.Len() == 0 {
		return "nothing\n"
	}
	return w.String()
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out []txtar.File
		for i, f := range archive.Files {
			name, ok := strings.CutSuffix(f.Name, ".txt")
			if !ok {
				continue
			}
			d := parse(string(f.Data))
			Analyze(d)
			got := show(d, filepath.Base(file) == "passages.txtar")
			want := ""
			if i+1 < len(archive.Files) && archive.Files[i+1].Name == name+".golden" {
				want = string(archive.Files[i+1].Data)
			}
			out = append(out, f, txtar.File{Name: name + ".golden", Data: []byte(got)})
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				check(t, d)
				if diff := cmp.Diff(want, got); diff != "" && !*update {
					t.Errorf("-want +got (go test -update accepts it):\n%s", diff)
				}
			})
		}
		if *update {
			archive.Files = out
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
