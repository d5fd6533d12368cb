package text

// Synonyms returns the other members of the thesaurus groups that hold terms,
// a term or several joined by a space, in the order of the table; nil when
// there are none.
func Synonyms(terms string) []string { return nil }
