package follow

import (
	"strings"
	"testing"
	"time"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		" HTTPS://Example.ORG:443/A/b/?utm_source=x&q=1&UTM_Medium=y#part ": "https://example.org/A/b/?q=1",
		"http://example.org":                             "http://example.org/",
		"http://example.org:8080?fbclid=1":               "http://example.org:8080/",
		"https://user:secret@example.org./%7eana/%c3%a9": "https://example.org/~ana/%C3%A9",
		"https://example.org/a%2Fb?x=%2f&&y":             "https://example.org/a%2Fb?x=%2F&y",
		"https://example.org/ä b":                        "https://example.org/%C3%A4%20b",
		"https://example.org/?%%37e=%zz&%3a=ä b":         "https://example.org/?%%37e=%zz&%3A=%C3%A4%20b",
		"http://[::1]:80/x":                              "http://[::1]/x",
	} {
		got, err := Canonical(in)
		if err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", in, got, err, want)
		}
		if again, err := Canonical(got); err != nil || again != got {
			t.Errorf("%q once more is %q, %v", got, again, err)
		}
	}
	for _, bad := range []string{"", "papers", "ftp://example.org/", "https://", "http:/x", "javascript:alert(1)", "http://[::1", "file:///etc/passwd"} {
		if got, err := Canonical(bad); err == nil {
			t.Errorf("%q is %q", bad, got)
		}
	}
}

// What is one place, and what is not.
func TestPlace(t *testing.T) {
	same := []string{"https://example.org/a", "http://example.org/a/", "https://EXAMPLE.org/a?utm_campaign=z", "https://example.org/a#b"}
	for _, s := range same {
		if place(s) != place(same[0]) {
			t.Errorf("%q is at %q, not at %q", s, place(s), place(same[0]))
		}
		if id := documentID("c", place(s)); id != documentID("c", place(same[0])) || id == documentID("d", place(s)) {
			t.Errorf("%q has the id %s", s, id)
		}
	}
	for _, s := range []string{"https://example.org/A", "https://example.org/a?x=1", "https://www.example.org/a", "https://example.org:8080/a", "https://example.org/"} {
		if place(s) == place(same[0]) {
			t.Errorf("%q is at %q", s, place(s))
		}
	}
	for s, want := range map[string]string{
		"https://example.org/2031/the-harbour.html?x=1": "the-harbour-", "https://example.org/": "example-org-", "https://example.org/index.php": "example-org-", "https://example.org:80/a/%E4%B8%AD/": "中-",
	} {
		if id := documentID("c", place(s)); !strings.HasPrefix(string(id), want) {
			t.Errorf("%q has the id %s, want %s…", s, id, want)
		}
	}
}

// A page is believed where it says that it is the same page, and no more.
func TestOwnAddress(t *testing.T) {
	const at = "https://example.org/news/harbour"
	for _, c := range []struct{ answered, claimed, want string }{
		{at, "", at},
		{at + "?ref=rss", at, at},
		{at + "/amp/", at, at},
		{at + "/print", at, at},
		{at + "/index.html", at + "/", at + "/"},
		{at, "https://example.org/", at},               // the front page on all pages
		{at, "https://example.org/news", at},           // the section
		{at, "https://other.example/news/harbour", at}, // another's place
		{at, "https://example.org/news/treaty", at},
		{at, "::", at},
		{"https://example.org/show?id=7", "https://example.org/show", "https://example.org/show?id=7"},
		{"https://example.org/show?id=7&ref=x", "https://example.org/show?id=7", "https://example.org/show?id=7"},
		{"https://example.org/show?id=7", "https://example.org/show?id=8", "https://example.org/show?id=7"},
	} {
		if got := ownAddress(c.answered, c.claimed); got != c.want {
			t.Errorf("%s that claims %s is %s, want %s", c.answered, c.claimed, got, c.want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"https://example.org/%7e?a=%zz&utm_x", "http://[::1]:80/%", "https://ex%41mple.org/", "https://é.example/ü?ö#ä"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Canonical(s)
		if err != nil {
			return
		}
		if again, err := Canonical(c); err != nil || again != c {
			t.Errorf("%q is %q, once more %q, %v", s, c, again, err)
		}
		if place(c) != place(s) || strings.Contains(c, "#") {
			t.Errorf("%q stands at %q, its canonical address %q at %q", s, place(s), c, place(c))
		}
		_ = documentID("c", place(c))
		_ = ownAddress(c, s)
	})
}

func TestLater(t *testing.T) {
	at := time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC)
	for n, want := range map[int]time.Duration{0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 5: 16 * time.Minute, 7: time.Hour, 1 << 40: time.Hour} {
		if got := doubled(time.Minute, time.Hour, n); got != want {
			t.Errorf("after %d failures %v, want %v", n, got, want)
		}
	}
	seen := map[time.Duration]bool{}
	for i := range 200 {
		d := jitter(time.Hour, "a", at.Add(time.Duration(i)*time.Second))
		if d < 54*time.Minute || d > 66*time.Minute {
			t.Errorf("an hour became %v", d)
		}
		seen[d] = true
	}
	if len(seen) < 150 || jitter(time.Hour, "a", at) == jitter(time.Hour, "b", at) {
		t.Errorf("%d of 200 differ", len(seen))
	}
}
