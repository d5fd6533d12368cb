package text

import "testing"

// TestKin holds words that must share a term; TestApart words that must not.
func TestKin(t *testing.T) {
	for _, c := range [][]string{
		{"use", "used", "using", "uses"},
		{"go", "went", "gone", "goes"},
		{"break", "broke", "broken", "breaking"},
		{"fall", "fell", "fallen"},
		{"woman", "women"},
		{"crisis", "crises"},
		{"child", "children"},
		{"organise", "organised", "organization", "organisations", "organizing"},
		{"prioritise", "prioritize"},
		{"authorise", "authorized", "authorisation"},
		{"summarise", "summarize"},
		{"criticise", "criticized"},
		{"defence", "defense", "defences"},
		{"labour", "labor"},
		{"behaviours", "behavior"},
		{"neighbouring", "neighboring"},
		{"centre", "centers"},
		{"analyse", "analyze", "analysing"},
		{"programme", "programs"},
		{"fuelled", "fueled", "fuelling"},
		{"travelled", "traveled"},
		{"sceptical", "skeptical"},
		{"ageing", "aging"},
		{"strategy", "strategic"},
		{"economy", "economic", "economies"},
		{"policy", "policies"},
		{"co-operate", "cooperate", "cooperation"},
		{"e-mail", "email", "emails"},
		{"licence", "license"},
		{"rise", "rose", "risen", "rising"},
		{"said", "say", "says"},
		{"fulfil", "fulfilled", "fulfill"},
		{"litre", "liters"},
		{"lose", "lost", "losing"},
		{"sold", "selling"},
		{"migrants", "migration"},
		{"politics", "political"},
		{"liberalisation", "liberalize"},
		{"realise", "realized"},
		{"militarised", "militarize"},
		{"popularise", "popularized"},
	} {
		want := Terms(c[0])
		for _, w := range c[1:] {
			if got := Terms(w); got != want {
				t.Errorf("Terms(%q) = %q, want %q as of %q", w, got, want, c[0])
			}
		}
	}
}

func TestApart(t *testing.T) {
	for _, c := range [][2]string{
		{"us", "use"},
		{"important", "import"},
		{"organ", "organization"},
		{"internal", "international"},
		{"university", "universe"},
		{"several", "severe"},
		{"authority", "author"},
		{"executive", "execute"},
		{"emergency", "emerge"},
		{"department", "depart"},
		{"policy", "police"},
		{"promise", "prom"},
		{"rational", "ration"},
		{"wise", "wize"},
		{"secret", "secretary"},
		{"new", "news"},
		{"good", "goods"},
		{"even", "evening"},
		{"like", "likely"},
	} {
		if a, b := Terms(c[0]), Terms(c[1]); a == b {
			t.Errorf("Terms(%q) = Terms(%q) = %q", c[0], c[1], a)
		}
	}
	for _, w := range []string{"rise", "surprised", "promised", "exercise", "supervising", "compromise", "enterprise", "advised", "raising", "noise", "otherwise", "decisive", "revised", "mission", "disease", "visible", "crises", "analysis"} {
		if got := american(w); got != w {
			t.Errorf("american(%q) = %q", w, got)
		}
	}
}
