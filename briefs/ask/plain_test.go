package ask

import "testing"

// What is said around a question is left out; what is asked stays, also where it
// looks alike.
func TestBare(t *testing.T) {
	for in, want := range map[string]string{
		"Why did the talks fail?":      "Why did the talks fail?",
		"  why   did the\ntalks fail ": "why did the talks fail",
		"WHY DID THE TALKS FAIL?":      "why did the talks fail?",
		"NATO?":                        "NATO?",
		"Hi, can you tell me why the talks failed, please?":                              "why the talks failed?",
		"Hello! I would like to know who signed the pact. Thanks!":                       "who signed the pact",
		"Good morning all: does anyone know when the strait froze?":                      "when the strait froze?",
		"Quick question: could you explain to us how tariffs work? Thank you very much.": "how tariffs work?",
		"I’m wondering whether the pact held":                                            "whether the pact held",
		"tell me about export controls":                                                  "about export controls",
		"Can you tell me the objections to the levy?":                                    "the objections to the levy?",
		"Can you help farmers with storm damage?":                                        "Can you help farmers with storm damage?",
		"Who can tell friend from foe?":                                                  "Who can tell friend from foe?",
		"What did the minister thank the crew for?":                                      "What did the minister thank the crew for?",
		"Hi":      "Hi",
		"thanks!": "thanks!",
		"":        "",
	} {
		if got := bare(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
