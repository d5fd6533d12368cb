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

func (s *Server) start(ctx context.Context, v visitor) (*startData, error) {
	d := &startData{}
	counts, err := s.o.Library.Collections(ctx, v.scope)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		d.Documents += c.Documents
		d.Collections = append(d.Collections, s.collection(c))
	}
	d.Holds = stockWords(d.Documents, len(counts)) + ":"
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
