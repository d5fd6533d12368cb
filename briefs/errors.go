package briefs

import (
	"errors"
	"fmt"
)

// The kinds of error. Every package wraps one of them with %w; the edges map
// the kind to an exit code, an HTTP status or a sentence in the room.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("not valid")
	ErrConflict    = errors.New("conflict")
	ErrUnavailable = errors.New("unavailable") // try again later
	ErrDamaged     = errors.New("damaged")     // the library file needs repair or restore
)

// Fault returns an error of the given kind whose text is the message alone,
// without the kind: a line that names the thing and the mend. errors.Is finds
// the kind.
func Fault(kind error, format string, args ...any) error {
	return &fault{text: fmt.Sprintf(format, args...), kind: kind}
}

type fault struct {
	text string
	kind error
}

func (f *fault) Error() string { return f.text }
func (f *fault) Unwrap() error { return f.kind }
