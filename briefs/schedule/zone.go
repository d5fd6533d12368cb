package schedule

import (
	_ "embed"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // the zones of a machine that has none

	"briefdesk/briefs"
)

// zoneNames are the names of the IANA time zone database, release 2025c as Go
// 1.26 carries it (lib/time/zoneinfo.zip), one a line, sorted; zone_test.go
// compares them.
//
//go:embed zones.txt
var zoneNames string

// Zones are the names of all time zones, sorted.
func Zones() []string { return strings.Fields(zoneNames) }

// usualNames are abbreviations that people write for a zone although they name
// none, or several: the most populous zone whose clocks show them in that
// database.
var usualNames = map[string]string{
	"cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin",
	"bst": "Europe/London", "msk": "Europe/Moscow", "eest": "Europe/Athens",
	"edt": "America/New_York", "et": "America/New_York", "eastern": "America/New_York",
	"cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
	"mdt": "America/Denver", "mt": "America/Denver",
	"pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
	"ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore",
	"aest": "Australia/Sydney", "aedt": "Australia/Sydney", "awst": "Australia/Perth", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
	"local": "UTC",
}

// zone finds the zone that name means, in any case, and its proper name. It
// returns ErrInvalid with the nearest name for an unknown one.
func zone(name string) (*time.Location, string, error) {
	for known := range strings.Lines(zoneNames) {
		known = known[:len(known)-1]
		if !strings.EqualFold(known, name) {
			continue
		}
		loc, err := time.LoadLocation(known)
		if err != nil {
			return nil, "", briefs.Fault(briefs.ErrInvalid, "time zone %q cannot be read (%v): mend this machine's time zone files", name, err)
		}
		return loc, known, nil
	}
	mend := "write an IANA name such as Europe/Berlin"
	if near := nearestZone(name); near != "" {
		mend = "did you mean " + near + "?"
	}
	return nil, "", briefs.Fault(briefs.ErrInvalid, "time zone %q is unknown: %s", name, mend)
}

// nearestZone is the zone that name most likely means; "" when none is near.
func nearestZone(name string) string {
	low := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	if usual, ok := usualNames[low]; ok {
		return usual
	}
	if len(low) > longestWord || offset.MatchString(low) {
		return ""
	}
	_, city := cutLast(low)
	best, least := "", 1+max(1, len(low)/3)
	for known := range strings.Lines(zoneNames) {
		known = known[:len(known)-1]
		area, place := cutLast(strings.ToLower(known))
		d := distance(low, strings.ToLower(known))
		if area != "" { // a place alone, or the right one under a wrong area
			if n := distance(city, place); n <= max(1, len(city)/3) {
				d = min(d, n+min(1, len(low)-len(city)))
			}
		}
		if d < least {
			best, least = known, d
		}
	}
	return best
}

// offset matches what people write for so many hours from UTC. The nearest
// names mean the contrary: Etc/GMT+2 is two hours behind.
var offset = regexp.MustCompile(`^(?:utc|gmt|z)?[+−-]\d`)

// longestWord bounds what is compared with known words, in bytes; the longest
// zone name has 32.
const longestWord = 48

// cutLast splits at the last slash.
func cutLast(s string) (before, after string) {
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

// nearest is the choice that differs least from word, the first of equals; ""
// when none is near.
func nearest(word string, choices []string) string {
	if len(word) > longestWord {
		return ""
	}
	best, least := "", 1+max(1, len(word)/3)
	for _, c := range choices {
		if d := distance(word, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of a and b in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
