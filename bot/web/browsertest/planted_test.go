package browsertest

import (
	"fmt"
	"log/slog"
	"math/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
)

// add adds files, by name, as the product adds a folder, and returns the
// documents by the name of their file.
func (s *site) add(t testing.TB, files map[string]string) map[string]briefs.Document {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	report, err := ingest.New(slog.New(slog.DiscardHandler), s.lib, ingest.Options{Collection: "planted"}).Add(t.Context(), dir)
	if err != nil || report.Failed > 0 {
		t.Fatalf("%v: %+v", err, report)
	}
	all := map[string]briefs.Document{}
	listed, err := s.lib.Documents(t.Context(), briefs.Listing{Scope: briefs.Everything(), Collection: "planted"})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range listed {
		d, err := s.lib.Document(t.Context(), l.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(d.Source)] = d
	}
	return all
}

func spanLink(d *briefs.Document, span briefs.Span) string {
	return fmt.Sprintf("/d/%s?r=%d&s=%d-%d#q", url.PathEscape(string(d.ID)), d.Revision, span.Start, span.End)
}

// planted are documents whose text tempts a page to change it.
func planted() map[string]string {
	return map[string]string{
		"table.md":      tableText,
		"arabic.txt":    arabicText,
		"carriage.txt":  "The first line ends oddly.\r\nThe second has\ttabs\tin\tit.\rThe third\fhas a form feed\vand more.  Two spaces   three.\r\n\r\nA second paragraph\u00a0with\u202fnarrow spaces\u2028and a line separator\u2029and a paragraph separator.\n",
		"nothing.txt":   "A zero\u200bwidth space, a soft\u00adhyphen, a byte order\ufeff mark and a joiner\u200d here. A replacement \ufffd too.\n",
		"combining.txt": "Cafe\u0301 ou cafe\u0301? Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034da\u0336l\u0321go. Tiếng Việt có dấu. \u1112\u1161\u11ab\u1100\u1173\u11af stands decomposed.\n",
		"emoji.txt":     "The family 👨‍👩‍👧‍👦 waved 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 👍🏽 at the ferry 🚢. It left at 9️⃣ o'clock. 𝕿𝖍𝖊 end 𒀀.\n",
		"bidi.txt":      "Pay \u202e100 euros\u202c to the clerk. The file \u2066invoice\u202efdp.exe\u2069 is harmless. \u202dForced\u202c and \u2067isolated\u2069 words. \u202eNever closed.\n\nהמעבורת יוצאת בשעה 9 (מחר) ולא 10. The next paragraph is English.\n",
		"markup.txt":    "A tag <b>bold</b> & an entity &amp; or &#0; &lt;script&gt; stand here. Quotes \"double\" and 'single' and `back` too. A <!-- comment --> and ]]> and {{.Title}} and ${x} stay.\n",
		"pre.html":      "<!doctype html><title>Code</title><article><h1>Code</h1><p>The program reads as follows, in all of its lines and with every space kept.</p><pre>\n\n  if a &lt; b {\n\t\treturn\n  }\n</pre><p>That   was\n the program, and this paragraph has <em>emphasis</em>, <a href=\"/x\">a link</a> and H<sub>2</sub>O in it.</p></article>",
		"twice.md": "# Twice\n\nThe gate was closed at noon. Nobody minded. The gate was closed at noon.\n\n- The gate was closed at noon.\n- It opened again.\n\n" +
			"| When | What |\n|---|---|\n| Noon | The gate was closed at noon. |\n\nIn the end: The gate was closed at noon.\n",
		"long.txt": strings.Repeat("The river rose by a hand and fell by a hand on the same day. ", 400) + "\n",
	}
}

// Any span of any document is marked byte for byte: spans within a sentence,
// over several blocks, over rows of tables, over menus, of a single letter. BRIEFDESK_PROVE tries
// ten times as many.
func TestAnySpanIsMarked(t *testing.T) {
	s := newSite(t, nil)
	p := open(t, s.origin)
	p.must("/")
	perDocument := 40
	if prove() {
		perDocument = 400
	}
	random := rand.New(rand.NewSource(7))
	for name, d := range s.add(t, planted()) {
		var starts []int // of characters, and the end
		for i := range d.Text {
			starts = append(starts, i)
		}
		starts = append(starts, len(d.Text))
		spans := []briefs.Span{{Start: 0, End: len(d.Text)}}
		for _, b := range d.Blocks {
			spans = append(spans, b.Sentences...)
			if b.Len() > 0 {
				spans = append(spans, b.Span)
			}
		}
		spans = spans[:min(len(spans), perDocument)]
		for range perDocument {
			from := random.Intn(len(starts) - 1)
			length := 1 + random.Intn(min(len(starts)-1-from, 1<<random.Intn(12)))
			spans = append(spans, briefs.Span{Start: starts[from], End: starts[from+length]})
		}
		links := make([]string, len(spans))
		for i, span := range spans {
			links[i] = spanLink(&d, span)
		}
		for i, o := range p.openInBulk(links) {
			want := d.Slice(spans[i])
			if fault := o.fault(want, false); fault != "" {
				t.Errorf("%s, %s: %s, want %q", name, links[i], fault, want)
				break
			}
		}
		for _, i := range []int{0, 1, len(links) - 1} { // a window shows the same
			if fault := p.openOne(links[i]).fault(d.Slice(spans[i]), false); fault != "" {
				t.Errorf("%s, %s in a window: %s, want %q", name, links[i], fault, d.Slice(spans[i]))
			}
		}
	}
}

// What is no span of the revision opens the document without a mark, or not at
// all, but never breaks.
func TestOddSpans(t *testing.T) {
	s := newSite(t, nil)
	d := s.add(t, map[string]string{"emoji.txt": planted()["emoji.txt"]})["emoji.txt"]
	p := open(t, s.origin)
	cut := strings.Index(d.Text, "👨") + 1
	if utf8.RuneStart(d.Text[cut]) {
		t.Fatal("does not cut a character")
	}
	for _, query := range []string{
		fmt.Sprintf("s=%d-%d", cut, cut+9), "s=5-5", "s=9-5", "s=-3-5", "s=0-99999999999999999999", "s=a-b", "s=", "s=3", "r=99", "r=-1", "r=a",
		"s=0-4&s=5-9", "r=1&s=0-" + fmt.Sprint(len(d.Text)+1),
	} {
		status := p.visit("/d/" + url.PathEscape(string(d.ID)) + "?" + query + "#q")
		if status != 200 && status != 400 && status != 404 {
			t.Errorf("%s: status %d", query, status)
		}
		if text := eval[string](p, `[...document.querySelectorAll(".q")].map((m) => m.textContent).join("")`); !strings.Contains(d.Text, text) {
			t.Errorf("%s: marks %q", query, text)
		}
	}
}

// A sentence that stands five times is marked where the link says.
func TestSameSentenceAgain(t *testing.T) {
	const sentence = "The gate was closed at noon."
	s := newSite(t, nil)
	d := s.add(t, map[string]string{"twice.md": planted()["twice.md"]})["twice.md"]
	times := strings.Count(d.Text, sentence)
	if times != 5 {
		t.Fatalf("%d times in %q", times, d.Text)
	}
	p := open(t, s.origin)
	p.screen(1280, 300) // so that the marks are not all in sight anyway
	for nth := 1; nth <= times; nth++ {
		if fault := p.openOne(s.linkTo(t, d.ID, 0, sentence, nth)).fault(sentence, true); fault != "" {
			t.Errorf("occurrence %d: %s", nth, fault)
		}
		before := eval[int](p, `(() => {
			const range = document.createRange();
			range.selectNodeContents(document.querySelector("article"));
			range.setEndBefore(document.getElementById("q"));
			return range.toString().split("`+sentence+`").length - 1;
		})()`)
		if before != nth-1 {
			t.Errorf("occurrence %d is marked with %d before it", nth, before)
		}
	}
}

// A quote from what is folded away, as menus are, is in sight all the same.
func TestMarkInChromeIsInSight(t *testing.T) {
	s := newSite(t, nil)
	d := s.add(t, map[string]string{"page.html": "<!doctype html><title>Salt</title><nav><ul><li><a href=/>Home and a longer entry of the menu</a></li><li><a href=/b>Business news of the day</a></li></ul></nav>" +
		"<article><h1>Salt</h1><p>" + strings.Repeat("Salt was dear in that year, and nobody knew why it had become so. ", 40) + "</p></article>" +
		"<footer><p>All rights reserved by the paper of the harbour, which is printed daily.</p></footer>"})["page.html"]
	p := open(t, s.origin)
	seen := 0
	for _, b := range d.Blocks {
		if b.Role != briefs.RoleChrome {
			continue
		}
		seen++
		if fault := p.openOne(spanLink(&d, b.Span)).fault(d.Slice(b.Span), true); fault != "" {
			t.Errorf("%q: %s", d.Slice(b.Span), fault)
		}
	}
	if seen == 0 {
		t.Errorf("no chrome in %+v", d.Blocks)
	}
}
