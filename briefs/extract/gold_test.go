package extract

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
)

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

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// grams compares two texts by their multisets of 4-grams of words.
func grams(got, want string) (precision, recall float64) {
	set := func(s string) (map[string]int, int) {
		m, n := map[string]int{}, 0
		ws := words(s)
		for i := 0; i+4 <= len(ws); i++ {
			m[strings.Join(ws[i:i+4], " ")]++
			n++
		}
		return m, n
	}
	a, na := set(got)
	b, nb := set(want)
	both := 0
	for k, n := range a {
		both += min(n, b[k])
	}
	if na == 0 || nb == 0 {
		return float64(count(na == nb)), float64(count(na == nb))
	}
	return float64(both) / float64(na), float64(both) / float64(nb)
}

// TestCopiedPagesAgainstGold reads the same pages as a person copies them
// from a browser: all text, menus included, no markup.
func TestCopiedPagesAgainstGold(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: runs without -short")
	}
	dir := sharedData(t, "data/extraction/html_aeb")
	f, err := os.Open(filepath.Join(dir, "gold.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	var precision, recall, plainPrecision float64
	pages, dates, authors := 0, 0, 0
	for n := 0; sc.Scan(); n++ {
		if n%2 == 1 && os.Getenv("WORST") == "" {
			continue // half of them are enough, and quicker
		}
		var g struct{ HTML, Expected string }
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, g.HTML))
		if err != nil {
			t.Fatal(err)
		}
		page, err := Document("page.html", data)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkBlocks(page.Text, page.Blocks); err != nil {
			t.Fatalf("%s: %v", g.HTML, err)
		}
		d, err := Document("page.txt", []byte(page.Text))
		if err != nil {
			t.Fatal(err)
		}
		if err := checkBlocks(d.Text, d.Blocks); err != nil {
			t.Fatalf("%s: %v", g.HTML, err)
		}
		var body strings.Builder
		for _, b := range d.Blocks {
			if b.Role.Quotable() || b.Role == briefs.RoleHeading {
				body.WriteString(d.Text[b.Body:b.End] + "\n")
			}
		}
		p, r := grams(body.String(), g.Expected)
		all, _ := grams(d.Text, g.Expected)
		precision, recall, plainPrecision = precision+p, recall+r, plainPrecision+all
		if os.Getenv("WORST") != "" && (p < 0.7 || r < 0.9) {
			t.Logf("%s p=%.2f r=%.2f\n  html %q %q %s\n  text %q %q %s", g.HTML, p, r, page.Title, page.Author, page.Published, d.Title, d.Author, d.Published)
		}
		pages++
		dates += count(d.Published != "" && (page.Published == d.Published))
		authors += count(d.Author != "" && d.Author == page.Author)
	}
	n := float64(pages)
	t.Logf("%d pages: precision %.3f (everything: %.3f), recall %.3f; same date as the page %d, same author %d", pages, precision/n, plainPrecision/n, recall/n, dates, authors)
	if recall/n < 0.95 || precision/n < 0.75 {
		t.Error("below the floor of .75 and .95")
	}
}
