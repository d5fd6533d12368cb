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

// opensWith reports whether unit k begins with w, but for a conjunction.
func (r *reader) opensWith(k int, w string) bool {
	words := r.opening(k)
	return len(words) > 0 && words[0] == w
}

// becauseRun returns the units behind unit k, a question or what introduces
// points, that are clauses of reason: "Why? Because … And because …". They
// stand in one paragraph or each begins one.
func (r *reader) becauseRun(k int) []int {
	reason := func(j int) bool {
		return j < len(r.units) && !r.units[j].heading && !r.item(j) && r.opensWith(j, "because")
	}
	if r.units[k].heading || !reason(k+1) || !r.introduces(r.units[k].Span) {
		return nil
	}
	points := []int{k + 1}
	block := r.units[k+1].block
	for j := k + 2; len(points) < mostLabels; j++ {
		if j < len(r.units) && r.units[j].block == block && !reason(j) && r.units[k+1].first {
			continue // more about a point that is a paragraph
		}
		if !reason(j) || r.units[j].section != r.units[k+1].section {
			break
		}
		points = append(points, j)
		block = r.units[j].block
	}
	if len(points) < 2 {
		return nil
	}
	return points
}
