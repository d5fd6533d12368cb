package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// TestSharedArticles reads the two articles that the project began with: what
// a reader of them would say of their metadata, and how many blocks of each
// role they have.
func TestSharedArticles(t *testing.T) {
	dir := sharedData(t, "data/seeds")
	type want struct {
		titleWords               int
		author, publisher        string
		published                briefs.Date
		paragraphs, items, notes int
	}
	wants := []want{
		{9, "Hunter Gross", "Council on Foreign Relations", "2014-04-10", 7, 0, 1},
		{4, "Greg Austin", "Independent Media", "2015-09-01", 21, 10, 1},
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) != len(wants) {
		t.Fatalf("found %v, %v", files, err)
	}
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Document(file, data)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkBlocks(d.Text, d.Blocks); err != nil {
			t.Error(err)
		}
		n := map[briefs.Role]int{}
		for _, b := range d.Blocks {
			n[b.Role]++
		}
		got := want{len(strings.Fields(d.Title)), d.Author, d.Publisher, d.Published, n[briefs.RoleParagraph], n[briefs.RoleItem], n[briefs.RoleAuthorNote]}
		if got != wants[i] {
			t.Errorf("%s: got %+v\nwant %+v", filepath.Base(file), got, wants[i])
		}
	}
}
