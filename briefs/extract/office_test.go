package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"

	"github.com/google/go-cmp/cmp"
)

// zipped packs parts, given as name and content in turn.
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wordSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ` +
	`xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`

const wordStyles = `<w:styles ` + wordSpaces + `>
<w:style w:type="paragraph" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Policy Section"/><w:basedOn w:val="berschrift1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Aufzhlung"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
</w:styles>`

const wordLists = `<w:numbering ` + wordSpaces + `>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
</w:numbering>`

// word makes a Word document of the content of its body and further parts.
func word(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	return zipped(t, append([]string{
		"[Content_Types].xml", `<Types/>`,
		"word/document.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document ` + wordSpaces + `><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml", wordStyles,
		"word/numbering.xml", wordLists,
	}, more...)...)
}

func wp(style, inner string) string {
	if style != "" {
		style = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	return `<w:p>` + style + inner + `</w:p>`
}

func wr(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }

func wlist(num, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr>%s</w:p>`, level, num, wr(text))
}

func coreProperties(title, author, created, modified string) string {
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">` +
		`<dc:title>` + title + `</dc:title><dc:creator>` + author + `</dc:creator><dcterms:created>` + created + `</dcterms:created><dcterms:modified>` + modified + `</dcterms:modified></cp:coreProperties>`
}

// reads reads data and compares its blocks.
func reads(t *testing.T, name string, data []byte, want string) briefs.Document {
	t.Helper()
	d, err := Document(name, data)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(showBlocks(d))); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	return d
}

func TestWordDocument(t *testing.T) {
	body := wp("Titel", wr("Salt Roads and Their Enemies")) +
		wp("Verzeichnis1", wr("Why the roads closed")+`<w:r><w:tab/><w:t>3</w:t></w:r>`) +
		wp("berschrift1", wr("Why the roads closed")) +
		wp("", wr("The roads clo")+wr("sed for three reasons")+`<w:r><w:footnoteReference w:id="2"/></w:r>`+wr(":")) +
		wlist(1, 0, "The price of salt rose.") + wlist(1, 0, "The bridges fell.") + wlist(1, 1, "The old one in May.") + wlist(1, 1, "The new one in June.") + wlist(1, 2, "At night.") + wlist(1, 0, "Nobody paid the guards.") +
		wp("Own", wr("What the council did")) +
		wp("Aufzhlung", wr("It met.")) + wp("Aufzhlung", wr("It wrote letters.")) +
		wlist(3, 0, "The seventh point.") + wlist(3, 0, "The eighth point.") +
		wp("Zitat", wr("We met and wrote letters.")) +
		`<w:tbl><w:tr><w:tc>` + wp("", wr("Year")) + `</w:tc><w:tc>` + wp("", wr("Price")) + `</w:tc></w:tr><w:tr><w:tc>` + wp("", wr("2030")) + `</w:tc><w:tc>` + wp("", wr("12")) + wp("", wr("and more")) + `</w:tc></w:tr></w:tbl>` +
		wp("Beschriftung", wr("Table ")+`<w:fldSimple w:instr=" SEQ Table "><w:r><w:t>1</w:t></w:r></w:fldSimple>`+wr(": prices of salt")) +
		wp("", `<w:hyperlink>`+wr("The letters")+`</w:hyperlink>`+wr(" are kept")+`<w:r><w:br/></w:r>`+wr("in the hall")+`<w:r><w:endnoteReference w:id="5"/></w:r>`+wr(".")) +
		`<w:sectPr/>`
	notes := func(kind, id, text string) string {
		return `<w:` + kind + `s ` + wordSpaces + `><w:` + kind + ` w:id="0" w:type="separator">` + wp("", wr("-----")) + `</w:` + kind + `><w:` + kind + ` w:id="` + id + `">` + wp("", wr(text)) + `</w:` + kind + `></w:` + kind + `s>`
	}
	data := word(t, body,
		"word/footnotes.xml", notes("footnote", "2", "See the minutes."), "word/endnotes.xml", notes("endnote", "5", "Open on Mondays."),
		"word/comments.xml", `<w:comments `+wordSpaces+`><w:comment w:id="1">`+wp("", wr("Is that so?"))+`</w:comment></w:comments>`,
		"docProps/core.xml", coreProperties("Salt Roads and Their Enemies", "Ana Example; Ben Sample", "2031-05-03T08:00:00Z", "2031-06-01T08:00:00Z"),
		"docProps/app.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>Institute for Salt</Company></Properties>`)
	d := reads(t, "a.docx", data, `
title | Salt Roads and Their Enemies
chrome | Why the roads closed 3
heading 1 | Why the roads closed
paragraph | The roads closed for three reasons[1]:
item 1 "1. " | The price of salt rose.
item 1 "2. " | The bridges fell.
item 2 "(a) " | The old one in May.
item 2 "(b) " | The new one in June.
item 3 "2.i " | At night.
item 1 "3. " | Nobody paid the guards.
heading 2 | What the council did
item 1 "• " | It met.
item 1 "• " | It wrote letters.
item 1 "7. " | The seventh point.
item 1 "8. " | The eighth point.
quotation | We met and wrote letters.
table | Year⇥Price
table | 2030⇥12 and more
caption | Table 1: prices of salt
paragraph | The letters are kept⏎in the hall[i].
footnote "[1] " | See the minutes.
footnote "[i] " | Open on Mondays.
`)
	if d.Title != "Salt Roads and Their Enemies" || d.Author != "Ana Example, Ben Sample" || d.Published != "2031-05-03" || d.Publisher != "Institute for Salt" {
		t.Errorf("metadata is %q, %q, %q, %q", d.Title, d.Author, d.Published, d.Publisher)
	}
	structure.Analyze(&d)
	var found []string
	for _, e := range d.Enumerations {
		found = append(found, fmt.Sprintf("%s → %d", d.Slice(e.LeadIn), len(e.Items)))
	}
	if !slices.Contains(found, "The roads closed for three reasons[1]: → 6") {
		t.Errorf("enumerations are %q", found)
	}
}

// Changes that were tracked are as if accepted, comments are gone, hidden text
// and codes of fields too, and a text box is read once.
func TestWordChanges(t *testing.T) {
	box := `<w:txbxContent>` + wp("", wr("In the box.")) + `</w:txbxContent>`
	body := wp("", wr("The council ")+`<w:del><w:r><w:delText>refused</w:delText></w:r></w:del><w:ins>`+wr("agreed")+`</w:ins>`+wr(" in May.")) +
		wp("", `<w:moveFrom>`+wr("Moved away.")+`</w:moveFrom>`+wr("Left here.")) +
		wp("", `<w:moveTo>`+wr("Moved away.")+`</w:moveTo>`) +
		`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>` + wr("One paragraph ") + `</w:p>` + wp("", wr("of two.")) +
		`<w:p><w:pPr><w:pPrChange><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr></w:pPrChange></w:pPr><w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>No heading any more.</w:t></w:r></w:p>` +
		wp("", `<w:commentRangeStart w:id="1"/>`+wr("Seen")+`<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> and not seen</w:t></w:r>`+wr(".")) +
		wp("", wr("See ")+`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r><w:r><w:t>code</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`+wr("part 4")+`<w:r><w:fldChar w:fldCharType="end"/></w:r>`+wr(" below.")) +
		wp("", `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>`+box+`</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>`+box+`</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>`+wr("Beside the box.")) +
		`<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>` + wp("", wr("Contents 1")) + `</w:sdtContent></w:sdt>` +
		`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>` + wp("", wr("Click here to write.")) + `</w:sdtContent></w:sdt>` +
		`<w:sdt><w:sdtContent>` + wp("", wr("Written there.")) + `</w:sdtContent></w:sdt>` +
		`<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>` + wp("", wr("Gone")) + `</w:tc></w:tr><w:tr><w:tc>` + wp("", wr("A framed paragraph.")) + `</w:tc></w:tr></w:tbl>` +
		wp("", `<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r>`+`<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>`+`<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:softHyphen/><w:t>eration</w:t></w:r>`)
	reads(t, "a.docx", word(t, body), `
paragraph | The council agreed in May.
paragraph | Left here.
paragraph | Moved away.
paragraph | One paragraph of two.
paragraph | No heading any more.
paragraph | Seen.
paragraph | See part 4 below.
paragraph | Beside the box.
paragraph | In the box.
chrome | Contents 1
paragraph | Written there.
paragraph | A framed paragraph.
paragraph | 漢a+bco-operation
`)
}

func TestTitlesOfTemplates(t *testing.T) {
	text := wp("", wr("The price of salt rose again in the spring of that year, and nobody knew why.")) + wp("", wr("The second paragraph says the same of the winter."))
	for _, c := range []struct{ body, title, author, wantTitle, wantAuthor string }{
		{wp("berschrift1", wr("Salt and Roads")) + text, "Microsoft Word - draft3.doc", "Administrator", "Salt and Roads", ""},
		{wp("berschrift1", wr("Salt and Roads")) + text, "Annual Report of the Harbour", "Example, Ana", "Salt and Roads", "Ana Example"},
		{wp("berschrift1", wr("Introduction")) + text, "Salt Prices in Spring", "Microsoft Office User", "Salt Prices in Spring", ""},
		{wp("", wr("Salt and Roads")) + text, "Document1", "Ana Example", "Salt and Roads", "Ana Example"},
		{text, "", "", "grain report", ""},
		{wp("Titel", wr("Salt and")) + wp("Titel", wr("Roads")) + wp("", wr("By Ben Sample")) + wp("", wr("3 May 2031")) + text, "Old Title", "Secretary Example", "Salt and Roads", "Ben Sample"},
	} {
		d, err := Document("grain_report.docx", word(t, c.body, "docProps/core.xml", coreProperties(c.title, c.author, "", "")))
		if err != nil {
			t.Fatal(err)
		}
		if d.Title != c.wantTitle || d.Author != c.wantAuthor {
			t.Errorf("%q by %q became %q by %q, want %q by %q", c.title, c.author, d.Title, d.Author, c.wantTitle, c.wantAuthor)
		}
	}
}

func TestHeadingsWithoutStyle(t *testing.T) {
	bold := func(s string) string { return wp("", `<w:r><w:rPr><w:b/></w:rPr><w:t>`+s+`</w:t></w:r>`) }
	text := wp("", wr("The price of salt rose again in the spring, and nobody knew why it did."))
	reads(t, "a.docx", word(t, wp("Titel", wr("Salt and Roads"))+bold("What happened")+text+bold("Why it happened")+text), `
title | Salt and Roads
heading 2 | What happened
paragraph | The price of salt rose again in the spring, and nobody knew why it did.
heading 2 | Why it happened
paragraph | The price of salt rose again in the spring, and nobody knew why it did.
`)
}

const odfSpaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" ` +
	`xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"`

func openText(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	return zipped(t, append([]string{
		"mimetype", "application/vnd.oasis.opendocument.text",
		"content.xml", `<office:document-content ` + odfSpaces + `><office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/></text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>
</office:automatic-styles><office:body><office:text>` + body + `</office:text></office:body></office:document-content>`,
		"styles.xml", `<office:document-styles ` + odfSpaces + `><office:styles><style:style style:name="Title" style:family="paragraph"/><style:style style:name="Quotations" style:family="paragraph"/>
<style:style style:name="Caption" style:family="paragraph"/><style:style style:name="Illustration" style:family="paragraph" style:parent-style-name="Caption"/></office:styles></office:document-styles>`,
		"meta.xml", `<office:document-meta ` + odfSpaces + `><office:meta><dc:title>Salt Roads</dc:title><meta:initial-creator>Ana Example</meta:initial-creator><dc:creator>Secretary Example</dc:creator>
<meta:creation-date>2031-05-03T10:11:12.000000000</meta:creation-date><dc:date>2031-06-01T10:00:00</dc:date></office:meta></office:document-meta>`,
	}, more...)...)
}

func TestOpenDocument(t *testing.T) {
	p := func(style, inner string) string {
		return `<text:p text:style-name="` + style + `">` + inner + `</text:p>`
	}
	item := func(inner string) string { return `<text:list-item>` + inner + `</text:list-item>` }
	note := `<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>` + p("F", "See the minutes.") + `</text:note-body></text:note>`
	body := `<text:tracked-changes><text:changed-region><text:deletion>` + p("", "Deleted words.") + `</text:deletion></text:changed-region></text:tracked-changes>` +
		p("P1", "Salt Roads") +
		`<text:table-of-content><text:table-of-content-source/><text:index-body>` + p("", "Reasons 3") + `</text:index-body></text:table-of-content>` +
		`<text:h text:outline-level="2">Reasons</text:h>` +
		p("", `The roads<text:s text:c="2"/>closed`+note+` for <text:span>two</text:span><text:change text:change-id="1"/> reasons<office:annotation><dc:creator>B</dc:creator><text:p>Really?</text:p></office:annotation>:`) +
		`<text:list text:style-name="L1">` + item(p("", "Salt rose.")) + item(p("", "Bridges fell:")+`<text:list>`+item(p("", "the old one,"))+item(p("", "the new one."))+`</text:list>`) + `</text:list>` +
		p("", "A paragraph between.") +
		`<text:list text:style-name="L1" text:continue-numbering="true">` + item(p("", "Nobody paid.")) + `</text:list>` +
		`<text:list text:style-name="L2">` + item(p("", "One.")) + item(p("", "Two.")+p("", "More of two.")) + `</text:list>` +
		p("Quotations", "We met.") +
		`<table:table><table:table-row><table:table-cell>` + p("", "Year") + `</table:table-cell><table:table-cell>` + p("", "Price") + `</table:table-cell></table:table-row>` +
		`<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000000">` + p("", "2030") + `</table:table-cell><table:table-cell>` + p("", "12") + `</table:table-cell></table:table-row></table:table>` +
		p("Illustration", `Figure <text:sequence>1</text:sequence>: a road`) +
		p("", `Before<text:line-break/>after<text:tab/>it, <text:a>the link</text:a>.<draw:frame><draw:text-box>`+p("", "In the box.")+`</draw:text-box></draw:frame>`) +
		`<text:section text:display="none">` + p("", "Hidden.") + `</text:section><text:section>` + p("", "Shown.") + `</text:section>`
	d := reads(t, "a.odt", openText(t, body), `
title | Salt Roads
chrome | Reasons 3
heading 2 | Reasons
paragraph | The roads closed[1] for two reasons:
item 1 "1. " | Salt rose.
item 1 "2. " | Bridges fell:
item 2 "a) " | the old one,
item 2 "b) " | the new one.
paragraph | A paragraph between.
item 1 "3. " | Nobody paid.
item 1 "• " | One.
item 1 "• " | Two.
paragraph | More of two.
quotation | We met.
table | Year⇥Price
table | 2030⇥12
caption | Figure 1: a road
paragraph | Before⏎after it, the link.
paragraph | In the box.
paragraph | Shown.
footnote "[1] " | See the minutes.
`)
	if d.Title != "Salt Roads" || d.Author != "Ana Example" || d.Published != "2031-05-03" {
		t.Errorf("metadata is %q, %q, %q", d.Title, d.Author, d.Published)
	}
}

func book(t testing.TB, more ...string) []byte {
	t.Helper()
	page := func(title, body string) string {
		return `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>` + body + `</body></html>`
	}
	return zipped(t, append([]string{
		"mimetype", "application/epub+zip",
		"META-INF/container.xml", `<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>`,
		"OEBPS/book.opf", `<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf"><metadata>
<dc:title id="t2">A subtitle</dc:title><dc:title id="t1">Salt Roads</dc:title><meta refines="#t1" property="title-type">main</meta>
<dc:creator opf:role="ill">Kit Fake</dc:creator><dc:creator id="c1">Ana Example</dc:creator><meta refines="#c1" property="role">aut</meta>
<dc:publisher>Tarn Press</dc:publisher><dc:date>2031-05-03T00:00:00+00:00</dc:date><dc:identifier>https://example.org/salt</dc:identifier></metadata>
<manifest><item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/><item id="one" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/><item id="pic" href="p.jpg" media-type="image/jpeg"/></manifest>
<spine><itemref idref="cover"/><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="gone"/><itemref idref="pic"/></spine>
<guide><reference type="cover" href="cover.xhtml"/></guide></package>`,
		"OEBPS/cover.xhtml", page("", `<h1>Salt Roads</h1><p>A book by Ana</p>`),
		"OEBPS/nav.xhtml", page("", `<nav epub:type="toc"><ol><li><a href="text/one.xhtml">One</a></li></ol></nav>`),
		"OEBPS/text/one a.xhtml", page("", `<section><header><h1>Chapter one</h1></header><p>The roads closed<a epub:type="noteref" href="#n1">1</a> in May.<a id="x"/></p><ol><li>Salt rose.</li><li>Bridges fell.</li></ol>
<aside epub:type="footnote" id="n1"><p>1 See the minutes.</p></aside></section>`),
		"OEBPS/text/two.xhtml", page("", `<h1>Chapter two</h1><span epub:type="pagebreak">17</span><p>Then nothing happened.</p>`),
	}, more...)...)
}

func TestBook(t *testing.T) {
	d := reads(t, "a.epub", book(t), `
title | Salt Roads
chrome | A book by Ana
chrome | 1. One
heading 1 | Chapter one
paragraph | The roads closed[1] in May.
item 1 "1. " | Salt rose.
item 1 "2. " | Bridges fell.
footnote | 1 See the minutes.
heading 1 | Chapter two
paragraph | Then nothing happened.
`)
	if d.Title != "Salt Roads" || d.Author != "Ana Example" || d.Publisher != "Tarn Press" || d.Published != "2031-05-03" || d.URL != "https://example.org/salt" {
		t.Errorf("metadata is %q, %q, %q, %q, %q", d.Title, d.Author, d.Publisher, d.Published, d.URL)
	}
}
