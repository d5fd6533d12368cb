package cite

import (
	"flag"
	"fmt"
	"html"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"briefdesk/briefs"
)

var update = flag.Bool("update", false, "write what is cited now into the golden file")

// accessed is late in the day of another zone, to show that the UTC day counts.
var accessed = time.Date(2026, 11, 22, 1, 30, 0, 0, time.FixedZone("", 2*3600)).Add(24 * time.Hour)

// parse reads a document of the golden file: lines "Field: value".
func parse(t *testing.T, s string) *briefs.Document {
	d := &briefs.Document{ID: "doc"}
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch field {
		case "Title":
			d.Title = value
		case "Author":
			d.Author = value
		case "Publisher":
			d.Publisher = value
		case "Published":
			d.Published = briefs.Date(value)
		case "URL":
			d.URL = value
		default:
			t.Fatalf("no field %q", field)
		}
	}
	return d
}

func show(d *briefs.Document) string {
	var w strings.Builder
	o := Options{Accessed: accessed}
	fmt.Fprintln(&w, "chicago note: ", Note(Chicago, d, o).HTML())
	for _, style := range Styles() {
		fmt.Fprintf(&w, "%-15s%s\n", string(style)+" entry:", Entry(style, d, o).HTML())
		fmt.Fprintf(&w, "%-15s%s\n", string(style)+" short:", Short(style, d, o).HTML())
	}
	return w.String() + strings.ReplaceAll(RIS(d, o), "\r\n", "\n")
}

func TestGolden(t *testing.T) {
	const file = "testdata/cite.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []txtar.File
	for i, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".golden") {
			continue
		}
		got, want := show(parse(t, string(f.Data))), ""
		if i+1 < len(archive.Files) && archive.Files[i+1].Name == f.Name+".golden" {
			want = string(archive.Files[i+1].Data)
		}
		out = append(out, f, txtar.File{Name: f.Name + ".golden", Data: []byte(got)})
		t.Run(f.Name, func(t *testing.T) {
			if diff := cmp.Diff(want, got); diff != "" && !*update {
				t.Errorf("-want +got (go test -update accepts it):\n%s", diff)
			}
		})
	}
	if *update {
		archive.Files = out
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ field, publisher, want string }{
		{"Greg Austin", "", "Austin, Greg | Austin, G."},
		{"J. R. R. Tolkmann", "", "Tolkmann, J. R. R. | Tolkmann, J. R. R."},
		{"J.R. Sample", "", "Sample, J.R. | Sample, J. R."},
		{"Jean-Paul Sample", "", "Sample, Jean-Paul | Sample, J.-P."},
		{"Ursula van der Sample", "", "van der Sample, Ursula | van der Sample, U."},
		{"Martin Van Sample", "", "Van Sample, Martin | Van Sample, M."},
		{"Van Sample", "", "Sample, Van | Sample, V."},
		{"Ayman al-Sample", "", "al-Sample, Ayman | al-Sample, A."},
		{"Martin Luther Sample, Jr.", "", "Sample, Martin Luther, Jr. | Sample, M. L., Jr."},
		{"Martin Sample III", "", "Sample, Martin, III | Sample, M., III"},
		{"Ada Sample, PhD", "", "Sample, Ada | Sample, A."},
		{"Ada Sample, Ph.D., Gus Example", "", "Sample, Ada | Sample, A. & Example, Gus | Example, G."},
		{"Dr. Ada Sample", "", "Sample, Ada | Sample, A."},
		{"Sample, Ada", "", "Sample, Ada | Sample, A."},
		{"Sample, A. B.", "", "Sample, A. B. | Sample, A. B."},
		{"Sample, Ada; Example, Gus, Jr.", "", "Sample, Ada | Sample, A. & Example, Gus, Jr. | Example, G., Jr."},
		{"Ada Sample; Martin Sample, Jr.", "", "Sample, Ada | Sample, A. & Sample, Martin, Jr. | Sample, M., Jr."},
		{"Ada Sample and Gus Example", "", "Sample, Ada | Sample, A. & Example, Gus | Example, G."},
		{"Ada Sample, Bea Sample, and Gus Example", "", "Sample, Ada | Sample, A. & Sample, Bea | Sample, B. & Example, Gus | Example, G."},
		{"Reuters, Bloomberg", "", "Reuters | Reuters & Bloomberg | Bloomberg"},
		{"RAND", "", "RAND | RAND"},
		{"Council on Foreign Relations", "", "Council on Foreign Relations | Council on Foreign Relations"},
		{"Department of Health, Education and Welfare", "", "Department of Health, Education and Welfare | Department of Health, Education and Welfare"},
		{"Ministry of Trade, Ada Sample", "", "Ministry of Trade | Ministry of Trade & Sample, Ada | Sample, A."},
		{"The Sample Lantern", "", "The Sample Lantern | The Sample Lantern"},
		{"Sample Lantern", "Sample Lantern", "Sample Lantern | Sample Lantern"},
		{"Emily House", "", "House, Emily | House, E."},
		{"Xi Jinping", "", "Xi Jinping | Xi, J."},
		{"Yan Xuetong", "", "Yan Xuetong | Yan, X."},
		{"Wei Chen", "", "Chen, Wei | Chen, W."},
		{"王毅", "", "王毅 | 王毅"},
		{"김 민수", "", "김 민수 | 김 민수"},
		{"محمد نموذج", "", "محمد نموذج | محمد نموذج"},
		{"Иван Примеров", "", "Примеров, Иван | Примеров, И."},
		{"Élodie Échantillon", "", "Échantillon, Élodie | Échantillon, É."},
		{"danah example", "", "example, danah | example, d."},
		{" , ; ", "", ""},
	} {
		var got []string
		for _, n := range authors(oneLine(c.field), c.publisher) {
			got = append(got, n.inverted()+" | "+n.initials())
		}
		if s := strings.Join(got, " & "); s != c.want {
			t.Errorf("%q: %q, want %q", c.field, s, c.want)
		}
	}
}

func TestManyAuthors(t *testing.T) {
	var names []string
	for r := 'A'; r <= 'Z'; r++ {
		names = append(names, string(r)+"da Sample"+string(unicode.ToLower(r)))
	}
	for _, c := range []struct {
		n    int
		note string
		want map[Style]string
	}{
		{3, "Ada Samplea, Bda Sampleb, and Cda Samplec, “", map[Style]string{
			Chicago: "Samplea, Ada, Bda Sampleb, and Cda Samplec. ", APA: "Samplea, A., Sampleb, B., & Samplec, C. (", MLA: "Samplea, Ada, et al. ",
		}},
		{4, "Ada Samplea et al., “", map[Style]string{Chicago: "Samplea, Ada, Bda Sampleb, Cda Samplec, and Dda Sampled. "}},
		{11, "", map[Style]string{Chicago: "Samplea, Ada, Bda Sampleb, Cda Samplec, Dda Sampled, Eda Samplee, Fda Samplef, Gda Sampleg, et al. “"}},
		{20, "", map[Style]string{APA: "Samplea, A., Sampleb, B., Samplec, C., Sampled, D., Samplee, E., Samplef, F., Sampleg, G., Sampleh, H., Samplei, I., Samplej, J., " +
			"Samplek, K., Samplel, L., Samplem, M., Samplen, N., Sampleo, O., Samplep, P., Sampleq, Q., Sampler, R., Samples, S., & Samplet, T. ("}},
		{21, "", map[Style]string{APA: "Samplea, A., Sampleb, B., Samplec, C., Sampled, D., Samplee, E., Samplef, F., Sampleg, G., Sampleh, H., Samplei, I., Samplej, J., " +
			"Samplek, K., Samplel, L., Samplem, M., Samplen, N., Sampleo, O., Samplep, P., Sampleq, Q., Sampler, R., Samples, S., . . . Sampleu, U. ("}},
	} {
		d := &briefs.Document{Title: "A title", Author: strings.Join(names[:c.n], ", "), URL: "https://sample.example/a"}
		if got := Note(Chicago, d, Options{}).String(); !strings.HasPrefix(got, c.note) {
			t.Errorf("%d: note %q", c.n, got)
		}
		for style, want := range c.want {
			if got := Entry(style, d, Options{}).String(); !strings.HasPrefix(got, want) {
				t.Errorf("%d %s: %q", c.n, style, got)
			}
		}
	}
}

func TestQuoteGivesPage(t *testing.T) {
	q := briefs.Quote{} // no page
	d := &briefs.Document{Title: "A title", Author: "Ada Sample", Published: "2014"}
	if got := Short(APA, d, Options{Quote: q}).String(); got != "(Sample, 2014)" {
		t.Error(got)
	}
	s := sourceOf(d, Options{})
	s.page = 7
	web := s
	web.url = "https://sample.example/"
	for got, want := range map[string]string{
		chicagoNote(s).String():    "Ada Sample, A title (2014), 7.",
		chicagoNote(web).String():  "Ada Sample, “A title,” 2014, p. 7, https://sample.example/.",
		chicagoShort(s).String():   "Sample, A title, 7.",
		chicagoShort(web).String(): "Sample, “A title,” 7.",
		apaShort(s).String():       "(Sample, 2014, p. 7)",
		mlaShort(s).String():       "(Sample 7)",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	d.Text = "One two. Three."
	q, err := briefs.NewQuote(d, briefs.Span{Start: 0, End: 8})
	if err != nil {
		t.Fatal(err)
	}
	if got := RIS(d, Options{Quote: q}); !strings.Contains(got, "\r\nN1  - “One two.”\r\n") {
		t.Error(got)
	}
}

func TestParseStyle(t *testing.T) {
	for in, want := range map[string]Style{"": Chicago, "apa": APA, "MLA": MLA, "Chicago": Chicago} {
		if got, err := ParseStyle(in); got != want || err != nil {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	if _, err := ParseStyle("vancouver"); err == nil {
		t.Error("an unknown style is taken")
	}
}

// FuzzCite proves that any metadata gives one line in every style, with what
// it turns turned back, as inert HTML.
func FuzzCite(f *testing.F) {
	f.Add("A \"title\"?", "Ada Sample, Jr., and Gus; Example", "The Sample Lantern", "2014-04", "https://sample.example/a b")
	f.Add("\u202e<b>\r\n", "\u2067, of", "\u2028", "2014-13", "javascript:alert(1)")
	f.Add("‘’", ", Jr.", "&", "0000", "http://\x00")
	f.Fuzz(func(t *testing.T, title, author, publisher, published, url string) {
		d := &briefs.Document{Title: title, Author: author, Publisher: publisher, Published: briefs.Date(published), URL: url}
		for _, style := range Styles() {
			for _, text := range []Text{Note(style, d, Options{Accessed: accessed}), Entry(style, d, Options{}), Short(style, d, Options{})} {
				s := text.String()
				if s == "" || strings.ContainsAny(s, "\r\n\v\f\u0085\u2028\u2029") {
					t.Errorf("%s: %q is not one line", style, s)
				}
				if closers(s) != "" {
					t.Errorf("%s: %q turns what follows", style, s)
				}
				h := strings.NewReplacer("<i>", "", "</i>", "").Replace(text.HTML())
				if strings.ContainsAny(h, "<>") || html.UnescapeString(h) != s {
					t.Errorf("%s: %q is not the text %q", style, h, s)
				}
			}
		}
		r := RIS(d, Options{Accessed: accessed})
		for _, line := range strings.Split(strings.TrimSuffix(r, "\r\n"), "\r\n") {
			if len(line) < 6 || line[2:6] != "  - " || strings.ContainsAny(line, "\r\n") {
				t.Errorf("RIS line %q", line)
			}
		}
	})
}
