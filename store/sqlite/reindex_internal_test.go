package sqlite

import "context"

// Outdate makes all that lib holds look as if another version had indexed it.
func Outdate(ctx context.Context, lib *Library) error {
	return lib.write(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.exec(ctx, `UPDATE documents SET terms = 0`)
		return err
	})
}
