package schedule_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// zoneNames are the names of zones.txt.
func zoneNames(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(b))
}

// The list of zones is that of the database which the program embeds.
func TestZonesAreThoseOfGo(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var want []string
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") && f.Name != "Factory" { // a placeholder for a zone not yet set
			want = append(want, f.Name)
		}
	}
	slices.Sort(want)
	if got := zoneNames(t); !slices.Equal(got, want) {
		t.Errorf("zones.txt has %d names, Go has %d: write them anew", len(got), len(want))
	}
}

// change is one change of a zone's clock.
type change struct {
	at            time.Time
	before, after int // offsets, seconds east of UTC
}

// changes lists the changes of a zone's offset from 2020 to the end of 2035.
func changes(loc *time.Location) []change {
	var all []change
	end := time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	for t := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).In(loc); ; {
		_, next := t.ZoneBounds()
		if next.IsZero() || !next.Before(end) {
			return all
		}
		_, before := t.Zone()
		if _, after := next.Zone(); after != before {
			all = append(all, change{next.UTC(), before, after})
		}
		t = next
	}
}
