package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// desk is a library that is used only through the command line.
type desk struct {
	t    *testing.T
	path string
}

// run runs a command, which must end with the exit code want.
func (d desk) run(want int, args ...string) string {
	d.t.Helper()
	var out, errs bytes.Buffer
	getenv := func(string) string { return "" }
	code := run(d.t.Context(), append([]string{"--library", d.path}, args...), getenv, strings.NewReader(""), &out, &errs)
	if code != want {
		d.t.Fatalf("%q: exit code %d, want %d: %s%s", args, code, want, out.String(), errs.String())
	}
	return out.String()
}

// read runs a command and reads its JSON into form.
func (d desk) read(want int, form any, args ...string) {
	d.t.Helper()
	out := d.run(want, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), form); err != nil {
		d.t.Fatalf("%q: %v: %s", args, err, out)
	}
}

func (d desk) ask(want int, question string) answerJSON {
	d.t.Helper()
	var ans answerJSON
	d.read(want, &ans, "ask", "--more", question)
	return ans
}

// TestSeeds asks what the project must always answer, of the two articles that
// it began with: one tells why relations did not break down, the other what is
// wrong with them.
func TestSeeds(t *testing.T) {
	dir := sharedFolder(t, "seeds")
	t.Chdir(t.TempDir())
	d := desk{t, filepath.Join(t.TempDir(), "library.db")}
	d.run(exitOK, "add", dir)
	var list documentsJSON
	d.read(exitOK, &list, "library", "list")
	if len(list.Documents) != 2 {
		t.Fatalf("%d documents, want 2", len(list.Documents))
	}
	calm, flawed := list.Documents[0], list.Documents[1]
	if calm.Published > flawed.Published {
		calm, flawed = flawed, calm
	}
	texts := map[briefs.DocumentID]string{}
	for _, doc := range list.Documents {
		var shown struct{ Text string }
		d.read(exitOK, &shown, "library", "show", string(doc.ID))
		texts[doc.ID] = shown.Text
	}
	// only checks that every quote of ans is of doc, as stored.
	only := func(t *testing.T, ans answerJSON, doc documentJSON) {
		t.Helper()
		if ans.Status != "answered" || len(ans.Quotes) == 0 {
			t.Fatalf("%s: %s %s", ans.Question, ans.Status, ans.Reason)
		}
		for i, q := range ans.Quotes {
			if q.Document != doc.ID || q.Source != 1 || q.N != i+1 {
				t.Errorf("quote %d has number %d, source %d, document %s (%q), want one source, %q", i+1, q.N, q.Source, q.Document, q.Title, doc.Title)
				continue
			}
			if q.Title != doc.Title || q.Author != doc.Author || q.Publisher != doc.Publisher || q.Published != doc.Published || q.URL != doc.URL {
				t.Errorf("quote %d: metadata %q %q %q %q %q, stored %+v", q.N, q.Title, q.Author, q.Publisher, q.Published, q.URL, doc)
			}
			if want := fmt.Sprintf("http://127.0.0.1:8088/d/%s?r=1&s=%d-%d#q", doc.ID, q.Start, q.End); q.Link != want {
				t.Errorf("quote %d: link %s, want %s", q.N, q.Link, want)
			}
			if q.Text != texts[doc.ID][q.Start:q.End] {
				t.Errorf("quote %d is not what stands at %d-%d", q.N, q.Start, q.End)
			}
			if lead := q.LeadIn; lead != nil && lead.Text != texts[doc.ID][lead.Start:lead.End] {
				t.Errorf("lead-in of %d is not what stands at %d-%d", q.N, lead.Start, lead.End)
			}
		}
	}

	for _, question := range []string{
		"why did US-China cyber relations not break down?",
		"Why did US-China cyber relations not break down",
		"why didn't U.S.-China cyber relations break down?",
		"for what reasons did US-China relations on cyber issues not break down?",
	} {
		t.Run(question, func(t *testing.T) {
			d := desk{t, d.path}
			ans := d.ask(exitOK, question)
			only(t, ans, calm)
			cues := []string{"First,", "Second,", "Third,", "Finally,"}
			if len(ans.Quotes) != len(cues) || ans.Kind != briefs.KindWhy {
				t.Fatalf("kind %s, %d quotes, want %d", ans.Kind, len(ans.Quotes), len(cues))
			}
			for i, cue := range cues {
				q := ans.Quotes[i]
				if !strings.HasPrefix(q.Text, cue) || !strings.HasSuffix(q.Text, ".") || strings.Contains(q.Text, "\n") {
					t.Errorf("quote %d is not the sentence of %q", q.N, cue)
				}
				if i > 0 && q.Start <= ans.Quotes[i-1].End {
					t.Errorf("quote %d is out of order", q.N)
				}
			}
			if lead := ans.Quotes[0].LeadIn; lead == nil || !strings.HasPrefix(lead.Text, "Why ") || lead.End > ans.Quotes[0].Start {
				t.Errorf("lead-in %+v", lead)
			}
		})
	}

	for _, question := range []string{
		"why did US-China cyber relations break down?",
		"why are US-China cyber relations flawed?",
		"why are US-China cyber relations so bad?",
		"what factors undermine US cyber diplomacy towards China?",
	} {
		t.Run(question, func(t *testing.T) {
			d := desk{t, d.path}
			ans := d.ask(exitOK, question)
			only(t, ans, flawed)
			if len(ans.Quotes) != 10 {
				t.Errorf("%d quotes, want the ten factors", len(ans.Quotes))
			}
		})
	}

	for _, doc := range list.Documents {
		for _, question := range []string{"who wrote " + doc.Title + "?", "who is the author of \"" + doc.Title + "\"?"} {
			t.Run(question, func(t *testing.T) {
				d := desk{t, d.path}
				ans := d.ask(exitOK, question)
				only(t, ans, doc)
				if doc.Author == "" || !strings.Contains(ans.Quotes[0].Text, doc.Author) {
					t.Errorf("the answer does not name %q", doc.Author)
				}
			})
		}
	}

	// Who met, and who was bugged, is told; who told whom what is not.
	t.Run("silence", func(t *testing.T) {
		d := desk{t, d.path}
		const question = "what did Xi tell Obama about Huawei?"
		ans := d.ask(exitNotFound, question)
		if ans.Status != "abstained" || ans.Reason == "" || len(ans.Quotes) != 0 || len(ans.Near) == 0 {
			t.Errorf("status %s, reason %s, %d quotes, %d near", ans.Status, ans.Reason, len(ans.Quotes), len(ans.Near))
		}
		for _, near := range ans.Near {
			if near.Text != texts[near.Document][near.Start:near.End] {
				t.Errorf("near %d is not what stands at %d-%d", near.N, near.Start, near.End)
			}
		}
		var gaps gapsJSON
		d.read(exitOK, &gaps, "gaps")
		if len(gaps.Gaps) != 1 || gaps.Gaps[0].Question != question {
			t.Errorf("gaps %+v, want the question", gaps.Gaps)
		}
	})
}
