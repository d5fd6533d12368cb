package eval

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs/extract"
)

// TestPDFsAgainstOfficialText reads the shorter of the PDFs of which there is
// an official text: what is read must agree with it more than what pdftotext
// reads. BRIEFDESK_PROVE reads all of them, and the files that break readers.
func TestPDFsAgainstOfficialText(t *testing.T) {
	dir, err := filepath.Abs(sharedData(t, "data/extraction/pdf"))
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	r := extract.NewReader(extract.Options{CacheDir: filepath.Join(cache, "briefdesk-tests", "pdf")})
	defer r.Close()
	prove := os.Getenv("BRIEFDESK_PROVE") != ""
	if !prove {
		dir = shortPDFs(t, dir)
	}
	m, err := MeasurePDFs(context.Background(), dir, r.Read, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d read, %d pages, %.0f a second; words %.3f (pdftotext %.3f), five in a row %.3f (%.3f)",
		m.Read, m.Files, m.Pages, m.PerSecond, m.Ours.Words, m.Peer.Words, m.Ours.Fives, m.Peer.Fives)
	for _, f := range m.Faults {
		t.Error(f)
	}
	if m.Ours.Words <= m.Peer.Words || m.Ours.Fives <= m.Peer.Fives {
		t.Errorf("pdftotext agrees more with the official text: %+v, %+v", *m.Ours, *m.Peer)
	}
	if prove && (m.Ours.Words < 0.96 || m.Ours.Fives < 0.92) {
		t.Errorf("less agrees with the official text than did once: %+v", *m.Ours)
	}
}

// shortPDFs is a folder with a list of the shorter files with official text.
func shortPDFs(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "rfc.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	var list strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var l struct {
			pdfLine
			Pages int `json:"pages"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Pages > 7 {
			continue
		}
		for _, p := range []*string{&l.PDF, &l.Text, &l.PDFToText} {
			if *p, err = filepath.Rel(to, filepath.Join(dir, *p)); err != nil {
				t.Fatal(err)
			}
		}
		b, err := json.Marshal(l.pdfLine)
		if err != nil {
			t.Fatal(err)
		}
		list.Write(append(b, '\n'))
	}
	if err := os.WriteFile(filepath.Join(to, "short.jsonl"), []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAgree(t *testing.T) {
	a := Agree("One two, three – four five six.", "one TWO three\nfour five seven")
	if math.Abs(a.Words-10.0/12) > 1e-9 || math.Abs(a.Fives-0.5) > 1e-9 {
		t.Errorf("%+v", *a)
	}
	if a := Agree("", "one"); a.Words != 0 || a.Fives != 0 {
		t.Errorf("nothing agrees: %+v", *a)
	}
}
