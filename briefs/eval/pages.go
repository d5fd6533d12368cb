package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

// Page is a web page with the article in it as a reader marked it.
type Page struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	HTML     string `json:"html"` // path of the page in the folder of the set
	Expected string `json:"expected"`

	// What a reader says of the page; without them the page's own metadata
	// is taken, see Stated.
	Title     *string      `json:"title"`
	Authors   *[]string    `json:"authors"`
	Published *briefs.Date `json:"published"`
}

// ReadPages reads the set in a folder: gold.jsonl, one Page a line.
func ReadPages(dir string) ([]Page, error) {
	name := filepath.Join(dir, "gold.jsonl")
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: name a folder with a gold.jsonl", name, reason(err))
	}
	defer f.Close()
	var out []Page
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for n := 1; sc.Scan(); n++ {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		var p Page
		if err := json.Unmarshal(sc.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w: write one JSON object a line", name, n, err)
		}
		if p.HTML == "" {
			p.HTML = filepath.Join("html", p.ID+".html")
		}
		out = append(out, p)
	}
	return out, sc.Err()
}

// reason is err without the path, which the message names already.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// ReadPeers reads what other systems made of the pages, by the names of their
// files: other_systems/NAME.json in the folder of the set. No peers are no
// error.
func ReadPeers(dir string) (map[string]map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "other_systems", "*.json"))
	if err != nil {
		return nil, err
	}
	peers := map[string]map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: name a folder that can be read", file, reason(err))
		}
		var v struct {
			Output map[string]struct {
				Body string `json:"articleBody"`
			} `json:"output"`
		}
		if err := json.Unmarshal(data, &v); err != nil {
			return nil, fmt.Errorf("%s: %w: write {\"output\":{ID:{\"articleBody\":TEXT}}}", file, err)
		}
		texts := map[string]string{}
		for id, o := range v.Output {
			texts[id] = o.Body
		}
		peers[strings.TrimSuffix(filepath.Base(file), ".json")] = texts
	}
	return peers, nil
}

// Pages are the measures of a set of web pages.
type Pages struct {
	Pages  int      `json:"pages"`
	Failed int      `json:"failed"` // refused; their text counts as empty
	Text   Texts    `json:"text"`
	Halves [2]Texts `json:"halves"` // of the pages, parted by a hash of their ids
	Title  Told     `json:"title"`
	Author Told     `json:"author"`
	Date   Told     `json:"date"`
	Speed  float64  `json:"pages_per_second"` // one after the other
	Peers  []Peer   `json:"peers"`            // the best first
}

// Told counts what is told of the pages: of those whose metadata or reader
// name it, how many were told as they are.
type Told struct {
	Present int     `json:"present"`
	Right   int     `json:"right"`
	Wrong   int     `json:"wrong"`   // told, and not so
	Share   float64 `json:"share"`   // Right of Present
	Besides int     `json:"besides"` // told of pages that do not name it
}

// Peer is another system on the same pages.
type Peer struct {
	Name string `json:"name"`
	Texts
	Lead Interval `json:"lead"` // how much F1 is ahead of the peer's
}

// PageResult is what was read of one page.
type PageResult struct {
	ID        string      `json:"id"`
	URL       string      `json:"url"`
	Half      int         `json:"half"`
	Precision float64     `json:"precision"`
	Recall    float64     `json:"recall"`
	Title     string      `json:"title"`
	Author    string      `json:"author"`
	Published briefs.Date `json:"published"`
	Wrong     []string    `json:"wrong,omitempty"` // title, author or date that is not told as it is
	Error     string      `json:"error,omitempty"`
	Body      string      `json:"articleBody"`
}

// Read reads one document; extract.Read does.
type Read func(context.Context, extract.Input) (briefs.Document, error)

// MeasurePages reads the pages of the folder one by one and compares what may
// be quoted of them, with the headings, with what the readers marked. each,
// when not nil, receives every result.
func MeasurePages(ctx context.Context, dir string, read Read, each func(PageResult) error) (Pages, error) {
	var m Pages
	pages, err := ReadPages(dir)
	if err != nil {
		return m, err
	}
	peers, err := ReadPeers(dir)
	if err != nil {
		return m, err
	}
	m.Pages = len(pages)
	overlaps := make([]Overlap, len(pages))
	var halves [2][]Overlap
	var spent time.Duration
	for i, p := range pages {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.HTML)))
		if err != nil {
			return m, fmt.Errorf("%s: %w: name a folder with all its pages", p.HTML, reason(err))
		}
		start := time.Now()
		d, err := read(ctx, extract.Input{Name: filepath.Base(p.HTML), URL: p.URL, Type: "text/html", Data: data})
		spent += time.Since(start)
		r := PageResult{ID: p.ID, URL: p.URL, Half: half(p.ID), Title: d.Title, Author: d.Author, Published: d.Published, Body: Article(&d)}
		if err != nil {
			m.Failed++
			r.Error = err.Error()
		}
		o := Shingles(r.Body, p.Expected)
		overlaps[i] = o
		halves[r.Half] = append(halves[r.Half], o)
		r.Precision, r.Recall = o.Precision(), o.Recall()
		r.Wrong = m.told(&p, Stated(data), &d)
		if each != nil {
			if err := each(r); err != nil {
				return m, err
			}
		}
	}
	m.Text = MeasureTexts(overlaps)
	for i := range halves {
		m.Halves[i] = MeasureTexts(halves[i])
	}
	for _, t := range []*Told{&m.Title, &m.Author, &m.Date} {
		t.Share = float64(t.Right) / float64(max(t.Present, 1))
	}
	if spent > 0 {
		m.Speed = float64(len(pages)) / spent.Seconds()
	}
	m.Peers = []Peer{}
	for name, texts := range peers {
		other := make([]Overlap, len(pages))
		for i, p := range pages {
			other[i] = Shingles(texts[p.ID], p.Expected)
		}
		m.Peers = append(m.Peers, Peer{name, MeasureTexts(other), Lead(overlaps, other)})
	}
	slices.SortFunc(m.Peers, func(a, b Peer) int {
		if a.F1 != b.F1 {
			return int(1e6 * (b.F1 - a.F1))
		}
		return strings.Compare(a.Name, b.Name)
	})
	return m, nil
}

// half parts pages into two halves by chance, the same ones each time.
func half(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32()>>16) & 1
}

// Article is the text of the article in d: headings and what may be quoted,
// without title, byline, captions and the frame of the page.
func Article(d *briefs.Document) string {
	var b strings.Builder
	for _, bl := range d.Blocks {
		if bl.Role.Quotable() || bl.Role == briefs.RoleHeading {
			b.WriteString(d.Text[bl.Body:bl.End] + "\n")
		}
	}
	return b.String()
}
