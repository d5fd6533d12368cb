package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"briefdesk/briefs"
)

func (s *Server) askRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.forReaders(s.askPage))
	if s.o.Brief != nil {
		mux.HandleFunc("GET /brief", s.forReaders(s.briefPage))
	}
}

// askData is the data of ask.html: the form, and below it the answer, or what
// to begin with.
type askData struct {
	page
	Asked   bool // something was asked, and a heading of the answer follows
	Form    field
	Longest int
	Filters *filters
	Answer  *answerData
	Start   *startData
}

type answerData struct {
	answered
	Recorded bool   // on silence: the question is kept as a gap
	Narrowed string // on silence: the same question to all documents; empty when it was that
	Search   string // the words as a search
	Brief    string // the words as a topic, with the filters that briefs know; empty where there are no briefs
}

// askPage takes a question and its filters from the address, so that it can be
// shared.
func (s *Server) askPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.tidy(w, r, "q") {
		return nil
	}
	q := r.URL.Query()
	f, err := s.filters(r.Context(), v, q)
	if err != nil {
		return err
	}
	data := askData{page: s.page(r, "briefdesk", "ask"), Form: wordsField(q, "q", longestQuestion), Longest: longestQuestion, Filters: f}
	asked := q.Has("q")
	if asked && data.Form.Value == "" {
		data.Form.Problem = "Type a question first."
	}
	valid := data.Form.Problem == "" && f.ok()
	if asked && valid {
		if data.Answer, err = s.answer(r, v, data.Form.Value, f); errors.Is(err, briefs.ErrInvalid) {
			data.Form.Problem, valid = "This cannot be read as a question: try other words.", false
		} else if err != nil {
			return err
		}
	}
	if data.Answer != nil {
		data.Asked, data.Title = true, data.Answer.Question
	} else if data.Start, err = s.start(r.Context(), v, f.Collections); err != nil {
		return err
	}
	s.render(w, r, status(valid), "ask.html", data)
	return nil
}

func (s *Server) answer(r *http.Request, v visitor, question string, f *filters) (*answerData, error) {
	ans, err := s.o.Ask(r.Context(), Question{Text: question, Scope: f.scope, From: f.from, To: f.to, Publisher: f.Publisher.Value, Room: v.room, Narrowed: f.Set()})
	if err != nil {
		return nil, err
	}
	a := &answerData{answered: s.answered(v, &ans)}
	if !a.Answered {
		if a.Recorded, err = s.recorded(r.Context(), v, question); err != nil {
			return nil, err
		}
	}
	words := url.Values{"q": {question}}
	if f.Set() {
		a.Narrowed = s.href("/", words)
	}
	a.Search = s.href("/library/search", words)
	if s.o.Brief != nil {
		topic := f.query()
		topic.Del("publisher")
		topic.Set("topic", question)
		a.Brief = s.href("/brief", topic)
	}
	return a, nil
}

// recorded reports whether the silence on a question that v just asked is kept:
// one without a word is not, nor where the library cannot be written.
func (s *Server) recorded(ctx context.Context, v visitor, question string) (bool, error) {
	asked, err := s.o.Library.Asked(ctx, readRecent, v.room)
	return slices.ContainsFunc(asked, func(a briefs.Asked) bool { return a.Question == question && a.Reason != "" }), err
}
