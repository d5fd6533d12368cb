package sqlite

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
)

// validate returns ErrInvalid, naming the document and the fault, when d must
// not be stored: whatever is stored can be read back and quoted.
func validate(d *briefs.Document) error {
	if err := fault(d); err != "" {
		return briefs.Fault(briefs.ErrInvalid, "document %q: %s: it was not stored", d.ID, err)
	}
	return nil
}

// maxID bounds an id in bytes: it stands in links and in every passage id.
const maxID = 1024

func fault(d *briefs.Document) string {
	if d.ID == "" {
		return "it has no id"
	}
	if len(d.ID) > maxID {
		return fmt.Sprintf("its id is longer than %d bytes", maxID)
	}
	for _, s := range []string{string(d.ID), d.Source, d.Title, d.Author, d.Publisher, d.URL, d.Collection, d.Text} {
		if !utf8.ValidString(s) {
			return "it holds bytes that are not UTF-8"
		}
	}
	if _, err := briefs.ParseDate(string(d.Published)); err != nil {
		return fmt.Sprintf("its date %q is none of YYYY-MM-DD, YYYY-MM, YYYY", d.Published)
	}
	for i, b := range d.Blocks {
		if !sound(d.Text, b.Span) || b.Body < b.Start || b.Body > b.End || !soundAll(d.Text, b.Sentences) {
			return fmt.Sprintf("block %d lies outside its text or cuts a character", i)
		}
	}
	for i, e := range d.Enumerations {
		bad := e.LeadIn != (briefs.Span{}) && !sound(d.Text, e.LeadIn)
		for _, it := range e.Items {
			bad = bad || !sound(d.Text, it.Span) || !soundAll(d.Text, it.Sentences)
		}
		if bad {
			return fmt.Sprintf("enumeration %d lies outside its text or cuts a character", i)
		}
	}
	for i, p := range d.Pages {
		if i == 0 && p != 0 || i > 0 && p < d.Pages[i-1] || p > len(d.Text) || p < len(d.Text) && !utf8.RuneStart(d.Text[p]) {
			return fmt.Sprintf("page %d begins outside its text, before the page before it or inside a character", i+1)
		}
	}
	return passageFault(d)
}

func passageFault(d *briefs.Document) string {
	ids := make(map[briefs.PassageID]bool, len(d.Passages))
	for i := range d.Passages {
		p := &d.Passages[i]
		switch {
		case p.ID == "" || ids[p.ID]:
			return fmt.Sprintf("passage %d has no id of its own", i)
		case p.Document != "" && p.Document != d.ID:
			return fmt.Sprintf("passage %d belongs to document %q", i, p.Document)
		case !sound(d.Text, p.Span) || !soundAll(d.Text, p.Sentences):
			return fmt.Sprintf("passage %d lies outside its text or cuts a character", i)
		case len(p.Terms) != len(p.Sentences):
			return fmt.Sprintf("passage %d has %d sentences but terms for %d", i, len(p.Sentences), len(p.Terms))
		}
		for _, terms := range p.Terms {
			if strings.ContainsAny(terms, "\n\x00") {
				return fmt.Sprintf("passage %d has terms with a line break or NUL", i)
			}
		}
		ids[p.ID] = true
	}
	return ""
}

// sound reports whether span is a non-empty part of text that cuts no
// character.
func sound(text string, s briefs.Span) bool {
	return s.Start >= 0 && s.Start < s.End && s.End <= len(text) &&
		utf8.RuneStart(text[s.Start]) && (s.End == len(text) || utf8.RuneStart(text[s.End]))
}

func soundAll(text string, spans []briefs.Span) bool {
	for _, s := range spans {
		if !sound(text, s) {
			return false
		}
	}
	return true
}
