package summary

import (
	"context"
	"strings"

	"briefdesk/briefs"
)

// collectionPrefix begins a topic that is a whole collection.
const collectionPrefix = "collection:"

// Collection returns the collection that topic names; ok is false for a
// topic of words.
func Collection(topic string) (name string, ok bool) {
	topic = strings.TrimSpace(topic)
	if len(topic) < len(collectionPrefix) || !strings.EqualFold(topic[:len(collectionPrefix)], collectionPrefix) {
		return "", false
	}
	return strings.TrimSpace(topic[len(collectionPrefix):]), true
}

// checkTopic returns the collection that the topic names, or "". A collection
// that is not seen and one that is not there are told alike.
func (s *Summarizer) checkTopic(ctx context.Context, r *Request) (string, error) {
	if strings.TrimSpace(r.Topic) == "" {
		return "", briefs.Fault(briefs.ErrInvalid, "the topic is empty: name one, or %sNAME", collectionPrefix)
	}
	name, ok := Collection(r.Topic)
	if !ok {
		return "", nil
	}
	if name == "" {
		return "", briefs.Fault(briefs.ErrInvalid, "the topic %q names no collection: write %sNAME", strings.TrimSpace(r.Topic), collectionPrefix)
	}
	have, err := s.lib.Collections(ctx, r.Scope)
	if err != nil {
		return "", err
	}
	for _, c := range have {
		if c.Name == name {
			return name, nil
		}
	}
	return "", briefs.Fault(briefs.ErrNotFound, "collection %q: there is none of that name here", name)
}
