package briefs

import "errors"

// The kinds of error. Every package wraps one of them with %w; the edges map
// the kind to an exit code, an HTTP status or a sentence in the room.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("not valid")
	ErrConflict    = errors.New("conflict")
	ErrUnavailable = errors.New("unavailable") // try again later
	ErrDamaged     = errors.New("damaged")     // the library file needs repair or restore
)
