package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	"briefdesk/briefs/sample"
)

// sets are the folders of the data that hold documents, and how many of the
// questions of each are asked.
var sets = []struct {
	name      string
	questions int
}{{"retrieval/condqa_snippets", 200}, {"answers/clapnq", 200}, {"retrieval/cranfield", 0}}

// listing is what library list prints.
type listing struct {
	Documents []struct {
		ID       string
		Passages int
	}
}

func (l *listing) passages() (n int) {
	for _, d := range l.Documents {
		n += d.Passages
	}
	return n
}

// fill makes a library of the sample documents, the documents of the sets and
// the pages of real articles.
func fill(ctx context.Context, s settings, library, dir string) (held listing, err error) {
	folder := filepath.Join(dir, "sample")
	for _, f := range sample.Documents() {
		to := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return held, err
		}
		if err := os.WriteFile(to, f.Data, 0o600); err != nil {
			return held, err
		}
	}
	sources := []string{folder}
	if s.root != "" {
		for _, set := range sets {
			sources = append(sources, filepath.Join(s.root, "data", filepath.FromSlash(set.name), "docs.jsonl"))
		}
		sources = append(sources, filepath.Join(s.root, "data", "extraction", "html_aeb", "html"))
	}
	if s.more != "" {
		sources = append(sources, s.more)
	}
	for _, source := range sources {
		if _, err := os.Stat(source); err != nil {
			return held, err
		}
		// Some lines of the sets are faulty, and named: the rest is added.
		out, err := exec.CommandContext(ctx, s.program, "--library", library, "add", source).CombinedOutput()
		if exit := new(exec.ExitError); err != nil && !asExit(err, &exit) {
			return held, fmt.Errorf("add %s: %w: %s", source, err, out)
		}
	}
	out, err := exec.CommandContext(ctx, s.program, "--library", library, "--json", "library", "list").Output()
	if err != nil {
		return held, fmt.Errorf("library list: %w", err)
	}
	return held, json.Unmarshal(out, &held)
}

// asExit reports whether err is that of a command that ran to its end and
// found something to complain of.
func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok && e.ExitCode() == 1
}

// readQuestions are those of the sample library and, where there are data
// sets, some of theirs.
func readQuestions(root string) ([]string, error) {
	golden, err := sample.Golden()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, q := range golden {
		all = append(all, q.Question)
	}
	if root == "" {
		return all, nil
	}
	for _, set := range sets {
		if set.questions == 0 {
			continue
		}
		f, err := os.Open(filepath.Join(root, "data", path.Clean(set.name), "queries.jsonl"))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for n := 0; n < set.questions && lines.Scan(); n++ {
			var q struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
				return nil, fmt.Errorf("%s: line %d: %w", f.Name(), n+1, err)
			}
			all = append(all, q.Text)
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
