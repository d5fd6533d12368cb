// Package ask answers questions: it parses the question, searches the
// library, ranks passages, and selects verbatim sentences or abstains.
package ask

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/dispute"
)

// Library is what asking needs of a library. Implementations are safe for
// concurrent use.
type Library interface {
	// Search returns at most q.Limit hits, best first, ties by PassageID.
	// Only the order of Score is promised, never its size.
	Search(ctx context.Context, q briefs.Query) ([]briefs.Hit, error)
	// DocFreq returns for each term how many passages that s sees hold it, and
	// how many passages s sees.
	DocFreq(ctx context.Context, s briefs.Scope, terms []string) (df []int, passages int, err error)
	// Acronyms returns the pairs defined in documents that s sees whose short
	// or long form is one of terms (index terms, joined by spaces).
	Acronyms(ctx context.Context, s briefs.Scope, terms []string) ([]briefs.Acronym, error)
	// Bylines lists the pairs of author and publisher of the documents that s
	// sees, and Bylined those documents that have one of bylines, at most limit
	// of them.
	Bylines(ctx context.Context, s briefs.Scope) ([]briefs.Byline, error)
	Bylined(ctx context.Context, s briefs.Scope, bylines []briefs.Byline, limit int) ([]briefs.DocumentID, error)
	// Document returns one revision with text and structure; 0 is the
	// current one. It returns ErrNotFound.
	Document(ctx context.Context, id briefs.DocumentID, revision int) (briefs.Document, error)
}

// Asker answers questions from one library. It is safe for concurrent use.
type Asker struct {
	log     *slog.Logger
	lib     Library
	lex     *lexicon
	see     func(Stage, time.Duration) // nil when nobody measures
	without map[Mechanism]bool         // nil but to measure

	disputes *dispute.Reader
}

// New returns an Asker over lib.
func New(log *slog.Logger, lib Library) *Asker {
	return &Asker{log: log, lib: lib, lex: newLexicon(), disputes: dispute.NewReader()}
}

// Request is one question.
type Request struct {
	Question  string
	Scope     briefs.Scope
	From, To  briefs.Date // publication window, inclusive; empty is open
	Publisher string      // exactly this one; empty is any
	Now       time.Time   // what "last year" is reckoned from; zero where nobody knows
	After     *Previous   // what this question follows up on; nil for a fresh one
}

// Previous is the part of an earlier answer that a follow-up builds on.
type Previous struct {
	Question  string
	Documents []briefs.DocumentID // those quoted, in order
	Quotes    []briefs.Ref        // what was quoted
	Before    *Previous           // what it followed up on itself; nil for nothing
}

// candidatePassages is how many passages the search hands over to be read.
const candidatePassages = 50

// smoothedPassages is how many Search reads at least: more neighbours tell of
// more. Twice as many again give nothing more (docs/quality.md).
const smoothedPassages = 100

// Ask answers r or abstains; silence is a result, not an error. The same
// request on the same library gives the same answer, but for Elapsed. It
// returns ErrInvalid for a blank question; one without a content word has no
// hits.
func (a *Asker) Ask(ctx context.Context, r Request) (briefs.Answer, error) {
	started := time.Now()
	ans, err := a.ask(ctx, r)
	if err != nil {
		return briefs.Answer{}, err
	}
	ans.Elapsed = time.Since(started)
	a.log.DebugContext(ctx, "asked", "kind", ans.Kind, "reason", ans.Reason, "quotes", len(ans.Quotes), "enumerated", ans.Enumerated, "elapsed", ans.Elapsed)
	return ans, nil
}

func (a *Asker) ask(ctx context.Context, r Request) (briefs.Answer, error) {
	if strings.TrimSpace(r.Question) == "" {
		return briefs.Answer{}, briefs.Fault(briefs.ErrInvalid, "the question is empty: type a question")
	}
	typed := r.Question
	question, corrected, err := a.correct(ctx, bare(typed), r.Scope)
	if err != nil {
		return briefs.Answer{}, err
	}
	r.Question = question
	if r.After, err = a.correctBefore(ctx, r.After, r.Scope, maxBefore); err != nil {
		return briefs.Answer{}, err
	}
	ans, err := a.askInTurn(ctx, r)
	ans.Question, ans.Corrected = typed, corrected
	return ans, err
}

// attempt is one way to take a question.
type attempt struct {
	window *window // of publication, that its words name; nil takes them as words
	said   *window // of which the best sentence must tell; nil is any
	alone  bool    // it is no follow-up
}

// askOne takes a question in one way after the other, until one is answered. The
// silence is that of the question as it stands. "Since 2015" may stand in the
// answer itself; else it is when the answer was published.
func (a *Asker) askOne(ctx context.Context, r Request) (briefs.Answer, error) {
	q := a.parse(r.Question)
	followed := q.follow(r.After, a.lex)
	var tries []attempt
	for _, alone := range []bool{!followed, true} {
		w := windowOf(r.Question, r.Now)
		if w == nil && !alone {
			w = carriedWindow(r.After, r.Now)
		}
		if w != nil && w.within(&r) {
			tries = append(tries, attempt{said: w, alone: alone}, attempt{window: w, alone: alone})
		}
		tries = append(tries, attempt{alone: alone})
		if alone || !q.standsAlone() {
			break
		}
	}
	var silence briefs.Answer
	silent := false
	for _, t := range tries {
		ans, err := a.askSo(ctx, r, t)
		if err != nil || ans.Answered() && (t.said == nil || t.said.told(&ans)) {
			return ans, err
		}
		if !silent && t.window == nil && t.said == nil {
			silence, silent = ans, true
		}
	}
	return silence, nil
}

func (a *Asker) askSo(ctx context.Context, r Request, t attempt) (briefs.Answer, error) {
	done := a.stages()
	q := a.parse(r.Question)
	if t.window != nil {
		t.window.narrow(&r)
		q.date(t.window)
	}
	if !t.alone {
		q.follow(r.After, a.lex)
	} else if r.After != nil {
		q.setApart()
	}
	done(StageParse)
	ans := briefs.Answer{Question: r.Question, Kind: q.kind, Reason: briefs.NoHits}
	expanded, err := a.weigh(ctx, &q, r.Scope)
	done(StageWeigh)
	if err != nil {
		return ans, err
	}
	ans.Expanded, ans.Weights = expanded, q.weights()
	named := q.askedSource(r.Question)
	hits, err := a.search(ctx, &q, r)
	ans.Source = named
	if named != nil {
		named.Found = q.sourceFound
	}
	done(StageSearch)
	if err != nil || len(hits) == 0 && !(q.authorship && r.After != nil) {
		return ans, err
	}
	m := newMatcher(q.terms)
	s := &selection{asker: a, q: &q, m: m, ranked: a.rank(&q, m, hits), after: r.After, scope: r.Scope, publisher: r.Publisher}
	done(StageRank)
	err = s.load(ctx)
	done(StageRead)
	if err != nil {
		return ans, err
	}
	err = s.fill(ctx, &ans)
	done(StageSelect)
	return ans, err
}

// Search returns at most limit passages for a question, best first; none when
// limit is below 1. It ranks what the words of the question find, smoothed;
// unlike Ask it seeks no synonyms and reads no named source.
func (a *Asker) Search(ctx context.Context, question string, s briefs.Scope, limit int) ([]briefs.Hit, error) {
	q := a.parse(question)
	if _, err := a.weigh(ctx, &q, s); err != nil {
		return nil, err
	}
	hits, err := a.lib.Search(ctx, briefs.Query{Terms: q.sought(1), Scope: s, Limit: max(limit, smoothedPassages)})
	if err != nil {
		return nil, err
	}
	ranked := a.rank(&q, newMatcher(q.terms), hits)
	if !q.without[Smoothing] {
		smooth(ranked, smoothShare)
	}
	out := make([]briefs.Hit, 0, min(limit, len(ranked)))
	for _, r := range ranked[:min(limit, len(ranked))] {
		h := *r.hit
		h.Score = r.score
		out = append(out, h)
	}
	return out, nil
}

// search finds the candidates: the best passages for the words of the
// question, and the best for its synonyms too, so that a passage in other
// words can be read. When the question names a source that the library has
// something of, only that is searched and the name is no topic.
func (a *Asker) search(ctx context.Context, q *question, r Request) ([]briefs.Hit, error) {
	if q.source != nil && !q.without[NamedSource] {
		hits, found, err := a.ofSource(ctx, q, r)
		if q.sourceFound = found; found || err != nil {
			return hits, err
		}
	}
	return a.searchTwice(ctx, q, r, nil)
}

func (a *Asker) searchTwice(ctx context.Context, q *question, r Request, only []briefs.DocumentID) ([]briefs.Hit, error) {
	return a.searchBoth(ctx, q, r, only, candidatePassages)
}

// searchBoth finds limit passages for the words of q, and half as many for its
// synonyms too, and for what a follow-up names.
func (a *Asker) searchBoth(ctx context.Context, q *question, r Request, only []briefs.DocumentID, limit int) ([]briefs.Hit, error) {
	query := briefs.Query{Terms: q.sought(1), Scope: r.Scope, From: r.From, To: r.To, Publisher: r.Publisher, Documents: only, Limit: limit}
	hits, err := a.lib.Search(ctx, query)
	if err != nil {
		return nil, err
	}
	query.Terms, query.Limit = q.sought(0), limit/2
	var more []briefs.Hit
	if !q.without[SecondSearch] {
		if more, err = a.lib.Search(ctx, query); err != nil {
			return nil, err
		}
	}
	if q.wants() {
		query.Terms = q.named()
		named, err := a.lib.Search(ctx, query)
		if err != nil {
			return nil, err
		}
		more = append(more, named...)
	}
	seen := map[briefs.PassageID]bool{}
	for _, h := range hits {
		seen[h.ID] = true
	}
	for _, h := range more {
		if !seen[h.ID] {
			seen[h.ID] = true
			hits = append(hits, h)
		}
	}
	return hits, nil
}

// named is what a follow-up names, to be sought by itself too: the words of the
// earlier question may find so much that it is not among it.
func (q *question) named() []briefs.Term {
	all := q.sought(0)
	out := all[:0]
	for i := range all {
		if q.terms[i].wanted {
			out = append(out, all[i])
		}
	}
	return out
}

// sought is what the search is asked for: the forms of q's terms of at least
// the given credit.
func (q *question) sought(credit float64) []briefs.Term {
	var out []briefs.Term
	for _, t := range q.terms {
		var forms []string
		for _, f := range t.forms {
			if f.credit >= credit {
				forms = append(forms, strings.Join(f.words, " "))
			}
		}
		out = append(out, briefs.Term{Forms: forms, Weight: t.weight})
	}
	return out
}

func containsAll(line string, terms []string) bool {
	have := strings.Fields(line)
	for _, t := range terms {
		if !slices.Contains(have, t) {
			return false
		}
	}
	return len(terms) > 0
}
