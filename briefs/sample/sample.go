// Package sample is the embedded sample library: original documents written
// for this project, marked as sample writing, and golden questions about
// them. The demo answers from it and the evaluation measures with it.
package sample

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"

	"briefdesk/briefs"
)

//go:embed library golden
var files embed.FS

const (
	libraryDir = "library" // library/<collection>/<slug>.<ext>
	goldenDir  = "golden"  // golden/<collection>.jsonl, one Question a line
)

// File is one document as it was written, before extraction.
type File struct {
	Name       string // "<collection>/<slug>.<ext>"; unique, and what Sentence.Doc refers to
	Collection string
	Data       []byte // UTF-8
}

// Documents returns the sample documents, sorted by Name.
func Documents() []File {
	var docs []File
	// Walking an embedded tree cannot fail, and every regular file is text
	// that the tests have read.
	_ = fs.WalkDir(files, libraryDir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		name = strings.TrimPrefix(name, libraryDir+"/")
		docs = append(docs, File{Name: name, Collection: path.Dir(name), Data: data})
		return nil
	})
	sort.Slice(docs, func(i, j int) bool { return docs[i].Name < docs[j].Name })
	return docs
}

// The styles of question.
const (
	StyleLexical    = "lexical"    // shares its content words with the answer
	StyleParaphrase = "paraphrase" // asks in other words than the answer uses
	StyleNear       = "near"       // close to the documents, but not answered by any
)

// The splits: choices are made on the first and reported on the second.
const (
	SplitTune    = "tune"
	SplitHeldOut = "held_out"
)

// Question is one golden question with the sentences that answer it.
type Question struct {
	ID         string      `json:"qid"`
	Question   string      `json:"question"`
	Kind       briefs.Kind `json:"kind"`
	Style      string      `json:"style"`
	Answerable bool        `json:"answerable"`
	Split      string      `json:"split"`
	Required   []Sentence  `json:"required"`   // what a perfect answer holds, in order; empty when not answerable
	Acceptable []Sentence  `json:"acceptable"` // also right, but not needed
	Complete   bool        `json:"complete"`   // Required is an enumeration that must be whole
}

// Sentence is a verbatim stretch of the readable text of one document.
type Sentence struct {
	Doc  string `json:"doc"` // a File.Name
	Text string `json:"text"`
}

// Golden returns the golden questions: files by name, and within a file in
// the order of its lines. It returns ErrDamaged, with file and question
// number, for a question that cannot be read.
func Golden() ([]Question, error) {
	names, err := fs.Glob(files, goldenDir+"/*.jsonl")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var questions []Question
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		for n := 1; ; n++ {
			var q Question
			err := decoder.Decode(&q)
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s, question %d: %w: %w", name, n, briefs.ErrDamaged, err)
			}
			questions = append(questions, q)
		}
	}
	return questions, nil
}
