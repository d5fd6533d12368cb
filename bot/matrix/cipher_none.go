//go:build !goolm

package matrix

import (
	"context"
	"errors"
	"log/slog"

	"maunium.net/go/mautrix"
)

// Encrypts reports whether this build can use encrypted rooms.
const Encrypts = false

func openCipher(context.Context, *slog.Logger, *mautrix.Client, *Options) (cipher, error) {
	return nil, errors.ErrUnsupported
}
