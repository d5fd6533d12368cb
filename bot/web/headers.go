package web

import "net/http"

// policy lets a page load what this server serves, and nothing else; no page
// has a script or style inside. connect-src is for search as you type.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// setHeaders sets what every response has. Addresses that carry a signature go
// to nobody else as referrer, and pages stay out of shared caches and of
// search engines; assets set a Cache-Control of their own. Browsers heed a
// Cross-Origin-Opener-Policy over TLS and on this machine, and complain of it
// elsewhere.
func (s *Server) setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for readers that do not know frame-ancestors
	h.Set("Referrer-Policy", "same-origin")
	if s.trusted {
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "private, no-cache")
}
