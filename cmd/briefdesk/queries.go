package main

import (
	"context"
	"errors"

	"briefdesk/briefs"
	"briefdesk/briefs/summary"
	"briefdesk/store"
)

// summarizer makes briefs of lib, also of the saved queries.
func (a *app) summarizer(lib store.Backend) *summary.Summarizer {
	queries := map[string]summary.Query{}
	for name, q := range a.cfg.Queries {
		queries[name] = summary.Query{Words: q.Words, Collections: q.Collections, Publisher: q.Publisher}
	}
	return summary.New(a.log, lib).With(queries)
}

// knownQueries checks, for the operator, that topics name saved queries only.
// It returns ErrNotFound.
func (a *app) knownQueries(topics ...string) error {
	for _, topic := range topics {
		if name, ok := summary.QueryName(topic); ok {
			if err := a.cfg.HasQuery(name); err != nil {
				return briefs.Fault(briefs.ErrNotFound, "%v", err)
			}
		}
	}
	return nil
}

// openQueries checks that topics name saved queries that a room may ask. One
// that it may not see is told like one that is not there. It returns
// ErrInvalid.
func (a *app) openQueries(room briefs.RoomID, topics []string) error {
	scope, _ := a.briefingScope(room)
	for _, topic := range topics {
		name, ok := summary.QueryName(topic)
		if !ok {
			continue
		}
		q, open := a.cfg.Queries[name]
		if open && len(q.Collections) > 0 {
			open = false
			for _, c := range q.Collections {
				open = open || scope.Sees(c)
			}
		}
		if !open {
			return briefs.Fault(briefs.ErrInvalid, "no query is saved as %q for this room: write words, or ask the operator to save one", name)
		}
	}
	return nil
}

// queryFound reports whether the library has anything on a saved query in
// scope.
func (a *app) queryFound(ctx context.Context, lib store.Backend, scope briefs.Scope, topic string) (bool, error) {
	b, err := a.summarizer(lib).Brief(ctx, summary.Request{Topic: topic, Scope: scope, Sections: []briefs.SectionKind{briefs.SectionKeyPoints}})
	if errors.Is(err, briefs.ErrNotFound) {
		return false, nil
	}
	return len(b.Sources) > 0, err
}
