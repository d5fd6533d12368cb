package summary

import (
	"regexp"
	"strings"
)

// amount is a number that measures something: with a currency, a percent
// sign, a unit or a counted noun behind it. Years and days are none.
var amount = regexp.MustCompile(`(?i)(?:[$€£¥] ?\d[\d,.]*\d?(?: (?:thousand|million|billion|trillion))?(?:\b|%)` +
	`|\b\d[\d,.]*(?:%| ?(?:percent|per cent|percentage points?))` +
	`|\b\d[\d,.]* (?:thousand |million |billion |trillion )?(?:dollars|euros?|pounds|yen|yuan|francs|cents|` + units + `)\b` +
	`|\b\d[\d,.]* (?:thousand|million|billion|trillion)\b` +
	`|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d[\d,.]*) (?:in|of|out of) (?:the |every )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d[\d,.]*)\b)`)

// ofYear is no amount: "paper 3 of 2024", "one in 2019".
var ofYear = regexp.MustCompile(`(?:of|in) (?:19|20)\d\d$`)

const units = `people|persons|inhabitants|residents|workers|jobs|households|families|patients|soldiers|troops|students|children|countries|states|cities|towns|villages|` +
	`companies|firms|projects|cases|ships|vessels|aircraft|missiles|tanks|drones|hospitals|beds|plants|reactors|terminals|cables|` +
	`tonnes|tons|kilograms|kilometres|kilometers|miles|metres|meters|hectares|acres|litres|barrels|degrees|` +
	`megawatts|gigawatts|kilowatts|terawatt-hours|gigawatt-hours|megawatt-hours|kilowatt-hours|MW|GW|kW|TWh|GWh|MWh|kWh|` +
	`minutes|hours|days|weeks|months|years|times`

// numbers are sentences that measure something, each labelled with its first
// amount as it is written.
func (w *work) numbers(words int) []item {
	var counted []*sentence
	label := map[*sentence]string{}
	for _, s := range w.pool.sentences {
		if s.used {
			continue
		}
		if m := amount.FindString(s.text); m != "" && !ofYear.MatchString(m) {
			label[s] = strings.TrimRight(m, ",.")
			counted = append(counted, s)
		}
	}
	out := alone(w.pool.pick(&w.chosen, counted, words, mostRows, func(*sentence) float64 { return 1 }))
	for i := range out {
		out[i].label = label[out[i].sentences[0]]
	}
	return out
}
