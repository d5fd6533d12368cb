package matrix_test

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"strings"
	"testing"
)

var pictures = flag.String("pictures", "", "folder to write the pictures of docs/matrix.md into; needs the tags goolm and homeserver, and Chromium")

// shown are the scenes that docs/matrix.md shows.
var shown = []string{"answer", "thread", "briefing"}

// pictureBytes is how large each picture may be.
const pictureBytes = 120_000

// docs/matrix.md shows every picture, and each is small. With -pictures they
// are taken anew, of what an independent client reads in an encrypted room.
func TestPictures(t *testing.T) {
	if *pictures != "" {
		takePictures(t, *pictures)
	}
	page, err := os.ReadFile("../../docs/matrix.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range shown {
		file := "img/matrix-" + name + ".png"
		if !strings.Contains(string(page), "]("+file+")") {
			t.Errorf("docs/matrix.md does not show %s", file)
		}
		data, err := os.ReadFile("../../docs/" + file)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || len(data) > pictureBytes {
			t.Errorf("%s: %d bytes, %v: run make screenshots", file, len(data), err)
		}
	}
}
