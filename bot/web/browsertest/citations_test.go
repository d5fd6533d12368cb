package browsertest

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/briefs/sample"
)

// opened is what an opened link shows.
type opened struct {
	Status  int    `json:"status"`
	IDs     int    `json:"ids"`     // elements with the id q
	First   bool   `json:"first"`   // the one with the id is the first mark
	Marks   int    `json:"marks"`   // elements of class q
	Text    string `json:"text"`    // of the marks, joined
	Settled bool   `json:"settled"` // the fonts are there
	Shown   bool   `json:"shown"`   // the beginning of the first mark is inside the window, and nothing lies over it
	Colour  bool   `json:"colour"`  // every mark has another ground than the text
}

// readMarks is the JavaScript that reads the marks of a document.
const readMarks = `
const marks = (page) => {
  const all = [...page.querySelectorAll(".q")];
  return {
    ids: page.querySelectorAll("#q").length,
    first: all.length > 0 && all[0].id === "q",
    marks: all.length,
    text: all.map((m) => m.textContent).join(""),
  };
};
`

// openInBulk fetches links from within a page and has the browser parse what
// comes, without showing it.
func (p *tab) openInBulk(links []string) []opened {
	p.Helper()
	var all []opened
	for batch := range slices.Chunk(links, 100) {
		list, err := json.Marshal(batch)
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, eval[[]opened](p, `(async () => {`+readMarks+`
			const read = async (link) => {
				const answer = await fetch(link);
				const page = new DOMParser().parseFromString(await answer.text(), "text/html");
				return { status: answer.status, ...marks(page) };
			};
			const links = `+string(list)+`, out = [];
			let next = 0;
			const work = async () => { for (let i = next++; i < links.length; i = next++) out[i] = await read(links[i]); };
			await Promise.all([work(), work(), work(), work()]);
			return out;
		})()`)...)
	}
	return all
}

// openOne follows a link as a reader does, and looks once fonts are there and
// the page has come to rest, for at most a few seconds.
func (p *tab) openOne(link string) (o opened) {
	p.Helper()
	status := int(p.visit(link))
	for start := time.Now(); time.Since(start) < 20*time.Second; time.Sleep(20 * time.Millisecond) {
		again := eval[opened](p, `(() => {`+readMarks+`
			// A bullet that belongs to the quote is marked, but drawn by the list.
			const mark = [...document.querySelectorAll(".q")].find((m) => !m.closest(".bullet")), box = mark?.getClientRects()[0];
			const over = box && document.elementFromPoint(Math.min(Math.max(box.left + 3, 0), innerWidth - 1), Math.min(box.top + box.height / 2, innerHeight - 1));
			const ground = (e) => getComputedStyle(e).backgroundColor;
			return {
				...marks(document),
				settled: document.fonts.status === "loaded",
				shown: !!over && box.top >= 0 && (over === mark || mark.contains(over)),
				colour: [...document.querySelectorAll(".q")].every((m) => ground(m) !== ground(document.body) && ground(m) !== "rgba(0, 0, 0, 0)"),
			};
		})()`)
		rests := again == o // twice the same
		o = again
		if rests && o.Settled && (o.Shown || o.IDs == 0) {
			break
		}
	}
	o.Status = status
	return o
}

// fault tells what is wrong with an opened link to text; "" for nothing.
func (o opened) fault(text string, whole bool) string {
	switch {
	case o.Status != 200:
		return fmt.Sprintf("status %d", o.Status)
	case o.IDs != 1 || !o.First:
		return fmt.Sprintf("%d elements with id q among %d marks, first %v", o.IDs, o.Marks, o.First)
	case o.Text != text:
		return fmt.Sprintf("marks %q", o.Text)
	case whole && !o.Shown:
		return "the mark is not in sight"
	case whole && !o.Colour:
		return "the mark does not stand out"
	}
	return ""
}

// quoteLink is the address of a quote below the origin, as PRODUCT writes it.
func quoteLink(q briefs.Quote) string {
	r := refOf(q)
	return fmt.Sprintf("/d/%s?r=%d&s=%d-%d#q", url.PathEscape(string(r.Document)), r.Revision, r.Start, r.End)
}

// Every citation of every answer to a golden question opens at its quote, byte
// for byte: quotes, further sentences, the nearest ones on silence, and what
// introduces them. The page of the answer has a link with just these words for
// each. All links go through the parser of the browser; forty, with
// BRIEFDESK_PROVE all, are opened in a window, where the mark has to be in sight.
func TestEveryCitationOpensAtItsQuote(t *testing.T) {
	s := newSite(t, sampleDocuments(t))
	golden, err := sample.Golden()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, s.origin)
	p.must("/")
	quotes := map[string]string{} // by link
	cited := 0
	var pages []string
	wanted := map[string][]string{} // by page of an answer: links and words that it must have
	for _, g := range golden {
		ans, err := s.asker.Ask(t.Context(), ask.Request{Question: g.Question, Scope: briefs.Everything()})
		if err != nil {
			t.Fatalf("%s: %v", g.Question, err)
		}
		page := "/?q=" + url.QueryEscape(g.Question)
		pages = append(pages, page)
		for _, c := range citations(&ans) {
			for _, q := range []*briefs.Quote{&c.Quote, c.LeadIn} {
				if q == nil {
					continue
				}
				r := refOf(*q)
				d, err := s.lib.Document(t.Context(), r.Document, r.Revision)
				if err != nil || d.Slice(r.Span) != q.Text() {
					t.Fatalf("%s: %v is not what stands there: %v", g.Question, r, err)
				}
				quotes[quoteLink(*q)] = q.Text()
				wanted[page] = append(wanted[page], quoteLink(*q)+" “"+q.Text()+"”")
				cited++
			}
		}
	}

	for i, shown := range p.quoteLinks(pages) {
		for _, want := range wanted[pages[i]] {
			if !slices.Contains(shown, want) {
				t.Errorf("%s: has no link %s", pages[i], want)
			}
		}
		for _, link := range shown {
			if address, _, _ := strings.Cut(link, " "); strings.Contains(address, "&s=") && quotes[address] == "" {
				t.Errorf("%s: links to %s, which its answer does not quote", pages[i], address)
			}
		}
	}

	links := make([]string, 0, len(quotes))
	for link := range quotes {
		links = append(links, link)
	}
	slices.Sort(links)
	for i, o := range p.openInBulk(links) {
		if fault := o.fault(quotes[links[i]], false); fault != "" {
			t.Errorf("%s: %s, want %q", links[i], fault, quotes[links[i]])
		}
	}

	if !prove() {
		rand.New(rand.NewSource(1)).Shuffle(len(links), func(i, j int) { links[i], links[j] = links[j], links[i] })
		links = links[:40]
	}
	const tabs = 3
	t.Run("in a window", func(t *testing.T) {
		for first := range tabs {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				p := open(t, s.origin)
				for i := first; i < len(links); i += tabs {
					if fault := p.openOne(links[i]).fault(quotes[links[i]], true); fault != "" {
						t.Errorf("%s: %s, want %q", links[i], fault, quotes[links[i]])
					}
				}
			})
		}
	})
	t.Logf("%d questions, %d citations, %d links, %d of them opened in a window", len(golden), cited, len(quotes), len(links))
	if cited < len(golden) {
		t.Errorf("%d citations for %d questions: the test proves nothing", cited, len(golden))
	}
}

// quoteLinks returns for each page the links into documents, as "address words".
func (p *tab) quoteLinks(pages []string) [][]string {
	p.Helper()
	var all [][]string
	for batch := range slices.Chunk(pages, 20) {
		list, err := json.Marshal(batch)
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, eval[[][]string](p, `(async () => {
			const out = [];
			for (const address of `+string(list)+`) {
				const answer = await fetch(address);
				if (!answer.ok) throw new Error(address + ": " + answer.status);
				const page = new DOMParser().parseFromString(await answer.text(), "text/html");
				out.push([...page.querySelectorAll("a[href*='/d/']")].map((a) => a.getAttribute("href") + " " + a.textContent));
			}
			return out;
		})()`)...)
	}
	return all
}

// What a mark on paper or on a screen without colours rests on is the element
// mark itself; a click on a quote of an answer leads to it.
func TestClickOnQuote(t *testing.T) {
	s := newSite(t, sampleDocuments(t))
	p := open(t, s.origin)
	p.must("/?q=" + url.QueryEscape("why did US-China cyber relations not break down?"))
	words := eval[string](p, `document.querySelector("li.quote blockquote bdi").textContent`)
	p.follow(chromedp.Click(chromedp.CSS("li.quote blockquote a")))
	if got := eval[string](p, `document.querySelector("mark#q").textContent`); got != words || !strings.HasPrefix(words, "First, ") {
		t.Errorf("clicked on %q, marked is %q", words, got)
	}
	if hash := eval[string](p, `location.hash`); hash != "#q" {
		t.Errorf("fragment %q", hash)
	}
}
