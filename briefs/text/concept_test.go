package text

import (
	"strings"
	"testing"
)

func TestConcepts(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"US, U.S., USA, U.S.A. and U. S.", "_us _us _us _us and _us"},
		{"the United States of America", "the _us"},
		{"United States; America's; American; Americans; United\nStates; United-States", "_us _us _us _us _us _us"},
		{"tell us more", "tell us more"},
		{"TELL US MORE", "tell us more"},
		{"THE US AND CHINA AGREE", "the _us and _cn agre"},
		{"TALKS IN THE U.S. TODAY", "talk in the _us today"},
		{"US-China talks", "_us _cn talk"},
		{"U.S.-China", "_us _cn"},
		{"Latin American states", "latin american state"},
		{"British Columbia", "british columbia"},
		{"the South China Sea", "the south _cn sea"},
		{"New Mexico and Mexico City", "new mexico and _mx citi"},
		{"Turkey eats turkey", "_tr eat turkey"},
		{"Polish your Polish", "_pl your _pl"},
		{"polish it", "polish it"},
		{"WHO says who", "_who say who"},
		{"WHO DID THIS AND WHY", "who did this and why"},
		{"Niger, Nigeria, Nigerien, Nigerian", "_ne _ng _ne _ng"},
		{"the Democratic Republic of the Congo; the Republic of the Congo; Congo", "the _cd the _cg _congo"},
		{"Papua New Guinea, New Guinea, Guinea-Bissau, Equatorial Guinea, Guinea", "_pg new guinea _gw _gq _gn"},
		{"Dominica and Dominicans", "_dm and _do"},
		{"North Koreans and South Korea", "_kp and _kr"},
		{"Côte d’Ivoire, Ivory Coast", "_ci _ci"},
		{"St. Lucia", "_lc"},
		{"Trinidad & Tobago", "_tt"},
		{"Northern Ireland", "_nir"},
		{"American Samoa", "american samoa"},
		{"People’s Republic of China; Republic of China", "_cn _tw"},
		{"the Americas", "the america"},
		{"_us", "us"},
	} {
		if got := Terms(c.in); got != c.want {
			t.Errorf("Terms(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestQueryConcepts(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"us-china relations", "_us _cn"},
		{"china-us relations", "_cn _us"},
		{"the us", "the _us"},
		{"us and china", "_us and _cn"},
		{"Us and china", "_us and _cn"},
		{"china and us", "_cn and _us"},
		{"between us and south korea", "between _us and _kr"},
		{"us government", "_us"},
		{"why did us impose tariffs", "did _us"},
		{"what does this mean for us", "for us"},
		{"why should us be trusted", "should _us"},
		{"did us a favour", "did us"},
		{"us-led coalition", "_us"},
		{"anti-us protests", "anti _us"},
		{"polish government", "_pl"},
		{"how to polish a draft", "polish"},
		{"turkey and the eu", "_tr and the _eu"},
		{"un security council", "_unsc"},
		{"the un", "_un"},
		{"who wrote this", "who"},
		{"who did the WHO blame", "who did the _who"},
		{"WHY DID US-CHINA RELATIONS FAIL", "did _us _cn"},
		{"it is us versus them", "us versus"},
		{"germany", "_de"},
	} {
		var terms []string
		for _, tok := range QueryTokens(c.in) {
			terms = append(terms, tok.Term)
		}
		got := strings.Join(terms, " ")
		if !strings.Contains(" "+got+" ", " "+c.want+" ") {
			t.Errorf("QueryTokens(%q) = %q, want %q in it", c.in, got, c.want)
		}
	}
}
