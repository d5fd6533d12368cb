package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"briefdesk/briefs"
)

// briefData is the data of brief.html: the form, and below it the brief.
type briefData struct {
	page
	Topic   field
	Longest int
	Filters *filters
	Brief   *briefView
}

// What topics begin with that are a whole collection, or saved.
const (
	topicPrefix = "collection:"
	queryPrefix = "query:"
)

// briefPage takes a topic, dates and collections from the address.
func (s *Server) briefPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.tidy(w, r, "topic") {
		return nil
	}
	q := r.URL.Query()
	q.Del("publisher") // which briefs do not know
	f, err := s.filters(r.Context(), v, q)
	if err != nil {
		return err
	}
	f.Publishers = nil
	data := briefData{page: s.page(r, "Brief", "brief"), Topic: wordsField(q, "topic", longestQuestion), Longest: longestQuestion, Filters: f}
	topic := data.Topic.Value
	if name, whole := strings.CutPrefix(topic, topicPrefix); whole && !slices.ContainsFunc(f.Collections, func(c choice) bool { return c.Value == name }) {
		data.Topic.Problem = "There is no such collection here."
	} else if q.Has("topic") && topic == "" {
		data.Topic.Problem = "Type a topic first."
	}
	valid := data.Topic.Problem == "" && f.ok()
	if topic != "" && valid {
		b, err := s.o.Brief(r.Context(), Topic{Words: topic, Scope: f.scope, From: f.from, To: f.to})
		switch {
		case errors.Is(err, briefs.ErrInvalid):
			data.Topic.Problem, valid = "This cannot be read as a topic: try other words.", false
		case err != nil && !errors.Is(err, briefs.ErrNotFound): // which is an empty brief
			return err
		default:
			b.Topic = topic
			data.Brief, data.Title = s.brief(&b, s.quoter(v, "")), "Brief: "+topicName(topic)
		}
	}
	s.render(w, r, status(valid), "brief.html", data)
	return nil
}
