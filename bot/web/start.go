package web

import (
	"context"
	"net/url"
)

// startData is what the ask page offers before a question.
type startData struct {
	Suggested   []entry
	Recent      []entry
	Documents   int
	Holds       string // how much there is
	Collections []entry
}

// entry is one line that leads somewhere.
type entry struct{ Text, Href, Note string }

// How many recent questions are offered, and how many are read to find so many
// that were answered.
const (
	mostRecent = 5
	readRecent = 25
)

// start offers v the collections among choices.
func (s *Server) start(ctx context.Context, v visitor, choices []choice) (*startData, error) {
	d := &startData{}
	for _, c := range choices {
		d.Documents += c.Documents
		d.Collections = append(d.Collections, s.collection(c.Value, c.Documents))
	}
	d.Holds = stockWords(d.Documents, len(choices)) + ":"
	for _, question := range s.o.Suggested {
		d.Suggested = append(d.Suggested, s.question(question))
	}
	asked, err := s.o.Library.Asked(ctx, readRecent, v.rooms()...)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, a := range asked {
		if a.Reason == "" && !seen[a.Question] && len(d.Recent) < mostRecent {
			seen[a.Question] = true
			d.Recent = append(d.Recent, s.question(a.Question))
		}
	}
	return d, nil
}

// question leads to the answer of text.
func (s *Server) question(text string) entry {
	return entry{Text: text, Href: s.href("/", url.Values{"q": {text}})}
}
