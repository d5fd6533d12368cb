package follow

import (
	"regexp"
	"strings"

	"briefdesk/briefs"
)

// A page that says no more than this many words may be what a server shows in
// place of a document; a longer one is a document, whatever it is called.
const standInWords = 60

var (
	// What pages are called that say with the status of success that there is
	// no such page.
	notThere = regexp.MustCompile(`(?i)^\W*(?:error\W*|http\W*|fehler\W*|erreur\W*)?404(?:\W*$|\W+(?:error|not found)\b)|^\W*not found\W*$|` +
		`\b(?:page|article|content|document)(?: is| was| could| can)? ?(?:not|cannot)(?: be)? found\b|\bpage (?:does not|doesn.t) exist\b|` +
		`\bseite (?:wurde )?nicht gefunden\b|\bpage (?:introuvable|non trouvée)\b|\bpágina no encontrada\b|\bpagina non trovata\b`)

	// What pages are called, or begin with, that ask whether a person reads.
	notForPrograms = regexp.MustCompile(`(?i)^\W*(?:just a moment\b|attention required\b|checking your browser\b|access denied\b|are you a (?:human|robot)\b)|` +
		`\b(?:verify|confirm|prove)(?: that)? you are (?:a )?(?:human|not a robot)\b|\bchecking your browser before accessing\b`)
)

// standIn says that a page shows something else in place of its document: nil
// where it does not. Such a page has few words, so that nothing is lost by
// leaving it.
func standIn(address string, d *briefs.Document) error {
	if wordsOf(d) >= standInWords {
		return nil
	}
	if notThere.MatchString(d.Title) {
		return briefs.Fault(briefs.ErrNotFound, "%s: shows only %q: check the address", address, strings.Join(strings.Fields(d.Title), " "))
	}
	if notForPrograms.MatchString(d.Title) || notForPrograms.MatchString(d.Text) {
		return briefs.Fault(briefs.ErrUnavailable, "%s: asks whether a person reads it: save the page and add the file, or ask its owner", address)
	}
	return nil
}
