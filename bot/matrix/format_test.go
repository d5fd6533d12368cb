package matrix

import (
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"maunium.net/go/mautrix/event"

	"briefdesk/bot"
	"briefdesk/briefs"
)

func part(t testing.TB, blocks ...bot.Block) briefs.Part {
	t.Helper()
	p, err := bot.Post{Blocks: blocks}.Part()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRender(t *testing.T) {
	got, err := render(part(t,
		bot.Block{Kind: bot.BlockText, Text: "Reasons given, in order:"},
		bot.Block{Kind: bot.BlockLeadIn, Text: "Two reasons.", Source: 1, Link: "https://desk/d/1#q"},
		bot.Block{Kind: bot.BlockQuote, Text: "First, <b>wind</b> & *rain*.", N: 1, Source: 1, Link: "https://desk/d/1?r=1&s=2-3#q"},
		bot.Block{Kind: bot.BlockQuote, Text: "Deeper.", N: 2, Source: 1, Depth: 1},
		bot.Block{Kind: bot.BlockItem, Text: "one"},
		bot.Block{Kind: bot.BlockItem, Text: "two", Link: "https://desk/x"},
		bot.Block{Kind: bot.BlockSource, N: 1, Text: "On wind", Note: "Una Invented · 2031", Link: "https://desk/d/1", URL: "https://example.org/wind"},
		bot.Block{Kind: bot.BlockLiteral, Text: "Una, \"Wind\"."},
		bot.Block{Kind: bot.BlockActions, Actions: []bot.Action{{ID: bot.ActionMore}, {ID: bot.ActionGood}}},
	))
	if err != nil || len(got) != 1 {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	want := `<p>Reasons given, in order:</p>` +
		`<blockquote>“Two reasons.” <a href="https://desk/d/1#q">[1]</a></blockquote>` +
		`<blockquote><strong>1</strong> “First, &lt;b&gt;wind&lt;/b&gt; &amp; *rain*.” <a href="https://desk/d/1?r=1&amp;s=2-3#q">[1]</a></blockquote>` +
		`<blockquote><blockquote><strong>2</strong> “Deeper.” [1]</blockquote></blockquote>` +
		`<ul><li>one</li><li><a href="https://desk/x">two</a></li></ul>` +
		`<p>[1] <a href="https://desk/d/1">On wind</a><br><em>Una Invented · 2031</em> · <a href="https://example.org/wind">original</a></p>` +
		`<pre><code>Una, &#34;Wind&#34;.</code></pre>` +
		`<p><em>“more” in this thread shows the rest · 👍 or 👎 tells whether it is right</em></p>`
	if got[0].html != want {
		t.Errorf("HTML is\n%s\nwant\n%s", got[0].html, want)
	}
	for _, w := range []string{"“First, <b>wind</b> & *rain*.” [1]", "https://desk/d/1?r=1&s=2-3#q", "[1] On wind", "👍 or 👎"} {
		if !strings.Contains(got[0].body, w) {
			t.Errorf("%q is not in the plain text:\n%s", w, got[0].body)
		}
	}
}

// hostile is text that tries to be more than text.
var hostile = []string{
	"<script>alert(1)</script>", "</blockquote><img src=x onerror=y>", "@room look", "@ana:example.org",
	`<a href="https://matrix.to/#/@ana:example.org">Ana</a>`, "https://matrix.to/#/@ana:example.org", "\u202eevil", "\u2067\u202emore", "a\x00b",
	`"><mx-reply>x</mx-reply>`, "```", "&lt;b&gt;", "javascript:alert(1)", "\u2066\u2067\u2068open", strings.Repeat("\u202e", 300),
}

// tags are all that a message may hold, and the attributes of each.
var tags = map[string]string{
	"p": "", "blockquote": "", "strong": "", "em": "", "ul": "", "li": "", "pre": "", "code": "", "br": "", "h4": "", "a": "href",
}

// checkHTML fails unless s holds only tags of ours, and links of the Web.
func checkHTML(t testing.TB, s string) (text string) {
	t.Helper()
	var out strings.Builder
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.WriteString(z.Token().Data)
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("a comment in %q", s)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			tok := z.Token()
			allowed, ok := tags[tok.Data]
			if !ok {
				t.Fatalf("tag %s in %q", tok.Data, s)
			}
			if tok.Data == "br" {
				out.WriteString("\n")
			}
			for _, a := range tok.Attr {
				if a.Key != allowed || harmful(a.Val) {
					t.Fatalf("attribute %s=%q in %q", a.Key, a.Val, s)
				}
			}
		}
	}
}

func TestHostileTextIsInert(t *testing.T) {
	for _, text := range hostile {
		for _, kind := range []bot.BlockKind{bot.BlockHeading, bot.BlockText, bot.BlockNote, bot.BlockLeadIn, bot.BlockQuote, bot.BlockItem, bot.BlockSource, bot.BlockLiteral} {
			got, err := render(part(t, bot.Block{Kind: kind, Text: text, Note: text, Link: text, URL: text, N: 1, Source: 1}))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range got {
				shown := checkHTML(t, m.html)
				if want := strings.ReplaceAll(text, "\x00", ""); !strings.Contains(shown, want) {
					t.Errorf("%s: %q is not shown in %q", kind, want, shown)
				}
				if !strings.Contains(m.body, text) {
					t.Errorf("%s: %q is not in the plain text %q", kind, text, m.body)
				}
			}
		}
	}
	for _, address := range []string{"https://matrix.to/#/@ana:b", "https://MATRIX.TO./#/!r:b", "matrix:u/ana:b", "http://user@host/", "javascript:x", "mxc://a/b", "//x", "https://"} {
		if !harmful(address) {
			t.Errorf("%q is linked", address)
		}
	}
}

// TestClosed: whatever turns the direction is ended.
func TestClosed(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "\u202ea": "\u202ea\u202c", "\u202ea\u202c": "\u202ea\u202c", "\u2067a": "\u2067a\u2069",
		"\u2067\u202ea\u2069": "\u2067\u202ea\u2069", "\u202e\u2067a": "\u202e\u2067a\u2069\u202c", "\u202ea\nb": "\u202ea\nb",
	} {
		if got := closed(in); got != want {
			t.Errorf("closed(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

// weight is what an event of m takes when it is encrypted, in bytes.
func weight(t testing.TB, m message) int {
	t.Helper()
	c, err := json.Marshal(&event.Content{Parsed: &event.MessageEventContent{MsgType: event.MsgNotice, Body: m.body, Format: event.FormatHTML, FormattedBody: m.html}, Raw: map[string]any{keyField: strings.Repeat("k", 300)}})
	if err != nil {
		t.Fatal(err)
	}
	return len(c)*4/3 + 2000
}

func TestLongMessagesAreSplit(t *testing.T) {
	for name, text := range map[string]string{
		"words": strings.Repeat("word ", 24_000), "no space": strings.Repeat("x", 90_000), "angles": strings.Repeat("<", 40_000),
		"lines": strings.Repeat("a\n", 30_000), "wide": strings.Repeat("語", 40_000), "quotes": strings.Repeat(`"`, 50_000),
	} {
		got, err := render(part(t, bot.Block{Kind: bot.BlockText, Text: "Before."}, bot.Block{Kind: bot.BlockQuote, Text: text, N: 1, Source: 1, Link: "https://desk/d"}, bot.Block{Kind: bot.BlockText, Text: "After."}))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for i, m := range got {
			if w := weight(t, m); w > 65_536 {
				t.Errorf("%s: message %d takes %d bytes", name, i, w)
			}
			shown := checkHTML(t, m.html)
			if _, quoted, ok := strings.Cut(shown, "“"); ok {
				quoted, _, _ = strings.Cut(quoted, "”")
				all.WriteString(quoted)
			}
		}
		if all.String() != text {
			t.Errorf("%s: the pieces are not the text: %d bytes of %d", name, all.Len(), len(text))
		}
		if len(got) < 2 {
			t.Errorf("%s: %d messages", name, len(got))
		}
	}
	var many []bot.Block
	for range 2000 {
		many = append(many, bot.Block{Kind: bot.BlockQuote, Text: strings.Repeat("sentence ", 20), N: 1, Source: 1, Link: "https://desk/d"})
	}
	got, err := render(part(t, many...))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, m := range got {
		n += strings.Count(m.html, "<blockquote>")
		if w := weight(t, m); w > 65_536 {
			t.Errorf("message %d takes %d bytes", i, w)
		}
	}
	if n != len(many) {
		t.Errorf("%d of %d quotes", n, len(many))
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, s, uint8(1))
	}
	f.Fuzz(func(t *testing.T, text, link string, depth uint8) {
		text = strings.ToValidUTF8(text, "")
		got, err := render(part(t, bot.Block{Kind: bot.BlockQuote, Text: text, Note: text, Link: link, Depth: int(depth)}, bot.Block{Kind: bot.BlockSource, Text: text, URL: link}))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got {
			checkHTML(t, m.html)
			if w := weight(t, m); w > 65_536 {
				t.Fatalf("a message takes %d bytes", w)
			}
		}
	})
}
