package extract

import (
	"bytes"
	"mime"
	"net/url"
	"strings"
)

// Format is what a file is.
type Format string

// The formats that are read.
const (
	FormatText     Format = "text"
	FormatMarkdown Format = "markdown"
	FormatHTML     Format = "html"
	FormatPDF      Format = "pdf"
	FormatDOCX     Format = "docx"
	FormatODT      Format = "odt"
	FormatEPUB     Format = "epub"
	FormatJSON     Format = "json" // known, but no document: JSON lines go to Lines and Record
)

// FormatOf says what in is: by how its content begins where that leaves no
// doubt, else by its type, else by the ending of its name, else by a closer
// look. It is empty for formats that are not read.
func FormatOf(in Input) Format {
	if isPDF(in) {
		return FormatPDF
	}
	if bytes.HasPrefix(in.Data, []byte("PK\x03\x04")) {
		return archiveFormat(in)
	}
	if what, _ := foreign(in.Data); what != "" {
		return ""
	}
	switch kind := in.mediaType(); kind {
	case "text/html", "application/xhtml+xml":
		return FormatHTML
	case "text/markdown", "text/x-markdown":
		return FormatMarkdown
	case "text/plain":
		if beginsAsHTML(in.Data) { // a server that does not know better
			return FormatHTML
		}
		if e := in.ending(); e == ".md" || e == ".markdown" {
			return FormatMarkdown
		}
		return FormatText
	case "application/json":
		return FormatJSON
	}
	switch in.ending() {
	case ".html", ".htm", ".xhtml":
		return FormatHTML
	case ".md", ".markdown":
		return FormatMarkdown
	case ".txt", ".text":
		return FormatText
	case ".json":
		return FormatJSON
	}
	if beginsAsHTML(in.Data) {
		return FormatHTML
	}
	return FormatText
}

// isPDF reports whether in begins as a PDF. Some have bytes before that, of
// the mail or the script that they came through.
func isPDF(in Input) bool {
	at := bytes.Index(in.Data[:min(len(in.Data), 1024)], []byte("%PDF-"))
	if at <= 0 {
		return at == 0
	}
	return len(bytes.TrimSpace(bytes.TrimPrefix(in.Data[:at], []byte(bomUTF8)))) == 0 || in.ending() == ".pdf" || in.mediaType() == "application/pdf"
}

// beginsAsHTML reports whether data begins as a web page.
func beginsAsHTML(data []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte(bomUTF8))))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) || bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("<html"))
}

// foreign names the format of content that is no text but often added, and
// the mend.
func foreign(data []byte) (what, mend string) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return archiveKind(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return oldOfficeKind(data)
	case bytes.HasPrefix(data, []byte("{\\rtf")):
		return "RTF, which is not read", "save it as .docx or as text"
	}
	return "", ""
}

// mediaType is the type of in without its parameters, in lower case.
func (in Input) mediaType() string {
	kind, _, _ := strings.Cut(in.Type, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// charset is the encoding that the type of in names, empty without one.
func (in Input) charset() string {
	_, params, _ := mime.ParseMediaType(in.Type)
	return strings.TrimSpace(params["charset"])
}

// webURL parses an http or https address; nil when s is none.
func webURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	return u
}
