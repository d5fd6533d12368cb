package ask

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// Limits on what the name of a source may cost.
const (
	mostBylines   = 500  // of those that fit a name
	mostBylined   = 5000 // documents by them
	fewestInitial = 2    // letters of an acronym of a publisher
)

var (
	// viewOf is "X's view on …", "in X's opinion"; viewBy is "the view of X on …",
	// "from the perspective of X"; perSource is "per X, …".
	viewOf = regexp.MustCompile(`(?i)(?:^|\s)((?:[\p{L}\d.&-]+\s+){0,4}?[\p{L}\d.&-]+)['’]s?\s+(?:own\s+)?(?:views?|opinions?|positions?|take|stance|perspective|argument|assessment|analysis)\b`)
	viewBy = regexp.MustCompile(`(?i)\b(?:views?|opinions?|positions?|stance|perspective|argument|assessment|analysis)\s+(?:of|by)\s+((?:the\s+)?[\p{Lu}\d][\p{L}\d.&-]*(?:\s+(?:(?:of|on|for|and)\s+)*\p{Lu}[\p{L}\d.&-]*){0,5})`)
)

// viewNouns are the nouns by which a question asks for the view of a source.
var viewNouns = set("view views opinion opinions position positions take stance perspective argument assessment analysis")

// sourceForm says how a question names its source.
type sourceForm uint8

const (
	sourceSays sourceForm = iota // "what does X say": what others tell of it may do
	sourceView                   // "according to X", "X's view": nobody else will do
)

// viewSource finds the source of "X's view on …": its name as typed, empty for
// none.
func viewSource(q string) string {
	if m := viewOf.FindStringSubmatch(q); m != nil {
		w := strings.Fields(m[1])
		for i := len(w) - 1; i >= 0; i-- { // from the possessive back, as far as it is a name
			lower := strings.ToLower(w[i])
			if auxiliaries[lower] || sourceStops[lower] {
				w = w[i+1:]
				break
			}
		}
		return strings.Join(w, " ")
	}
	if m := viewBy.FindStringSubmatch(q); m != nil {
		return m[1]
	}
	return ""
}

// readSource returns the index terms of the source that a question names, nil
// for none, and how it does.
func readSource(q string) ([]string, sourceForm) {
	if name := viewSource(q); name != "" {
		var out []string
		for _, t := range text.QueryTokens(name) {
			if !t.Stop {
				out = append(out, t.Term)
			}
		}
		return out, sourceView
	}
	form := sourceSays
	if strings.Contains(strings.ToLower(q), "according to") {
		form = sourceView
	}
	return namedSource(q), form
}

// frameViews makes the nouns by which q asks for the view of a source no topic.
func (q *question) frameViews() {
	for i := range q.terms {
		if t := &q.terms[i]; viewNouns[strings.ToLower(t.surface)] && !t.source {
			t.verb, t.frame = false, true
		}
	}
}

// askedSource is the source that q names in the words of its asker; nil for
// none, and where it may be no name at all ("what do people say").
func (q *question) askedSource(asked string) *briefs.AskedSource {
	first, last := "", ""
	named := q.sourceForm == sourceView
	for i := range q.terms {
		if t := &q.terms[i]; t.source && !t.inherited {
			named = named || t.name
			last = t.surface
			if first == "" {
				first = last
			}
		}
	}
	if first == "" || !named {
		return nil
	}
	from := strings.Index(asked, first)
	to := strings.Index(asked[max(from, 0):], last)
	if from < 0 || to < 0 {
		return nil
	}
	return &briefs.AskedSource{Name: asked[from : from+to+len(last)]}
}

// sourceStops are the words that stand before a name and are none of it.
var sourceStops = set("what which who how why in is are was from by about on of and the a to does did do give tell me us summarise summarize explain outline describe its his her their our my")

// bylined restricts r to what the source that q names has written or published,
// and tells the documents to search; all false when the library has nothing of
// it. Only what the scope of r sees is looked at.
func (a *Asker) bylined(ctx context.Context, q *question, r *Request) (only []briefs.DocumentID, found bool, err error) {
	all, err := a.lib.Bylines(ctx, r.Scope)
	if err != nil {
		return nil, false, err
	}
	names := q.sourceNames()
	var fits []briefs.Byline
	publisher := map[string]bool{} // that is the source itself
	judged := map[string]bool{}
	for _, b := range all {
		if r.Publisher != "" && b.Publisher != r.Publisher {
			continue
		}
		if !judged[b.Publisher] {
			judged[b.Publisher] = true
			publisher[b.Publisher] = isPublisher(b.Publisher, names)
		}
		if len(fits) < mostBylines && (publisher[b.Publisher] || mayHold(b.Author+" "+b.Publisher, q.source) && containsAll(text.Terms(b.Author+" "+b.Publisher), q.source)) {
			fits = append(fits, b)
		}
	}
	if len(fits) == 0 {
		return nil, false, nil
	}
	first := fits[0].Publisher
	if publisher[first] && !slices.ContainsFunc(fits, func(b briefs.Byline) bool { return b.Publisher != first }) {
		r.Publisher = first
		return nil, true, nil
	}
	only, err = a.lib.Bylined(ctx, r.Scope, fits, mostBylined)
	return only, len(only) > 0, err
}

// sourceNames are the names, as index terms, that the source of q goes by: as
// typed, and the long forms of an acronym that the library defines.
func (q *question) sourceNames() [][]string {
	out := [][]string{q.source}
	if len(q.source) != 1 {
		return out
	}
	for i := range q.terms {
		if t := &q.terms[i]; t.source {
			for _, f := range t.forms {
				if f.credit >= creditAcronym && len(f.words) > 1 {
					out = append(out, f.words)
				}
			}
		}
	}
	return out
}

// isPublisher reports whether a publisher goes by one of names, or by the acronym
// that is the only one.
func isPublisher(publisher string, names [][]string) bool {
	for _, name := range names {
		if mayHold(publisher, name) && containsAll(text.Terms(publisher), name) {
			return true
		}
	}
	return len(names[0]) == 1 && len(names[0][0]) >= fewestInitial && slices.Contains(initials(publisher), names[0][0])
}

// initials are the acronyms that the words of a name may make: of all of them,
// of those that are not stop words, and of those but "The".
func initials(name string) []string {
	var all, content []byte
	words := text.Tokens(name)
	for _, t := range words {
		first := strings.ToLower(name[t.Start : t.Start+1])[0]
		all = append(all, first)
		if !t.Stop {
			content = append(content, first)
		}
	}
	out := []string{string(all), string(content)}
	if len(words) > 0 && words[0].Term == "the" {
		out = append(out, string(all[1:]))
	}
	return out
}

// mayHold reports whether a line may hold terms at all: their first letters
// stand in it. It spares reading most lines word by word.
func mayHold(line string, terms []string) bool {
	line = strings.ToLower(line)
	for _, t := range terms {
		head := t[:min(len(t), 3)]
		if t[0] != '_' && strings.IndexFunc(t, func(r rune) bool { return r > 127 }) < 0 && isASCII(line) && !strings.Contains(line, head) {
			return false
		}
	}
	return true
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0 }

// ofSource searches what the source of q has written or published. Where the
// library has nothing of it, ok is false, and answers must name it.
func (a *Asker) ofSource(ctx context.Context, q *question, r Request) (hits []briefs.Hit, ok bool, err error) {
	only, found, err := a.bylined(ctx, q, &r)
	if err != nil || !found {
		return nil, false, err
	}
	q.dropSource()
	hits, err = a.searchTwice(ctx, q, r, only)
	return hits, true, err
}

// namesSource reports whether s names the source that q wants to hear, or
// points back to a sentence that does.
func (q *question) namesSource(s *sentence) bool {
	for i := range q.terms {
		if q.terms[i].source && max(s.credits[i], s.context[i]) > 0 {
			return true
		}
	}
	return false
}
