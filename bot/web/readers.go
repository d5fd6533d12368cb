package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// A reading answers r for a visitor, or returns why not, for s.fail.
type reading func(w http.ResponseWriter, r *http.Request, v visitor) error

// forReaders is h for whoever has a room. Who came by a link opens that one
// page alone; and other sites may lead readers here, but not ask in their name.
func (s *Server) forReaders(h reading) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := visitorOf(r)
		err := briefs.ErrNotFound
		if v.link == "" && !embedded(r) {
			err = h(w, r, v)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	}
}

// forOperator is h for the operator; others find nothing there.
func (s *Server) forOperator(h reading) http.HandlerFunc {
	return s.forReaders(func(w http.ResponseWriter, r *http.Request, v visitor) error {
		if !v.operator {
			return briefs.ErrNotFound
		}
		return h(w, r, v)
	})
}

// embedded reports that another site loads r into a page of its own, as
// browsers tell (W3C Fetch Metadata). To ask is to be recorded.
func embedded(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Dest") != "document"
}

// The greatest lengths of what a form takes, in characters.
const (
	longestQuestion = 500
	longestWords    = 200
)

// field is one entry of a form: what was typed, and what is wrong with it.
type field struct {
	Value   string
	Problem string // empty when nothing is
}

// line reads the parameter name as one line: the first of its values, with
// control characters as spaces.
func line(q url.Values, name string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(q.Get(name), string(utf8.RuneError)))
	return strings.Join(strings.Fields(s), " ")
}

// wordsField reads the parameter name as at most so many characters.
func wordsField(q url.Values, name string, longest int) field {
	f := field{Value: line(q, name)}
	if utf8.RuneCountInString(f.Value) > longest {
		f.Problem = "This is too long: keep it under " + strconv.Itoa(longest) + " characters."
	}
	return f
}

// status is that of a page whose form may have problems.
func status(ok bool) int {
	if ok {
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// tidy leads forms, which send their empty entries too, to the short address
// of what they mean; the parameter named keep may be empty. It reports whether
// it has answered r.
func (s *Server) tidy(w http.ResponseWriter, r *http.Request, keep string) bool {
	q, empty := r.URL.Query(), false
	for name, values := range q {
		kept := values[:0]
		for _, value := range values {
			if value != "" || name == keep {
				kept = append(kept, value)
			}
		}
		empty = empty || len(kept) < len(values)
		q[name] = kept
	}
	if empty {
		http.Redirect(w, r, s.href(placeFrom(r).full, q), http.StatusSeeOther)
	}
	return empty
}

// pageOf reads the parameter page, from 1. It returns ErrInvalid for what is
// no such number.
func pageOf(q url.Values) (int, error) {
	text := q.Get("page")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || n < 1 {
		return 0, briefs.Fault(briefs.ErrInvalid, "page %q: is no number from 1", text)
	}
	return int(n), nil
}

// pager tells which part of a long list is shown.
type pager struct {
	First, Last    int    // the entries shown, from 1
	Total          int    // 0 where it is not counted
	Previous, Next string // addresses; empty where there is none
}

// pager is that of a list of total entries at path, or of an uncounted one
// whose page n shows so many and has more after it.
func (s *Server) pager(path string, q url.Values, n, size, shown, total int, more bool) pager {
	p := pager{First: (n-1)*size + 1, Last: (n-1)*size + shown, Total: total}
	at := func(n int) string {
		to := url.Values{}
		for name, values := range q {
			to[name] = values
		}
		to.Del("page")
		if n > 1 {
			to.Set("page", strconv.Itoa(n))
		}
		return s.href(path, to)
	}
	if n > 1 {
		p.Previous = at(n - 1)
	}
	if more || p.Last < total {
		p.Next = at(n + 1)
	}
	return p
}
