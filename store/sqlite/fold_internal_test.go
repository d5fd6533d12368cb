package sqlite

import "context"

// ForgetSketches makes of lib what an older version left behind.
func ForgetSketches(ctx context.Context, lib *Library) error {
	return lib.write(ctx, func(ctx context.Context, w *writer) error {
		for _, q := range []string{
			`DELETE FROM sketches`, `UPDATE documents SET original = NULL`,
			`UPDATE library SET sketched = 0, unsketched = (SELECT max(key) FROM documents), generation = generation + 1`,
		} {
			if _, err := w.exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}
