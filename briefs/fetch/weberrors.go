package fetch

import (
	"errors"
	"fmt"
	"time"

	"briefdesk/briefs"
)

// ErrGone is the kind of an address that says that it will not come back: 410.
// It is also a briefs.ErrNotFound.
var ErrGone = fmt.Errorf("gone for good (%w)", briefs.ErrNotFound)

// webError is one failed request.
type webError struct {
	text  string
	kind  error
	after time.Duration // how long the server asks to be left alone; 0 when it does not say
}

func (e *webError) Error() string { return e.text }
func (e *webError) Unwrap() error { return e.kind }

// RetryAfter is how long the server behind err asks to be left alone; 0 when
// it does not say.
func RetryAfter(err error) time.Duration {
	var e *webError
	if errors.As(err, &e) {
		return e.after
	}
	return 0
}
