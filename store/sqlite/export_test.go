package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/store/sqlite"
)

// TestExportOfDamage plants faults in what an export writes: it must not pass
// them on as the library.
func TestExportOfDamage(t *testing.T) {
	for name, statement := range map[string]string{
		"sound":                       ``,
		"text altered":                `UPDATE revisions SET text = replace(text, 'word', 'lord') WHERE rowid = 2`,
		"text cut":                    `UPDATE revisions SET text = substr(text, 2) WHERE rowid = 2`,
		"structure altered":           `UPDATE revisions SET structure = x'01' WHERE rowid = 2`,
		"revision lost":               `DELETE FROM revisions WHERE rowid = 2`,
		"revision misnumbered":        `UPDATE revisions SET n = 7 WHERE rowid = 2`,
		"title not UTF-8":             `UPDATE documents SET title = CAST(x'61ff' AS TEXT) WHERE key = 2`,
		"document without collection": `PRAGMA foreign_keys = OFF; UPDATE documents SET collection = 55 WHERE key = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "library.db")
			filled(t, path, 3)
			execute(t, path, statement)
			exported := 0
			err := library(t, path, sqlite.Options{}).Export(context.Background(), briefs.Everything(), func(briefs.Document) error {
				exported++
				return nil
			})
			if statement == "" {
				if err != nil || exported != 3 {
					t.Errorf("%d documents, %v; want 3", exported, err)
				}
				return
			}
			if !errors.Is(err, briefs.ErrDamaged) || exported > 2 {
				t.Fatalf("%d documents, error %v; want ErrDamaged", exported, err)
			}
			if said := err.Error(); strings.Contains(said, "\n") || strings.Contains(said, "Sentence") || !strings.Contains(said, "restore") {
				t.Errorf("the error is not one line with the mend, without text: %q", said)
			}
		})
	}
}
