package ask

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

const (
	// leastTyped is how many letters a word has that is taken for mistyped;
	// shorter ones are too near to too many others.
	leastTyped = 4
	// maxCorrected is how many words of a question are looked up.
	maxCorrected = 4
	// typedContext is how many passages about the other words tell what a word
	// was meant for.
	typedContext = 50
	// writtenHits is in how many passages a name is looked for.
	writtenHits = 3
	// formsSought is how many forms one search takes.
	formsSought = 64
)

// correct reads the words of a question that nothing in s holds, and that are
// no English words, as the nearest that something in s holds: one
// letter more, less or other, or two exchanged. It returns the question in
// those words, and what it read otherwise.
func (a *Asker) correct(ctx context.Context, question string, s briefs.Scope) (string, []briefs.Correction, error) {
	if a.without[Corrections] {
		return question, nil, nil
	}
	toks := text.QueryTokens(question)
	var unsure []text.Token
	var terms []string
	for _, t := range toks {
		word, _ := wordOf(question[t.Start:t.End])
		if !t.Stop && len(terms) < maxTerms && len(word) >= leastTyped && isPlain(word) && !strings.HasPrefix(t.Term, "_") && !text.IsWord(strings.ToLower(word)) {
			unsure, terms = append(unsure, t), append(terms, t.Term)
		}
	}
	if len(terms) == 0 {
		return question, nil, nil
	}
	df, _, err := a.lib.DocFreq(ctx, s, terms)
	if err != nil {
		return question, nil, err
	}
	var out strings.Builder
	var all []briefs.Correction
	at := 0
	for i, t := range unsure {
		if df[i] > 0 || len(all) == maxCorrected {
			continue
		}
		typed, rest := wordOf(question[t.Start:t.End])
		read, err := a.nearest(ctx, strings.ToLower(typed), t.Term, toks, s)
		if err != nil {
			return question, nil, err
		}
		if read == "" {
			continue
		}
		read = likeCase(read, typed)
		all = append(all, briefs.Correction{Typed: typed, Read: read})
		out.WriteString(question[at:t.Start] + read + rest)
		at = t.End
	}
	return out.String() + question[at:], all, nil
}

// wordOf parts a word from what stands behind an apostrophe.
func wordOf(surface string) (word, rest string) {
	if i := strings.IndexAny(surface, "'’"); i > 0 {
		return surface[:i], surface[i:]
	}
	return surface, ""
}

// isPlain reports whether a word is of Latin letters without marks.
func isPlain(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
}

// likeCase writes a word in capitals where like is.
func likeCase(word, like string) string {
	switch {
	case len(like) > 1 && like == strings.ToUpper(like):
		return strings.ToUpper(word)
	case isUpper(like):
		r, n := utf8.DecodeRuneInString(word)
		return strings.ToUpper(string(r)) + word[n:]
	}
	return word
}

// candidate is a word that a typed one may have been meant for.
type candidate struct {
	word, term string
	df         int // passages that hold it
	near       int // of those that hold other words of the question, the best ones
}

// nearest returns which word one letter away from a typed one, of a question,
// was meant: that of most passages about the rest of the question, then that
// which begins alike, then the commonest in s, then the first by the alphabet. It
// returns "" when there is none, or when a byline in s holds the typed one.
func (a *Asker) nearest(ctx context.Context, typed, term string, question []text.Token, s briefs.Scope) (string, error) {
	hits, err := a.lib.Search(ctx, briefs.Query{Terms: []briefs.Term{{Forms: []string{term}, Weight: 1}}, Scope: s, Limit: 1})
	if err != nil || len(hits) > 0 {
		return "", err
	}
	var all []candidate
	var terms []string
	for _, w := range oneLetterAway(typed) {
		toks := text.QueryTokens(w)
		if len(toks) == 1 && len(w) >= leastTyped {
			all, terms = append(all, candidate{word: w, term: toks[0].Term}), append(terms, toks[0].Term)
		}
	}
	slices.Sort(terms)
	terms = slices.Compact(terms)
	df, _, err := a.lib.DocFreq(ctx, s, terms)
	if err != nil {
		return "", err
	}
	for i := range all {
		k, _ := slices.BinarySearch(terms, all[i].term)
		all[i].df = df[k]
	}
	held, err := a.words(ctx, all, s)
	if err != nil {
		return "", err
	}
	if len(held) == 0 {
		return a.nearestAuthor(ctx, all, terms, s)
	}
	if len(held) > 1 {
		if err := a.context(ctx, held, term, question, s); err != nil {
			return "", err
		}
	}
	return slices.MinFunc(held, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.near, x.near), cmp.Compare(same(y.word[0]|' ', typed[0]), same(x.word[0]|' ', typed[0])), cmp.Compare(y.df, x.df), cmp.Compare(x.word, y.word))
	}).word, nil
}

func same(a, b byte) int {
	if a == b {
		return 1
	}
	return 0
}

// words are those of all that are English words, or names that stand so in s; and
// that some passage of s holds, or nearly every English text.
func (a *Asker) words(ctx context.Context, all []candidate, s briefs.Scope) ([]candidate, error) {
	var out []candidate
	for _, c := range all {
		is := text.IsWord(c.word) && (c.df > 0 || a.lex.known(c.term))
		if !is && c.df > 0 {
			var err error
			if c.word, err = a.written(ctx, c, s); err != nil {
				return nil, err
			}
			is = c.word != ""
		}
		if is {
			out = append(out, c)
		}
	}
	return out, nil
}

// written returns the word of c as it, or its plural, is written in the best
// passages of s that hold its term; "" when it is not.
func (a *Asker) written(ctx context.Context, c candidate, s briefs.Scope) (string, error) {
	hits, err := a.lib.Search(ctx, briefs.Query{Terms: []briefs.Term{{Forms: []string{c.term}, Weight: 1}}, Scope: s, Limit: writtenHits})
	if err != nil {
		return "", err
	}
	for i := range hits {
		d, err := a.lib.Document(ctx, hits[i].Document, hits[i].Revision)
		if err != nil {
			return "", err
		}
		texts := []string{d.Title, hits[i].Heading}
		for _, span := range hits[i].Sentences {
			texts = append(texts, d.Slice(span))
		}
		for _, s := range texts {
			for _, t := range text.Tokens(s) {
				surface, _ := wordOf(s[t.Start:t.End])
				switch w := strings.ToLower(surface); {
				case w == c.word:
					return surface, nil
				case w == c.word+"s", w+"s" == c.word && !text.IsWord(w):
					return likeCase(c.word, surface), nil
				}
			}
		}
	}
	return "", nil
}

// context counts for each candidate the passages that hold it, of the best for
// the other words of the question.
func (a *Asker) context(ctx context.Context, all []candidate, typed string, question []text.Token, s briefs.Scope) error {
	q := briefs.Query{Scope: s, Limit: typedContext}
	for _, t := range question {
		if !t.Stop && t.Term != typed && !a.lex.framing[t.Term] && len(q.Terms) < maxTerms {
			q.Terms = append(q.Terms, briefs.Term{Forms: []string{t.Term}, Weight: 1})
		}
	}
	if len(q.Terms) == 0 {
		return nil
	}
	hits, err := a.lib.Search(ctx, q)
	for _, h := range hits {
		held := map[string]bool{}
		for _, line := range append(slices.Clone(h.Terms), h.TitleTerms, h.HeadingTerms) {
			for t := range strings.SplitSeq(line, " ") {
				held[t] = true
			}
		}
		for i := range all {
			if held[all[i].term] {
				all[i].near++
			}
		}
	}
	return err
}

// nearestAuthor returns the first of all that stands in a byline of s.
func (a *Asker) nearestAuthor(ctx context.Context, all []candidate, terms []string, s briefs.Scope) (string, error) {
	var byline []string
	for some := range slices.Chunk(terms, formsSought) {
		hits, err := a.lib.Search(ctx, briefs.Query{Terms: []briefs.Term{{Forms: some, Weight: 1}}, Scope: s, Limit: 1})
		if err != nil {
			return "", err
		}
		for _, h := range hits {
			byline = append(byline, strings.Fields(h.BylineTerms)...)
		}
	}
	for _, c := range all {
		if slices.Contains(byline, c.term) {
			return c.word, nil
		}
	}
	return "", nil
}

// oneLetterAway returns what a word of letters a to z may have been meant for:
// two letters exchanged, one put in, left out or replaced, in this order.
func oneLetterAway(w string) []string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	out := make([]string, 0, 54*len(w)+26)
	for i := range len(w) - 1 {
		if w[i] != w[i+1] {
			out = append(out, w[:i]+w[i+1:i+2]+w[i:i+1]+w[i+2:])
		}
	}
	for i := range len(w) + 1 {
		for _, c := range letters {
			out = append(out, w[:i]+string(c)+w[i:])
		}
	}
	for i := range len(w) {
		out = append(out, w[:i]+w[i+1:])
	}
	for i := range len(w) {
		for _, c := range letters {
			if byte(c) != w[i] {
				out = append(out, w[:i]+string(c)+w[i+1:])
			}
		}
	}
	return out
}

// correctBefore reads the questions that p and those before it asked as bare and
// correct do.
func (a *Asker) correctBefore(ctx context.Context, p *Previous, s briefs.Scope, reach int) (*Previous, error) {
	if p == nil || reach == 0 {
		return p, nil
	}
	read := *p
	var err error
	if read.Question, _, err = a.correct(ctx, bare(p.Question), s); err == nil {
		read.Before, err = a.correctBefore(ctx, p.Before, s, reach-1)
	}
	return &read, err
}
