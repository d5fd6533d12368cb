package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
)

// revision is one line of a document's history.
type revision struct {
	N       int
	Added   time.Time
	Current bool
	Read    bool   // the one on this page
	Source  string // where it was read from; empty when that is not for the visitor
	Href    string
	Diff    string // what changed since the one before it; empty for the first
}

// current is the revision that is searched, or would be if the document were
// not withdrawn. all is not empty.
func current(all []briefs.Revision) briefs.Revision {
	for _, r := range all {
		if r.Current {
			return r
		}
	}
	return all[0]
}

func holdsRevision(all []briefs.Revision, n int) bool {
	return slices.ContainsFunc(all, func(r briefs.Revision) bool { return r.N == n })
}

// before is the revision that n followed; 0 for none. all is newest first.
func before(all []briefs.Revision, n int) int {
	i := slices.IndexFunc(all, func(r briefs.Revision) bool { return r.N < n })
	if i < 0 {
		return 0
	}
	return all[i].N
}

// revisionLines is the history of a document on the page of revision read. A
// path on the operator's machine is for the operator only, and so is what an
// address may hold besides the place: a password, a key in the query.
func (s *Server) revisionLines(v visitor, id briefs.DocumentID, all []briefs.Revision, read int) []revision {
	out := make([]revision, len(all))
	for i, r := range all {
		out[i] = revision{
			N: r.N, Added: r.Added, Current: r.Current && !r.Withdrawn, Read: r.N == read,
			Href: s.documentHref(v, id, r.N, briefs.Span{}),
		}
		if v.operator || strings.HasPrefix(r.Source, "https://") || strings.HasPrefix(r.Source, "http://") {
			out[i].Source = sourceName(r.Source, v.operator)
		}
		if i+1 < len(all) {
			out[i].Diff = s.diffHref(v, id, all[i+1].N, r.N)
		}
	}
	return out
}

// newer tells of the current revision on the page of an older one.
type newer struct {
	Read, Count int // "revision 1 of 3"
	Added       time.Time
	Current     int
	Href        string // of the current revision, at the same sentence where it stands there
	Found       bool   // it stands there
	Diff        string
}

// newerOf is nil when d is the current revision.
func (s *Server) newerOf(r *http.Request, all []briefs.Revision, d *briefs.Document, span briefs.Span) (*newer, error) {
	v, now := visitorOf(r), current(all)
	if d.Revision == now.N {
		return nil, nil
	}
	n := &newer{Read: d.Revision, Count: all[0].N, Current: now.N, Diff: s.diffHref(v, d.ID, d.Revision, now.N)}
	for _, rev := range all {
		if rev.N == d.Revision {
			n.Added = rev.Added
		}
	}
	var place briefs.Span
	if !span.Empty() {
		latest, err := s.o.Library.Document(r.Context(), d.ID, now.N)
		if err != nil {
			return nil, err
		}
		place, n.Found = sameSentence(d.Text, span, latest.Text)
	}
	n.Href = s.documentHref(v, d.ID, now.N, place)
	return n, nil
}

const (
	// alike is how far around a sentence its neighbourhoods are compared, in
	// bytes: about a paragraph.
	alike = 512
	// maxPlaces bounds the places that are compared.
	maxPlaces = 1000
)

// sameSentence finds the words of span in a later text: of several places the
// one whose surroundings are most alike, then the nearest.
func sameSentence(text string, span briefs.Span, later string) (briefs.Span, bool) {
	sentence := text[span.Start:span.End]
	best, score, away, found := 0, -1, 0, false
	for at, n := 0, 0; n < maxPlaces; n++ {
		i := strings.Index(later[at:], sentence)
		if i < 0 {
			break
		}
		i += at
		same := commonSuffix(text[:span.Start], later[:i]) + commonPrefix(text[span.End:], later[i+len(sentence):])
		distance := max(i-span.Start, span.Start-i)
		if same > score || same == score && distance < away {
			best, score, away, found = i, same, distance, true
		}
		at = i + 1
	}
	if !found {
		return briefs.Span{}, false
	}
	return briefs.Span{Start: best, End: best + len(sentence)}, true
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b), alike) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b string) int {
	n := 0
	for n < min(len(a), len(b), alike) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
