package extract

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"briefdesk/briefs"
)

// Options are what a Reader may use of the machine.
type Options struct {
	// CacheDir keeps the compiled PDF engine between processes, 19 MB; empty
	// compiles it in every process that reads a PDF, which takes seconds. Its
	// content is run as code: nobody else may write there.
	CacheDir string
}

// Reader reads documents of every format, PDFs among them. It starts the
// engine for PDFs with the first of them and keeps it until Close. It is safe
// for concurrent use; PDFs are read one after the other.
//
// A file that is built to take forever cannot be stopped from inside: Read
// looks at its context between pages only. Run it where it can be killed.
type Reader struct {
	cacheDir string

	mu     sync.Mutex // held while a PDF is read
	engine *pdfEngine // nil before the first PDF
}

// NewReader returns a reader. It touches nothing before the first PDF.
func NewReader(o Options) *Reader { return &Reader{cacheDir: o.CacheDir} }

// Read reads one document as the function Read does, and PDFs besides. It
// returns the error of ctx when that ends first.
func (r *Reader) Read(ctx context.Context, in Input) (briefs.Document, error) {
	if err := ctx.Err(); err != nil {
		return briefs.Document{}, err
	}
	if FormatOf(in) != FormatPDF {
		return Read(in)
	}
	pages, info, err := r.pages(ctx, in)
	if err != nil {
		return briefs.Document{}, err
	}
	if err := checkPages(in.Name, pages); err != nil {
		return briefs.Document{}, err
	}
	d := layPDF(in.base(), pages, info)
	if strings.IndexFunc(d.Text, isReadable) < 0 {
		return briefs.Document{}, onlyImages(in.Name, len(pages))
	}
	if d.Title == "" {
		d.Title = titleFromName(in.base())
	}
	d.URL = webAddress(in.URL)
	return d, nil
}

// Close gives back what the engine holds. The reader may be used again.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.engine == nil {
		return nil
	}
	err := r.engine.close()
	r.engine = nil
	return err
}

// Bounds of the files that are read.
const (
	maxPDF      = 64 << 20
	maxPages    = 5000
	maxPDFRunes = 32 << 20 // of all pages
)

// pages reads all pages of a file as they are drawn.
func (r *Reader) pages(ctx context.Context, in Input) ([]pdfPage, pdfInfo, error) {
	if len(in.Data) > maxPDF {
		return nil, pdfInfo{}, invalid("%s: is larger than %d MB: split it, or save it without its pictures", in.Name, maxPDF>>20)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.engine == nil {
		e, err := startPDF(r.cacheDir)
		if err != nil {
			return nil, pdfInfo{}, fmt.Errorf("%s: %w", in.Name, err)
		}
		r.engine = e
	}
	f, fault, err := r.engine.open(ctx, in.Data)
	switch {
	case err != nil:
		return nil, pdfInfo{}, pdfError(in.Name, err)
	case fault == pdfFaultPassword:
		return nil, pdfInfo{}, invalid("%s: is locked with a password: save a copy without it and add that", in.Name)
	case fault == pdfFaultSecurity:
		return nil, pdfInfo{}, invalid("%s: is locked in a way that is not known here: save a copy that is not and add that", in.Name)
	case fault != 0:
		return nil, pdfInfo{}, invalid("%s: is damaged or no PDF: fetch it again, or open it in a viewer and save a copy", in.Name)
	}
	defer f.close()
	n := f.integer("FPDF_GetPageCount", f.doc)
	switch {
	case f.err != nil:
		return nil, pdfInfo{}, pdfError(in.Name, f.err)
	case n <= 0:
		return nil, pdfInfo{}, invalid("%s: is a damaged PDF without pages: fetch it again, or open it in a viewer and save a copy", in.Name)
	case n > maxPages:
		return nil, pdfInfo{}, invalid("%s: says that it has %d pages, more than %d: split it", in.Name, n, maxPages)
	}
	info := f.info()
	f.form = f.integer("FPDF_GetFormType", f.doc) > 0
	pages := make([]pdfPage, n)
	glyphs := 0
	for i := range pages {
		if err := ctx.Err(); err != nil {
			return nil, pdfInfo{}, err
		}
		pages[i] = f.page(i)
		if f.err != nil {
			return nil, pdfInfo{}, pdfError(in.Name, f.err)
		}
		if glyphs += pages[i].glyphs; glyphs > maxPDFRunes {
			return nil, pdfInfo{}, invalid("%s: holds more than %d million letters: split it", in.Name, maxPDFRunes>>20)
		}
	}
	for i := range pages {
		for k := range pages[i].runs {
			r := &pages[i].runs[k]
			r.mono = r.mono || f.fonts[r.font].mono()
		}
	}
	return pages, info, nil
}

func pdfError(name string, err error) error {
	if errors.Is(err, errPDFMemory) {
		return invalid("%s: set aside: the PDF %v or is built to break its reader: open it in a viewer and print it to a new PDF", name, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// checkPages refuses files without text to read, and says why there is none.
func checkPages(name string, pages []pdfPage) error {
	known, unknown, drawn := 0, 0, 0
	for _, p := range pages {
		known += p.glyphs - p.unknown
		unknown += p.unknown
		if p.objects > 0 {
			drawn++
		}
	}
	switch {
	case unknown > 2*known:
		return invalid("%s: does not say which letters its glyphs are: run text recognition and add the result", name)
	case known > 0:
		return nil
	case drawn > 0:
		return onlyImages(name, len(pages))
	case len(pages) == 1:
		return invalid("%s: holds one empty page", name)
	}
	return invalid("%s: holds %d empty pages", name, len(pages))
}

func onlyImages(name string, pages int) error {
	what := fmt.Sprintf("%d pages", pages)
	if pages == 1 {
		what = "1 page"
	}
	return invalid("%s: holds only images of pages (%s): run text recognition and add the result", name, what)
}

// isReadable reports whether r is a letter or digit.
func isReadable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
