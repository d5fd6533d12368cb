//go:build !(homeserver && goolm)

package matrix_test

import "testing"

func takePictures(t *testing.T, _ string) {
	t.Fatal("pictures are taken with -tags 'goolm homeserver'")
}
