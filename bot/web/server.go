// Package web serves the reading page: every quote opens at its sentence.
// It also serves the ask page, briefs, the library, the archive of briefings,
// and what operators watch. It knows documents and answers, and asks through
// functions that it is given; it stores nothing of its own.
package web

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"briefdesk/briefs"
)

// Library is what the pages read. Implementations are safe for concurrent use.
type Library interface {
	// Document returns one revision with text and structure; 0 is the current
	// one. It returns ErrNotFound.
	Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
	// Revisions lists the revisions of a document that s sees, newest first,
	// withdrawn ones too. It returns ErrNotFound alike for a document outside
	// s and for one that does not exist.
	Revisions(ctx context.Context, s briefs.Scope, id briefs.DocumentID) ([]briefs.Revision, error)
	Documents(ctx context.Context, l briefs.Listing) ([]briefs.Listed, error)
	// CountDocuments is how many documents l lists without Offset and Limit.
	CountDocuments(ctx context.Context, l briefs.Listing) (int, error)
	Collections(ctx context.Context, s briefs.Scope) ([]briefs.CollectionCount, error)
	Publishers(ctx context.Context, s briefs.Scope) ([]briefs.PublisherCount, error)
	// Asked lists what was asked in rooms, in all rooms when none is named,
	// most recent first, at most limit.
	Asked(ctx context.Context, limit int, rooms ...string) ([]briefs.Asked, error)
	// AskedAbout lists the questions of rooms whose answers quoted exactly r,
	// most recent first.
	AskedAbout(ctx context.Context, r briefs.Ref, rooms ...string) ([]briefs.Asked, error)
	Gaps(ctx context.Context, rooms ...string) ([]briefs.Gap, error)
	ClearGap(ctx context.Context, question, room string) error
	// Fetches lists the latest attempt at each source, by source, of the
	// collections that s sees.
	Fetches(ctx context.Context, s briefs.Scope) ([]briefs.Fetch, error)
	// Sources lists the sources that are followed, or were, of the collections
	// that s sees.
	Sources(ctx context.Context, s briefs.Scope) ([]briefs.SourceState, error)
	// GoneItems lists what sources of the collections that s sees do not have
	// any more, and what was withdrawn therefore; the latest first, at most
	// limit.
	GoneItems(ctx context.Context, s briefs.Scope, limit int) ([]briefs.SourceItem, error)
	// FailingItems lists the items of a source that could not be read last, by
	// name, at most limit.
	FailingItems(ctx context.Context, k briefs.SourceKey, limit int) ([]briefs.SourceItem, error)
	// Briefings lists what was posted to rooms, to all rooms when none is
	// named, newest first, at most limit after passing over offset.
	Briefings(ctx context.Context, offset, limit int, rooms ...string) ([]briefs.Briefing, error)
	// Briefing is one of those, of rooms or of all when none is named. It
	// returns ErrNotFound alike for another room's and for one that never was.
	Briefing(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Briefing, error)
	// Picture is that of such a briefing, with its files. It returns
	// ErrNotFound.
	Picture(ctx context.Context, id briefs.BriefingID, rooms ...string) (briefs.Picture, error)
	Stats(ctx context.Context) (briefs.LibraryStats, error)
}

// Question is one question of a visitor.
type Question struct {
	Text      string
	Scope     briefs.Scope
	From, To  briefs.Date // publication window, inclusive; empty is open
	Publisher string      // exactly this one; empty is any
	Room      string      // of the visitor; empty for the operator
	Narrowed  bool        // only some of the documents that the visitor sees are asked
}

// Topic is one topic that a visitor wants a brief of.
type Topic struct {
	Words    string // or "collection:NAME"
	Scope    briefs.Scope
	From, To briefs.Date
}

// Options is what the pages are made of. Library, Ask, Search and Now are
// needed.
type Options struct {
	Library Library
	// Ask answers a question and records it.
	Ask func(ctx context.Context, q Question) (briefs.Answer, error)
	// Search lists passages, best first.
	Search func(ctx context.Context, words string, s briefs.Scope, limit int) ([]briefs.Hit, error)
	// Brief gathers what the library says about a topic; nil leaves briefs out.
	Brief func(ctx context.Context, t Topic) (briefs.Brief, error)
	Now   func() time.Time
	// Followed are the sources that the configuration names; may be empty.
	Followed []briefs.Source
	// Suggested are questions to begin with, which every visitor sees; may be
	// empty.
	Suggested []string
	// PublicURL is where readers reach the pages, without a slash at the end;
	// its path is stripped from requests that carry it. Empty, or on this
	// machine, with nobody to sign in: the pages are the operator's, who need
	// not say who they are.
	PublicURL string
	Access    Access
	// Metrics count the pages, and are served under /metrics to this machine,
	// unless MetricsElsewhere; nil counts nothing.
	Metrics          *Metrics
	MetricsElsewhere bool
}

// Server serves the pages. It is safe for concurrent use.
//
// For those who write pages:
//
//   - A page registers its paths on the mux in its xxxRoutes, GET only unless
//     it changes something. Its data embeds s.page(r, title, nav), and it ends
//     in one call of s.render or s.fail: nothing else writes a response.
//   - An id in a path is read by pathID(r), never by r.PathValue; documents are
//     "GET /d/{id}" and "GET /d/{id}/diff", briefings "GET /briefings/{id}"
//     and "GET /briefings/{id}/picture".
//   - Addresses are made by s.documentHref, s.diffHref and s.href alone.
//   - visitorOf(r) says whose scope, rooms and rights hold; nobody gets as far
//     as a page without rights there. What is outside the scope is asked of the
//     library with the scope, not looked up and then refused; whatever is not
//     there or not open goes to s.fail with briefs.ErrNotFound, and looks the
//     same. A visitor by link comes to one document or briefing only, and the
//     scope is good for that alone: their page lists nothing else.
//   - r.Context() ends when the page has taken limits.request; a page that
//     searches or asks is listed in asks, so that those wait for each other and
//     not for who reads. Something that is sent is listed in methods. What every
//     response has as headers is set before, by setHeaders.
//   - In a test, a request through Handler comes from the operator only when it
//     is made over loopback (httptest.NewServer) to an Options without
//     PublicURL, or was given to fromHere.
//   - A template file whose name begins with an underscore holds definitions
//     for all pages.
type Server struct {
	log     *slog.Logger
	o       Options
	base    string // path of PublicURL: "" or "/desk"
	host    string // of PublicURL, without port, in lower case
	local   bool   // the pages are for the operator of this machine
	trusted bool   // browsers take the pages for those of a secure origin: by TLS, or on this machine
	limits  limits
	pages   map[string]*template.Template
	assets  *assets

	zippers zippers
}

// New returns a Server. It returns ErrInvalid for a PublicURL that is none.
func New(log *slog.Logger, o Options) (*Server, error) {
	u, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, briefs.Fault(briefs.ErrInvalid, "public address %q: %v", o.PublicURL, err)
	}
	s := &Server{
		log: log, o: o, base: strings.TrimRight(u.EscapedPath(), "/"), host: hostname(u.Host),
		local: (o.PublicURL == "" || loopback(u.Hostname())) && o.Access.TrustHeader == "", limits: usualLimits(),
		trusted: u.Scheme == "https" || o.PublicURL == "" || loopback(u.Hostname()),
	}
	if s.assets, err = loadAssets(assetFiles); err != nil {
		return nil, err
	}
	if s.pages, err = s.parseTemplates(); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler is the pages: mount it at the root.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.documentRoutes(mux)
	s.askRoutes(mux)
	s.libraryRoutes(mux)
	s.archiveRoutes(mux)
	s.questionRoutes(mux)
	s.assetRoutes(mux)
	s.healthRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, briefs.ErrNotFound) })
	return s.newHandler(mux)
}
