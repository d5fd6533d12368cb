package extract

import "testing"

// TestNextPage: the next part of an article is told from the next article.
func TestNextPage(t *testing.T) {
	const article = `<meta property="og:type" content="article">`
	for _, c := range []struct{ name, own, page, want string }{
		{"rel=next in the head", "https://a.example/river", article + `<link rel="next" href="/river?page=2">`, "https://a.example/river?page=2"},
		{"the next post of a blog", "https://a.example/river", article + `<link rel="next" href="/2031/04/orchards">`, ""},
		{"a row of numbers", "https://a.example/river/", article + `<b>1</b> <a href="2/">2</a> <a href="3/">3</a>`, "https://a.example/river/2/"},
		{"the second of a row", "https://a.example/river/2/", article + `<a href="/river/">1</a> <b>2</b> <a href="/river/3/">3</a>`, "https://a.example/river/3/"},
		{"the last of a row", "https://a.example/river/3/", article + `<a href="/river/">1</a> <a href="/river/2/">2</a> <b>3</b>`, ""},
		{"articles with numbers", "https://a.example/news/19", article + `<a rel="prev" href="/news/18">Previous</a> <a rel="next" href="/news/20">Next</a>`, ""},
		{"words", "https://a.example/river.html", article + `<a href="river-2.html">Next page »</a>`, "https://a.example/river-2.html"},
		{"page 1 of 3", "https://a.example/river.html", `Page 1 of 3 <a href="river_p2.html">Next</a>`, "https://a.example/river_p2.html"},
		{"a list of articles", "https://a.example/blog", `<article>a</article><article>b</article><a rel="next" href="/blog/page/2">Older</a>`, ""},
		{"another site", "https://a.example/river", article + `<a rel="next" href="https://b.example/river?page=2">Next</a>`, ""},
		{"comments", "https://a.example/river/", article + `<a href="/river/comment-page-2/#comments">2</a>`, ""},
		{"a base", "https://a.example/x/river", article + `<base href="https://a.example/x/"><a href="river?p=2">2</a>`, "https://a.example/x/river?p=2"},
		{"no address", "", article + `<link rel="next" href="https://a.example/river?page=2">`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Name: "a.html", URL: c.own, Type: "text/html", Data: []byte("<!doctype html><html>" + c.page)}
			if got := NextPage(in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
