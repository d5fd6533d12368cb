package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"briefdesk/briefs"
)

func (s *Server) questionRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /questions", s.forOperator(s.questionsPage))
	mux.HandleFunc("POST /gaps/clear", s.forOperator(s.clearGap))
}

// questionsData is the data of questions.html.
type questionsData struct {
	page
	Forgot bool // a gap was just forgotten
	Clear  string
	Orders []order
	Often  bool // the gaps are in the order of how often they were asked
	Gaps   []gapRow
	Pager  pager
	Recent []askedRow
}

// order is one of the orders of a list, with its address.
type order struct {
	Label, Href string
	On          bool
}

type gapRow struct {
	entry       // leads to asking again
	Room        string
	RoomSay     string
	Because     string
	Count       int
	First, Last time.Time
}

type askedRow struct {
	entry
	RoomSay string
	Result  string
	Count   int
	Last    time.Time
}

const (
	gapsPerPage = 50
	mostAsked   = 50
)

// questionsPage lists what the library could not answer, and what was asked of
// it lately.
func (s *Server) questionsPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	q := r.URL.Query()
	n, err := pageOf(q)
	if err != nil {
		return err
	}
	gaps, err := s.o.Library.Gaps(r.Context())
	if err != nil {
		return err
	}
	asked, err := s.o.Library.Asked(r.Context(), mostAsked)
	if err != nil {
		return err
	}
	d := questionsData{page: s.page(r, "Questions", "questions"), Clear: s.href("/gaps/clear", nil), Forgot: q.Get("forgot") == "1"}
	kept := url.Values{}
	d.Often = q.Get("order") == "often"
	if d.Often {
		kept.Set("order", "often")
		slices.SortStableFunc(gaps, func(a, b briefs.Gap) int { return cmp.Compare(b.Count, a.Count) })
	}
	d.Orders = []order{
		{"Latest first", s.href("/questions", nil), !d.Often},
		{"Most asked first", s.href("/questions", url.Values{"order": {"often"}}), d.Often},
	}
	n = max(1, min(n, (len(gaps)+gapsPerPage-1)/gapsPerPage))
	shown := gaps[min((n-1)*gapsPerPage, len(gaps)):min(n*gapsPerPage, len(gaps))]
	for _, g := range shown {
		d.Gaps = append(d.Gaps, gapRow{
			entry: s.question(g.Question), Room: g.Room, RoomSay: roomWords(g.Room), Because: becauseShort(g.Reason),
			Count: g.Count, First: g.First, Last: g.Last,
		})
	}
	d.Pager = s.pager("/questions", kept, n, gapsPerPage, len(shown), len(gaps), false)
	for _, a := range asked {
		row := askedRow{entry: s.question(a.Question), RoomSay: roomWords(a.Room), Count: a.Count, Last: a.Last, Result: becauseShort(a.Reason)}
		if a.Reason == "" {
			row.Result = "answered, " + plural(len(a.Quotes), "quote", "quotes")
		}
		d.Recent = append(d.Recent, row)
	}
	s.render(w, r, http.StatusOK, "questions.html", d)
	return nil
}

// clearGap forgets one gap and leads back to the list. One that is forgotten
// already is no fault.
func (s *Server) clearGap(w http.ResponseWriter, r *http.Request, _ visitor) error {
	if err := r.ParseForm(); err != nil {
		return briefs.Fault(briefs.ErrInvalid, "form: %v", err)
	}
	err := s.o.Library.ClearGap(r.Context(), r.PostForm.Get("question"), r.PostForm.Get("room"))
	if err != nil && !errors.Is(err, briefs.ErrNotFound) {
		return err
	}
	back := url.Values{"forgot": {"1"}}
	if r.PostForm.Get("order") == "often" {
		back.Set("order", "often")
	}
	http.Redirect(w, r, s.href("/questions", back), http.StatusSeeOther)
	return nil
}

// roomWords names a room for the operator.
func roomWords(room string) string {
	if room == "" {
		return "operator"
	}
	return room
}

// becauseShort says in a cell why the library stayed silent.
func becauseShort(r briefs.Reason) string {
	switch r {
	case briefs.NoHits:
		return "no document has these words"
	case briefs.LowCoverage:
		return "too little about it"
	case briefs.NoSentence:
		return "no sentence answers it"
	}
	return string(r)
}
