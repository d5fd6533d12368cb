package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"time"

	"briefdesk/briefs"
)

// pictureType is the media type of the pictures of briefings.
const pictureType = "image/png"

// pictureView is the picture of a briefing as its page shows it.
type pictureView struct {
	Alt           string
	Light, Dark   string // addresses
	Width, Height int
}

// pictureView is nil where b has no picture, or v may not see it.
func (s *Server) pictureView(b *briefs.Briefing, v visitor) *pictureView {
	if !seesPicture(v.scope, b.Picture) {
		return nil
	}
	light, dark := url.Values{}, url.Values{"theme": {"dark"}}
	if v.link != "" {
		light.Set("k", v.link)
		dark.Set("k", v.link)
	}
	return &pictureView{
		Alt: b.Picture.Alt, Width: b.Picture.Width, Height: b.Picture.Height,
		Light: s.base + pictureAddress(b.ID, light), Dark: s.base + pictureAddress(b.ID, dark),
	}
}

// pictureAddress is the address below the base, or below PublicURL.
func pictureAddress(id briefs.BriefingID, query url.Values) string {
	address := "/briefings/" + url.PathEscape(string(id)) + "/picture"
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}

// seesPicture reports whether there is a picture, and scope sees all that it
// counts: a room may have lost a collection since.
func seesPicture(scope briefs.Scope, p *briefs.Picture) bool {
	return p != nil && !slices.ContainsFunc(p.Collections, func(c string) bool { return !scope.Sees(c) })
}

// picture serves the picture of a briefing, also to who has the link of the
// briefing.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	v := visitorOf(r)
	p, err := s.o.Library.Picture(r.Context(), briefs.BriefingID(pathID(r)), v.rooms()...)
	file := p.Light
	switch theme := r.URL.Query().Get("theme"); {
	case err == nil && (!seesPicture(v.scope, &p) || theme != "" && theme != "dark"):
		err = briefs.ErrNotFound
	case theme == "dark":
		file = p.Dark
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sum := sha256.Sum256(file)
	w.Header().Set("Content-Type", pictureType)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file))
}
