package extract

import (
	"math"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tetratelabs/wazero/api"
)

// pdfStyle is how glyphs look.
type pdfStyle struct {
	size             float64 // in points, as drawn
	bold, mono, tilt bool
	font             int // numbers the fonts of the file
}

// pdfRun is what stands side by side on one baseline in one style. Lengths
// are points; x grows to the right and y upwards, after the page was turned
// so that most of its text runs to the right.
type pdfRun struct {
	pdfStyle
	text   string
	x0, x1 float64
	y      float64 // the baseline
	raised bool    // a number or sign above the line: y is that of the line
	turn   int     // quarter turns of its text, -1 for any other angle
}

// pdfPage is one page as it is drawn.
type pdfPage struct {
	runs    []pdfRun
	aside   []string // text at other angles than most of the page
	glyphs  int
	unknown int // glyphs of which the file does not say what letters they are
	objects int // counted only where there is hardly any text
	notes   int // counted like objects: annotations
	images  int // of the first objects, where there is hardly any text
}

// maxGlyphs is how many glyphs of one page are read: a page of small print
// has 10,000.
const maxGlyphs = 200_000

// page reads page i.
func (f *pdfFile) page(i int) pdfPage {
	p := f.readPage(i, f.form)
	if !f.form && p.glyphs < fewGlyphs && p.notes > 0 {
		p = f.readPage(i, true)
	}
	p.upright()
	p.raise()
	return p
}

// readPage reads page i, on demand with what is filled into forms and written
// into boxes on it.
func (f *pdfFile) readPage(i int, filled bool) pdfPage {
	var p pdfPage
	handle := f.call("FPDF_LoadPage", f.doc, uint64(i))
	if f.err != nil || handle == 0 {
		return p
	}
	if filled && f.call("FPDFPage_Flatten", handle, 0) == flattened {
		f.call("FPDF_ClosePage", handle)
		if handle = f.call("FPDF_LoadPage", f.doc, uint64(i)); handle == 0 {
			return p
		}
	}
	text := f.call("FPDFText_LoadPage", handle)
	if f.err == nil && text != 0 {
		f.glyphs(text, &p)
		f.call("FPDFText_ClosePage", text)
	}
	if p.glyphs < fewGlyphs && f.err == nil {
		f.objects(handle, &p)
	}
	f.call("FPDF_ClosePage", handle)
	return p
}

const (
	fewGlyphs   = 100 // of a page that is perhaps an image with a stamp
	someObjects = 50  // of such a page that are looked at
	objectImage = 3   // the engine's number
	flattened   = 1   // the engine's word for success
)

func (f *pdfFile) objects(page uint64, p *pdfPage) {
	p.notes = f.integer("FPDFPage_GetAnnotCount", page)
	p.objects = f.integer("FPDFPage_CountObjects", page)
	for i := range min(p.objects, someObjects) {
		if f.integer("FPDFPageObj_GetType", f.call("FPDFPage_GetObject", page, uint64(i))) == objectImage {
			p.images++
		}
	}
}

// runner joins glyphs to runs.
type runner struct {
	page  *pdfPage
	run   pdfRun
	text  []byte
	drawn bool // a space is drawn behind the last glyph
	guess bool // the engine takes it that there is one
	rtl   bool
}

// glyph is one character as it is drawn.
type glyph struct {
	r         rune
	style     pdfStyle
	turn      int
	x0, x1, y float64
}

// Lengths of one em at which glyphs part.
const (
	wordGap  = 0.12 // a space stands between, where none is drawn
	wideGap  = 0.3  // perhaps something that is drawn later stands between, where no space is drawn
	drawnGap = 0.4  // the same behind a space that is drawn
	runGap   = 0.55 // perhaps the gutter between columns
	monoGap  = 1.3  // the same in type of one width: two spaces are none
)

// gap is the space, in points, that parts what is set in s.
func (s pdfStyle) gap() float64 {
	if s.mono {
		return monoGap * s.size
	}
	return runGap * s.size
}

func (r *runner) add(g glyph) {
	em := max(g.style.size, 1)
	gap := g.x0 - r.run.x1
	if rtl := unicode.In(g.r, unicode.Arabic, unicode.Hebrew); rtl || r.rtl && !unicode.IsLetter(g.r) {
		gap, r.rtl = r.run.x0-g.x1, true
	}
	most := wideGap * em
	switch {
	case r.drawn && g.style.mono:
		most = g.style.gap()
	case r.drawn:
		most = drawnGap * em
	}
	if len(r.text) > 0 && g.style == r.run.pdfStyle && g.turn == r.run.turn && math.Abs(g.y-r.run.y) < 0.2*em && gap < most && gap > -0.5*em {
		if r.drawn || gap > 2*wordGap*em || r.guess && gap > wordGap*em {
			r.text = append(r.text, ' ')
		}
		r.run.x0, r.run.x1 = min(r.run.x0, g.x0), max(r.run.x1, g.x1)
	} else {
		r.flush()
		r.run = pdfRun{pdfStyle: g.style, turn: g.turn, x0: g.x0, x1: g.x1, y: g.y}
		r.rtl = unicode.In(g.r, unicode.Arabic, unicode.Hebrew)
	}
	r.drawn, r.guess = false, false
	r.text = appendLetters(r.text, g.r)
}

func (r *runner) flush() {
	if len(r.text) > 0 {
		r.run.text = string(r.text)
		r.page.runs = append(r.page.runs, r.run)
		r.text = r.text[:0]
	}
}

// softHyphen is what the engine makes of a hyphen at the end of a line.
const softHyphen = '\u0002'

// appendLetters writes r, with ligatures taken apart.
func appendLetters(b []byte, r rune) []byte {
	switch r {
	case 0xfb00:
		return append(b, "ff"...)
	case 0xfb01:
		return append(b, "fi"...)
	case 0xfb02:
		return append(b, "fl"...)
	case 0xfb03:
		return append(b, "ffi"...)
	case 0xfb04:
		return append(b, "ffl"...)
	case 0xfb05, 0xfb06:
		return append(b, "st"...)
	case 0xf0b7, 0xf0a7, 0xf0d8, 0xf076, 0x7f: // bullets of symbol fonts
		return append(b, "•"...)
	case 0x2010, 0x2011:
		r = '-'
	}
	return utf8.AppendRune(b, r)
}

// unreadable reports whether r says nothing of what is drawn.
func unreadable(r rune) bool {
	return r == 0 || r == utf8.RuneError || r >= 0xfff0 && r <= 0xffff || !utf8.ValidRune(r) || r < 0x20 && r != softHyphen || r >= 0x80 && r < 0xa0 ||
		unicode.Is(unicode.Co, r) && len(appendLetters(nil, r)) > 0 && appendLetters(nil, r)[0] == 0xef
}

// glyphs reads what a text page holds, in the order in which it is drawn.
func (f *pdfFile) glyphs(text uint64, p *pdfPage) {
	n := min(f.integer("FPDFText_CountChars", text), maxGlyphs)
	r := runner{page: p}
	var last uint64
	var style pdfStyle
	var turn int
	for i := range n {
		at := uint64(i)
		c := rune(uint32(f.call("FPDFText_GetUnicode", text, at)))
		object := f.call("FPDFText_GetTextObject", text, at)
		if f.err != nil {
			return
		}
		if unicode.IsSpace(c) || object == 0 && c != softHyphen || c == '\u200b' {
			r.drawn, r.guess = r.drawn || object != 0, true
			continue
		}
		p.glyphs++
		if unreadable(c) {
			p.unknown++
			continue
		}
		if object != last {
			last = object
			style, turn = f.style(text, at)
		}
		g := glyph{r: c, style: style, turn: turn}
		f.place(text, at, &g)
		f.fonts[style.font].learn(c, (g.x1-g.x0)/max(style.size, 1))
		r.add(g)
	}
	r.flush()
}

// place sets where a glyph stands: along and across the direction of its text.
func (f *pdfFile) place(text, at uint64, g *glyph) {
	f.call("FPDFText_GetCharOrigin", text, at, uint64(f.scratch), uint64(f.scratch)+8)
	x, y := f.float64At(0), f.float64At(1)
	f.call("FPDFText_GetLooseCharBox", text, at, uint64(f.scratch))
	left, top, right, bottom := f.float32At(0), f.float32At(1), f.float32At(2), f.float32At(3)
	switch g.turn {
	case 1:
		g.x0, g.x1, g.y = bottom, top, -x
	case 2:
		g.x0, g.x1, g.y = -right, -left, -y
	case 3:
		g.x0, g.x1, g.y = -top, -bottom, x
	default:
		g.x0, g.x1, g.y = left, right, y
	}
	if g.x1 < g.x0 {
		g.x0, g.x1 = g.x1, g.x0
	}
	if g.x1-g.x0 > 4*max(g.style.size, 1) { // a box that the font does not tell
		g.x1 = g.x0 + g.style.size
	}
}

// Flags of fonts.
const (
	fontFixed  = 1 << 0
	fontItalic = 1 << 6
	fontBold   = 1 << 18
)

// style tells how the glyph at looks, and how its text is turned.
func (f *pdfFile) style(text, at uint64) (pdfStyle, int) {
	size := finite(api.DecodeF64(f.call("FPDFText_GetFontSize", text, at)))
	if f.call("FPDFText_GetMatrix", text, at, uint64(f.scratch)) != 0 {
		size *= math.Hypot(f.float32At(2), f.float32At(3))
	}
	s := pdfStyle{size: math.Round(min(math.Abs(size), 2000)*10) / 10}
	angle := finite(float64(api.DecodeF32(f.call("FPDFText_GetCharAngle", text, at)))) / (math.Pi / 2)
	turn := int(math.Round(angle))
	if math.Abs(angle-float64(turn)) > 0.06 {
		turn = -1
	} else {
		turn = (turn%4 + 4) % 4
	}
	const nameSize = 512
	flagsAt := f.scratch + nameSize
	n := f.call("FPDFText_GetFontInfo", text, at, uint64(f.scratch), nameSize, uint64(flagsAt))
	if f.err != nil {
		return s, turn
	}
	flags, _ := f.module.Memory().ReadUint32Le(flagsAt)
	name := ""
	if n > 1 && n <= nameSize {
		raw, _ := f.module.Memory().Read(f.scratch, uint32(n)-1)
		name = strings.ToLower(string(raw))
	}
	s.font = f.font(name)
	s.mono = flags&fontFixed != 0 || strings.Contains(name, "courier") || strings.Contains(name, "mono")
	s.tilt = flags&fontItalic != 0 || strings.Contains(name, "italic") || strings.Contains(name, "oblique")
	s.bold = flags&fontBold != 0 || f.integer("FPDFText_GetFontWeight", text, at) >= 600
	for _, w := range []string{"bold", "black", "heavy", "demi"} {
		s.bold = s.bold || strings.Contains(name, w)
	}
	return s, turn
}

// pdfFont is what is seen of a font.
type pdfFont struct {
	low, high float64 // the widths of letters, in em
	letters   [2]uint64
}

// maxFonts is how many fonts of a file are told apart.
const maxFonts = 1000

// font numbers the fonts by their names.
func (f *pdfFile) font(name string) int {
	n, ok := f.fontNames[name]
	if !ok && len(f.fonts) < maxFonts {
		n = len(f.fonts)
		f.fontNames[name] = n
		f.fonts = append(f.fonts, pdfFont{low: farPoint})
	}
	return n
}

func (t *pdfFont) learn(c rune, width float64) {
	if c >= 128 || !unicode.IsLetter(c) && !unicode.IsDigit(c) {
		return
	}
	t.low, t.high = min(t.low, width), max(t.high, width)
	t.letters[c/64] |= 1 << (c % 64)
}

// mono reports whether all letters of the font are as wide as each other.
func (t *pdfFont) mono() bool {
	return bits.OnesCount64(t.letters[0])+bits.OnesCount64(t.letters[1]) >= 6 && t.high-t.low < 0.02 && t.low > 0.3
}

// upright keeps the runs of the angle that most of the page is set in and
// puts the others aside.
func (p *pdfPage) upright() {
	var count [5]int
	for _, r := range p.runs {
		count[r.turn+1] += len(r.text)
	}
	most := 1
	for t := 2; t < 5; t++ {
		if count[t] > count[most] {
			most = t
		}
	}
	kept := p.runs[:0]
	var aside strings.Builder
	for _, r := range p.runs {
		if r.turn == most-1 {
			kept = append(kept, r)
			continue
		}
		if aside.Len() > 0 {
			aside.WriteByte(' ')
		}
		aside.WriteString(r.text)
	}
	p.runs = kept
	if s := oneLine(strings.ReplaceAll(aside.String(), string(softHyphen), "-")); s != "" {
		p.aside = append(p.aside, s)
	}
}

// raise finds the numbers and signs above and below the line, and puts them
// on it.
func (p *pdfPage) raise() {
	for i := range p.runs {
		r := &p.runs[i]
		for _, j := range []int{i - 1, i + 1} {
			if j < 0 || j >= len(p.runs) {
				continue
			}
			host := p.runs[j]
			if host.raised || r.size > 0.8*host.size || len(r.text) > 12 {
				continue
			}
			gap := r.x0 - host.x1
			if j > i {
				gap = host.x0 - r.x1
			}
			up := (r.y - host.y) / host.size
			if gap < -0.3*host.size || gap > 0.6*host.size || up < -0.45 || up > 0.75 || math.Abs(up) < 0.03 {
				continue
			}
			r.y, r.raised = host.y, up > 0
			break
		}
	}
}
