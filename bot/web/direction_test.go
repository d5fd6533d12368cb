package web

import (
	"strings"
	"testing"
)

func TestTongueOf(t *testing.T) {
	for text, want := range map[string]tongue{
		"":        {},
		"1914 – ": {},
		"The ferry was old and the sea was rough, so that nobody sailed for a week.":                 {Lang: "en"},
		"Die Fähre war alt und das Meer war rau, so dass von den Leuten nicht einer fuhr.":           {Lang: "de"},
		"Le bac était vieux et la mer était forte, de sorte que personne dans les îles ne partait.":  {Lang: "fr"},
		"El barco era viejo y el mar estaba bravo, así que nadie de las islas quiso salir.":          {Lang: "es"},
		"Prom był stary, a morze wzburzone, więc nikt nie popłynął.":                                 {},
		"המעבורת הייתה ישנה והים סער":                                                                {Dir: "rtl", Lang: "he"},
		"كانت العبارة قديمة وكان البحر":                                                              {Dir: "rtl", Lang: "ar"},
		"کشتی کهنه بود و دریا توفانی بود":                                                            {Dir: "rtl"},
		"The word المد means the tide, and that is all that was said of it.":                         {Lang: "en"},
		"フェリーは古く、海は荒れていた":                                                                            {Lang: "ja"},
		"여객선은 낡았고 바다는 거칠었다":                                                                          {Lang: "ko"},
		"渡轮很旧，海浪很大":                                                                                  {},
		strings.Repeat("The sea was the end of the land. ", 2000) + strings.Repeat("המעבורת", 20000): {Lang: "en"},
	} {
		if got := tongueOf(text); got != want {
			t.Errorf("%.40q: %+v, want %+v", text, got, want)
		}
	}
}

func TestSamplesAreEnglish(t *testing.T) {
	for _, d := range extractedSamples(t) {
		if got := tongueOf(d.Text); got != (tongue{Lang: "en"}) {
			t.Errorf("%s: %+v", d.ID, got)
		}
	}
}
