package chart

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func in(collection string, dates ...briefs.Date) (ds []briefs.Document) {
	for _, d := range dates {
		ds = append(ds, briefs.Document{Collection: collection, Publisher: "P " + collection, Published: d})
	}
	return ds
}

func TestCount(t *testing.T) {
	documents := append(in("a", "2026-11-02", "2026-11-08", "2026-11-09", "2026-11-22"), in("b", "2026-11-15", "2026-11", "2027", "", "2026-10-31", "2026-11-23")...)
	got, err := Count(documents, ByCollection, date("2026-11-04"), date("2026-11-22"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Weeks) != 3 || got.Weeks[0] != date("2026-11-02") || got.Weeks[2] != date("2026-11-16") {
		t.Errorf("weeks are %v, want the three Mondays from 2 November", got.Weeks)
	}
	want := []Group{{Name: "a", Counts: []int{1, 1, 1}, Total: 3}, {Name: "b", Counts: []int{0, 1, 0}, Total: 1}}
	if fmt.Sprint(got.Groups) != fmt.Sprint(want) {
		t.Errorf("groups are %v, want %v", got.Groups, want)
	}
	if got.Undated != 2 { // the month and the unknown one; 2027 lies outside
		t.Errorf("%d without a day, want 2", got.Undated)
	}
	const alt = "Documents published per week by collection, 2 November 2026 to 22 November 2026: 4 documents. a 3, b 1. " +
		"Most in the week of 9 November 2026: 2. Without an exact date, and not drawn: 2."
	if got.Alt() != alt {
		t.Errorf("in words:\n%s\nwant\n%s", got.Alt(), alt)
	}
}

func TestCountLongWindow(t *testing.T) {
	got, err := Count(in("a", "2020-01-01", "2026-11-20"), ByPublisher, date("2020-01-01"), date("2026-11-22"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Weeks) != mostWeeks || got.Earlier != 1 || got.Total() != 1 || got.Groups[0].Name != "P a" {
		t.Errorf("%d weeks, %d earlier, %v", len(got.Weeks), got.Earlier, got.Groups)
	}
	if !strings.Contains(got.Alt(), "Of earlier weeks, and not drawn: 1.") {
		t.Errorf("%q hides the earlier weeks", got.Alt())
	}
}

func TestCountWindowReversed(t *testing.T) {
	if _, err := Count(nil, ByCollection, date("2026-11-22"), date("2026-11-21")); !errors.Is(err, briefs.ErrInvalid) {
		t.Errorf("a window that ends before it begins: %v", err)
	}
}

func TestManyGroups(t *testing.T) {
	var documents []briefs.Document
	for i := range 9 {
		for range 9 - i {
			documents = append(documents, in(fmt.Sprintf("c%d", i), "2026-11-20")...)
		}
	}
	got, err := Count(documents, ByCollection, date("2026-11-16"), date("2026-11-22"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Groups) != mostGroups+1 || !got.Groups[mostGroups].Others || got.Groups[mostGroups].Total != 4+3+2+1 || got.Total() != 45 {
		t.Errorf("groups: %v", got.Groups)
	}
}

// Bars show in their colours on the ground, at the height of their counts;
// the same counts give the same bytes.
func TestPNG(t *testing.T) {
	documents := append(in("a", "2026-11-02", "2026-11-03", "2026-11-04"), in("b", "2026-11-17")...)
	for theme, pal := range palettes {
		tally, err := Count(documents, ByCollection, date("2026-11-02"), date("2026-11-22"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := tally.PNG(theme)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := tally.PNG(theme)
		if !bytes.Equal(b, again) {
			t.Errorf("%s: drawn twice, two pictures", theme)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if size := img.Bounds().Size(); size != (image.Point{Width, Height}) {
			t.Errorf("%s: %v", theme, size)
		}
		if len(b) > 100<<10 {
			t.Errorf("%s: %d bytes are too many for a phone", theme, len(b))
		}
		a, other := pixels(img, pal.series[0]), pixels(img, pal.series[1])
		if ratio := float64(a) / float64(other); ratio < 2.5 || ratio > 3.2 { // three documents to one, and two squares of the legend
			t.Errorf("%s: the bars fill %d and %d pixels", theme, a, other)
		}
		if rgb(img.At(2, 2)) != hex(t, pal.ground) {
			t.Errorf("%s: the corner is %v", theme, rgb(img.At(2, 2)))
		}
	}
}

func TestPNGOdd(t *testing.T) {
	if testing.Short() {
		t.Skip("a proof about data")
	}
	long := strings.Repeat("long name ", 30)
	for name, documents := range map[string][]briefs.Document{
		"nothing":        nil,
		"one":            in("a", "2026-11-20"),
		"another script": in("网络", "2026-11-20"),
		"long names":     append(in(long+"a", "2026-11-20"), in(long+"b", "2026-11-13")...),
		"control":        in("a\x00\n\u202e", "2026-11-20"),
		"no name":        in("", "2026-11-20"),
	} {
		tally, err := Count(documents, ByCollection, date("2026-11-09"), date("2026-11-22"))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := tally.PNG(Light); err != nil || len(b) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if tally.Alt() == "" {
			t.Errorf("%s: no words", name)
		}
	}
}

func TestScale(t *testing.T) {
	for highest, want := range map[int][2]float64{0: {1, 1}, 1: {1, 1}, 5: {5, 1}, 6: {6, 2}, 11: {15, 5}, 30: {30, 10}, 99: {100, 20}, 260: {300, 100}, 12345: {15000, 5000}} {
		if top, step := scale(highest); top != want[0] || step != want[1] {
			t.Errorf("scale(%d) = %v, %v, want %v", highest, top, step, want)
		}
	}
}

// WCAG 2.2: 4.5 for letters (1.4.3), 3 for bars (1.4.11).
func TestContrast(t *testing.T) {
	for theme, pal := range palettes {
		ground := luminance(hex(t, pal.ground))
		if c := contrast(luminance(hex(t, pal.ink)), ground); c < 4.5 {
			t.Errorf("%s: letters have a contrast of %.2f", theme, c)
		}
		for _, s := range pal.series {
			if c := contrast(luminance(hex(t, s)), ground); c < 3 {
				t.Errorf("%s: %s has a contrast of %.2f", theme, s, c)
			}
		}
	}
}

func pixels(img image.Image, want string) (n int) {
	var r, g, b uint8
	fmt.Sscanf(want, "#%02x%02x%02x", &r, &g, &b)
	bounds := img.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if rgb(img.At(x, y)) == [3]uint8{r, g, b} {
				n++
			}
		}
	}
	return n
}

func rgb(c color.Color) [3]uint8 {
	r, g, b, _ := c.RGBA()
	return [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
}

func hex(t *testing.T, s string) (c [3]uint8) {
	if _, err := fmt.Sscanf(s, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
		t.Fatal(err)
	}
	return c
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(c [3]uint8) float64 {
	var l [3]float64
	for i, v := range c {
		l[i] = float64(v) / 255
		if l[i] <= 0.04045 {
			l[i] /= 12.92
		} else {
			l[i] = math.Pow((l[i]+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }
