package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

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

// writePassages writes the first n passages of the set to path, a line of
// JSON each, and returns how many there are: what every engine reads.
func writePassages(root, path string, n int) (written int, err error) {
	f, err := os.Open(filepath.Join(root, "data", "scale", "passages-1m.jsonl.zst"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return 0, err
	}
	defer z.Close()
	out, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	w := bufio.NewWriter(out)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, maxLine)
	for ; written < n && lines.Scan(); written++ {
		w.Write(lines.Bytes())
		w.WriteByte('\n') // Flush reports what went wrong
	}
	if err := lines.Err(); err != nil {
		return written, err
	}
	if err := w.Flush(); err != nil {
		return written, err
	}
	return written, out.Close()
}

// passage is one line of the set.
type passage struct{ ID, Title, Text string }

// eachPassage calls fn with every passage of the file at path, in order.
func eachPassage(path string, fn func(passage) error) error {
	return eachLine(path, -1, func(line []byte) error {
		var p passage
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		return fn(p)
	})
}

// readQuestions takes half of n natural questions of each of two sets.
func readQuestions(root string, n int) ([]string, error) {
	var all []string
	for _, set := range []string{"retrieval/condqa_snippets", "answers/clapnq"} {
		path := filepath.Join(root, "data", filepath.FromSlash(set), "queries.jsonl")
		err := eachLine(path, n/2, func(line []byte) error {
			var q struct{ Text string }
			if err := json.Unmarshal(line, &q); err != nil {
				return err
			}
			all = append(all, q.Text)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// eachLine calls fn with the first n lines of the file, with all when n is
// negative.
func eachLine(path string, n int, fn func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for i := 0; i != n && lines.Scan(); i++ {
		if err := fn(lines.Bytes()); err != nil {
			return fmt.Errorf("%s: line %d: %w", path, i+1, err)
		}
	}
	if err := lines.Err(); err != nil && err != io.EOF {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
