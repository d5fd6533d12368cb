package eval

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

// PDFs is how well PDFs are read.
type PDFs struct {
	Files     int      `json:"files"`
	Read      int      `json:"read"`
	Refused   []string `json:"refused"` // why each of the others was not read
	Faults    []string `json:"faults"`  // of these, refusals that name no reason of the file, and documents that cannot be quoted from
	Pages     int      `json:"pages"`   // of what was read
	PerSecond float64  `json:"pages_per_second"`

	Compared int            `json:"compared"` // files of which there is an official text
	Ours     *Agreement     `json:"ours,omitempty"`
	Peer     *Agreement     `json:"pdftotext,omitempty"` // the same measure of its output, kept with the set
	Results  []PDFAgreement `json:"-"`
}

// Agreement is how much two texts agree: F1 of words, and of five words in a
// row, that both hold as often, means over the files.
type Agreement struct {
	Words float64 `json:"words_f1"`
	Fives float64 `json:"five_words_f1"`
}

// PDFAgreement is how much one file agrees with its official text.
type PDFAgreement struct {
	ID   string     `json:"id"`
	Err  string     `json:"error,omitempty"`
	Text string     `json:"text,omitempty"`
	Ours *Agreement `json:"ours,omitempty"`
	Peer *Agreement `json:"pdftotext,omitempty"`
}

// pdfLine is a line of a list of PDFs. The files are named from the folder of
// the list.
type pdfLine struct {
	ID        string `json:"id"`
	PDF       string `json:"pdf"`
	Text      string `json:"txt"`       // the official text; empty for files that need only be read or refused
	PDFToText string `json:"pdftotext"` // what pdftotext makes of it; empty for none
}

// MeasurePDFs reads the PDFs that the .jsonl files of dir list and compares
// them with the official texts. each, when not nil, takes one result a file.
func MeasurePDFs(ctx context.Context, dir string, read func(context.Context, extract.Input) (briefs.Document, error), each func(PDFAgreement) error) (PDFs, error) {
	m := PDFs{Refused: []string{}, Faults: []string{}}
	lists, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(lists) == 0 {
		return m, briefs.Fault(briefs.ErrInvalid, `%s: holds no list of PDFs: name the folder of a .jsonl with {"id","pdf","txt","pdftotext"} a line`, dir)
	}
	_, _ = read(ctx, extract.Input{Name: "start", Type: "application/pdf", Data: []byte("%PDF-1.4\n")}) // starts the engine
	var ours, peer Agreement
	var took time.Duration
	for _, list := range lists {
		data, err := os.ReadFile(list)
		if err != nil {
			return m, err
		}
		for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			var l pdfLine
			if err := json.Unmarshal([]byte(line), &l); err != nil || l.PDF == "" {
				return m, briefs.Fault(briefs.ErrInvalid, "%s: line %d names no PDF", list, n+1)
			}
			r, pages, spent, err := measurePDF(ctx, dir, l, read)
			if err != nil {
				return m, err
			}
			m.Files++
			took += spent
			switch {
			case r.Err != "":
				m.Refused = append(m.Refused, r.Err)
				if !strings.HasPrefix(r.Err, l.ID+": ") || strings.Contains(r.Err, "\n") {
					m.Faults = append(m.Faults, r.Err)
				}
			default:
				m.Read++
				m.Pages += pages
			}
			if r.Ours != nil {
				m.Compared++
				ours.Words, ours.Fives = ours.Words+r.Ours.Words, ours.Fives+r.Ours.Fives
				if r.Peer != nil {
					peer.Words, peer.Fives = peer.Words+r.Peer.Words, peer.Fives+r.Peer.Fives
				}
			}
			if each != nil {
				if err := each(r); err != nil {
					return m, err
				}
			}
			r.Text = ""
			m.Results = append(m.Results, r)
		}
	}
	if k := float64(m.Compared); k > 0 {
		m.Ours = &Agreement{ours.Words / k, ours.Fives / k}
		m.Peer = &Agreement{peer.Words / k, peer.Fives / k}
	}
	if took > 0 {
		m.PerSecond = float64(m.Pages) / took.Seconds()
	}
	return m, nil
}

func measurePDF(ctx context.Context, dir string, l pdfLine, read func(context.Context, extract.Input) (briefs.Document, error)) (r PDFAgreement, pages int, took time.Duration, err error) {
	r.ID = l.ID
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(l.PDF)))
	if err != nil {
		return r, 0, 0, err
	}
	start := time.Now()
	d, err := read(ctx, extract.Input{Name: l.ID, Type: "application/pdf", Data: data})
	took = time.Since(start)
	if ctx.Err() != nil {
		return r, 0, took, ctx.Err()
	}
	if err != nil {
		r.Err = err.Error()
	}
	r.Text = d.Text
	if l.Text == "" {
		return r, len(d.Pages), took, nil
	}
	official, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(l.Text)))
	if err != nil {
		return r, 0, 0, err
	}
	r.Ours = Agree(d.Text, string(official))
	if l.PDFToText != "" {
		other, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(l.PDFToText)))
		if err != nil {
			return r, 0, 0, fmt.Errorf("the output of pdftotext: %w", err)
		}
		r.Peer = Agree(string(other), string(official))
	}
	return r, len(d.Pages), took, nil
}

// Agree compares two texts by their words, runs of letters and digits without
// case, and by five of them in a row.
func Agree(got, want string) *Agreement {
	a := strings.FieldsFunc(strings.ToLower(got), notWord)
	b := strings.FieldsFunc(strings.ToLower(want), notWord)
	return &Agreement{Words: shared(a, b, 1), Fives: shared(a, b, 5)}
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// shared is the F1 of the runs of n words of a and b.
func shared(a, b []string, n int) float64 {
	count := map[string]int{}
	for i := 0; i+n <= len(b); i++ {
		count[strings.Join(b[i:i+n], " ")]++
	}
	both := 0
	for i := 0; i+n <= len(a); i++ {
		k := strings.Join(a[i:i+n], " ")
		if count[k] > 0 {
			count[k]--
			both++
		}
	}
	if both == 0 {
		return 0
	}
	return 2 * float64(both) / float64(max(len(a)-n+1, 0)+max(len(b)-n+1, 0))
}
