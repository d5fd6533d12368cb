package briefs

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// mostAlso is how many other places a line about a document has room for.
const mostAlso = 3

// AlsoNote names who else published the piece, "also: Example Review, Sample
// Post", for a line about d; empty where nobody else did. Who is not named is
// known by the host of the address.
func (d *Document) AlsoNote() string {
	var names []string
	own := publisher(d.Publisher, d.URL)
	for _, c := range d.Also {
		if name := publisher(c.Publisher, c.URL); name != "" && !strings.EqualFold(name, own) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	more := ""
	if n := len(names) - mostAlso; n > 0 {
		names, more = names[:mostAlso], fmt.Sprintf(" and %d more", n)
	}
	return "also: " + strings.Join(names, ", ") + more
}

// publisher is the name of who published something at address.
func publisher(name, address string) string {
	if name = strings.Join(strings.Fields(name), " "); name != "" {
		return name
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
