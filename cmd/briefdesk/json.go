package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
)

// The JSON forms are stable: programs read them. Lists are never null.

type answerJSON struct {
	Question string              `json:"question"`
	Kind     briefs.Kind         `json:"kind"`
	Status   string              `json:"status"` // answered, abstained
	Reason   briefs.Reason       `json:"reason"`
	Quotes   []quoteJSON         `json:"quotes"`
	Near     []quoteJSON         `json:"near"`
	Expanded map[string][]string `json:"expanded"`
	Elapsed  int64               `json:"elapsed_ms"`
	Parts    []turnJSON          `json:"parts,omitempty"` // of several questions in one
	Disputes []disputeJSON       `json:"disagreements,omitempty"`
	Source   *askedJSON          `json:"asked_source,omitempty"` // that the question names
	After    []string            `json:"after,omitempty"`        // the questions that it follows up on, the latest first
}

// askedJSON is a source that a question names, and whether the library has
// something by it.
type askedJSON struct {
	Name  string `json:"name"`
	Found bool   `json:"found"`
}

func askedForm(s *briefs.AskedSource) *askedJSON {
	if s == nil {
		return nil
	}
	return &askedJSON{s.Name, s.Found}
}

// disputeJSON are the numbers of quotes that disagree, the newest last.
type disputeJSON struct {
	Quotes []int `json:"quotes"`
}

// turnJSON is the answer to one of several questions. Quotes are the numbers of
// those of the whole that answer it.
type turnJSON struct {
	Question string        `json:"question"`
	Kind     briefs.Kind   `json:"kind"`
	Status   string        `json:"status"`
	Reason   briefs.Reason `json:"reason"`
	Quotes   []int         `json:"quotes"`
	Source   *askedJSON    `json:"asked_source,omitempty"`
}

type quoteJSON struct {
	N          int               `json:"n"`
	Source     int               `json:"source"`
	Text       string            `json:"text"`
	Document   briefs.DocumentID `json:"document"`
	Revision   int               `json:"revision"`
	Title      string            `json:"title"`
	Author     string            `json:"author"`
	Publisher  string            `json:"publisher"`
	Published  briefs.Date       `json:"published"`
	URL        string            `json:"url"`
	Collection string            `json:"collection"`
	Start      int               `json:"start"`
	End        int               `json:"end"`
	Page       int               `json:"page"`
	LeadIn     *spanJSON         `json:"lead_in"`
	Link       string            `json:"link"`
	Also       []copyJSON        `json:"also,omitempty"` // the other places of the piece
	Why        []featureJSON     `json:"why,omitempty"`  // only with --explain
}

type spanJSON struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

type featureJSON struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Note  string  `json:"note,omitempty"`
}

type hitsJSON struct {
	Hits []hitJSON `json:"hits"`
}

type hitJSON struct {
	Document   briefs.DocumentID `json:"document"`
	Passage    briefs.PassageID  `json:"passage"`
	Title      string            `json:"title"`
	Text       string            `json:"text"`
	Score      float64           `json:"score"`
	Start      int               `json:"start"`
	End        int               `json:"end"`
	Collection string            `json:"collection"`
}

type documentsJSON struct {
	Documents []documentJSON `json:"documents"`
}

type documentJSON struct {
	ID         briefs.DocumentID `json:"id"`
	Title      string            `json:"title"`
	Author     string            `json:"author"`
	Publisher  string            `json:"publisher"`
	Published  briefs.Date       `json:"published"`
	URL        string            `json:"url"`
	Collection string            `json:"collection"`
	Added      time.Time         `json:"added"`
	Revision   int               `json:"revision"`
	Passages   int               `json:"passages"`
	Bytes      int               `json:"bytes"`
	CopyOf     briefs.DocumentID `json:"copy_of,omitempty"` // the original whose piece it repeats
	Also       []copyJSON        `json:"also,omitempty"`    // the other places of the piece, the original first
}

type copyJSON struct {
	ID        briefs.DocumentID `json:"id"`
	Title     string            `json:"title"`
	Publisher string            `json:"publisher"`
	Published briefs.Date       `json:"published"`
	URL       string            `json:"url"`
}

type shownJSON struct {
	documentJSON
	Text   string      `json:"text"`
	Blocks []blockJSON `json:"blocks"`
}

type blockJSON struct {
	Role  briefs.Role `json:"role"`
	Start int         `json:"start"`
	End   int         `json:"end"`
}

type collectionsJSON struct {
	Collections []collectionJSON `json:"collections"`
}

type collectionJSON struct {
	Name      string `json:"name"`
	Documents int    `json:"documents"`
	Passages  int    `json:"passages"`
}

type servingJSON struct {
	Web     string `json:"web"`
	Metrics string `json:"metrics"` // empty: under web, for this machine
	Slack   string `json:"slack,omitempty"`
}

type gapsJSON struct {
	Gaps []gapJSON `json:"gaps"`
}

type gapJSON struct {
	Question string        `json:"question"`
	Reason   briefs.Reason `json:"reason"`
	Room     string        `json:"room"`
	First    time.Time     `json:"first"`
	Last     time.Time     `json:"last"`
	Count    int           `json:"count"`
}

type checkJSON struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"`
}

type doctorJSON struct {
	OK     bool        `json:"ok"`
	Checks []diagnosis `json:"checks"`
}

type diagnosis struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Mend   string `json:"mend"`
}

type reportJSON struct {
	Added     int           `json:"added"`
	Revised   int           `json:"revised"`
	Unchanged int           `json:"unchanged"`
	Failed    int           `json:"failed"`
	Skipped   int           `json:"skipped"`
	Problems  []problemJSON `json:"problems"`
}

type problemJSON struct {
	Source string `json:"source"`
	Line   int    `json:"line"`
	Error  string `json:"error"`
}

type versionJSON struct {
	Version  string   `json:"version"`
	Commit   string   `json:"commit"`
	Go       string   `json:"go"`
	Features []string `json:"features"`
}

func answerForm(ans *briefs.Answer, at address, more, explain bool) answerJSON {
	form := answerJSON{
		Question: ans.Question, Kind: ans.Kind, Status: "answered", Reason: ans.Reason,
		Elapsed: ans.Elapsed.Milliseconds(),
	}
	if !ans.Answered() {
		form.Status = "abstained"
	}
	form.Expanded = map[string][]string{}
	maps.Copy(form.Expanded, ans.Expanded)
	for _, c := range ans.Corrected {
		form.Expanded[c.Typed] = append([]string{c.Read}, form.Expanded[c.Typed]...)
	}
	shown := ans.Quotes
	if more {
		shown = append(shown[:len(shown):len(shown)], ans.More...)
	}
	form.Quotes = quoteForms(shown, at, explain)
	form.Near = quoteForms(ans.Near, at, explain)
	form.Disputes, form.Source = disputeForms(ans), askedForm(ans.Source)
	for i := range ans.Parts {
		p := &ans.Parts[i]
		part := turnJSON{Question: p.Question, Kind: p.Kind, Status: "answered", Reason: p.Reason, Quotes: []int{}, Source: askedForm(p.Source)}
		if !p.Answered() {
			part.Status = "abstained"
		}
		for _, c := range p.Quotes {
			part.Quotes = append(part.Quotes, c.N)
		}
		form.Parts = append(form.Parts, part)
	}
	return form
}

func disputeForms(ans *briefs.Answer) []disputeJSON {
	parts := ans.Parts
	if len(parts) == 0 {
		parts = []briefs.Answer{*ans}
	}
	var out []disputeJSON
	for i := range parts {
		last := 0
		for _, c := range parts[i].Quotes {
			if c.Dispute > 0 && c.Dispute != last {
				out = append(out, disputeJSON{})
			}
			if last = c.Dispute; last > 0 {
				d := &out[len(out)-1]
				d.Quotes = append(d.Quotes, c.N)
			}
		}
	}
	return out
}

func quoteForms(citations []briefs.Citation, at address, explain bool) []quoteJSON {
	forms := make([]quoteJSON, 0, len(citations))
	for _, c := range citations {
		d, span := c.Quote.Document(), c.Quote.Span()
		q := quoteJSON{
			N: c.N, Source: c.Source, Text: c.Quote.Text(), Document: d.ID, Revision: d.Revision, Title: d.Title,
			Author: d.Author, Publisher: d.Publisher, Published: d.Published, URL: d.URL, Collection: d.Collection,
			Start: span.Start, End: span.End, Page: c.Quote.Page(), Link: at(c.Quote), Also: copyForms(d.Also),
		}
		if c.LeadIn != nil {
			q.LeadIn = &spanJSON{c.LeadIn.Text(), c.LeadIn.Span().Start, c.LeadIn.Span().End}
		}
		if explain {
			for _, f := range c.Why {
				q.Why = append(q.Why, featureJSON(f))
			}
		}
		forms = append(forms, q)
	}
	return forms
}

func documentForm(l briefs.Listed) documentJSON {
	return documentJSON{
		ID: l.ID, Title: l.Title, Author: l.Author, Publisher: l.Publisher, Published: l.Published, URL: l.URL,
		Collection: l.Collection, Added: l.Added.UTC(), Revision: l.Revision, Passages: l.PassageCount, Bytes: l.Bytes,
		CopyOf: l.CopyOf, Also: copyForms(l.Also),
	}
}

func copyForms(all []briefs.Copy) []copyJSON {
	var forms []copyJSON
	for _, c := range all {
		forms = append(forms, copyJSON{c.ID, c.Title, c.Publisher, c.Published, c.URL})
	}
	return forms
}

func reportForm(r ingest.Report) reportJSON {
	form := reportJSON{Added: r.Added, Revised: r.Revised, Unchanged: r.Unchanged, Failed: r.Failed, Skipped: r.Skipped, Problems: []problemJSON{}}
	for _, p := range r.Problems {
		form.Problems = append(form.Problems, problemJSON{p.Source, p.Line, oneLine(p.Err)})
	}
	return form
}

// writeJSON prints v on one line. Characters that a terminal would act on
// are escaped; a JSON reader gets the very bytes of v.
func writeJSON(w io.Writer, v any) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, escapeControls(strings.TrimSuffix(b.String(), "\n"))+"\n")
	return err
}

func escapeControls(s string) string {
	if !strings.ContainsFunc(s, dangerous) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !dangerous(r):
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r != utf8.RuneError:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
