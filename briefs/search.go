package briefs

// Scope is the set of collections that a question may see. Its zero value
// sees nothing, so that a forgotten scope leaks nothing.
type Scope struct {
	all         bool
	collections []string
}

// Everything is the scope of the operator: all collections.
func Everything() Scope { return Scope{all: true} }

// Only is the scope of the named collections.
func Only(collections ...string) Scope { return Scope{collections: collections} }

// All reports whether s sees every collection.
func (s Scope) All() bool { return s.all }

// Collections returns the names that s is limited to; meaningless when All.
func (s Scope) Collections() []string { return s.collections }

// Sees reports whether s includes the collection.
func (s Scope) Sees(collection string) bool {
	if s.all {
		return true
	}
	for _, c := range s.collections {
		if c == collection {
			return true
		}
	}
	return false
}

// Query is what a Searcher is asked: terms, never engine syntax.
type Query struct {
	Terms     []Term       // any may match; none means no hit
	Scope     Scope        // applied before the limit
	From, To  Date         // publication window, inclusive; empty is open. Undated documents are outside any window
	Documents []DocumentID // when not empty, only these
	Publisher string       // exactly this one; empty is any
	Limit     int          // at most so many hits; below 1 means none
}

// Term is one thing that is sought, in one or more forms.
type Term struct {
	// Forms are alternatives. Each is an index term, or several separated by
	// spaces: a phrase, adjacent and in order.
	Forms  []string
	Weight float64 // relative weight, 1 is usual; a backend may ignore it
}

// Hit is one passage found.
type Hit struct {
	Passage
	Title, Author, Publisher string
	Published                Date
	Collection               string
	Score                    float64 // only its order is promised, never its size
}
