package text

// american returns the spelling that the stemmer knows.
func american(w string) string { return w }
