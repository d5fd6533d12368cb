package extract

import (
	"bytes"
	"path"
	"path/filepath"
	"strings"

	"briefdesk/briefs"
)

// Input is one file or page as it was fetched.
type Input struct {
	Name string // as errors name it: a path or an address
	URL  string // where it was fetched, after redirects; relative links resolve against it. Empty for files
	Type string // the Content-Type that came with it, empty when none did
	Data []byte
}

// Document reads one document from the content of a file.
func Document(name string, data []byte) (briefs.Document, error) {
	return Read(Input{Name: name, Data: data})
}

// Read reads one document. FormatOf says how. The document has metadata, Text
// and Blocks; it has no ID, no Revision and no Source. Errors name the file
// and the mend and wrap ErrInvalid: the content is empty, binary, damaged or
// of a format that is not read.
func Read(in Input) (briefs.Document, error) {
	d, err := read(in)
	if err != nil {
		return briefs.Document{}, err
	}
	if strings.TrimSpace(d.Text) == "" {
		return briefs.Document{}, invalid("%s: holds no text: check that it was saved whole", in.Name)
	}
	if d.Title == "" {
		d.Title = titleFromName(in.base())
	}
	if d.URL == "" {
		d.URL = webAddress(in.URL)
	}
	return d, nil
}

func read(in Input) (briefs.Document, error) {
	if len(bytes.TrimSpace(in.Data)) == 0 {
		return briefs.Document{}, invalid("%s: is empty: put text into it or remove it", in.Name)
	}
	format := FormatOf(in)
	switch format {
	case FormatDOCX:
		return readDOCX(in)
	case FormatODT:
		return readODT(in)
	case FormatEPUB:
		return readEPUB(in)
	case FormatPDF:
		return briefs.Document{}, invalid("%s: is a PDF, which is not read yet: save it as text or HTML", in.Name)
	case FormatJSON:
		return briefs.Document{}, invalid("%s: is JSON: name it .jsonl and write one document a line", in.Name)
	case "":
		what, mend := foreign(in.Data)
		return briefs.Document{}, invalid("%s: is %s: %s", in.Name, what, mend)
	}
	declared := in.charset()
	if format == FormatHTML && (declared == "" || isUTF8(declared)) { // UTF-8 is told by its bytes
		declared = declaredCharset(in.Data)
	}
	text, ok := decode(in.Data, declared)
	if !ok {
		return briefs.Document{}, invalid("%s: looks binary, not text: save it as text", in.Name)
	}
	if strings.TrimSpace(text) == "" {
		return briefs.Document{}, invalid("%s: is empty: put text into it or remove it", in.Name)
	}
	switch {
	case format == FormatHTML:
		return readHTML(in.base(), in.URL, text), nil
	case format == FormatMarkdown || in.ending() == "" && looksLikeMarkdown(text):
		return readMarkdown(in.base(), text), nil
	}
	return plain(in.base(), text), nil
}

// file is the name of the file that in was, without folders and queries.
func (in Input) file() string {
	for _, address := range []string{in.URL, in.Name} {
		if u := webURL(address); u != nil {
			if name := path.Base(u.Path); name != "." && name != "/" {
				return name
			}
			return u.Hostname() + ".html" // the first page of a site
		}
	}
	return filepath.Base(in.Name)
}

// base is the name of the file without its ending.
func (in Input) base() string {
	name := in.file()
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// ending is the ending of the file's name in lower case: ".html".
func (in Input) ending() string { return strings.ToLower(filepath.Ext(in.file())) }

// titleFromName makes a title of a file name: "grain_reserves-2031" → "grain
// reserves 2031". Names that are mostly digits make none.
func titleFromName(base string) string {
	ws := strings.FieldsFunc(base, func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '+' })
	letters := 0
	for _, r := range base {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 {
			letters++
		}
	}
	if letters*2 < len(base) {
		return oneLine(strings.ToValidUTF8(base, ""))
	}
	return oneLine(strings.ToValidUTF8(strings.Join(ws, " "), ""))
}
