package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
	"briefdesk/store/storetest"
)

func put(t *testing.T, lib *sqlite.Library, docs ...briefs.Document) {
	t.Helper()
	if _, err := lib.PutDocuments(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
}

// filled makes a closed library of n documents at path.
func filled(t *testing.T, path string, n int) {
	t.Helper()
	lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		put(t, lib, storetest.Document(fmt.Sprint("d", i), strings.Repeat(fmt.Sprintf("Sentence %d has a word. ", i), 40)))
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
}

func execute(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestOddPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{
		"plain.db", "a b.db", "what?.db", "50%.db", "%3F.db", "x#y.db", "q?mode=memory&_pragma=foo", "ünïcode ☃.db", "a&b=c;d.db", "'q\"u.db", ":memory:", "file:x.db", "-dash",
	} {
		put(t, library(t, name, sqlite.Options{}), storetest.Document("d", "One word."))
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%q: no file of that name: %v", name, err)
		}
		if err := library(t, filepath.Join(dir, name), sqlite.Options{}).Backup(context.Background(), name+" copy"); err != nil {
			t.Errorf("%q: backup: %v", name, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	newer, foreign, older := filepath.Join(dir, "newer.db"), filepath.Join(dir, "foreign.db"), filepath.Join(dir, "mailbox.db")
	filled(t, newer, 1)
	execute(t, newer, `PRAGMA user_version = 99`)
	execute(t, foreign, `CREATE TABLE mail (subject)`)
	execute(t, older, `PRAGMA application_id = 77`)
	for _, c := range []struct {
		name, path string
		o          sqlite.Options
		kind       error
		says       string
	}{
		{"not SQLite", write("notes.txt", []byte(strings.Repeat("These are notes. ", 100))), sqlite.Options{}, briefs.ErrInvalid, "not an SQLite file"},
		{"short", write("short", []byte("x")), sqlite.Options{}, briefs.ErrInvalid, "not an SQLite file"},
		{"newer", newer, sqlite.Options{}, briefs.ErrInvalid, "made by a newer briefdesk (schema 99, this one knows "},
		{"foreign", foreign, sqlite.Options{}, briefs.ErrInvalid, "another program"},
		{"foreign and empty", older, sqlite.Options{}, briefs.ErrInvalid, "another program"},
		{"folder", dir, sqlite.Options{}, briefs.ErrInvalid, "is a folder"},
		{"no folder", filepath.Join(dir, "no", "x.db"), sqlite.Options{}, briefs.ErrNotFound, "there is no folder"},
		{"missing", filepath.Join(dir, "none.db"), sqlite.Options{MustExist: true}, briefs.ErrNotFound, "briefdesk add"},
		{"missing, to read", filepath.Join(dir, "none.db"), sqlite.Options{ReadOnly: true}, briefs.ErrNotFound, "briefdesk add"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, _ := os.ReadFile(c.path)
			lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), c.path, c.o)
			if err == nil {
				lib.Close()
			}
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, c.says)
			}
			if after, _ := os.ReadFile(c.path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a library was made where none may be")
	}
}

// TestDamagedFile overwrites one page after another. Whatever happens then is
// an error with the mend, or a finding of Check; never a panic, and no damage
// stays unseen.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sound.db")
	filled(t, path, 12)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	junk := bytes.Repeat([]byte{0x5a}, page)
	seen := 0
	for at := 0; at+page <= len(sound); at += page {
		damaged := filepath.Join(dir, fmt.Sprintf("%d.db", at))
		data := bytes.Clone(sound)
		copy(data[at:], junk)
		if err := os.WriteFile(damaged, data, 0o644); err != nil {
			t.Fatal(err)
		}
		lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), damaged, sqlite.Options{})
		if err != nil {
			if !errors.Is(err, briefs.ErrDamaged) && !errors.Is(err, briefs.ErrInvalid) {
				t.Errorf("page %d: open: %v", at/page, err)
			}
			seen++
			continue
		}
		if _, err := lib.Search(context.Background(), seek("word")); err != nil && !errors.Is(err, briefs.ErrDamaged) {
			t.Errorf("page %d: search: %v", at/page, err)
		}
		problems, err := lib.Check(context.Background())
		if err != nil && !errors.Is(err, briefs.ErrDamaged) {
			t.Errorf("page %d: check: %v", at/page, err)
		}
		if len(problems) > 0 || err != nil {
			seen++
		} else {
			t.Errorf("page %d: damage was not seen", at/page)
		}
		lib.Close()
	}
	t.Logf("%d damaged pages seen", seen)
	if err := os.WriteFile(path, sound[:len(sound)/2/page*page], 0o644); err != nil {
		t.Fatal(err)
	}
	lib, err := sqlite.Open(context.Background(), slog.New(slog.DiscardHandler), path, sqlite.Options{})
	if err != nil {
		if !errors.Is(err, briefs.ErrDamaged) || !strings.Contains(err.Error(), "briefdesk library restore") {
			t.Errorf("cut in half: %v", err)
		}
		return
	}
	defer lib.Close()
	if problems, err := lib.Check(context.Background()); err == nil && len(problems) == 0 {
		t.Error("cut in half: damage was not seen")
	}
}

// TestPlantedDamage changes single rows, as a fault of our own would, and
// expects Check to name each.
func TestPlantedDamage(t *testing.T) {
	for name, c := range map[string]struct{ statement, says string }{
		"index lost a passage":        {`DELETE FROM passage_index WHERE rowid = 2`, "indexed"},
		"terms out of step":           {`UPDATE passage_index_content SET c3 = c3 || ' surplus' WHERE id = 1`, "passage_index"},
		"stored terms lost":           {`DELETE FROM passage_index_content WHERE id = 1`, "passage_index"},
		"index data lost":             {`DELETE FROM passage_index_data WHERE id > 10`, "passage_index"},
		"lengths out of step":         {`UPDATE passage_index_docsize SET sz = x'000000010000' WHERE id = 1`, "passage_index"},
		"totals out of step":          {`UPDATE passage_index_data SET block = x'0301010101000000' WHERE id = 1`, "passage_index"},
		"orphan in the index":         {`INSERT INTO passage_index (rowid, body) VALUES (999, 'word')`, "indexed"},
		"passage filed elsewhere":     {`UPDATE passages SET collection = collection + 1 WHERE key = 1`, "filed under another"},
		"passage lost":                {`DELETE FROM passages WHERE key = 1`, "indexed"},
		"layout outside the text":     {`UPDATE passage_index SET layout = x'060090bf050000' WHERE rowid = 1`, "passage"},
		"text altered":                {`UPDATE revisions SET text = replace(text, 'word', 'lord') WHERE rowid = 1`, "altered"},
		"revision lost":               {`DELETE FROM revisions WHERE rowid = 1`, "current revision"},
		"structure altered":           {`UPDATE revisions SET structure = x'01' WHERE rowid = 1`, "structure"},
		"counter wrong":               {`UPDATE collections SET passages = passages + 1`, "counts"},
		"document without collection": {`PRAGMA foreign_keys = OFF; UPDATE documents SET collection = 55 WHERE key = 1`, "collections"},
		"date out of step":            {`UPDATE documents SET first_day = 3 WHERE key = 1`, "date"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "library.db")
			filled(t, path, 3)
			execute(t, path, c.statement)
			problems, err := library(t, path, sqlite.Options{}).Check(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(problems, "\n"), c.says) {
				t.Errorf("problems %q, want %q", problems, c.says)
			}
			if strings.Contains(strings.Join(problems, "\n"), "Sentence") {
				t.Errorf("problems hold document text: %q", problems)
			}
		})
	}
}

// TestCheckCoversTheIndex: Check never writes, so it cannot give FTS5 its
// command 'integrity-check' and relies on PRAGMA integrity_check, which gives
// it since SQLite 3.44. Whatever the command finds, the pragma must find.
func TestCheckCoversTheIndex(t *testing.T) {
	for name, statement := range map[string]string{
		"sound":          ``,
		"term added":     `UPDATE passage_index_content SET c3 = c3 || ' surplus' WHERE id = 1`,
		"term taken":     `UPDATE passage_index_content SET c3 = '' WHERE id = 1`,
		"passage taken":  `DELETE FROM passage_index_content WHERE id = 2`,
		"length changed": `UPDATE passage_index_docsize SET sz = x'000000010000' WHERE id = 1`,
		"segment taken":  `DELETE FROM passage_index_data WHERE id > 10`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "library.db")
			filled(t, path, 3)
			execute(t, path, statement)
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			_, command := db.Exec(`INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)`)
			if sound := statement == ""; (command == nil) != sound {
				t.Fatalf("the engine's own command says: %v", command)
			}
			problems, err := library(t, path, sqlite.Options{}).Check(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if found := strings.Contains(strings.Join(problems, "\n"), "passage_index"); found != (command != nil) {
				t.Errorf("the engine's command says %v, Check says %q", command, problems)
			}
		})
	}
}

// TestPurgeLeavesNoTrace looks for the bytes of purged documents in the file.
func TestPurgeLeavesNoTrace(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := library(t, path, sqlite.Options{})
	filler := func(i int) briefs.Document {
		return storetest.Document(fmt.Sprint("filler", i), strings.Repeat(fmt.Sprintf("Filler %d goes on. ", i), 60))
	}
	secret := func(word string) briefs.Document {
		return storetest.Document("secretid", strings.Repeat("The word "+word+" is zyxwvut. ", 100))
	}
	put(t, lib, filler(1), secret("quuxfrob"), filler(2))
	put(t, lib, secret("blargwump"))
	for i := range 20 {
		put(t, lib, filler(10+i))
	}
	traces := func() (found []string) {
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			for _, word := range []string{"quuxfrob", "blargwump", "zyxwvut", "secretid"} {
				if bytes.Contains(data, []byte(word)) {
					found = append(found, word+suffix)
				}
			}
		}
		return found
	}
	if len(traces()) < 4 {
		t.Fatalf("before: only %q found", traces())
	}
	if err := lib.RemoveDocument(ctx, "secretid", true); err != nil {
		t.Fatal(err)
	}
	if found := traces(); len(found) > 0 {
		t.Errorf("after the purge the file still holds %q", found)
	}
	clean(t, lib)
}

func TestRestore(t *testing.T) {
	ctx := context.Background()
	log := slog.New(slog.DiscardHandler)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	filled(t, at("library.db"), 5)
	lib := library(t, at("library.db"), sqlite.Options{})
	if err := lib.Backup(ctx, at("backup")); err != nil {
		t.Fatal(err)
	}
	put(t, lib, storetest.Document("later", "Added after the backup."))
	documents := func(path string) int {
		l, err := sqlite.Open(ctx, log, path, sqlite.Options{MustExist: true})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		clean(t, l)
		s, err := l.Stats(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return s.Documents
	}

	if err := sqlite.Restore(ctx, log, at("backup"), at("new.db"), sqlite.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := documents(at("new.db")); n != 5 {
		t.Errorf("restored %d documents of 5", n)
	}
	force := sqlite.RestoreOptions{Force: true}
	for _, c := range []struct {
		name, backup, target string
		o                    sqlite.RestoreOptions
		kind                 error
	}{
		{"occupied", at("backup"), at("library.db"), sqlite.RestoreOptions{}, briefs.ErrConflict},
		{"in use", at("backup"), at("library.db"), force, briefs.ErrUnavailable},
		{"no backup", at("none"), at("x.db"), sqlite.RestoreOptions{}, briefs.ErrNotFound},
	} {
		if err := sqlite.Restore(ctx, log, c.backup, c.target, c.o); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", c.name, err, c.kind)
		}
	}
	if n := documents(at("library.db")); n != 6 {
		t.Errorf("after refused restores: %d documents of 6", n)
	}
	if err := lib.Close(); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Restore(ctx, log, at("backup"), at("library.db"), force); err != nil {
		t.Fatal(err)
	}
	if n := documents(at("library.db")); n != 5 {
		t.Errorf("replaced by %d documents of 5", n)
	}

	// A damaged backup is refused, and a damaged library can be replaced.
	execute(t, at("new.db"), `UPDATE collections SET documents = 77`)
	if err := sqlite.Restore(ctx, log, at("new.db"), at("library.db"), force); !errors.Is(err, briefs.ErrDamaged) {
		t.Errorf("damaged backup: %v, want ErrDamaged", err)
	}
	if err := os.WriteFile(at("broken.db"), bytes.Repeat([]byte("broken"), 5000), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Restore(ctx, log, at("backup"), at("broken.db"), force); err != nil {
		t.Errorf("a broken library cannot be replaced: %v", err)
	}
	if n := documents(at("broken.db")); n != 5 {
		t.Errorf("replaced by %d documents of 5", n)
	}
	if left, _ := filepath.Glob(at(".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestLogsNoText adds, fails and searches, and reads what was logged.
func TestLogsNoText(t *testing.T) {
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	lib, err := sqlite.Open(context.Background(), log, filepath.Join(t.TempDir(), "library.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	put(t, lib, storetest.Document("d", "Confidential wording."))
	bad := storetest.Document("bad", "Confidential wording.")
	bad.Passages[0].End = 999
	_, err = lib.PutDocuments(context.Background(), []briefs.Document{bad})
	if out := logged.String() + fmt.Sprint(err); strings.Contains(out, "onfidential") {
		t.Errorf("document text was told: %s", out)
	}
}
