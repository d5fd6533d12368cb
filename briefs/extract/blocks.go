package extract

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// checkBlocks reports the first way in which blocks break the promise of this
// package: known roles; in order, disjoint and inside text; no cut character;
// only space outside of them.
func checkBlocks(text string, blocks []briefs.Block) error {
	at := 0
	for i, b := range blocks {
		switch {
		case !knownRole(b.Role):
			return fmt.Errorf("block %d has the unknown role %q", i, b.Role)
		case b.Start < at || b.Empty() || b.End > len(text):
			return fmt.Errorf("block %d [%d,%d) is empty, out of order or outside the text", i, b.Start, b.End)
		case b.Body < b.Start || b.Body > b.End:
			return fmt.Errorf("block %d has its body outside of it", i)
		case b.Level < 0:
			return fmt.Errorf("block %d has a level below 0", i)
		case cuts(text, b.Start) || cuts(text, b.End) || cuts(text, b.Body):
			return fmt.Errorf("block %d cuts a character", i)
		case strings.IndexFunc(text[at:b.Start], notSpace) >= 0:
			return fmt.Errorf("there is text outside the blocks before block %d", i)
		}
		at = b.End
	}
	if strings.IndexFunc(text[at:], notSpace) >= 0 {
		return fmt.Errorf("there is text outside the blocks at the end")
	}
	return nil
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

func cuts(text string, at int) bool { return at < len(text) && !utf8.RuneStart(text[at]) }

func knownRole(r briefs.Role) bool {
	switch r {
	case briefs.RoleTitle, briefs.RoleHeading, briefs.RoleParagraph, briefs.RoleItem, briefs.RoleQuotation,
		briefs.RoleTable, briefs.RoleCaption, briefs.RoleByline, briefs.RoleDateline, briefs.RoleAuthorNote,
		briefs.RoleFootnote, briefs.RoleCorrection, briefs.RoleChrome:
		return true
	}
	return false
}
