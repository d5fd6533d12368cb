package structure_test

import (
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/structure"
)

// articled puts a paragraph at a place of an article.
func articled(paragraph string, at int) *briefs.Document {
	paragraphs := slices.Insert([]string{
		"The harbour board met on Tuesday to hear the engineers.", "It will decide next month whether the crane is moved.",
		"Fishermen want it gone before the herring comes.", "The town has no money for it.", "A loan would cost more than the crane.",
		"So the crane stays where it is for now.",
	}, at, paragraph)
	d := &briefs.Document{ID: "d", Text: strings.Join(paragraphs, "\n\n")}
	structure.Analyze(d)
	return d
}

func TestCorrectionNoticesAreTold(t *testing.T) {
	for _, notice := range []string{
		"Correction: The board has nine members, not seven.",
		"CORRECTION — The board has nine members, not seven.",
		"Correction (3 May 2021): The board has nine members, not seven.",
		"Correction, May 3, 2021: The board has nine members.",
		"Corrections and clarifications: the board has nine members.",
		"Correction appended: the board has nine members, not seven.",
		"• This article was amended on 3 May 2021. An earlier version said that the board has seven members.",
		"This article was amended on 3 May to say that the board has nine members.",
		"This story has been corrected to give the number of members.",
		"This post has been updated with a statement of the board.",
		"This piece has since been clarified: the board has nine members.",
		"An earlier version of this article misstated the number of members.",
		"*An earlier version of this story gave a wrong number of members.*",
		"[The original version of this article said that the board has seven members.]",
		"Because of an editing error, an earlier version of this article misstated the number of members.",
		"Owing to an editing error, the board was said to have seven members.",
		"Editor's note: an earlier version of this piece gave the wrong number of members.",
		"Editors’ Note (May 3): The number of members has been corrected.",
		"Clarification: the loan is not yet signed.",
		"Retraction: the editors withdraw the claim that the loan is signed.",
		"Erratum: for seven read nine in the second paragraph.",
		"Update: the board has since voted to move the crane.",
		"UPDATE (5 May): the board has since voted to move the crane.",
		"We have corrected this article, which gave a wrong number of members.",
		"This report was revised on 3 May 2021 after the board gave new figures.",
	} {
		for _, at := range []int{0, 6} {
			d := articled(notice, at)
			if got := d.Blocks[at]; got.Role != briefs.RoleCorrection || len(got.Sentences) == 0 {
				t.Errorf("%q has the role %q", notice, got.Role)
			}
			again := *d
			again.Blocks = slices.Clone(d.Blocks)
			structure.Analyze(&again)
			if again.Blocks[at].Role != briefs.RoleCorrection {
				t.Errorf("%q: another time it is %q", notice, again.Blocks[at].Role)
			}
		}
	}
}

func TestTextIsNoCorrectionNotice(t *testing.T) {
	for _, text := range []string{
		"Corrections of the map took the surveyors a year, and the board paid for them.",
		"Correction of course – that is what the fishermen ask for.",
		"Corrections officers have asked for better pay since the spring.",
		"This statement was amended by the council after a night of talks.",
		"This table was withdrawn by the ministry in 1994 because its figures were wrong.",
		"This method has been corrected twice by other authors.",
		"Update your maps before you sail, says the board.",
		"Updates to the law are due in spring: the board will wait for them.",
		"The newspaper had to correct its story about the crane.",
		"An earlier version of the bill would have moved the crane.",
		"Editor's note: this is the first part of a series about harbours.",
		"The article was amended after the board complained to the press council.",
		"Correction. In an article of 5 March 2025 we wrote that the crane was sold, and it was not.",
		"Updated: 3:26 pm",
		"Amendment 4 would move the crane.",
	} {
		d := articled(text, 3)
		if got := d.Blocks[3].Role; got == briefs.RoleCorrection {
			t.Errorf("%q is taken for a notice", text)
		}
	}
	all := &briefs.Document{ID: "d", Text: "Correction: The board has nine members, not seven.\n\nCorrection: The loan is not yet signed by anybody."}
	structure.Analyze(all)
	if all.Blocks[0].Role == briefs.RoleCorrection {
		t.Error("a document of nothing but corrections says nothing any more")
	}
}
