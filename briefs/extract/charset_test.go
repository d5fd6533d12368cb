package extract

import (
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/net/html/charset"
)

func encode(t *testing.T, name, s string) []byte {
	t.Helper()
	e, _ := charset.Lookup(name)
	out, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16Bytes(s string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

func TestDecode(t *testing.T) {
	const west = "Die Brücke über den Fluß wurde geschlossen – «für immer», sagte der Bürgermeister. Später öffnete man sie für Fußgänger, Händler und Schüler."
	const east = "Мост через реку был закрыт в понедельник. Его открыли на следующий день, и никто не удивился этому решению городского совета."
	const japan = "橋は月曜日に閉鎖されました。翌日に再び開通しましたが、誰も驚きませんでした。市議会の決定は新聞に掲載されました。"
	for name, c := range map[string]struct {
		data     []byte
		declared string
		want     string
	}{
		"utf-8":               {[]byte(west), "", west},
		"mark":                {[]byte(bomUTF8 + west), "", west},
		"utf-16le mark":       {append([]byte("\xff\xfe"), utf16Bytes(west, false)...), "", west},
		"utf-16be mark":       {append([]byte("\xfe\xff"), utf16Bytes(east, true)...), "", east},
		"utf-16le":            {utf16Bytes(west, false), "", west},
		"utf-16be":            {utf16Bytes(west, true), "", west},
		"windows-1252":        {encode(t, "windows-1252", west), "", west},
		"windows-1251":        {encode(t, "windows-1251", east), "", east},
		"koi8-r declared":     {encode(t, "koi8-r", east), "koi8-r", east},
		"shift_jis declared":  {encode(t, "shift_jis", japan), "Shift_JIS", japan},
		"shift_jis":           {encode(t, "shift_jis", japan), "", japan},
		"euc-jp":              {encode(t, "euc-jp", japan), "", japan},
		"gb18030":             {encode(t, "gb18030", "桥梁周一关闭。第二天重新开放，没有人感到惊讶。市议会的决定刊登在报纸上。"), "", "桥梁周一关闭。第二天重新开放，没有人感到惊讶。市议会的决定刊登在报纸上。"},
		"declared wrongly":    {[]byte(west), "windows-1252", west},
		"no utf-8 after all":  {encode(t, "windows-1252", west), "UTF-8", west},
		"one broken byte":     {[]byte("Die Br\xfccke über den Fluß, für Schüler"), "", "Die Br\uFFFDcke über den Fluß, für Schüler"},
		"cut at the end":      {[]byte("für Schüler und f\xc3"), "", "für Schüler und f\uFFFD"},
		"line breaks":         {[]byte("a\r\nb\rc\n\rd\fe"), "", "a\nb\nc\n\nd\ne"},
		"control characters":  {[]byte("a\x07b\x1b[0mc and some more text"), "", "a b [0mc and some more text"},
		"separators and mark": {[]byte("a\u2028b\u2029c\ufeffd"), "", "a\nb\n\ncd"},
	} {
		if got, ok := decode(c.data, c.declared); !ok || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, ok, c.want)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	random := make([]byte, 5000)
	for i := range random {
		random[i] = byte(i*i*7 + i/3)
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"x.txt", nil, "x.txt: is empty: put text into it or remove it"},
		{"x.txt", []byte(" \n\t"), "x.txt: is empty: put text into it or remove it"},
		{"x.txt", []byte(bomUTF8 + "\n"), "x.txt: is empty: put text into it or remove it"},
		{"x.txt", []byte("text\x00text"), "x.txt: looks binary, not text: save it as text"},
		{"x.txt", random, "x.txt: looks binary, not text: save it as text"},
		{"x.txt", []byte("\x7fELF\x02\x01\x01\x03\x04"), "x.txt: looks binary, not text: save it as text"},
		{"x.md", []byte("\x89PNG\r\n\x1a\n\x00"), "x.md: looks binary, not text: save it as text"},
		{"x.pdf", []byte("%PDF-1.7"), "x.pdf: is a PDF, which is not read yet: save it as text or HTML"},
		{"x.docx", []byte("PK\x03\x04aaaa"), "x.docx: is damaged or cut short: fetch it again, or open it in the program that made it and save it anew"},
		{"x.json", []byte(`{"a":1}`), "x.json: is JSON: name it .jsonl and write one document a line"},
		{"x.html", []byte("<html><script>x()</script></html>"), "x.html: holds no text: check that it was saved whole"},
	} {
		_, err := Document(c.name, c.data)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestSniffing(t *testing.T) {
	for _, c := range []struct{ name, data, title string }{
		{"page", "<!DOCTYPE html><title>A page about dikes</title><p>Some text is here.</p>", "A page about dikes"},
		{"notes", "# A heading here\n\nSome text with [a link](https://example.org).\n\n## Another\n\nMore text.", "A heading here"},
		{"memo.log", "Some text without any title that goes on for a good while and says nothing. It ends here, after all.", "memo"},
		{"a_grain-report.txt", "one two three.", "a grain report"},
	} {
		d, err := Document(c.name, []byte(c.data))
		if err != nil || d.Title != c.title {
			t.Errorf("%s: title %q, %v, want %q", c.name, d.Title, err, c.title)
		}
	}
}

func TestDeclaredCharset(t *testing.T) {
	const page = "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'></head><body><p>%</p></body></html>"
	data := encode(t, "windows-1251", strings.Replace(page, "%", "Мост закрыт.", 1))
	d, err := Document("a.html", data)
	if err != nil || !strings.Contains(d.Text, "Мост закрыт.") {
		t.Errorf("got %q, %v", d.Text, err)
	}
}

// Four section signs in an old encoding speak for several encodings alike.
func TestEquallyLikelyEncodings(t *testing.T) {
	want := likeliest([]byte("\xa7\xa7\xa7\xa7"))
	for range 500 {
		if got := likeliest([]byte("\xa7\xa7\xa7\xa7")); got != want {
			t.Fatalf("%s, then %s", want, got)
		}
	}
}

// A server that calls all its pages UTF-8 does not know; the page does.
func TestServerIsWrongOnCharset(t *testing.T) {
	const text = "Мост через реку был закрыт в понедельник. Его открыли на следующий день."
	for _, declared := range []string{"koi8-r", "utf-8"} {
		page := `<!doctype html><html><head><meta charset="` + declared + `"><title>Мост</title></head><body><article><h1>Мост</h1><p>` + text + `</p></article></body></html>`
		doc, err := Read(Input{Name: "bridge.html", Type: "text/html; charset=UTF-8", Data: encode(t, "koi8-r", page)})
		if err != nil || !strings.Contains(doc.Text, text) {
			t.Errorf("declared as %s: got %q, %v", declared, doc.Text, err)
		}
	}
}
