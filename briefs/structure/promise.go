package structure

import "strings"

// How many words a sentence that promises points has at most: on the whole;
// behind the noun that ends it ("three reasons for their success"); before
// the number that begins it ("There are two"), and then on the whole; when it
// says nothing else ("It failed on two counts.").
const (
	promiseWords = 30
	promiseTail  = 4
	promiseFront = 3
	promiseShort = 18
	promiseBare  = 7
)

// gatherings are the quantities that may stand for a number in a promise.
var gatherings = words(`several various numerous multiple many few couple number
	handful dozen following`)

// singling are words before a number that make it no promise: "the two
// sides", "one or two cases", "one of three towns".
var singling = words(`the or of these those both other another first last next past
	all than type under over every about only`)

// partitive are the nouns before "of" that name points all the same: "three
// kinds of delay", but not "three strands of pearls".
var partitive = words("kinds types forms ways lines signs sources areas sets means")

// promise is what a sentence says about the points behind it.
type promise struct {
	n     int    // how many there are; 0 for several
	noun  string // as written, in lower case
	plain bool   // it says little else, or more than two: the points need not be alike
}

// promise returns what unit k promises. It is stricter than announcement:
// nothing but this sentence says that points follow.
func (r *reader) promise(k int) (promise, bool) {
	s := r.text(k)
	if a := r.saying(r.units[k].Span); a.strength < 2 || a.noun == "" {
		return promise{}, false
	}
	if !strings.HasSuffix(s, ":") && !r.units[k].heading && wordCount(s, fewestWords) < fewestWords {
		return promise{}, false
	}
	return readPromise(s)
}

// readPromise is promise for the sentence s, however short.
func readPromise(s string) (p promise, ok bool) {
	if strength, _, noun := readAnnouncement(scan(s)); strength < 2 || noun == "" || asks(s) {
		return promise{}, false
	}
	scan := scan(s)
	total, tail := 0, 0 // words, and those behind the noun
	front := 0          // where the number stands, from 1; 0 is nowhere
	whole := true       // the noun is no measure of something else
	for scan.next() {
		if total++; total > promiseWords {
			return promise{}, false
		}
		w := scan.word
		if p.noun != "" {
			if tail++; tail == 1 && w == "of" {
				whole = partitive[p.noun]
			}
			continue
		}
		switch {
		case numbers[w] > 1 && w[0] > '9' || gatherings[w]:
			if !singling[scan.before] {
				p.n, front = numbers[w], total
			}
		case front > 0 && announcing[w] && total-front <= promiseFront+1:
			p.noun = w
			switch after := strings.TrimLeft(s[scan.end:], " "); {
			case strings.HasPrefix(after, ","): // "Three things, in order."
				tail = 1
			case len(after) > 1 && strings.ContainsAny(after[:1], ":;(-"):
				return promise{}, false
			}
		case breakers[w] && w != "of" || stops(s[scan.end:]):
			front = 0
		}
	}
	ends := whole && tail <= promiseTail
	begins := (whole || front == 1) && front <= promiseFront && total <= promiseShort
	if p.noun == "" || !ends && !begins || p.n > mostLabels {
		return promise{}, false
	}
	p.plain = p.n > 2 || begins || total <= promiseBare || strings.HasSuffix(s, ":")
	return p, true
}

// implied returns a sequence that c continues, the second point of several
// whose first has no cue: it comes right after a promise of them ("It has two
// faults. The lid leaks. The second is its price."), or is the paragraph
// below a promise; nil when there is none.
func (r *reader) implied(c cue) *sequence {
	u := r.units[c.unit]
	at := -1 // the first point
	if !u.first {
		for j := c.unit - 2; j >= max(r.start[u.block], c.unit-questionReach) && at < 0; j-- {
			if p, ok := r.promise(j); ok && p.n > 1 {
				at = j + 1
			}
		}
	} else if c.noun {
		// The paragraph before c, if the promise stands right above it.
		for j := c.unit - 1; j > 0 && r.units[j].para >= u.para-1 && r.units[j].section == u.section && !r.units[j].heading; j-- {
			if r.units[j].first {
				at = j
			}
		}
	}
	if at < 1 || !r.fresh(at, false) || r.item(at) {
		return nil
	}
	p, ok := r.promise(at - 1)
	if !ok || p.n < 2 {
		return nil
	}
	span := r.units[at].Span
	first := cue{move: opens, family: ordinalFamily, rank: 1, noun: true, unit: at, at: span.Start, body: span.Start, initial: true}
	s := &sequence{cues: []cue{first}, rank: 1, hard: 1, needs: p.n}
	s.add(r, c)
	return s
}
