package text

import "strings"

// american returns a British spelling as an American one, so that both have
// one stem; any other word as it is. Irregular single words stand in
// irregular.txt.
func american(w string) string {
	if len(w) < 5 {
		return w
	}
	if i := strings.Index(w, "our"); i > 0 {
		for _, stem := range ourWords {
			if strings.HasPrefix(w, stem) {
				return stem[:len(stem)-2] + w[len(stem)-1:]
			}
		}
	}
	if i := strings.LastIndex(w, "is"); i > 2 && !keepsS(w) {
		switch w[i:] {
		case "ise", "ised", "ises", "ising", "iser", "isers", "isation", "isations", "isational", "isable":
			return w[:i+1] + "z" + w[i+2:]
		}
	}
	if i := strings.LastIndex(w, "yse"); i > 2 && (strings.HasPrefix(w, "anal") || strings.HasPrefix(w, "paral") || strings.HasPrefix(w, "catal")) {
		return w[:i] + "yze" + w[i+3:]
	}
	if strings.HasSuffix(w, "ysing") && (strings.HasPrefix(w, "anal") || strings.HasPrefix(w, "paral")) {
		return w[:len(w)-5] + "yzing"
	}
	for _, p := range [...][2]string{{"centre", "center"}, {"theatre", "theater"}, {"metre", "meter"}, {"litre", "liter"}, {"fibre", "fiber"}, {"calibre", "caliber"}, {"sabre", "saber"}, {"spectre", "specter"}, {"kilometre", "kilometer"}} {
		if rest, ok := strings.CutPrefix(w, p[0]); ok && (rest == "" || rest == "s" || rest == "d") {
			return p[1] + strings.TrimPrefix(rest, "d")
		}
	}
	for _, p := range [...][2]string{{"defence", "defense"}, {"offence", "offense"}, {"licence", "license"}, {"pretence", "pretense"}, {"practise", "practice"}, {"practising", "practicing"}} {
		if rest, ok := strings.CutPrefix(w, p[0]); ok {
			return p[1] + rest
		}
	}
	return w
}

// ourWords end in -or in American spelling, with all that can follow.
var ourWords = []string{
	"behaviour", "colour", "favour", "honour", "labour", "harbour", "neighbour", "endeavour", "rumour", "vapour", "humour",
	"armour", "savour", "vigour", "rigour", "odour", "tumour", "flavour", "clamour", "candour", "fervour", "rancour", "splendour",
	"valour", "demeanour", "misdemeanour", "dishonour", "disfavour", "discolour", "parlour", "saviour", "succour", "belabour",
}

// keepsS reports whether the -ise of w is no suffix.
func keepsS(w string) bool {
	for _, stem := range iseWords {
		if strings.HasPrefix(w, stem) {
			return true
		}
	}
	for _, end := range [...]string{"wise", "rise", "rises", "rising", "prise", "prises", "prised", "prising", "raise", "raises", "raised", "raising"} {
		if strings.HasSuffix(w, end) && !strings.HasSuffix(w, "arise") && !rizes(w) {
			return true
		}
	}
	return false
}

// rizes reports whether w is a verb in -rise that Americans write with z:
// "authorise", "summarising".
func rizes(w string) bool {
	for _, s := range [...]string{"author", "catego", "summar", "prior", "terror", "theor", "memor", "polar", "popular", "secular", "regular", "familiar", "militar", "character", "computer", "pressur", "deregular", "monetar", "tempor", "valor", "vapor", "rigor", "milita", "demilitar", "depolar", "securit", "motor", "mesmer", "pulver", "pauper", "tender", "steril", "burglar", "particular", "cauter", "weather"} {
		if strings.HasPrefix(w, s) || strings.HasPrefix(w, "un"+s) || strings.HasPrefix(w, "de"+s) || strings.HasPrefix(w, "re"+s) {
			return true
		}
	}
	return false
}

// iseWords are spelt with s everywhere.
var iseWords = []string{
	"advertis", "advis", "ais", "apprais", "arise", "aris", "braise", "bruis", "chastis", "circumcis", "compris", "compromis", "concis",
	"cruis", "demis", "despis", "devis", "disguis", "enfranchis", "enterpris", "excis", "exercis", "expertis", "franchis",
	"guis", "improvis", "incis", "likewis", "merchandis", "nois", "otherwis", "paradis", "pois", "prais", "precis", "premis",
	"previs", "promis", "rais", "repris", "revis", "supervis", "surmis", "surpris", "televis", "treatis", "turquois", "unadvis",
	"valis", "practis", "anis", "mayonnais", "malais", "liais", "porpois", "tortois", "reprais", "upris", "sunris",
}
