package text

import "testing"

func TestTerms(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Use, used, using: us.", "use use use us"},
		{"1,000 and 3.5 of $5bn", "1000 and 3_5 of 5 bn"},
		{"It went; they broke.", "it go they break"},
		{"don’t can't cannot", "do not can not can not"},
		{"cyberattacks, cyber-attack", "cyber attack cyber attack"},
		{"café naïve", "cafe naiv"},
		{"e.g. this", "eg this"},
		{"No. 3", "number 3"},
		{"中国", "中 国"},
	} {
		if got := Terms(c.in); got != c.want {
			t.Errorf("Terms(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
