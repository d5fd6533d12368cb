package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// A place is what the path of a request names, without the base: an area, and
// in the areas of documents and briefings an id. Ids hold any character, so
// paths are read here from their escaped form, where a slash of an id is %2F,
// and the mux is handed a path without the id.
type place struct {
	area string // the first segment: "" for the ask page, "d", "briefings", …
	id   string // unescaped; empty where the path names none
	path string // for the mux: "/d/-" stands for any document, "/briefings/-" for any briefing
	full string // as it was asked for, escaped, from the base on
}

// dots are ids that browsers take for folders, however they are escaped. Such
// a document is at /d/?id=.. and its diff at /diff?id=..
func dots(id string) bool { return id == "." || id == ".." }

// placeOf reads the place of u. ok is false for a path that leads nowhere.
func placeOf(u *url.URL, base string) (p place, ok bool) {
	path := u.EscapedPath()
	if rest, found := strings.CutPrefix(path, base); found && base != "" && (rest == "" || rest[0] == '/') {
		path = rest
	}
	if path == "" || path == "/" {
		return place{path: "/", full: "/"}, true
	}
	segments := strings.Split(path[1:], "/")
	for i, s := range segments {
		if s == "." || s == ".." || path[0] != '/' || s == "" && (i == 0 || i < len(segments)-1) {
			return place{}, false
		}
	}
	p = place{area: segments[0], path: path, full: path}
	last := len(segments) - 1
	switch {
	case path == "/d/" || path == "/diff":
		p.area, p.id, p.path = "d", u.Query().Get("id"), "/d/-"
		if path == "/diff" {
			p.path = "/d/-/diff"
		}
		return p, dots(p.id)
	case p.area == "d" && (last == 1 || last == 2 && segments[2] == "diff"), p.area == "briefings" && (last == 1 || last == 2 && segments[2] == "picture"):
		id, err := url.PathUnescape(segments[1])
		p.id, p.path = id, "/"+p.area+"/-"
		if last == 2 {
			p.path += "/" + segments[2]
		}
		return p, err == nil && id != "" && !(p.area == "d" && dots(id))
	}
	return p, segments[last] != "" && p.area != "d" && (p.area != "briefings" || last == 0)
}

// documentPath is the path of a document from the base, with the query that
// the path alone needs.
func documentPath(id briefs.DocumentID) (path string, query string) {
	if dots(string(id)) {
		return "/d/", "id=" + string(id) + "&"
	}
	return "/d/" + url.PathEscape(string(id)), ""
}

// documentAddress is the address of span in a revision of a document, below
// root, which is a base path or a public URL. An empty token makes no
// parameter, revision 0 the current one, an empty span the whole document.
func documentAddress(root string, id briefs.DocumentID, revision int, span briefs.Span, token string) string {
	path, query := documentPath(id)
	if revision > 0 {
		query += "r=" + strconv.Itoa(revision) + "&"
	}
	fragment := ""
	if !span.Empty() {
		query += "s=" + strconv.Itoa(span.Start) + "-" + strconv.Itoa(span.End) + "&"
		fragment = "#q"
	}
	if token != "" {
		query += "k=" + token + "&"
	}
	if query != "" {
		query = "?" + strings.TrimSuffix(query, "&")
	}
	return root + path + query + fragment
}

type placeKey struct{}

func withPlace(r *http.Request, p place) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), placeKey{}, p))
}

func placeFrom(r *http.Request) place {
	p, _ := r.Context().Value(placeKey{}).(place)
	return p
}

// pathID is the id that the path of r names, unescaped; empty for none. Pages
// take it instead of r.PathValue.
func pathID(r *http.Request) string { return placeFrom(r).id }

// href is the address of a page of ours: path begins with a slash and is
// escaped, query may be nil.
func (s *Server) href(path string, query url.Values) string {
	if len(query) == 0 {
		return s.base + path
	}
	return s.base + path + "?" + query.Encode()
}

// documentHref is the address for v of span in a revision of a document;
// revision 0 is the current one, an empty span the whole document. A visitor
// by link keeps the signature of the link.
func (s *Server) documentHref(v visitor, id briefs.DocumentID, revision int, span briefs.Span) string {
	return documentAddress(s.base, id, revision, span, v.token(id))
}

// diffHref is the address for v of what changed between two revisions.
func (s *Server) diffHref(v visitor, id briefs.DocumentID, from, to int) string {
	query := "from=" + strconv.Itoa(from) + "&to=" + strconv.Itoa(to)
	if token := v.token(id); token != "" {
		query += "&k=" + token
	}
	if dots(string(id)) {
		return s.base + "/diff?id=" + string(id) + "&" + query
	}
	return s.base + "/d/" + url.PathEscape(string(id)) + "/diff?" + query
}
