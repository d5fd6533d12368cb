package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/store/sqlite/packed"
)

// older makes a copy of the library at path, as a version of the program left
// it that knew nothing of packing.
func older(t *testing.T, path string) string {
	t.Helper()
	const version = 7
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(t.TempDir(), "older.db")
	db, err := sql.Open("sqlite", dsn(old, "rwc", false, "journal_mode(WAL)"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, script := range scripts[:version] {
		if _, err := db.Exec(script); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(fmt.Sprintf(`PRAGMA user_version = %d; PRAGMA application_id = %d; ATTACH ? AS new`, version, applicationID), path); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"library", "collections", "documents", "revisions", "passages", "acronyms", "sketches", "passage_index"} {
		rows, err := db.Query(`SELECT name FROM pragma_table_info(?, 'main')`, table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := collect(rows, func(s *string) []any { return []any{s} })
		if err != nil {
			t.Fatal(err)
		}
		if table == "passage_index" {
			columns = append(columns, "rowid")
		}
		list := strings.Join(columns, ", ")
		for _, q := range []string{`DELETE FROM main.` + table, fmt.Sprintf(`INSERT INTO main.%s (%s) SELECT %s FROM new.%s`, table, list, list, table)} {
			if _, err := db.Exec(q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
	}
	return old
}

// answers are the hits of a few questions.
func answers(t *testing.T, lib *Library) (all []string) {
	t.Helper()
	for _, form := range []string{"harbours", "harbour", "ferri", "tariff", "tell", "part", "goe littl", "d3", "invent"} {
		q := briefs.Query{Terms: []briefs.Term{{Forms: []string{form}}, {Forms: []string{"part"}}}, Scope: briefs.Everything(), Limit: 20}
		hits, err := lib.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			all = append(all, fmt.Sprintf("%s: %s %.6f", form, h.ID, h.Score))
		}
	}
	return all
}

// TestOlderLibraryIsPacked opens a library of the version before, changes it
// while it is packed, and compares its answers with those of a library that was
// packed from the beginning.
func TestOlderLibraryIsPacked(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := openQuiet(t, path)
	var docs []briefs.Document
	for i := range 12 {
		docs = append(docs, piece(fmt.Sprint("d", i), 1+i%5, "harbours", "ferries", "tariffs"))
	}
	if _, err := lib.PutDocuments(ctx, docs); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveDocument(ctx, "d7", false); err != nil {
		t.Fatal(err)
	}
	was := openQuiet(t, older(t, path))
	if n := count(t, was, `SELECT unpacked IS NOT NULL AND NOT EXISTS (SELECT 1 FROM packed_segments) FROM library`); n != 1 {
		t.Fatal("the older library is packed")
	}
	checked(t, was)
	for i := 0; ; i++ {
		if i == 1 {
			for _, l := range []*Library{lib, was} {
				title := "Of ferries"
				_, put := l.PutDocuments(ctx, []briefs.Document{piece("d2", 4, "tariffs"), piece("late", 3, "harbours")})
				if err := errors.Join(put, l.EditDocument(ctx, "d11", briefs.Edit{Title: &title}), l.RemoveDocument(ctx, "d3", true)); err != nil {
					t.Fatal(err)
				}
			}
			checked(t, was)
		}
		did, err := was.merger.step(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			if i < 3 {
				t.Errorf("packed in %d steps", i)
			}
			break
		}
		checked(t, was)
	}
	tidy(t, was)
	if got, want := answers(t, was), answers(t, lib); !slices.Equal(got, want) {
		t.Errorf("answers\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPackingInTheBackground waits for nothing but the library itself.
func TestPackingInTheBackground(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := openQuiet(t, path)
	for i := range 20 {
		if _, err := lib.PutDocuments(ctx, []briefs.Document{piece(fmt.Sprint("d", i), 9, "harbours", "ferries")}); err != nil {
			t.Fatal(err)
		}
	}
	before := count(t, lib, `SELECT count(*) FROM packed_segments`)
	was, err := OpenRestless(ctx, older(t, path), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer was.Close()
	for count(t, was, `SELECT unpacked IS NOT NULL OR EXISTS (SELECT 1 FROM packed_segments WHERE state <> 'used') FROM library`) > 0 {
		time.Sleep(5 * time.Millisecond) // the test itself has a limit
	}
	checked(t, was)
	again, err := OpenRestless(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for count(t, again, `SELECT count(*) FROM packed_segments`) >= before {
		time.Sleep(5 * time.Millisecond)
	}
	checked(t, again)
}

// TestPackersMeet lets one process take over while another one builds, at each
// of its writes: nothing is lost, and nothing is packed twice.
func TestPackersMeet(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	a, b := openQuiet(t, path), openQuiet(t, path)
	for i := range 6 {
		if _, err := a.PutDocuments(ctx, []briefs.Document{piece(fmt.Sprint("d", i), 20, "harbours", "ferries")}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := a.packedNow(ctx)
	if err != nil {
		t.Fatal(err)
	}
	built, err := a.build(ctx, list.segments[0].first, list.segments[1].end)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.merger.step(ctx); !errors.Is(err, errBusy) {
		t.Errorf("while another one builds: %v, want errBusy", err)
	}
	if err := built.sink(ctx)(0, make([]byte, 2<<10)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.writer.conn.ExecContext(ctx, `UPDATE packed_segments SET until = 1 WHERE state = 'building'`); err != nil { // it slept
		t.Fatal(err)
	}
	settle(t, b)
	if err := built.sink(ctx)(1, make([]byte, 2<<10)); !errors.Is(err, errLost) {
		t.Errorf("after another one took over: %v, want errLost", err)
	}
	if err := a.merge(ctx, list.segments[:2]); err == nil || !errors.Is(err, errLost) {
		t.Errorf("merge of what is merged: %v, want errLost", err)
	}
	settle(t, a)
	checked(t, a)
	tidy(t, a)
}

// TestDayOfEdits changes a library every ten minutes of a day.
func TestDayOfEdits(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2031, 3, 4, 0, 0, 0, 0, time.UTC)
	lib, err := Open(ctx, slog.New(slog.DiscardHandler), filepath.Join(t.TempDir(), "library.db"), Options{Now: func() time.Time { return now }, sizes: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	pages := func() int { return count(t, lib, `SELECT page_count FROM pragma_page_count`) }
	early, segments, dead := 0, 0, 0
	for i := range 24 * 6 {
		now = now.Add(10 * time.Minute)
		id := briefs.DocumentID(fmt.Sprint("d", i%16))
		var err error
		switch i % 5 {
		case 3:
			title := fmt.Sprint("Title ", i)
			err = lib.EditDocument(ctx, id, briefs.Edit{Title: &title})
		case 4:
			err = lib.RemoveDocument(ctx, id, i%2 == 0)
		default:
			d := piece(string(id), 3+i%4, "harbours", "ferries", fmt.Sprint("word", i))
			_, err = lib.PutDocuments(ctx, []briefs.Document{d})
		}
		if err != nil && !errors.Is(err, briefs.ErrNotFound) {
			t.Fatal(err)
		}
		if i%3 == 0 {
			settle(t, lib)
		}
		segments = max(segments, count(t, lib, `SELECT count(*) FROM packed_segments`))
		dead = max(dead, count(t, lib, `SELECT count(*) FROM packed_dead`))
		if i == 24*6/4 {
			early = pages() // all documents are there, and revisions go on
		}
	}
	settle(t, lib)
	checked(t, lib)
	tidy(t, lib)
	packedBytes := count(t, lib, `SELECT ifnull(sum(length(data)), 0) FROM packed_blobs`)
	t.Logf("%d segments and %d rows of what is dead at most; %d then %d pages, %d bytes packed", segments, dead, early, pages(), packedBytes)
	if segments > 16 || dead > 32 {
		t.Errorf("%d segments, %d rows of what is dead", segments, dead)
	}
	if texts := count(t, lib, `SELECT sum(length(c0) + length(c1) + length(c2) + length(c3)) FROM passage_index_content`); packedBytes > 3*texts+1<<16 {
		t.Errorf("%d bytes packed of %d", packedBytes, texts)
	}
}

// TestPurgeLeavesNoTermPacked looks for what was purged, also after removals and
// edits before, in all blobs there are.
func TestPurgeLeavesNoTermPacked(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "library.db")
	lib := openQuiet(t, path)
	put := func(docs ...briefs.Document) {
		t.Helper()
		if _, err := lib.PutDocuments(ctx, docs); err != nil {
			t.Fatal(err)
		}
	}
	title := "Zyxwvut"
	for i := range 10 {
		put(piece(fmt.Sprint("d", i), 6, "harbours"))
		if i == 4 {
			put(piece("gone", 3, "quuxfrob"))
			put(piece("gone", 3, "blargwump"))
			if err := lib.EditDocument(ctx, "gone", briefs.Edit{Title: &title}); err != nil {
				t.Fatal(err)
			}
		}
	}
	holds := func() (found []string) {
		list, err := lib.packedNow(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list.segments {
			for _, term := range []string{"quuxfrob", "blargwump", "zyxwvut"} {
				e, err := s.Entry(ctx, term)
				if err != nil {
					t.Fatal(err)
				}
				if e != nil {
					found = append(found, term)
				}
			}
		}
		return found
	}
	if len(holds()) == 0 {
		t.Fatal("nothing is packed")
	}
	if err := lib.RemoveDocument(ctx, "gone", false); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveDocument(ctx, "gone", true); err != nil {
		t.Fatal(err)
	}
	if found := holds(); len(found) > 0 {
		t.Errorf("after the purge segments hold %q", found)
	}
	if n := count(t, lib, `SELECT count(*) FROM packed_segments WHERE state <> 'used'`); n > 0 {
		t.Errorf("%d segments from before are still there", n)
	}
	checked(t, lib)
}

// TestRepackMends damages the packed index in all ways that the file itself
// bears, and makes it anew.
func TestRepackMends(t *testing.T) {
	ctx := context.Background()
	for name, statement := range map[string]string{
		"bit":             `UPDATE packed_blobs SET data = CAST(substr(data, 1, 40) || x'ff' || substr(data, 42) AS BLOB) WHERE id = (SELECT max(id) FROM packed_blobs)`,
		"blob":            `DELETE FROM packed_blobs WHERE id = (SELECT min(id) FROM packed_blobs)`,
		"segment":         `DELETE FROM packed_segments WHERE id = (SELECT min(id) FROM packed_segments)`,
		"description":     `UPDATE packed_segments SET meta = x'00'`,
		"range":           `UPDATE packed_segments SET stop = stop + 5`,
		"dead":            `INSERT INTO packed_dead (first, stop, document, purged) VALUES (1, 2, 1, 0)`,
		"dead forgotten":  `DELETE FROM packed_dead`,
		"unpacked":        `UPDATE library SET unpacked = 1, unpacked_end = 4`,
		"other documents": `UPDATE documents SET publisher = 'another' WHERE key = 1`,
		"other terms":     `UPDATE passage_index SET body = replace(body, 'littl', 'others') WHERE rowid = 2`,
		"next key":        `UPDATE library SET next_passage = 3`,
	} {
		t.Run(name, func(t *testing.T) {
			lib := openQuiet(t, filepath.Join(t.TempDir(), "library.db"))
			for i := range 3 {
				if _, err := lib.PutDocuments(ctx, []briefs.Document{piece(fmt.Sprint("d", i), 9, "harbours", "ferries")}); err != nil {
					t.Fatal(err)
				}
			}
			if err := lib.RemoveDocument(ctx, "d1", false); err != nil {
				t.Fatal(err)
			}
			checked(t, lib)
			if _, err := lib.writer.conn.ExecContext(ctx, statement+`; UPDATE library SET packed = packed + 1`); err != nil {
				t.Fatal(err)
			}
			problems, err := lib.Check(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if len(problems) == 0 {
				t.Error("the damage was not seen")
			}
			for _, p := range problems {
				if !strings.HasSuffix(p, repackable) || strings.Contains(p, "\n") {
					t.Errorf("problem %q, want one line with the mend", p)
				}
			}
			if err := lib.explain(fmt.Errorf("%w: x", packed.ErrDamaged)); !errors.Is(err, briefs.ErrDamaged) || !strings.Contains(err.Error(), "briefdesk library repack") {
				t.Errorf("error %v", err)
			}
			if _, err := lib.PutDocuments(ctx, []briefs.Document{piece("more", 2, "ferries")}); err != nil && name != "next key" {
				t.Errorf("nothing can be added: %v", err)
			}
			if err := lib.Repack(ctx, func(done, all int) {
				if done < 0 || done > all {
					t.Errorf("%d of %d", done, all)
				}
			}); err != nil {
				t.Fatal(err)
			}
			checked(t, lib)
			settle(t, lib)
			tidy(t, lib)
			if n := count(t, lib, `SELECT count(*) FROM packed_segments`); n != 1 {
				t.Errorf("%d segments", n)
			}
		})
	}
}
