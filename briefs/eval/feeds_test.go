package eval

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFeedsAgainstExpected reads gofeed's own cases: every item must come out
// as it is expected of gofeed.
func TestFeedsAgainstExpected(t *testing.T) {
	m, err := MeasureFeeds(sharedData(t, "data/extraction/feeds/gofeed"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d cases, %d items, %d of %d facts", m.Right, m.Cases, m.Items, m.Found, m.Facts)
	for _, w := range m.Wrong {
		t.Error(w)
	}
}

// sharedData returns a folder of the data that is kept beside the project;
// the test is skipped where it is absent.
func sharedData(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = "../../../shared"
	}
	dir := filepath.Join(root, path)
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is absent: set BRIEFDESK_SHARED", dir)
		}
		t.Skipf("%s is absent: set BRIEFDESK_SHARED", dir)
	}
	return dir
}
