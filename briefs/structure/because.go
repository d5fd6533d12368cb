package structure

import "strings"

// becauseFamily are clauses of reason: "for two reasons: because …, and
// because …".
const becauseFamily = "because"

// partly are words that belong to a clause of reason.
var partly = words("partly mainly mostly largely chiefly perhaps also")

// becauseCues returns the cues of parallel clauses of reason in sentence s:
// two or more of them, of which the first comes behind a colon or with
// "partly", the others behind a comma or conjunction. Offsets are into s.
func becauseCues(s string) []cue {
	if strings.Count(s, "ecause") < 2 {
		return nil
	}
	var out []cue
	scan := wordScanner{s: s}
	var prev [2]string
	at := 0 // where the word before began
	for scan.next() {
		w, start := scan.word, scan.start
		if w == "because" {
			before := prev[0]
			own := partly[before]
			if own {
				start, before = at, prev[1]
			}
			lead := strings.TrimRight(s[:start], " \t\n\u00a0")
			sign := lastRune(lead)
			apart := strings.ContainsRune(":;—–", sign)
			switch {
			case len(out) == 0 && !apart && !own,
				len(out) > 0 && !apart && sign != ',' && before != "and" && before != "or":
				return nil
			}
			c := ranked(len(out) + 1)
			c.family, c.at, c.body, c.apart = becauseFamily, start, start, apart
			out = append(out, c)
		}
		prev, at = [2]string{w, prev[0]}, scan.start
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// persons open the sentences of a story ("She was tired. She was also …").
var persons = words("i you he she we they")

// alikeRun returns the units behind unit k, which introduces them, that open
// alike: clauses of reason ("Why? Because … And because …") or, below a
// question, three sentences of which one adds itself to the others ("There was
// … There was also … And there was …"). They stand in one paragraph or each
// begins one.
func (r *reader) alikeRun(k int) []int {
	if r.units[k].heading || k+1 >= len(r.units) || !r.introduces(r.units[k].Span) {
		return nil
	}
	head := r.opening(k + 1)
	if len(head) < 2 || r.units[k+1].heading || r.item(k+1) {
		return nil
	}
	reasons := head[0].word == "because"
	if !reasons && (!asks(r.text(k)) || persons[head[0].word]) {
		return nil
	}
	points, joined := []int{k + 1}, 0
	u := r.units[k+1]
	block := u.block
	for j := k + 2; j < len(r.units) && len(points) < mostLabels; j++ {
		v := r.units[j]
		if v.heading || r.item(j) || v.section != u.section {
			break
		}
		words := r.opening(j)
		alike := len(words) > 1 && words[0].word == head[0].word && (reasons || words[1].word == head[1].word)
		switch {
		case alike:
			points, block = append(points, j), v.block
			if h := readHeads(r.scan(j)); h.at(0) != words[0].word || len(words) > 2 && words[2].word == "also" {
				joined++
			}
			continue
		case v.block == block && u.first:
			continue // more about a point that is a paragraph
		}
		break
	}
	if len(points) < 2 || !reasons && (len(points) < fewestRun || joined == 0) {
		return nil
	}
	return points
}
