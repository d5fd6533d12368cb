package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/ingest"
	"briefdesk/briefs/text"

	"github.com/klauspost/compress/zstd"
)

// folder is where the data sets stand.
func folder() string {
	if root := os.Getenv("BRIEFDESK_SHARED"); root != "" {
		return root
	}
	return filepath.Join("..", "..", "..", "..", "shared")
}

// maxLine bounds one line of a data file in bytes.
const maxLine = 16 << 20

// The collections: every passage of the set is in one of them, scattered over
// all of it.
const (
	one  = "one"  // 1 % of the passages
	half = "half" // 50 %
	rest = "rest"
)

// collectionOf is that of passage i.
func collectionOf(i int) string {
	switch n := uint32(i) * 2654435761 >> 7 % 100; { // Knuth's multiplicative hash
	case n < 1:
		return one
	case n < 51:
		return half
	}
	return rest
}

// passage is one line of the set, and of the files that engines read.
type passage struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Collection string `json:"collection"`
}

func passagesFile(dir string, n int) string {
	return filepath.Join(dir, fmt.Sprintf("passages-%d.jsonl", n))
}

func termsFile(dir string, n int) string { return filepath.Join(dir, fmt.Sprintf("terms-%d.tsv", n)) }

// prepareData writes for each of sizes, ascending, the first passages of the
// set as JSON lines, and as the terms that briefdesk would index, unless the
// files are there.
func prepareData(root, dir string, sizes []int) error {
	missing := slices.DeleteFunc(slices.Clone(sizes), func(n int) bool {
		_, err := os.Stat(termsFile(dir, n)) // renamed last
		return err == nil
	})
	if len(missing) == 0 {
		return nil
	}
	f, err := os.Open(filepath.Join(root, "data", "scale", "passages-1m.jsonl.zst"))
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return err
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, maxLine)
	var outs []*outputs
	defer func() {
		for _, o := range outs {
			o.close()
		}
	}()
	for _, n := range missing {
		o, err := newOutputs(dir, n)
		if err != nil {
			return err
		}
		outs = append(outs, o)
	}
	largest := missing[len(missing)-1]
	i := 0
	for ; i < largest && lines.Scan(); i++ {
		line, terms, err := prepareLine(lines.Bytes(), i)
		if err != nil {
			return fmt.Errorf("passage %d: %w", i, err)
		}
		for k, n := range missing {
			if i < n {
				outs[k].passages.w.Write(line) // rename reports what went wrong
				outs[k].terms.w.WriteString(terms)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if i < largest {
		return fmt.Errorf("the set has %d passages, fewer than %d", i, largest)
	}
	for _, o := range outs {
		if err := errors.Join(o.passages.rename(), o.terms.rename()); err != nil {
			return err
		}
	}
	return nil
}

// prepareLine puts line i of the set into a collection, and returns it as a
// line of JSON and as lines of terms, one for each passage that briefdesk makes
// of it: id, document, collection, and the terms of title, heading, byline and
// body, tabs between. There are none where it finds no sentence.
func prepareLine(set []byte, i int) (line []byte, terms string, err error) {
	var p passage
	if err := json.Unmarshal(set, &p); err != nil {
		return nil, "", err
	}
	p.Collection = collectionOf(i)
	if line, err = json.Marshal(p); err != nil {
		return nil, "", err
	}
	d, err := extract.Record(line)
	if err == nil {
		err = ingest.Complete(&d)
	}
	if err != nil && !errors.Is(err, briefs.ErrInvalid) {
		return nil, "", err
	}
	if err == nil {
		var b strings.Builder
		for k := range d.Passages {
			s := &d.Passages[k]
			fields := []string{string(s.ID), p.ID, p.Collection, s.TitleTerms, s.HeadingTerms, s.BylineTerms, strings.Join(s.Terms, " ")}
			b.WriteString(strings.Join(fields, "\t"))
			b.WriteByte('\n')
		}
		terms = b.String()
	}
	return append(line, '\n'), terms, nil
}

// outputs are the files of one size.
type outputs struct{ passages, terms *output }

func newOutputs(dir string, n int) (*outputs, error) {
	p, err := newOutput(passagesFile(dir, n))
	if err != nil {
		return nil, err
	}
	t, err := newOutput(termsFile(dir, n))
	if err != nil {
		p.f.Close()
		return nil, err
	}
	return &outputs{p, t}, nil
}

func (o *outputs) close() {
	o.passages.f.Close()
	o.terms.f.Close()
}

// output is a file that has its name when it is whole.
type output struct {
	path string
	f    *os.File
	w    *bufio.Writer
}

func newOutput(path string) (*output, error) {
	f, err := os.Create(path + ".part")
	if err != nil {
		return nil, err
	}
	return &output{path, f, bufio.NewWriterSize(f, 1<<20)}, nil
}

func (o *output) rename() error {
	if err := errors.Join(o.w.Flush(), o.f.Close()); err != nil {
		return err
	}
	return os.Rename(o.path+".part", o.path)
}

// eachPassage calls fn with every passage of the file at path, in order.
func eachPassage(path string, fn func(passage) error) error {
	return eachLine(path, func(line []byte) error {
		var p passage
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		return fn(p)
	})
}

// terms are the terms of a passage as briefdesk indexes them.
type terms struct {
	id, document, collection     string
	title, heading, byline, body string
}

// eachTerms calls fn with every line of a file of terms, in order.
func eachTerms(path string, fn func(terms) error) error {
	return eachLine(path, func(line []byte) error {
		f := strings.Split(string(line), "\t")
		if len(f) != 7 {
			return fmt.Errorf("%d fields, want 7", len(f))
		}
		return fn(terms{f[0], f[1], f[2], f[3], f[4], f[5], f[6]})
	})
}

// question is one that is asked, and what is sought for it.
type question struct {
	Text  string
	Words string   // without stop words
	Terms []string // the index terms of these, each once
}

// readQuestions takes half of n natural questions of each of two sets, leaving
// out those of stop words alone.
func readQuestions(root string, n int) ([]question, error) {
	var all []question
	for _, set := range []string{"retrieval/condqa_snippets", "answers/clapnq"} {
		path := filepath.Join(root, "data", filepath.FromSlash(set), "queries.jsonl")
		enough := len(all) + n/2
		err := eachLine(path, func(line []byte) error {
			var q struct{ Text string }
			if err := json.Unmarshal(line, &q); err != nil {
				return err
			}
			if q := newQuestion(q.Text); len(q.Terms) > 0 {
				all = append(all, q)
			}
			if len(all) == enough {
				return io.EOF
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func newQuestion(s string) question {
	q := question{Text: s}
	var words []string
	for _, t := range text.QueryTokens(s) {
		if t.Stop {
			continue
		}
		words = append(words, s[t.Start:t.End])
		if !slices.Contains(q.Terms, t.Term) {
			q.Terms = append(q.Terms, t.Term)
		}
	}
	q.Words = strings.Join(words, " ")
	return q
}

// eachLine calls fn with the lines of the file until it returns io.EOF.
func eachLine(path string, fn func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for i := 1; lines.Scan(); i++ {
		if err := fn(lines.Bytes()); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: line %d: %w", path, i, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
