package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"briefdesk/briefs"
)

// ErrGone is the kind of an address that says that it will not come back: 410.
// It is also a briefs.ErrNotFound.
var ErrGone = fmt.Errorf("gone for good (%w)", briefs.ErrNotFound)

// ErrPrivate is the kind of an address that is not of the public web and not
// configured to be read. It is also a briefs.ErrInvalid.
var ErrPrivate = fmt.Errorf("private address (%w)", briefs.ErrInvalid)

// webError is one failed request.
type webError struct {
	text  string
	kind  error
	after time.Duration // how long the server asks to be left alone; 0 when it does not say
}

func (e *webError) Error() string { return e.text }
func (e *webError) Unwrap() error { return e.kind }

func fail(kind error, format string, args ...any) *webError {
	return &webError{text: fmt.Sprintf(format, args...), kind: kind}
}

// RetryAfter is how long the server behind err asks to be left alone; 0 when
// it does not say.
func RetryAfter(err error) time.Duration {
	var e *webError
	if errors.As(err, &e) {
		return e.after
	}
	return 0
}

// maxRetryAfter bounds what a server may ask for: a mistake there must not
// silence a source for good.
const maxRetryAfter = 7 * 24 * time.Hour

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return time.Duration(min(max(n, 0), int64(maxRetryAfter/time.Second))) * time.Second
	}
	if v != "" && strings.Trim(v, "0123456789") == "" { // digits beyond any number
		return maxRetryAfter
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(t.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// judge says what is wrong with an answer; nil when nothing is. asked says
// that the request had conditions.
func (w *Web) judge(name string, a answer, after time.Duration, asked bool) error {
	later := func(format string, args ...any) error {
		e := fail(briefs.ErrUnavailable, format, args...)
		e.after = after
		return e
	}
	switch a.status {
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		return nil
	case http.StatusNotModified:
		if asked {
			return nil
		}
		return later("%s: says that nothing changed, though it was not asked that: tell its owner", name)
	case http.StatusNoContent, http.StatusResetContent:
		return later("%s: answers with no content (%d): check the address", name, a.status)
	case http.StatusNotFound:
		return fail(briefs.ErrNotFound, "%s: there is no such page (404): check the address", name)
	case http.StatusGone:
		return fail(ErrGone, "%s: is gone for good (410): remove it", name)
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusProxyAuthRequired:
		return fail(briefs.ErrInvalid, "%s: wants a login (%d): save the page and add the file", name, a.status)
	case http.StatusForbidden:
		return later("%s: its server refuses programs (403): save the page and add the file, or ask its owner", name)
	case http.StatusUnavailableForLegalReasons:
		return fail(briefs.ErrInvalid, "%s: is withheld for legal reasons (451): look for another source", name)
	case http.StatusTooManyRequests:
		return later("%s: its server asks for fewer requests (429): it is asked again later", name)
	case http.StatusAccepted, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusPartialContent:
		return later("%s: its server is not ready (%d): try again later", name, a.status)
	}
	if a.status >= 500 {
		return later("%s: its server has a fault (%d): try again later", name, a.status)
	}
	return fail(briefs.ErrInvalid, "%s: its server refuses the request (%d): check the address", name, a.status)
}

// explainRequest words the failure of a request to u. When ctx ended, the
// error is its own; within says that the time of the request alone did.
func (w *Web) explainRequest(ctx context.Context, name string, u *url.URL, err error) error {
	if ctxErr := ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	if e := explainDial(name, u, err); e != nil {
		return e
	}
	var slow interface{ Timeout() bool }
	if errors.As(err, &slow) && slow.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return fail(briefs.ErrUnavailable, "%s: did not answer in full within %s: try again later", name, w.o.Timeout)
	}
	return fail(briefs.ErrUnavailable, "%s: cannot be read (%s): try again later", name, oneLine(err))
}
