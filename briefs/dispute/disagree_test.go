package dispute_test

import (
	"strings"
	"testing"

	"briefdesk/briefs/dispute"
	"briefdesk/briefs/text"
)

// asked are the content terms of a question.
func asked(question string) map[string]bool {
	out := map[string]bool{}
	for _, t := range text.QueryTokens(question) {
		if !t.Stop {
			out[t.Term] = true
		}
	}
	return out
}

func TestDisagree(t *testing.T) {
	for _, c := range []struct {
		about, a, b string
		want        dispute.Over
	}{
		// Another number for the same thing.
		{"Lorem blackout", "The Lorem blackout lasted 14 hours.", "The Lorem blackout lasted nine hours, officials said.", dispute.OverNumber},
		{"Lorem blackout", "The Lorem blackout lasted 14 hours and affected 2 million homes.", "The Lorem blackout lasted nine hours.", dispute.OverNumber},
		{"tunnel cost", "The Ipsum tunnel cost 40 million euros.", "According to the audit, the Ipsum tunnel cost 55 million euros.", dispute.OverNumber},
		{"tunnel cost", "The Ipsum tunnel cost €40 million.", "The Ipsum tunnel cost 55 million euros.", dispute.OverNumber},
		{"members alliance", "The alliance of Dolor has 28 members.", "The alliance of Dolor has 32 members.", dispute.OverNumber},
		{"share of households", "In Ipsum 40 per cent of households have a meter.", "In Ipsum 62% of households have a meter.", dispute.OverNumber},
		{"people killed explosion", "The explosion in Lorem killed 12 people.", "The explosion in Lorem killed 17 people, a spokesman said.", dispute.OverNumber},
		{"attack registry", "The attack on the Lorem registry cost 3 million euros.", "A later audit put the cost of the attack on the Lorem registry at 7 million euros.", ""}, // "later": said when
		{"attack registry", "The attack on the Lorem registry cost 3 million euros.", "An audit put the cost of the attack on the Lorem registry at 7 million euros.", dispute.OverNumber},
		// The same number, said otherwise, or no more than a bound.
		{"Lorem blackout", "The Lorem blackout lasted nine hours.", "The Lorem blackout lasted 9 hours.", ""},
		{"Lorem blackout", "The Lorem blackout lasted about ten hours.", "The Lorem blackout lasted 9 hours.", ""},
		{"Lorem blackout", "The Lorem blackout lasted more than 9 hours.", "The Lorem blackout lasted 14 hours.", ""},
		{"Lorem blackout", "The Lorem blackout lasted 10 to 15 hours.", "The Lorem blackout lasted 14 hours.", ""},
		{"Lorem blackout", "The Lorem blackout lasted 10-15 hours.", "The Lorem blackout lasted 20 hours.", ""},
		{"tunnel cost", "The Ipsum tunnel cost 40 million euros.", "The Ipsum tunnel cost 40.2 million euros.", ""},
		{"tunnel cost", "The Ipsum tunnel cost 2,000,000 euros.", "The Ipsum tunnel cost 2 million euros.", ""},
		{"tunnel cost", "The Ipsum tunnel cost 40 million euros.", "The Ipsum tunnel cost 55 million dollars.", ""},
		// Of different things.
		{"tunnel cost", "The road tunnel cost 40 million euros.", "The rail tunnel cost 55 million euros.", ""},
		{"tunnel cost", "The tunnel cost 40 million euros.", "The second tunnel cost 55 million euros.", ""},
		{"tunnel cost", "The tunnel cost 40 million euros to build.", "The tunnel cost 3 million euros to light.", ""},
		{"tunnel cost", "The tunnel cost 40 million euros.", "The tunnel cost 3 million euros a year.", ""},
		{"tunnel cost", "The tunnel at Ipsum cost 40 million euros.", "The tunnel at Dolor cost 55 million euros.", ""},
		{"frigate cost", "A new frigate costs 900 million euros.", "A used frigate costs 100 million euros.", ""},
		{"repair takes", "In winter a repair takes 31 days.", "In summer a repair takes 21 days.", ""},
		{"repair takes", "A repair took 21 days in 2019.", "A repair took 31 days in 2022.", ""},
		{"repair takes", "A repair took 21 days in 2019.", "A repair takes 31 days.", ""},
		{"fee", "For new members the fee is 5 euros.", "For old members the fee is 9 euros.", ""},
		{"exports rose", "Exports of Ipsum rose by 5 per cent.", "Exports of Ipsum rose to 7 per cent.", ""},
		{"exports rose", "Exports of Ipsum rose from 5 per cent to 7 per cent.", "Exports of Ipsum rose from 5 per cent to 9 per cent.", ""},
		{"tunnel cost", "The tunnel would cost 40 million euros.", "The tunnel cost 55 million euros.", ""},
		{"tunnel cost", "The tunnel was planned to cost 40 million euros.", "The tunnel cost 55 million euros.", ""},
		{"ships fleet", "The fleet has 40 ships.", "The fleet has 300 sailors.", ""},
		// Another date for what happens once.
		{"treaty signed", "The Lorem treaty was signed on 4 May 2014.", "The Lorem treaty was signed on 7 June 2014.", dispute.OverDate},
		{"treaty signed", "The Lorem treaty was signed in 2014.", "The Lorem treaty was signed in 2016.", dispute.OverDate},
		{"treaty signed", "The Lorem treaty was signed in May 2014.", "The Lorem treaty was signed on 4 May 2014.", ""},
		{"treaty signed", "The Lorem treaty was signed in 2014.", "The Ipsum treaty was signed in 2016.", ""},
		{"treaty signed", "The Lorem treaty was signed in 2014.", "The Lorem treaty was amended in 2016.", ""},
		{"exports rose", "Exports rose in 2014.", "Exports rose in 2016.", ""},
		{"port opened", "The port of Lorem opened in 1990.", "The port of Lorem opened in 1992.", dispute.OverDate},
		{"port opened", "The port of Lorem opened in 1990.", "The port of Lorem opened again in 1992.", ""},
		// One denies what the other says.
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Lorem did not work, because the ports stayed open.", dispute.OverFact},
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Lorem failed.", dispute.OverFact},
		{"council approved tunnel", "The council approved the tunnel.", "The council rejected the tunnel.", dispute.OverFact},
		{"council approved tunnel", "The council approved the tunnel.", "The council never approved the tunnel.", dispute.OverFact},
		{"ransomware norm", "A norm against ransomware is necessary.", "A norm against ransomware is unnecessary.", dispute.OverFact},
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Ipsum did not work.", ""},
		{"sanctions work", "The sanctions against Lorem did not work.", "The sanctions against Lorem failed.", ""},
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Lorem did not fail.", ""},
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Lorem did not work quickly.", ""},
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Lorem did not only work, they were cheap.", ""},
		{"sanctions work", "The oil sanctions against Lorem worked.", "The travel sanctions against Lorem did not work.", ""},
		{"sanctions work", "The sanctions against Lorem worked.", "The sanctions against Lorem may not work.", ""},
		{"direct debit", "Direct debit if you have set one up with the office of Lorem.", "Direct debit if you have not set one up with the office of Lorem.", ""},
		{"sanctions work", "The sanctions against Lorem worked at first.", "In the end the sanctions against Lorem did not work.", ""},
		{"sanctions work", "The sanctions against Lorem worked.", "Did the sanctions against Lorem not work?", ""},
		{"exports", "Exports of Lorem rose in March.", "Exports of Lorem fell in April.", ""},
		{"exports", "Exports of Lorem rose.", "Imports of Lorem fell.", ""},
		{"trust", "Trust between the rivals is low.", "Trust between the allies is high.", ""},
		// Nothing in common.
		{"ferry", "The ferry was stopped because the harbour froze.", "The ferry was stopped because the crew went home.", ""},
		{"", "", "", ""},
	} {
		r := dispute.NewReader()
		a, b := r.Read(c.a, nil), r.Read(c.b, nil)
		got, back := dispute.Disagree(a, b, asked(c.about)), dispute.Disagree(b, a, asked(c.about))
		if got != c.want || back != got {
			t.Errorf("%q\n%q: %q, the other way %q, want %q", c.a, c.b, got, back, c.want)
		}
		for _, s := range []*dispute.Statement{a, b} {
			if over := dispute.Disagree(s, s, asked(c.about)); over != "" {
				t.Errorf("a sentence disagrees with itself over %s: %q, %q", over, c.a, c.b)
			}
		}
		upper := r.Read(strings.ToUpper(c.a[:min(1, len(c.a))])+c.a[min(1, len(c.a)):]+" ", nil)
		if dispute.Disagree(a, upper, asked(c.about)) != "" {
			t.Errorf("%q disagrees with itself", c.a)
		}
	}
}
