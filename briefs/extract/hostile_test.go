package extract

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"briefdesk/briefs"
)

// bomb is a part that grows a thousandfold.
func bomb(size int) string { return strings.Repeat("<w:p>", size/5) }

func TestHostileArchives(t *testing.T) {
	tooMany := []byte("PK\x03\x04" + strings.Repeat("PK\x01\x02", maxEntries+1))
	entities := `<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>`
	locked := word(t, wp("", wr("x")))
	for at := 0; ; { // the mark of an encrypted part, on each
		i := bytes.Index(locked[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		at += i
		locked[at+8] |= 1
		at += 4
	}
	whole := word(t, wp("", wr("The price of salt rose.")))
	old := func(stream string) []byte {
		out := []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 500))
		for _, c := range []byte(stream) {
			out = append(out, c, 0)
		}
		return out
	}
	for _, c := range []struct {
		name string
		data []byte
		want string // in the error; empty when it is read
	}{
		{"bomb.docx", word(t, bomb(70<<20)), "grows beyond all measure"},
		{"ratio.docx", word(t, bomb(10<<20)), "grows beyond all measure"},
		{"styles.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", "<a/>", "word/styles.xml", bomb(30<<20)), "grows beyond all measure"},
		{"bomb.odt", openText(t, bomb(70<<20)), "grows beyond all measure"},
		{"many.docx", tooMany, "more files than any document needs"},
		{"many.zip", tooMany, "too many files"},
		{"nested.docx", word(t, strings.Repeat("<w:tbl><w:tr><w:tc>", 100_000/3)+wp("", wr("x"))), "nested deeper"},
		{"nested.odt", openText(t, strings.Repeat("<text:section>", 100_000)), "nested deeper"},
		{"entities.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", entities+`<w:document `+wordSpaces+`><w:body>`+wp("", wr("&b;&c;"))+`</w:body></w:document>`), "is damaged"},
		{"locked.docx", locked, "protected with a password: save it without one"},
		{"locked2.docx", old("EncryptedPackage"), "protected with a password: save it without one"},
		{"locked.odt", openText(t, "", "META-INF/manifest.xml", "<manifest:encryption-data/>"), "protected with a password"},
		{"drm.epub", book(t, "META-INF/encryption.xml", `<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/><enc:CipherData><enc:CipherReference URI="OEBPS/text/two.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>`), "locked by the shop"},
		{"fonts.epub", book(t, "META-INF/encryption.xml", `<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/><enc:CipherData><enc:CipherReference URI="OEBPS/f.ttf"/></enc:CipherData></enc:EncryptedData></encryption>`), ""},
		{"cut.docx", whole[:len(whole)/2], "is damaged or cut short: fetch it again"},
		{"cut.odt", whole[:100], "is damaged or cut short"},
		{"torn.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", `<w:document `+wordSpaces+`><w:body>`+wp("", wr("The price"))+`<w:p>`), "is damaged or cut short"},
		{"none.docx", zipped(t, "[Content_Types].xml", "", "word/styles.xml", "<x/>"), "lacks a part"},
		{"empty.docx", word(t, ""), "holds no text"},
		{"a.doc", old("WordDocument"), "an old Word document (.doc), which is not read: save it as .docx"},
		{"a.xls", old("Workbook"), "an old spreadsheet (.xls)"},
		{"a.ppt", old("PowerPoint Document"), "an old presentation (.ppt)"},
		{"a.pptx", zipped(t, "[Content_Types].xml", "", "ppt/presentation.xml", ""), "a presentation (.pptx), which is not read: save it as PDF"},
		{"a.xlsx", zipped(t, "[Content_Types].xml", "", "xl/workbook.xml", ""), "a spreadsheet (.xlsx)"},
		{"a.ods", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "a spreadsheet (.ods)"},
		{"a.zip", zipped(t, "a.txt", "x"), "a ZIP archive, which is not read: unpack it"},
		{"path.docx", word(t, wp("", wr("The price of salt rose.")), "../../../../tmp/evil", "x", "/etc/passwd", "x"), ""},
	} {
		d, err := Document(c.name, c.data)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want == "":
			sound(t, d)
		case err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, briefs.ErrInvalid) || !strings.HasPrefix(err.Error(), c.name+": ") || strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

func TestNamesOfAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/": "example.org", "https://example.org": "example.org", "https://example.org/a/salt-roads.html?x=1": "salt-roads", "/tmp/salt.docx": "salt",
	} {
		if got := (Input{Name: address}).base(); got != want {
			t.Errorf("%s is called %q, want %q", address, got, want)
		}
	}
}

func TestTooMuchText(t *testing.T) {
	o := &officeText{size: maxOfficeText}
	x := newXML(nil, nil)
	o.grow(x, 1)
	if err := x.fault(); !errors.Is(err, errTooLong) {
		t.Errorf("error %v", err)
	}
}

// A file is what it holds, whatever it is called.
func TestFormatByContent(t *testing.T) {
	for _, c := range []struct {
		in   Input
		want Format
	}{
		{Input{Name: "a.zip", Data: word(t, wp("", wr("x")))}, FormatDOCX},
		{Input{Name: "a.docx", Data: openText(t, "")}, FormatODT},
		{Input{Name: "a.bin", Data: book(t)}, FormatEPUB},
		{Input{Name: "a.txt", Data: []byte("%PDF-1.7")}, FormatPDF},
		{Input{Name: "a.pdf", Data: []byte("From: a mail\n%PDF-1.7")}, FormatPDF},
		{Input{Name: "a.txt", Data: []byte("It begins with %PDF-1.7")}, FormatText},
		{Input{Name: "a.txt", Data: []byte("<!doctype html><p>x")}, FormatText},
		{Input{URL: "https://example.org/a.txt", Type: "text/html; charset=utf-8", Data: []byte("x")}, FormatHTML},
		{Input{URL: "https://example.org/a", Type: "text/plain", Data: []byte("<!doctype html><p>x")}, FormatHTML},
		{Input{URL: "https://example.org/a.md?raw=1", Type: "text/plain", Data: []byte("x")}, FormatMarkdown},
		{Input{URL: "https://example.org/a.html?x=.txt", Data: []byte("x")}, FormatHTML},
		{Input{Name: "a", Data: []byte("<html>x")}, FormatHTML},
		{Input{Name: "a", Data: []byte("x")}, FormatText},
	} {
		if got := FormatOf(c.in); got != c.want {
			t.Errorf("%s %s %s is %q, want %q", c.in.Name, c.in.URL, c.in.Type, got, c.want)
		}
	}
}

// fuzzPart fuzzes the part of a document in which its text stands, and the
// file as a whole.
func fuzzPart(f *testing.F, name string, whole []byte, wrap func(testing.TB, string) []byte, parts ...string) {
	f.Add(whole, true)
	for _, p := range parts {
		f.Add([]byte(p), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, file bool) {
		if !file {
			data = wrap(t, string(data))
		}
		d, err := Document(name, data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), name+": ") {
				t.Fatalf("error %q", err)
			}
			return
		}
		sound(t, d)
	})
}

func FuzzDOCX(f *testing.F) {
	fuzzPart(f, "a.docx", word(f, wp("Titel", wr("Salt"))), func(t testing.TB, s string) []byte { return word(t, s) },
		wp("Titel", wr("Salt"))+wlist(1, 1, "x")+`<w:tbl><w:tr><w:tc>`+wp("", wr("a"))+`</w:tc><w:tc>`+wp("", wr("b"))+`</w:tc></w:tr></w:tbl>`,
		wp("", `<w:r><w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="separate"/><w:br/><w:t>x</w:t></w:r><w:del><w:r><w:delText>y</w:delText></w:r></w:del>`))
}

func FuzzODT(f *testing.F) {
	fuzzPart(f, "a.odt", openText(f, `<text:p>x</text:p>`), func(t testing.TB, s string) []byte { return openText(t, s) },
		`<text:h text:outline-level="1">A</text:h><text:list text:style-name="L1"><text:list-item text:start-value="3"><text:p>x<text:s/>y</text:p></text:list-item></text:list>`,
		`<text:p>a<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p><table:table><table:table-row><table:table-cell/></table:table-row></table:table>`)
}

func FuzzEPUB(f *testing.F) {
	fuzzPart(f, "a.epub", book(f), func(t testing.TB, s string) []byte { return book(t, "OEBPS/text/two.xhtml", s) },
		`<html><body><h1>A</h1><p>b<a epub:type="noteref">1</a></p><aside epub:type="footnote">x</aside></body></html>`)
}
