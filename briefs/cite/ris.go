package cite

import (
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// RIS is the record of d for reference managers: lines of a tag, two spaces,
// a hyphen, a space and a value, ended by CR LF; the last is "ER  - ". Records
// may follow each other. The tags are those of the specification of 2011 by
// Thomson ResearchSoft; dates are YYYY/MM/DD/ with unknown parts left empty.
func RIS(d *briefs.Document, o Options) string {
	s := sourceOf(d, o)
	var b strings.Builder
	line := func(tag, value string) {
		if value != "" {
			b.WriteString(tag + "  - " + value + "\r\n")
		}
	}
	kind := "RPRT"
	if s.url != "" {
		kind = "ELEC"
	}
	line("TY", kind)
	for _, a := range s.authors {
		line("AU", risName(a))
	}
	line("TI", s.title)
	line("PB", s.publisher)
	if s.date != "" {
		year, rest, _ := strings.Cut(string(s.date), "-")
		month, day, _ := strings.Cut(rest, "-")
		line("PY", year)
		line("DA", year+"/"+month+"/"+day+"/")
	}
	if s.page > 0 {
		line("SP", strconv.Itoa(s.page))
	}
	line("UR", s.url)
	if s.url != "" && !s.accessed.IsZero() {
		line("Y2", s.accessed.Format("2006/01/02/"))
	}
	if quote := oneLine(o.Quote.Text()); quote != "" {
		line("N1", "“"+quote+"”")
	}
	b.WriteString("ER  - \r\n")
	return b.String()
}

// risName is "Family, Given, Suffix"; the specification forbids the asterisk
// in names. An organisation with a comma would be read as a person, so its
// commas go.
func risName(n name) string {
	s := strings.ReplaceAll(join(", ", n.family, n.given, n.suffix), "*", "")
	if n.whole != "" {
		s = strings.ReplaceAll(strings.ReplaceAll(n.whole, "*", ""), ",", "")
	}
	return s
}
