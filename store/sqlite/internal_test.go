package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefdesk/briefs"
)

// fixture makes a library file as version of the program left it, with a
// document where that version could hold one.
func fixture(t *testing.T, version int) string {
	t.Helper()
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("v%d.db", version))
	db, err := sql.Open("sqlite", dsn(path, "rwc", false, "journal_mode(WAL)"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i, script := range scripts[:version] {
		if _, err := db.Exec(fmt.Sprintf("%s; PRAGMA user_version = %d; PRAGMA application_id = %d", script, i+1, applicationID)); err != nil {
			t.Fatal(err)
		}
	}
	if version >= 1 {
		const structure, text = "\x01\x00\x00", "Old text."
		digest := sha256.Sum256([]byte(structure + text))
		for _, s := range []string{
			`INSERT INTO collections VALUES (1, 'old', 1, 0)`,
			`INSERT INTO documents (key, id, revision, collection, title, author, publisher, published, url, first_day, last_day, edited, withdrawn,
				first_passage, passages, indexed) VALUES (1, 'kept', 1, 1, 'Old title', '', '', '', '', NULL, NULL, 0, 0, 1, 0, x'')`,
			`INSERT INTO gaps VALUES ('', 'who was it', 'Who was it?', 'no_hits', 1, 2, 3)`,
		} {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Exec(`INSERT INTO revisions VALUES (1, 1, 0, ?, ?, 'src', ?, ?)`, len(text), digest[:], []byte(structure), text); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestMigrateFromEveryVersion(t *testing.T) {
	ctx := context.Background()
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	for v := range len(scripts) + 1 {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			path := fixture(t, v)
			lib, err := Open(ctx, slog.New(slog.DiscardHandler), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer lib.Close()
			if now, err := version(ctx, lib.readers, path, len(scripts)); err != nil || now != len(scripts) {
				t.Errorf("version %d, %v; want %d", now, err, len(scripts))
			}
			if problems, err := lib.Check(ctx); err != nil || len(problems) > 0 {
				t.Errorf("Check = %q, %v", problems, err)
			}
			if _, err := lib.PutDocuments(ctx, []briefs.Document{{ID: "new", Text: "New text."}}); err != nil {
				t.Error(err)
			}
			if v >= 1 {
				wasKept(t, lib)
			}
		})
	}
}

// wasKept fails unless lib holds what fixture made, and can record more of it.
func wasKept(t *testing.T, lib *Library) {
	t.Helper()
	ctx := context.Background()
	if d, err := lib.Document(ctx, "kept", 0); err != nil || d.Text != "Old text." {
		t.Errorf("the old document reads %q, %v", d.Text, err)
	}
	if gaps, err := lib.Gaps(ctx); err != nil || len(gaps) != 1 || gaps[0].Count != 3 {
		t.Errorf("gaps %v, %v", gaps, err)
	}
	quote := briefs.Ref{Document: "kept", Revision: 1, Span: briefs.Span{End: 9}}
	if err := lib.RecordAsked(ctx, briefs.Asked{Question: "what?", Quotes: []briefs.Ref{quote}}); err != nil {
		t.Error(err)
	}
	if asked, err := lib.AskedAbout(ctx, quote); err != nil || len(asked) != 1 {
		t.Errorf("asked %v, %v", asked, err)
	}
	if all, err := lib.Revisions(ctx, briefs.Only("old"), "kept"); err != nil || len(all) != 1 || all[0].Source != "src" {
		t.Errorf("revisions %v, %v", all, err)
	}
}

// TestRestoreOldBackup restores backups from every version.
func TestRestoreOldBackup(t *testing.T) {
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	for v := 1; v <= len(scripts); v++ {
		backup := fixture(t, v)
		before, err := os.ReadFile(backup)
		if err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(t.TempDir(), "library.db")
		if err := Restore(ctx, log, backup, target, RestoreOptions{}); err != nil {
			t.Fatalf("version %d: %v", v, err)
		}
		if after, err := os.ReadFile(backup); err != nil || string(after) != string(before) {
			t.Errorf("version %d: the backup was changed (%v)", v, err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(target), "*")); len(left) != 1 {
			t.Errorf("version %d: left behind: %q", v, left)
		}
		lib, err := Open(ctx, log, target, Options{})
		if err != nil {
			t.Fatal(err)
		}
		wasKept(t, lib)
		if err := lib.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestRecordsKeepCaches records everything there is: what searches keep in
// memory must stay.
func TestRecordsKeepCaches(t *testing.T) {
	ctx := context.Background()
	lib, err := Open(ctx, slog.New(slog.DiscardHandler), fixture(t, 1), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if _, err := lib.Search(ctx, briefs.Query{Terms: []briefs.Term{{Forms: []string{"old"}}}, Scope: briefs.Only("old"), Limit: 1}); err != nil {
		t.Fatal(err)
	}
	generation := func() (n int64) {
		if err := lib.readers.QueryRow(generationQuery).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before, list, scopes := generation(), lib.packs.last, len(lib.scopes.views)
	if list == nil || scopes == 0 {
		t.Fatal("the search kept nothing")
	}
	for _, err := range []error{
		lib.RecordAsked(ctx, briefs.Asked{Question: "what is old?"}),
		lib.RecordGap(ctx, briefs.Gap{Question: "what is new?"}),
		lib.RecordFetch(ctx, briefs.Fetch{Source: "src"}),
		lib.RotateLinkKey(ctx, 0, make([]byte, minSecret), lib.now(), false),
		lib.RecordBriefing(ctx, briefs.Briefing{ID: "b"}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := lib.Search(ctx, briefs.Query{Terms: []briefs.Term{{Forms: []string{"text"}}}, Scope: briefs.Only("old"), Limit: 1}); err != nil {
		t.Fatal(err)
	}
	if generation() != before || lib.packs.last != list || lib.scopes.list != list || len(lib.scopes.views) != scopes {
		t.Errorf("generation %d became %d, with %d scopes after %d", before, generation(), len(lib.scopes.views), scopes)
	}
}

// TestFailedMigration leaves a file as it was.
func TestFailedMigration(t *testing.T) {
	ctx := context.Background()
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := Open(ctx, slog.New(slog.DiscardHandler), fixture(t, len(scripts)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	bad := append(scripts, `CREATE TABLE half (x); CREATE TABLE half (x)`)
	if err := lib.writer.migrate(ctx, lib.path, bad); err == nil || !strings.Contains(err.Error(), fmt.Sprint("migration ", len(bad))) {
		t.Errorf("error %v, want one that names the migration", err)
	}
	var tables int
	if err := lib.readers.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d half tables, %v", tables, err)
	}
	if now, err := version(ctx, lib.readers, lib.path, len(bad)); err != nil || now != len(scripts) {
		t.Errorf("version %d, %v; want %d", now, err, len(scripts))
	}
}

// TestPlan compares the history rule with its plain wording.
func TestPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringMatching(`[abc]{0,6}`)
		collapse := func(s string) (out string) {
			for i := range s {
				if i == 0 || s[i] != s[i-1] {
					out += s[i : i+1]
				}
			}
			return out
		}
		stored, put := collapse(letters.Draw(t, "stored")), rapid.StringMatching(`[abc]{1,6}`).Draw(t, "put")
		var have [][]byte
		digest := func(b byte) [sha256.Size]byte { return sha256.Sum256([]byte{b}) }
		for i := range stored {
			d := digest(stored[i])
			have = append(have, d[:])
		}
		history := make([]prepared, len(put))
		for i := range put {
			history[i].digest = digest(put[i])
		}
		want, runs := stored, collapse(put)
		for n := len(runs); n >= 0; n-- {
			if strings.HasSuffix(stored, runs[:n]) {
				want += runs[n:]
				break
			}
		}
		revisions, fresh := plan(have, history)
		got := stored
		for i := range put {
			if fresh[i] {
				got += put[i : i+1]
			}
			if revisions[i] < 1 || revisions[i] > len(want) || want[revisions[i]-1] != put[i] {
				t.Fatalf("%s + %s: document %d is said to be revision %d of %s", stored, put, i, revisions[i], want)
			}
		}
		if got != want || revisions[len(put)-1] != len(want) {
			t.Fatalf("%s + %s = %s (current %d), want %s", stored, put, got, revisions[len(put)-1], want)
		}
	})
}

func TestMatchExpression(t *testing.T) {
	forms := func(f ...string) briefs.Term { return briefs.Term{Forms: f} }
	for _, c := range []struct {
		terms []briefs.Term
		want  string
	}{
		{nil, ""},
		{[]briefs.Term{forms()}, ""},
		{[]briefs.Term{forms("a", "x y"), forms("b")}, `"a" OR "b" OR "x y"`},
		{[]briefs.Term{forms("a"), forms("a", "a")}, `"a"`},
		{[]briefs.Term{forms(`say "NOT" (a* ^b) c:d`)}, `"say NOT a b c d"`},
		{[]briefs.Term{forms("\x00", "''", "_us", "été")}, `"_us" OR "été"`},
		{[]briefs.Term{forms(strings.Repeat("w ", 100))}, `"` + strings.TrimSpace(strings.Repeat("w ", maxPhraseTerms)) + `"`},
	} {
		if got := strings.Join(phrases(c.terms), " OR "); got != c.want {
			t.Errorf("%v = %s, want %s", c.terms, got, c.want)
		}
	}
	// Of too many forms the first of each term win.
	var many []briefs.Term
	for i := range maxPhrases {
		many = append(many, forms(fmt.Sprint("first", i), fmt.Sprint("second", i)))
	}
	if got := strings.Join(phrases(many), " OR "); strings.Contains(got, "second") || strings.Count(got, "first") != maxPhrases {
		t.Errorf("the first forms did not win: %s", got)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add(`what's "C++" foo:bar NEAR( AND *`, `x" OR "y`)
	f.Add("\x00", "\xff")
	lib, err := Open(context.Background(), slog.New(slog.DiscardHandler), filepath.Join(f.TempDir(), "l.db"), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { lib.Close() })
	f.Fuzz(func(t *testing.T, a, b string) {
		q := briefs.Query{Terms: []briefs.Term{{Forms: []string{a, b}}, {Forms: []string{b}}}, Scope: briefs.Everything(), Limit: 3}
		if _, err := lib.Search(context.Background(), q); err != nil {
			t.Error(err)
		}
		if _, _, err := lib.DocFreq(context.Background(), briefs.Everything(), []string{a, b}); err != nil {
			t.Error(err)
		}
	})
}

func TestDayNumber(t *testing.T) {
	for date, want := range map[briefs.Date]int64{"1970-01-01": 0, "1970-01-02": 1, "1969-12-31": -1, "2000-03-01": 11017, "1600-01-01": -135140} {
		first, _, _ := date.Bounds()
		if got := dayNumber(first); got != want {
			t.Errorf("%s = %d, want %d", date, got, want)
		}
		if got := dayNumber(first.Add(23 * time.Hour)); got != want {
			t.Errorf("%s in the evening = %d, want %d", date, got, want)
		}
	}
}

func TestTextCacheIsBounded(t *testing.T) {
	c := newTextCache()
	for i := range 1000 {
		c.put(fmt.Sprint(i), content{text: strings.Repeat("x", 100_000)})
	}
	if c.bytes > cacheBytes || len(c.at) != c.order.Len() || len(c.at) < 50 {
		t.Errorf("%d bytes in %d entries, %d listed", c.bytes, len(c.at), c.order.Len())
	}
	if _, ok := c.get("0"); ok {
		t.Error("the oldest entry is still there")
	}
	if v, ok := c.get("999"); !ok || len(v.text) != 100_000 {
		t.Error("the newest entry is gone")
	}
	c.put("huge", content{text: strings.Repeat("x", cacheBytes)})
	if _, ok := c.get("huge"); ok {
		t.Error("one text took the whole cache")
	}
}

func TestFreqCacheForgetsOlderGenerations(t *testing.T) {
	c := newFreqCache()
	c.put(2, "a", 5)
	c.put(1, "a", 4) // late, from before a change
	if n, ok := c.get(2, "a"); !ok || n != 5 {
		t.Errorf("generation 2: %d, %v", n, ok)
	}
	c.put(3, "b", 1)
	if _, ok := c.get(3, "a"); ok {
		t.Error("a frequency outlived its generation")
	}
	for i := range 3 * maxFreqs {
		c.put(3, fmt.Sprint(i), i)
	}
	if len(c.freqs) > maxFreqs {
		t.Errorf("%d frequencies kept", len(c.freqs))
	}
}
