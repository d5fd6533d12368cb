package cite

import (
	"strings"
	"unicode"
)

// authors reads the author field of a document: names joined by ", ", as
// briefs.Document says, or what else files write there: "A; B", "A and B",
// "Doe, Jane". publisher helps to know an organisation.
func authors(field, publisher string) []name {
	field = strings.Trim(field, " ,;")
	switch {
	case field == "":
		return nil
	case publisher != "" && strings.EqualFold(field, publisher):
		return []name{{whole: field}}
	case strings.Contains(field, ";"):
		var out []name
		for _, piece := range strings.Split(field, ";") {
			if piece = strings.Trim(piece, " ,"); piece != "" {
				out = append(out, one(piece))
			}
		}
		return out
	}
	pieces := piecesOf(field)
	if len(pieces) == 2 && turnedRound(pieces[0], pieces[1]) {
		return []name{one(field)}
	}
	var out []name
	for _, p := range pieces {
		a, b, two := strings.Cut(p, " and ")
		if !two {
			a, b, two = strings.Cut(p, " & ")
		}
		if two && personal(a) && personal(b) {
			out = append(out, person(a), person(b))
			continue
		}
		if organisation(p) {
			out = append(out, name{whole: p})
			continue
		}
		out = append(out, person(p))
	}
	return out
}

// one reads a name that may be turned round: "King, Martin Luther, Jr."
func one(s string) name {
	family, given, ok := strings.Cut(s, ",")
	if !ok || organisation(s) {
		if organisation(s) {
			return name{whole: s}
		}
		return person(s)
	}
	given, suffix, _ := strings.Cut(strings.TrimSpace(given), ",")
	n := name{family: strings.TrimSpace(family), given: strings.TrimSpace(given), suffix: strings.TrimSpace(suffix)}
	if suffixes[strings.ToLower(n.given)] { // "Martin Luther King, Jr."
		suffix, n = n.given, person(family)
		if n.whole == "" && n.suffix == "" {
			n.suffix = suffix
		}
	}
	if n.family == "" && n.whole == "" || n.given == "" && n.whole == "" {
		return name{whole: strings.Trim(s, " ,")}
	}
	if degrees[strings.ToLower(n.suffix)] {
		n.suffix = ""
	}
	return n
}

// piecesOf cuts the field at its commas and mends what no comma should cut:
// "King, Jr.", "Department of Health, Education and Welfare". Degrees are left
// out, as all styles do.
func piecesOf(field string) []string {
	var out []string
	for _, p := range strings.Split(field, ",") {
		p = strings.TrimSpace(p)
		for _, and := range []string{"and ", "& "} {
			p = strings.TrimPrefix(p, and)
		}
		n := len(out)
		switch {
		case p == "":
		case n > 0 && degrees[strings.ToLower(p)]:
		case n > 0 && suffixes[strings.ToLower(p)]:
			out[n-1] += " " + p
		case n > 0 && organisation(out[n-1]) && strings.Contains(p, " and ") && !twoPersons(p):
			out[n-1] += ", " + p
		default:
			out = append(out, p)
		}
	}
	return out
}

func twoPersons(p string) bool {
	a, b, ok := strings.Cut(p, " and ")
	return ok && personal(a) && personal(b)
}

// turnedRound reports whether two pieces are one name: a single word, then a
// single word or initials. Two authors of one word each are rarer than files
// that write "Doe, Jane"; agencies are written so, and known.
func turnedRound(family, given string) bool {
	if strings.Contains(family, " ") || organisation(family) || organisation(given) || agency(family) || agency(given) {
		return false
	}
	w := strings.Fields(given)
	for _, initial := range w[1:] {
		if len(strings.TrimSuffix(initial, ".")) > 2 {
			return false
		}
	}
	return true
}

// agency reports whether a single word is an outlet or an acronym.
func agency(s string) bool {
	return agencies[strings.ToLower(s)] || len(s) > 1 && s == strings.ToUpper(s) && !strings.Contains(s, ".")
}

var (
	agencies = words(`reuters bloomberg xinhua tass dpa ansa efe kyodo yonhap politico axios staff editors redaktion`)
	// bodies are words that hardly any personal name has.
	bodies = words(`academy administration agency alliance association authority bank board bureau center centre coalition college commission committee company
		conference congress consortium corporation corps council department desk directorate editorial editors embassy federation forum foundation fund government group
		inc inc. initiative institut institute institution instituto laboratory league ltd ltd. gmbh llc ministry ministère ministerio mission nations network news newsroom
		observatory office organisation organization parliament partnership programme program project secretariat senate service society staff stiftung fondation fundación
		team times tribunal union universidad universität université university watch`)
	// perhaps are words that are surnames too: they count in long names.
	perhaps = words(`court house party post press review school trust`)
	// links join the words of an organisation's name.
	links = words(`of for on the and in to & des für pour para et und y`)
)

// organisation reports whether s is no personal name.
func organisation(s string) bool {
	w := strings.Fields(strings.ToLower(s))
	for i, word := range w {
		word = strings.Trim(word, "(),'’")
		switch {
		case len(w) > 1 && bodies[word], len(w) > 2 && perhaps[word], len(w) > 1 && i == 0 && word == "the",
			i > 0 && links[word] && !(word == "y" && len(w) < 5) || strings.HasPrefix(word, "bundes"):
			return true
		}
	}
	return strings.IndexFunc(s, unicode.IsDigit) >= 0 || len(w) > 7
}

// personal reports whether s looks like a full personal name.
func personal(s string) bool {
	w := strings.Fields(s)
	return len(w) >= 2 && len(w) <= 5 && !organisation(s) && startsUpper(w[0]) && startsUpper(w[len(w)-1])
}

func startsUpper(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
	}
	return false
}
