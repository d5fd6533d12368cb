package extract

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// pdfWriter writes small PDFs: text at places, in the standard fonts.
type pdfWriter struct {
	pages []*strings.Builder
	info  string
	image bool // the next pages show a picture
}

// page begins a page of 612 by 792 points.
func (w *pdfWriter) page() *pdfWriter {
	b := &strings.Builder{}
	if w.image {
		b.WriteString("q 600 0 0 780 0 0 cm /I Do Q\n")
	}
	w.pages = append(w.pages, b)
	return w
}

// Fonts by the names that the pages know them by.
const (
	roman12 = "/R 12"
	roman11 = "/R 11"
	roman8  = "/R 8"
	bold12  = "/B 12"
	bold16  = "/B 16"
	bold24  = "/B 24"
	mono10  = "/M 10"
)

// at writes lines from a place downwards, leading points apart.
func (w *pdfWriter) at(x, y float64, font string, leading float64, lines ...string) *pdfWriter {
	b := w.pages[len(w.pages)-1]
	for i, line := range lines {
		line = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "•", "\x95", "–", "\x96", "’", "\x92", "ü", "\xfc").Replace(line)
		fmt.Fprintf(b, "BT %s Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj ET\n", font, x, y-float64(i)*leading, line)
	}
	return w
}

func (w *pdfWriter) bytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	var offsets []int
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-1.4\n")
	var kids strings.Builder
	for i := range w.pages {
		fmt.Fprintf(&kids, "%d 0 R ", 8+2*i)
	}
	font := func(name string) string {
		return "<< /Type /Font /Subtype /Type1 /BaseFont /" + name + " /Encoding /WinAnsiEncoding >>"
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), len(w.pages)))
	object(font("Times-Roman"))
	object(font("Times-Bold"))
	object(font("Courier"))
	object("<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream")
	object("<< " + w.info + " >>")
	for i, p := range w.pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /R 3 0 R /B 4 0 R /M 5 0 R >> /XObject << /I 6 0 R >> >> >>", 9+2*i))
		var z bytes.Buffer
		zw := zlib.NewWriter(&z)
		if _, err := zw.Write([]byte(p.String())); err != nil {
			t.Fatal(err)
		}
		if err := zw.Close(); err != nil {
			t.Fatal(err)
		}
		object(fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", z.Len(), z.String()))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}
