package summary

import (
	"context"
	"strings"

	"briefdesk/briefs"
)

// Query is a topic that was saved under a name.
type Query struct {
	Words       string   // empty takes all of its documents
	Collections []string // only these; none is all that the scope sees
	Publisher   string   // exactly this one; empty is any
}

// The prefixes of topics that are no words.
const (
	collectionPrefix = "collection:"
	queryPrefix      = "query:"
)

// Collection returns the collection that topic names; ok is false for any
// other topic.
func Collection(topic string) (name string, ok bool) { return named(topic, collectionPrefix) }

// QueryName returns the name of the saved query that topic is; ok is false for
// any other topic.
func QueryName(topic string) (name string, ok bool) { return named(topic, queryPrefix) }

func named(topic, prefix string) (name string, ok bool) {
	topic = strings.TrimSpace(topic)
	if len(topic) < len(prefix) || !strings.EqualFold(topic[:len(prefix)], prefix) {
		return "", false
	}
	return strings.TrimSpace(topic[len(prefix):]), true
}

// With returns a Summarizer of the same library that knows the queries by
// their names.
func (s *Summarizer) With(queries map[string]Query) *Summarizer {
	with := *s
	with.queries = queries
	return &with
}

// subject is what a topic asks for.
type subject struct {
	words      string // empty takes all of its documents
	scope      briefs.Scope
	collection string // only this one; empty is all of scope
	publisher  string
}

// subject reads the topic of r. What is not there and what r.Scope does not
// see are told alike.
func (s *Summarizer) subject(ctx context.Context, r *Request) (subject, error) {
	topic := strings.TrimSpace(r.Topic)
	if topic == "" {
		return subject{}, briefs.Fault(briefs.ErrInvalid, "the topic is empty: name one, or %sNAME", collectionPrefix)
	}
	if name, ok := QueryName(topic); ok {
		q, known := s.queries[name]
		scope := r.Scope
		if known && len(q.Collections) > 0 {
			scope = narrow(scope, q.Collections)
			known = len(scope.Collections()) > 0
		}
		if !known {
			return subject{}, briefs.Fault(briefs.ErrNotFound, "query %q: there is none of that name here", name)
		}
		return subject{words: strings.TrimSpace(q.Words), scope: scope, publisher: q.Publisher}, nil
	}
	name, ok := Collection(topic)
	if !ok {
		return subject{words: r.Topic, scope: r.Scope}, nil
	}
	if name == "" {
		return subject{}, briefs.Fault(briefs.ErrInvalid, "the topic %q names no collection: write %sNAME", topic, collectionPrefix)
	}
	have, err := s.lib.Collections(ctx, r.Scope)
	if err != nil {
		return subject{}, err
	}
	for _, c := range have {
		if c.Name == name {
			return subject{collection: name, scope: r.Scope}, nil
		}
	}
	return subject{}, briefs.Fault(briefs.ErrNotFound, "collection %q: there is none of that name here", name)
}

// narrow is what s sees of the named collections.
func narrow(s briefs.Scope, names []string) briefs.Scope {
	var seen []string
	for _, name := range names {
		if s.Sees(name) {
			seen = append(seen, name)
		}
	}
	return briefs.Only(seen...)
}
