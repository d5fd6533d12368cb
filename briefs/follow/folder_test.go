package follow

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

// papers is a folder that is followed, and the library.
type papers struct {
	*testing.T
	dir string
	lib store.Backend
	f   *Follower
	now time.Time
}

func newPapers(t *testing.T) *papers {
	t.Helper()
	lib, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "l.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() })
	p := &papers{T: t, dir: t.TempDir(), lib: lib, now: time.Now().Add(24 * time.Hour)} // what is written now is old by then
	p.follow(Options{})
	return p
}

func (p *papers) follow(o Options) {
	if o.Now == nil {
		o.Now = func() time.Time { p.now = p.now.Add(time.Minute); return p.now }
	}
	p.f = New(slog.New(slog.DiscardHandler), p.lib, nil, nil, o)
}

func (p *papers) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

// write makes a file of one note; its time is its own, whatever the clock's
// resolution.
func (p *papers) write(name, text string) {
	p.Helper()
	path := p.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.Fatal(err)
	}
}

func (p *papers) move(from, to string) {
	p.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(to)), 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.Rename(p.path(from), p.path(to)); err != nil {
		p.Fatal(err)
	}
}

func (p *papers) remove(name string) {
	p.Helper()
	if err := os.RemoveAll(p.path(name)); err != nil {
		p.Fatal(err)
	}
}

func note(about string) string {
	return "The envoys of " + about + " signed the pact in May. They left the hall at noon and did not come back.\n"
}

// read reads the folder, or another path, and says what came of it:
// "added 1 revised 2 unchanged 3 withdrawn 4 failed 5", without what is 0.
func (p *papers) read(address ...string) (string, SourceReport) {
	p.Helper()
	s := briefs.Source{Kind: briefs.SourcePath, Address: p.dir, Collection: "papers"}
	if len(address) > 0 {
		s.Address = address[0]
	}
	r, err := p.once(p.Context(), s)
	if err != nil {
		p.Fatal(err)
	}
	var said []string
	for _, c := range []struct {
		n    int
		what string
	}{{r.Added, "added"}, {r.Revised, "revised"}, {r.Unchanged, "unchanged"}, {r.Withdrawn, "withdrawn"}, {r.Failed, "failed"}, {r.Waiting, "waiting"}} {
		if c.n > 0 {
			said = append(said, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if problems, err := p.lib.Check(p.Context()); err != nil || len(problems) > 0 {
		p.Errorf("check: %q, %v", problems, err)
	}
	return strings.Join(said, ", "), r
}

func (p *papers) once(ctx context.Context, s briefs.Source) (SourceReport, error) {
	report, err := p.f.Once(ctx, s)
	for _, f := range report.Problems {
		p.Log(f)
	}
	return report.Sources[0], err
}

func (p *papers) want(want string) {
	p.Helper()
	if got, r := p.read(); got != want || r.Problem != "" {
		p.Errorf("reading says %q, problem %q, want %q", got, r.Problem, want)
	}
}

// ids are those of the documents that are found, by the first word of their
// texts after "The envoys of".
func (p *papers) ids() map[string]briefs.DocumentID {
	p.Helper()
	out := map[string]briefs.DocumentID{}
	list, err := p.lib.Documents(p.Context(), briefs.Listing{Scope: briefs.Everything()})
	if err != nil {
		p.Fatal(err)
	}
	for _, l := range list {
		d, err := p.lib.Document(p.Context(), l.ID, 0)
		if err != nil {
			p.Fatal(err)
		}
		_, rest, _ := strings.Cut(d.Text, "The envoys of ")
		about, _, _ := strings.Cut(rest, " ")
		out[about] = l.ID
	}
	return out
}

func (p *papers) revisions(id briefs.DocumentID) int {
	p.Helper()
	r, err := p.lib.Revisions(p.Context(), briefs.Everything(), id)
	if err != nil {
		p.Fatal(err)
	}
	return len(r)
}

// What stands in a folder is in the library: new, changed, deleted and
// returned files, in folders within it too.
func TestFolderIsFollowed(t *testing.T) {
	p := newPapers(t)
	p.write("a.txt", note("Lorem"))
	p.write("deep/er/b.md", "# The Pact of Ipsum\n\n"+note("Ipsum"))
	p.write(".hidden.txt", note("Nowhere"))
	p.write("picture.png", "\x89PNG")
	p.want("2 added")
	p.want("2 unchanged")
	first := p.ids()
	if len(first) != 2 || first["Lorem"] == "" || first["Ipsum"] == "" {
		t.Fatalf("documents %v", first)
	}

	p.write("a.txt", note("Lorem")+"Nobody knows why.\n")
	p.want("1 revised, 1 unchanged")
	if p.ids()["Lorem"] != first["Lorem"] || p.revisions(first["Lorem"]) != 2 {
		t.Errorf("a changed file is not a revision: %v", p.ids())
	}
	if err := os.Chtimes(p.path("a.txt"), time.Time{}, time.Now().Add(-time.Hour)); err != nil { // touched
		t.Fatal(err)
	}
	p.want("2 unchanged")

	p.remove("deep")
	p.want("1 unchanged, 1 withdrawn")
	p.want("1 unchanged")
	if ids := p.ids(); ids["Ipsum"] != "" {
		t.Errorf("what was deleted is found: %v", ids)
	}
	d, err := p.lib.Document(t.Context(), first["Ipsum"], 1)
	if err != nil || !strings.Contains(d.Text, "Ipsum") {
		t.Errorf("its old links do not open: %v", err)
	}
	p.write("deep/er/b.md", "# The Pact of Ipsum\n\n"+note("Ipsum"))
	p.want("1 added, 1 unchanged")
	if p.ids()["Ipsum"] != first["Ipsum"] || p.revisions(first["Ipsum"]) != 1 {
		t.Errorf("what returned is another document: %v, %v", p.ids(), first)
	}
}

// A file that was moved keeps its document and its history, also when another
// takes its place, and when it was gone for a while.
func TestFilesMove(t *testing.T) {
	p := newPapers(t)
	p.write("a.txt", note("Lorem"))
	p.write("b.txt", note("Ipsum"))
	p.want("2 added")
	first := p.ids()

	p.move("a.txt", "archive/2031/lorem.txt")
	if got, _ := p.read(); strings.Contains(got, "withdrawn") || strings.Contains(got, "added") {
		t.Errorf("a move says %q", got)
	}
	p.write("a.txt", note("Dolor"))
	p.want("1 added, 2 unchanged")
	ids := p.ids()
	if ids["Lorem"] != first["Lorem"] || ids["Ipsum"] != first["Ipsum"] || ids["Dolor"] == "" || ids["Dolor"] == first["Lorem"] {
		t.Errorf("after the move %v, before %v", ids, first)
	}
	p.write("archive/2031/lorem.txt", note("Lorem")+"Nobody knows why.\n")
	p.want("1 revised, 2 unchanged")
	if n := p.revisions(first["Lorem"]); n != 2 {
		t.Errorf("%d revisions of the file that was moved", n)
	}

	// Gone at one reading, elsewhere at the next.
	keep := filepath.Join(t.TempDir(), "b.txt")
	if err := os.Rename(p.path("b.txt"), keep); err != nil {
		t.Fatal(err)
	}
	p.want("2 unchanged, 1 withdrawn")
	if err := os.Rename(keep, p.path("archive/ipsum.txt")); err != nil {
		t.Fatal(err)
	}
	p.want("1 added, 2 unchanged")
	if p.ids()["Ipsum"] != first["Ipsum"] {
		t.Errorf("what returned elsewhere is another document: %v", p.ids())
	}

	// The whole folder within is renamed.
	p.move("archive", "store")
	if got, _ := p.read(); strings.Contains(got, "withdrawn") || strings.Contains(got, "added") {
		t.Errorf("renaming a folder says %q", got)
	}
	if now := p.ids(); now["Lorem"] != first["Lorem"] || now["Ipsum"] != first["Ipsum"] {
		t.Errorf("after renaming the folder %v, before %v", now, first)
	}
	// A copy is a document of its own, and stays when the other is deleted.
	p.write("copy.txt", note("Ipsum"))
	p.want("1 added, 3 unchanged")
	p.remove("store/ipsum.txt")
	p.want("3 unchanged, 1 withdrawn")
	if now := p.ids(); now["Ipsum"] == "" {
		t.Errorf("the copy went too: %v", now)
	}
}

// Where a disk is not mounted, nothing is withdrawn, and it is told.
func TestFolderIsMissing(t *testing.T) {
	p := newPapers(t)
	p.write("papers/a.txt", note("Lorem"))
	root, away := p.path("papers"), p.path("away")
	if got, _ := p.read(root); got != "1 added" {
		t.Fatalf("reading says %q", got)
	}
	p.move("papers", "away")
	missing := func(what string) {
		t.Helper()
		got, r := p.read(root)
		if strings.Contains(got, "withdrawn") || !strings.Contains(r.Problem, what) || !strings.Contains(strings.ToLower(r.Problem), "nothing was withdrawn") || p.ids()["Lorem"] == "" {
			t.Errorf("reading says %q, problem %q", got, r.Problem)
		}
	}
	missing("is not there")
	if err := os.Mkdir(root, 0o755); err != nil { // where it would be mounted
		t.Fatal(err)
	}
	missing("is empty")
	if err := os.Remove(root); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, root); err != nil {
		t.Fatal(err)
	}
	if got, r := p.read(root); got != "1 unchanged" || r.Problem != "" {
		t.Errorf("mounted again, reading says %q, problem %q", got, r.Problem)
	}
	// A source that is one file, deleted: its folder is there.
	one := p.path("papers/a.txt")
	if got, _ := p.read(one); got != "1 unchanged" {
		t.Errorf("one file: %q", got)
	}
	p.remove("papers/a.txt")
	if got, r := p.read(one); got != "1 withdrawn" || r.Problem != "" {
		t.Errorf("one file, deleted: %q, problem %q", got, r.Problem)
	}
}

// What cannot be read is told each time and tried again when it changes; what
// was read of it before stays.
func TestFilesThatFail(t *testing.T) {
	p := newPapers(t)
	p.write("a.txt", note("Lorem"))
	p.write("bad.txt", "\x00\x01\x02")
	p.want("1 added, 1 failed")
	p.want("1 unchanged, 1 failed")
	p.write("a.txt", "\x00\x01")
	p.want("2 failed")
	if p.ids()["Lorem"] == "" {
		t.Error("a file that was damaged took its document along")
	}
	p.write("bad.txt", note("Ipsum"))
	p.want("1 added, 1 failed")
	p.write("a.txt", note("Lorem"))
	p.want("2 unchanged")
}

// What cannot be looked into may be there: nothing of it is withdrawn.
func TestHiddenFilesStay(t *testing.T) {
	p := newPapers(t)
	p.write("a.txt", note("Lorem"))
	p.write("deep/b.txt", note("Ipsum"))
	p.want("2 added")
	p.remove("a.txt")
	if err := os.Symlink("nowhere.txt", p.path("a.txt")); err != nil {
		t.Skip("no symbolic links: ", err)
	}
	p.want("1 unchanged, 1 failed")
	if p.ids()["Lorem"] == "" {
		t.Error("the document of a broken link is withdrawn")
	}
	d := &folder{hidden: []string{p.path("deep"), p.path("one.txt")}}
	for name, want := range map[string]bool{"deep/b.txt": true, "deep/er/b.txt": true, "one.txt": true, "deeper/b.txt": false, "b.txt": false, "one.txt.md": false} {
		if got := d.covered(&briefs.SourceItem{Address: p.path(name)}); got != want {
			t.Errorf("%s covered: %v", name, got)
		}
	}
}

// Links to files are followed, those to folders are not: they form circles.
// Names may be anything that a file may be called.
func TestOddFiles(t *testing.T) {
	p := newPapers(t)
	other := t.TempDir()
	names := []string{"with space.txt", "line\nbreak.txt", "ümläut.txt", "-dash.txt", "q'uote\".txt", "bad\xff.txt", strings.Repeat("long", 60) + ".txt"}
	made := 0
	for i, name := range names {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(note(fmt.Sprint("City", i))), 0o644); err == nil { // some systems refuse some
			made++
		}
	}
	if err := os.WriteFile(filepath.Join(other, "x.txt"), []byte(note("Linked")), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"linked.txt": filepath.Join(other, "x.txt"), "circle": p.dir, "self.txt": "self.txt"} {
		if err := os.Symlink(to, filepath.Join(p.dir, name)); err != nil {
			t.Skip("no symbolic links: ", err)
		}
	}
	if got, want := first(p.read()), fmt.Sprintf("%d added, 1 failed", made+1); got != want {
		t.Errorf("reading says %q, want %q", got, want)
	}
	if got, want := first(p.read()), fmt.Sprintf("%d unchanged, 1 failed", made+1); got != want {
		t.Errorf("again, reading says %q, want %q", got, want)
	}
	for _, name := range names {
		_ = os.Remove(filepath.Join(p.dir, name))
	}
	if got, want := first(p.read()), fmt.Sprintf("1 unchanged, %d withdrawn, 1 failed", made); got != want {
		t.Errorf("deleted, reading says %q, want %q", got, want)
	}
	// A folder that is a link is one all the same.
	link := filepath.Join(other, "link")
	if err := os.Symlink(p.dir, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if got, _ := p.read(link); !strings.Contains(got, "1 added") {
		t.Errorf("a folder that is a link: %q", got)
	}
}

func first(s string, _ SourceReport) string { return s }

// A file that is being written is left until it stays as it is.
func TestFilesBeingWritten(t *testing.T) {
	p := newPapers(t)
	write := true
	p.follow(Options{Now: time.Now, Sleep: func(context.Context, time.Duration) error {
		if !write {
			return nil
		}
		f, err := os.OpenFile(p.path("slow.txt"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteString(" More of it came.")
		return err
	}})
	now := time.Now().Add(time.Second)
	p.write("quick.txt", note("Lorem"))
	p.write("slow.txt", note("Ipsum"))
	for _, name := range []string{"quick.txt", "slow.txt"} { // however slow this machine is
		if err := os.Chtimes(p.path(name), now, now); err != nil {
			t.Fatal(err)
		}
	}
	p.want("1 added, 1 waiting")
	p.want("1 unchanged, 1 waiting")
	write = false
	p.want("1 added, 1 unchanged")
	p.remove("slow.txt")
	p.want("1 unchanged, 1 withdrawn")
}

// Lines that a file of several documents holds no more are withdrawn; not when
// one that it holds cannot be read.
func TestFilesOfSeveral(t *testing.T) {
	line := func(id, about string) string {
		return fmt.Sprintf("{\"id\":%q,\"title\":%q,\"text\":%q}\n", id, about, strings.TrimSpace(note(about)))
	}
	p := newPapers(t)
	p.write("all.jsonl", line("one", "Lorem")+line("two", "Ipsum"))
	p.write("else.jsonl", line("three", "Dolor"))
	p.want("3 added")
	p.want("3 unchanged")
	p.write("all.jsonl", line("one", "Lorem")+"{\n")
	p.want("2 unchanged, 1 failed")
	p.want("3 unchanged, 1 failed")
	p.write("all.jsonl", line("one", "Lorem"))
	p.want("2 unchanged, 1 withdrawn")
	p.write("else.jsonl", line("three", "Dolor")+line("two", "Ipsum"))
	p.want("1 added, 2 unchanged")
	p.move("else.jsonl", "moved.jsonl")
	p.want("3 unchanged")
	p.remove("moved.jsonl")
	p.want("1 unchanged, 2 withdrawn")
	if ids := p.ids(); len(ids) != 1 || ids["Lorem"] != "one" {
		t.Errorf("documents %v", ids)
	}
}

// What was purged, or removed by hand, does not come back by itself.
func TestRemovedByHand(t *testing.T) {
	p := newPapers(t)
	p.write("a.txt", note("Lorem"))
	p.write("b.txt", note("Ipsum"))
	p.want("2 added")
	first := p.ids()
	if err := p.lib.RemoveDocument(t.Context(), first["Lorem"], true); err != nil {
		t.Fatal(err)
	}
	if err := p.lib.RemoveDocument(t.Context(), first["Ipsum"], false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, r := p.read(); r.Added+r.Revised+r.Failed > 0 {
			t.Errorf("reading says %+v", r)
		}
	}
	p.write("a.txt", note("Lorem")+"Nobody knows why.\n")
	p.write("b.txt", note("Ipsum")+"Nobody knows why.\n")
	if _, r := p.read(); r.Added+r.Failed > 0 {
		t.Errorf("changed, reading says %+v", r)
	}
	if ids := p.ids(); len(ids) > 0 {
		t.Errorf("what was removed is back: %v", ids)
	}
}

// A process that dies between two batches leaves the rest to the next: what was
// noted is not read again.
func TestFolderGoesOn(t *testing.T) {
	p := newPapers(t)
	for i := range 40 {
		p.write(fmt.Sprintf("n%02d.txt", i), note(fmt.Sprint("City", i)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	p.follow(Options{Progress: func(e Event) {
		if e.Done == 40 { // all are stored; what follows is not done any more
			cancel()
		}
	}})
	s := briefs.Source{Kind: briefs.SourcePath, Address: p.dir, Collection: "papers"}
	_, err := p.once(ctx, s)
	if err == nil {
		t.Log("it came to its end all the same")
	}
	p.follow(Options{})
	p.now = p.now.Add(time.Hour) // its claim has ended
	p.want("40 unchanged")
	if ids := p.ids(); len(ids) != 40 || !slices.Contains(slices.Collect(func(yield func(string) bool) {
		for about := range ids {
			if !yield(about) {
				return
			}
		}
	}), "City7") {
		t.Errorf("%d documents", len(ids))
	}
}
