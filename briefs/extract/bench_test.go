package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// BenchmarkPages reads real pages, beside readability alone on the same pages:
// parsing and choosing the article, without roles and metadata.
func BenchmarkPages(b *testing.B) {
	root := os.Getenv("BRIEFDESK_SHARED")
	if root == "" {
		root = "../../../shared"
	}
	files, _ := filepath.Glob(filepath.Join(root, "data/extraction/html_aeb/html/*.html"))
	if len(files) == 0 {
		b.Skip("the pages are absent: set BRIEFDESK_SHARED")
	}
	pages := make([]string, len(files))
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		pages[i] = string(data)
	}
	for name, read := range map[string]func(string){
		"briefdesk": func(page string) {
			if _, err := Read(Input{Name: "page.html", Data: []byte(page)}); err != nil {
				b.Error(err)
			}
		},
		"readability": func(page string) {
			root, err := html.Parse(strings.NewReader(page))
			if err == nil {
				readable(root)
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				read(pages[i%len(pages)])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
