package web

import (
	"fmt"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The least contrasts of WCAG 2.2: of text (1.4.3, AA), and of what tells
// controls and states apart (1.4.11).
const (
	textContrast  = 4.5
	shapeContrast = 3.0
)

// pairs are the colours that stand on each other, by custom property.
var pairs = []struct {
	front, back string
	least       float64
}{
	{"ink", "paper", textContrast},
	{"ink", "sheet", textContrast},
	{"ink", "tint", textContrast},
	{"ink", "mark", textContrast},
	{"soft", "paper", textContrast},
	{"soft", "sheet", textContrast},
	{"soft", "tint", textContrast},
	{"accent", "paper", textContrast},
	{"accent", "sheet", textContrast},
	{"accent", "tint", textContrast},
	{"on-accent", "accent", textContrast},
	{"ins-ink", "ins", textContrast},
	{"del-ink", "del", textContrast},
	{"del-ink", "paper", textContrast}, // .bad
	{"del-ink", "tint", textContrast},
	{"edge", "paper", shapeContrast},
	{"edge", "sheet", shapeContrast},
	{"edge", "tint", shapeContrast},
	{"mark-edge", "paper", shapeContrast},
	{"mark-edge", "tint", shapeContrast},
	{"mark-edge", "mark", shapeContrast},
}

// ornaments carry no meaning alone.
var ornaments = map[string]bool{"rule": true}

var (
	rootBlock = regexp.MustCompile(`(?s)(@media \(([a-z-]+: [a-z]+)\) \{\s*)?:root \{(.*?)\}`)
	property  = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6}|var\(--[a-z-]+\));`)
	hexColour = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`)
)

// schemes reads the colours of each scheme from the style sheet: "light",
// "dark", and both again for readers who want more contrast.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	base, err := fs.ReadFile(assetFiles, "assets/10-base.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]map[string]string{}
	for _, m := range rootBlock.FindAllStringSubmatch(string(base), -1) {
		colours := map[string]string{}
		for _, p := range property.FindAllStringSubmatch(m[3], -1) {
			colours[p[1]] = p[2]
		}
		blocks[m[2]] = colours
	}
	light, dark, more := blocks[""], blocks["prefers-color-scheme: dark"], blocks["prefers-contrast: more"]
	if len(light) < 10 || len(dark) != len(light) || len(more) == 0 {
		t.Fatalf("%d light, %d dark, %d further colours: read wrongly, or one scheme lacks some", len(light), len(dark), len(more))
	}
	out := map[string]map[string]string{"light": light, "dark": dark}
	for _, name := range []string{"light", "dark"} {
		strong := maps.Clone(out[name])
		for p, value := range more {
			if other, ok := strings.CutPrefix(value, "var(--"); ok {
				value = strong[strings.TrimSuffix(other, ")")]
			}
			strong[p] = value
		}
		out[name+", more contrast"] = strong
	}
	return out
}

func TestContrast(t *testing.T) {
	for name, colours := range schemes(t) {
		used := maps.Clone(ornaments)
		for _, p := range pairs {
			used[p.front], used[p.back] = true, true
			got, err := contrast(colours[p.front], colours[p.back])
			if err != nil {
				t.Errorf("%s: --%s on --%s: %v", name, p.front, p.back, err)
			} else if got < p.least {
				t.Errorf("%s: --%s on --%s has contrast %.2f, wants %.1f", name, p.front, p.back, got, p.least)
			}
		}
		for p := range colours {
			if !used[p] {
				t.Errorf("--%s is in no pair", p)
			}
		}
	}
}

// A colour outside the palette would be measured by nobody.
func TestColoursStandInOnePlace(t *testing.T) {
	err := fs.WalkDir(assetFiles, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".css") {
			return err
		}
		data, err := fs.ReadFile(assetFiles, name)
		if err != nil {
			return err
		}
		text := rootBlock.ReplaceAllString(string(data), "")
		for _, c := range hexColour.FindAllString(strings.ReplaceAll(text, "U+", ""), -1) {
			if !strings.Contains(name, "print") {
				t.Errorf("%s: %s", name, c)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// contrast is the ratio of WCAG 2.2 between two colours "#rrggbb", from 1 to
// 21.
func contrast(a, b string) (float64, error) {
	la, err := luminance(a)
	if err != nil {
		return 0, err
	}
	lb, err := luminance(b)
	if err != nil {
		return 0, err
	}
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05), nil
}

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func luminance(colour string) (float64, error) {
	digits, ok := strings.CutPrefix(colour, "#")
	n, err := strconv.ParseUint(digits, 16, 32)
	if !ok || len(digits) != 6 || err != nil {
		return 0, fmt.Errorf("%q is no colour #rrggbb", colour)
	}
	channel := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0), nil
}
