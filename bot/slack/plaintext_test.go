package slack

import (
	"strings"
	"testing"
)

func TestPlainText(t *testing.T) {
	names := func(user string) string { return map[string]string{"U1": "ana"}[user] }
	for in, want := range map[string]string{
		"<@U0BOT> why?":              "why?",
		"hey <@U0BOT|desk>, why?":    "hey , why?",
		"  <@U0BOT>  a\n<@U0BOT> b ": "a\n b",
		"ask <@U1> and <@U2|ben>":    "ask @ana and @ben",
		"<@U3>":                      "@U3",
		"<#C1|cyber> <#C2>":          "#cyber #C2",
		"<!here> <!subteam^S1|@team> <!date^1^{date}|today>":   "@here @team today",
		"<https://x.org/a|x.org/a> <https://x.org/b|the text>": "https://x.org/a the text",
		"<https://x.org/a?b=1&amp;c=2>":                        "https://x.org/a?b=1&c=2",
		"<mailto:a@x.org|a@x.org>":                             "a@x.org",
		"a &lt;b&gt; &amp;amp;":                                "a <b> &amp;",
		"1 < 2":                                                "1 < 2",
		"<":                                                    "<",
		"<>":                                                   "",
		"<|label>":                                             "label",
	} {
		if got := plainText(in, "U0BOT", names); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Plain text survives anything, is the same when it was plain before, and what
// was escaped comes back.
func FuzzPlainText(f *testing.F) {
	for _, s := range []string{"<@U0BOT> why?", "a<b|c>d&amp;", "<<>>", "<!|", "é\x00<"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plainText(s, "U0BOT", nil)
		if got := plainText(escape(s), "", nil); got != strings.TrimSpace(s) {
			t.Errorf("%q came back as %q", s, got)
		}
	})
}
