package summary

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ask"
)

// Limits on what one brief reads, so that its time and memory are bounded
// whatever the library holds.
const (
	topicPassages   = 120     // passages read for a topic of words, and of what is new about it
	latestDocuments = 2000    // looked through for what is new about a topic of words
	collectionBytes = 2 << 20 // text read for a whole collection, the newest documents first
	heaviest        = 1500    // sentences that are weighed against each other
	onTopicLeast    = 0.5     // share of the best passage's score that some passage of a document must have
	tailSentences   = 3       // at the end of a document, where disclaimers stand
	furniture       = 3       // documents that hold a sentence from which on it is no statement of any
)

// pool is what was read about a topic.
type pool struct {
	sources     []*source
	sentences   []*sentence // by source, then place
	passages    int
	ids         map[string]int
	names       []string        // of terms
	top         float64         // what the first sentence taken added
	mentions    []float64       // worth of the terms over all sentences; nil until it is asked for
	idf         []float64       // rarity of terms among the sentences
	unmentioned []string        // words of the topic that nothing found holds
	whole       bool            // of a whole collection: every sentence is on the topic
	about       map[string]bool // content terms of a topic of words, and those that name the same
}

// source is one document of the pool.
type source struct {
	*briefs.Document
	at    int     // place in pool.sources
	first *source // whose text it repeats; itself for a text of its own
}

// sentence is one sentence that may be quoted.
type sentence struct {
	doc   *source
	span  briefs.Span
	role  briefs.Role
	text  string
	words int     // separated by space
	terms []term  // content terms by id
	topic float64 // share of the topic that it holds, from 0 to 1; 1 for a whole collection
	near  float64 // score of its passage, [0,1); 1 for a whole collection

	weight float64 // how near it is to the topic, from 0 to 1
	fit    float64 // how well it reads by itself, from 0 to 1
	used   bool
}

// term is one content term of a sentence.
type term struct {
	id    int
	count float64
}

// gather finds what the library says about words, and what its documents say
// that came or changed since, however much older ones say; the zero time asks
// for no more of these.
func (s *Summarizer) gather(ctx context.Context, r ask.Request, since time.Time) (ask.Gathering, error) {
	found, err := s.asker.Gather(ctx, r, nil, topicPassages)
	if err != nil || since.IsZero() {
		return found, err
	}
	list, err := s.lib.Documents(ctx, briefs.Listing{Scope: r.Scope, Publisher: r.Publisher, From: r.From, To: r.To, AddedSince: since, Order: briefs.ByAdded, Limit: latestDocuments})
	if err != nil || len(list) == 0 {
		return found, err
	}
	var ids []briefs.DocumentID
	for _, l := range list {
		if l.CopyOf == "" || r.Publisher != "" { // to print a piece once more is not news
			ids = append(ids, l.ID)
		}
	}
	if len(ids) == 0 {
		return found, nil
	}
	late, err := s.asker.Gather(ctx, r, ids, topicPassages)
	seen := map[briefs.PassageID]bool{}
	for _, g := range found.Passages {
		seen[g.ID] = true
	}
	for _, g := range late.Passages {
		if !seen[g.ID] {
			found.Passages = append(found.Passages, g)
		}
	}
	found.Common = max(found.Common, late.Common)
	found.Unmentioned = slices.DeleteFunc(found.Unmentioned, func(word string) bool { return !slices.Contains(late.Unmentioned, word) })
	return found, err
}

// readTopic fills a pool with what the library says about words; see gather.
func (s *Summarizer) readTopic(ctx context.Context, r ask.Request, since time.Time) (*pool, error) {
	found, err := s.gather(ctx, r, since)
	if err != nil {
		return nil, err
	}
	p := &pool{ids: map[string]int{}, unmentioned: found.Unmentioned, about: aboutTopic(r.Question)}
	scores := map[briefs.DocumentID]float64{}
	most, best := 0.0, 0.0
	for i := range found.Passages {
		g := &found.Passages[i]
		scores[g.Document] = max(scores[g.Document], g.Score)
		most, best = max(most, g.Share), max(best, g.Score)
	}
	if most < leastTogether && found.Common < leastCommon {
		return p, nil
	}
	docs := map[briefs.DocumentID]*source{}
	for i := range found.Passages {
		g := &found.Passages[i]
		if scores[g.Document] < onTopicLeast*best {
			continue
		}
		p.passages++
		src := docs[g.Document]
		if src == nil {
			d, err := s.lib.Document(ctx, g.Document, g.Revision)
			if err != nil {
				return nil, err
			}
			src = p.add(&d)
			docs[g.Document] = src
		}
		for k, span := range g.Sentences {
			if i := src.BlockAt(span.Start); i >= 0 {
				p.read(src, &src.Blocks[i], span, g.Coverage[k], g.Score)
			}
		}
	}
	slices.SortStableFunc(p.sentences, inOrder)
	return p, nil
}

// readWhole fills a pool with the newest documents of a collection, or of all
// that about sees.
func (s *Summarizer) readWhole(ctx context.Context, about subject, r *Request) (*pool, error) {
	listed, err := s.lib.Documents(ctx, briefs.Listing{Scope: about.scope, Collection: about.collection, Publisher: about.publisher, From: r.From, To: r.To})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(listed, func(a, b briefs.Listed) int {
		return cmp.Or(b.Added.Compare(a.Added), cmp.Compare(b.Published, a.Published), cmp.Compare(a.ID, b.ID))
	})
	p := &pool{ids: map[string]int{}, whole: true}
	bytes := 0
	for _, l := range pieces(listed) {
		if bytes += l.Bytes; bytes > collectionBytes && len(p.sources) > 0 {
			break
		}
		d, err := s.lib.Document(ctx, l.ID, l.Revision)
		if err != nil {
			return nil, err
		}
		p.passages += l.PassageCount
		src := p.add(&d)
		for i := range d.Blocks {
			b := &d.Blocks[i]
			for _, span := range b.Sentences {
				p.read(src, b, span, 1, 1)
			}
		}
	}
	return p, nil
}

// pieces are the documents of list but for copies of those in it: of the copies
// of a piece whose original is not in it, the one that comes first by date.
func pieces(list []briefs.Listed) []briefs.Listed {
	shown := map[briefs.DocumentID]*briefs.Listed{} // by original
	of := func(l *briefs.Listed) briefs.DocumentID { return cmp.Or(l.CopyOf, l.ID) }
	for i := range list {
		l := &list[i]
		if s := shown[of(l)]; s == nil || s.CopyOf != "" &&
			(l.CopyOf == "" || cmp.Or(cmp.Compare(l.Published, s.Published), cmp.Compare(l.ID, s.ID)) < 0) {
			shown[of(l)] = l
		}
	}
	out := make([]briefs.Listed, 0, len(shown))
	for i := range list {
		if shown[of(&list[i])] == &list[i] {
			out = append(out, list[i])
		}
	}
	return out
}

func (p *pool) add(d *briefs.Document) *source {
	src := &source{Document: d, at: len(p.sources)}
	p.sources = append(p.sources, src)
	return src
}

// read adds the sentence at span when it may be quoted at all.
func (p *pool) read(src *source, b *briefs.Block, span briefs.Span, topic, near float64) {
	s := &sentence{doc: src, span: span, role: b.Role, text: src.Slice(span), topic: topic, near: near}
	if s.fit = readsWell(s); s.fit == 0 {
		return
	}
	s.words = len(strings.Fields(s.text))
	s.terms = p.termsOf(s.text)
	if len(s.terms) == 0 {
		return
	}
	p.sentences = append(p.sentences, s)
}

func (p *pool) id(t string) int {
	id, ok := p.ids[t]
	if !ok {
		id = len(p.names)
		p.ids[t] = id
		p.names = append(p.names, t)
	}
	return id
}
