package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// searchData is the data of search.html and of its fragment.
type searchData struct {
	page
	Searched field
	Longest  int
	Count    string // what was found, in words; empty before a search
	Titles   []work // documents by title, author or publisher
	Hits     []hitRow
	Ask      string // the words as a question
}

// hitRow is one passage that was found.
type hitRow struct {
	work
	Heading string
	Before  bool // the passage begins before Pieces
	Pieces  []piece
	After   bool // it goes on after them
}

// piece is a stretch of a passage; Hit marks a word that was sought.
type piece struct {
	Text string
	Hit  bool
}

// How much is shown of what was found. Titles are few: they are for those who
// know what they look for.
const (
	mostHits   = 20
	mostTitles = 5
	excerpt    = 700 // bytes of a passage, around its first hit; most passages are shorter
	runUp      = 200 // bytes of it before the first hit
)

// searchPage lists passages, and only the list with fragment=1, for pages that
// search while their reader types.
func (s *Server) searchPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.tidy(w, r, "q") {
		return nil
	}
	q := r.URL.Query()
	d := searchData{page: s.page(r, "Search", "library"), Searched: wordsField(q, "q", longestQuestion), Longest: longestQuestion}
	valid := d.Searched.Problem == ""
	if words := d.Searched.Value; words != "" && valid {
		d.Title, d.Ask = "Search: "+words, s.question(words).Href
		if err := s.search(r.Context(), v, &d, words); err != nil {
			return err
		}
	}
	if q.Get("fragment") == "1" {
		return s.renderPart(w, status(valid), "search.html", "results", d)
	}
	s.render(w, r, status(valid), "search.html", d)
	return nil
}

// renderPart writes what the definition part of a template file makes of data.
func (s *Server) renderPart(w http.ResponseWriter, status int, file, part string, data any) error {
	var b bytes.Buffer
	if err := s.pages[file].ExecuteTemplate(&b, part, data); err != nil {
		return fmt.Errorf("template %s: %v", file, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader has gone: nobody to tell
	return nil
}

func (s *Server) search(ctx context.Context, v visitor, d *searchData, words string) error {
	titles, err := s.o.Library.Documents(ctx, briefs.Listing{Scope: v.scope, Title: words, Order: briefs.ByPublished, Limit: mostTitles})
	if err != nil {
		return err
	}
	p := s.quoter(v, "")
	for i := range titles {
		o := &titles[i].Document
		d.Titles = append(d.Titles, p.work(o, p.at(o.ID, 0, briefs.Span{})))
	}
	hits, err := s.o.Search(ctx, words, v.scope, mostHits)
	if err != nil && !errors.Is(err, briefs.ErrInvalid) { // which finds nothing
		return err
	}
	sought := soughtTerms(words)
	type revision struct {
		id briefs.DocumentID
		n  int
	}
	read := map[revision]*briefs.Document{}
	for _, h := range hits {
		key := revision{h.Document, h.Revision}
		if read[key] == nil {
			o, err := s.o.Library.Document(ctx, h.Document, h.Revision)
			if errors.Is(err, briefs.ErrNotFound) {
				continue // purged since it was found
			}
			if err != nil {
				return err
			}
			read[key] = &o
		}
		d.Hits = append(d.Hits, hitOf(p, read[key], h, sought))
	}
	d.Count = plural(len(d.Hits), "passage", "passages")
	if len(d.Hits) == mostHits {
		d.Count = "The best " + d.Count
	}
	return nil
}

func hitOf(p quoter, d *briefs.Document, h briefs.Hit, sought map[string]bool) hitRow {
	row := hitRow{work: p.work(d, p.at(h.Document, h.Revision, h.Span)), Heading: oneLine(h.Heading)}
	passage := d.Slice(h.Span)
	at := hits(passage, sought)
	part := briefs.Span{End: len(passage)}
	if len(passage) > excerpt {
		if len(at) > 0 && at[0].Start > runUp {
			part.Start = min(at[0].Start-runUp, len(passage)-excerpt)
		}
		part.End = part.Start + excerpt
		part.Start, part.End = wordStart(passage, part.Start), wordStart(passage, part.End)
	}
	row.Before, row.After = part.Start > 0, part.End < len(passage)
	row.Pieces = pieces(passage, part, at)
	return row
}

// wordStart moves i to where a word begins, or at least a character, at most a
// few bytes back.
func wordStart(s string, i int) int {
	if i <= 0 || i >= len(s) {
		return i
	}
	const back = 30 // bytes: longer than most words
	for j := i; j > max(0, i-back); j-- {
		if s[j-1] == ' ' || s[j-1] == '\n' {
			return j
		}
	}
	for !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// soughtTerms are the index terms of words, without those that carry no topic
// unless there are no others.
func soughtTerms(words string) map[string]bool {
	sought, stop := map[string]bool{}, map[string]bool{}
	for _, t := range text.QueryTokens(words) {
		if t.Stop {
			stop[t.Term] = true
		} else {
			sought[t.Term] = true
		}
	}
	if len(sought) == 0 {
		return stop
	}
	return sought
}

// hits are where the sought terms stand in passage, in order.
func hits(passage string, sought map[string]bool) []briefs.Span {
	var at []briefs.Span
	for _, t := range text.Tokens(passage) {
		if sought[t.Term] {
			at = append(at, briefs.Span{Start: t.Start, End: t.End})
		}
	}
	return at
}

// pieces cuts part of s at the hits, which are in order. Together they are
// that part.
func pieces(s string, part briefs.Span, hits []briefs.Span) []piece {
	var out []piece
	from := part.Start
	for _, h := range hits {
		if h.Start < from || h.End > part.End {
			continue
		}
		if h.Start > from {
			out = append(out, piece{Text: s[from:h.Start]})
		}
		out = append(out, piece{s[h.Start:h.End], true})
		from = h.End
	}
	if from < part.End {
		out = append(out, piece{Text: s[from:part.End]})
	}
	return out
}
