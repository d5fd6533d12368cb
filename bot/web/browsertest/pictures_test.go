package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

var pictures = flag.String("pictures", "", "folder to write the pictures of README into")

// largest is how many bytes a picture of README may have.
const largest = 250_000

// shot is one picture of README.
type shot struct {
	file          string
	width, height int64 // of the window, in CSS pixels; a telephone has two pixels to each
	scheme        string
	document      bool // the page of the first quote, not the answer
}

var shots = []shot{
	{"answer.png", 1280, 900, "light", false},
	{"answer-dark.png", 1280, 900, "dark", false},
	{"document.png", 1280, 1300, "light", true},
	{"document-dark.png", 1280, 1300, "dark", true},
	{"phone.png", 390, 760, "light", true},
}

// README shows every picture, and each is of the right size. With -pictures,
// they are taken anew: of the sample library, at one time that never changes.
func TestPictures(t *testing.T) {
	if *pictures != "" {
		take(t, *pictures)
	}
	const root = "../../.."
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range shots {
		if !strings.Contains(string(readme), "docs/img/"+s.file) {
			t.Errorf("README does not show %s", s.file)
		}
		data, err := os.ReadFile(filepath.Join(root, "docs/img", s.file))
		if err != nil {
			t.Error(err)
			continue
		}
		size, err := png.DecodeConfig(bytes.NewReader(data))
		scale := 1
		if s.width < 600 {
			scale = 2
		}
		if err != nil || size.Width != int(s.width)*scale || size.Height != int(s.height)*scale || len(data) > largest {
			t.Errorf("%s: %d by %d in %d bytes (%v): run make screenshots", s.file, size.Width, size.Height, len(data), err)
		}
	}
}

// askAt answers and records what was asked at a time.
func (s *site) askAt(ctx context.Context, q web.Question, at time.Time) (briefs.Answer, error) {
	ans, err := s.asker.Ask(ctx, ask.Request{Question: q.Text, Scope: q.Scope})
	if err != nil {
		return ans, err
	}
	asked := briefs.Asked{Question: q.Text, Reason: ans.Reason, Last: at}
	for _, c := range citations(&ans) {
		asked.Quotes = append(asked.Quotes, refOf(c.Quote))
	}
	return ans, s.lib.RecordAsked(ctx, asked)
}

// take writes the pictures into a folder.
func take(t *testing.T, folder string) {
	now := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	documents := sampleDocuments(t)
	for i := range documents {
		documents[i].Source, documents[i].Added = "sample:"+documents[i].Source, now.AddDate(0, 0, -7)
	}
	s := newSite(t, documents, func(s *site, o *web.Options) {
		o.Now = func() time.Time { return now }
		o.Ask = func(ctx context.Context, q web.Question) (briefs.Answer, error) { return s.askAt(ctx, q, now) }
	})
	ans, err := s.askAt(t.Context(), web.Question{Text: reasons, Scope: briefs.Everything()}, now)
	if err != nil || len(ans.Quotes) == 0 {
		t.Fatalf("%d quotes: %v", len(ans.Quotes), err)
	}
	for _, shot := range shots {
		address := "/?q=" + url.QueryEscape(reasons)
		if shot.document {
			address = quoteLink(ans.Quotes[0].Quote)
		}
		p := open(t, s.origin)
		p.screen(shot.width, shot.height)
		p.media("prefers-color-scheme", shot.scheme)
		p.must(address)
		p.until(`document.fonts.status === "loaded"`)
		if shot.width > 600 { // there is room for the title and the mark
			eval[bool](p, `(scrollTo({top: 0, behavior: "instant"}), true)`)
		}
		picture, err := small(get(p, chromedp.CaptureScreenshot()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, shot.file), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// small encodes a PNG again with 256 colours: a page has few, and the others
// are shades between them.
func small(data []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	box := full.Bounds()
	plain := image.NewRGBA(box)
	draw.Draw(plain, box, full, box.Min, draw.Src)
	counts := map[color.RGBA]int{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			counts[plain.RGBAAt(x, y)]++
		}
	}
	palette := paletteOf(counts)
	indexed, nearest := image.NewPaletted(box, palette), map[color.RGBA]uint8{}
	for c := range counts {
		nearest[c] = uint8(palette.Index(c))
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			indexed.SetColorIndex(x, y, nearest[plain.RGBAAt(x, y)])
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&b, indexed)
	return b.Bytes(), err
}

// paletteOf chooses 256 colours, each the one that is farthest from those
// before it, times the number of its pixels.
func paletteOf(counts map[color.RGBA]int) color.Palette {
	colours := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	far := make([]int, len(colours)) // square of the distance to the palette
	for i := range far {
		far[i] = 3 * 255 * 255
	}
	var palette color.Palette
	for range min(len(colours), 256) {
		best := 0
		for i, c := range colours {
			if far[i]*counts[c] > far[best]*counts[colours[best]] {
				best = i
			}
		}
		p := colours[best]
		palette = append(palette, p)
		for i, c := range colours {
			r, g, b := int(c.R)-int(p.R), int(c.G)-int(p.G), int(c.B)-int(p.B)
			far[i] = min(far[i], r*r+g*g+b*b)
		}
	}
	return palette
}
