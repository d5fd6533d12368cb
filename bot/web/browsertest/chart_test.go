package browsertest

import (
	"strings"
	"testing"
)

// The picture of a briefing is shown whole on a telephone, by day and on a dark
// ground by night, and is described in words.
func TestPictureOfABriefing(t *testing.T) {
	s, _ := fullSite(t)
	p := open(t, s.origin)
	const state = `(async () => {
		const i = document.querySelector(".chart img");
		i.scrollIntoView();
		await i.decode();
		const box = i.getBoundingClientRect();
		return { Alt: i.alt, Source: i.currentSrc, Natural: i.naturalWidth, Left: box.left, Right: box.right, Room: innerWidth, Height: box.height };
	})()`
	for _, look := range []struct {
		scheme string
		width  int64
		end    string
	}{{"light", 1280, "/picture"}, {"dark", 1280, "?theme=dark"}, {"light", 390, "/picture"}, {"dark", 390, "?theme=dark"}} {
		p.screen(look.width, 844)
		p.media("prefers-color-scheme", look.scheme)
		p.must("/briefings/weekly-1")
		got := eval[struct {
			Alt, Source                        string
			Natural, Left, Right, Room, Height float64
		}](p, state)
		if got.Natural != 960 || got.Left < 0 || got.Right > got.Room || got.Height < 200 || !strings.HasSuffix(got.Source, look.end) || !strings.HasPrefix(got.Alt, "Documents published per week") {
			t.Errorf("%s at %d: %+v", look.scheme, look.width, got)
		}
	}
}
