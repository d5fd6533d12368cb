package extract

import (
	"strings"
	"testing"
)

func TestLooseDate(t *testing.T) {
	for in, want := range map[string]string{
		"April 10, 2014": "2014-04-10", "Apr. 10 2014": "2014-04-10", "10 April 2014": "2014-04-10", "10th of April 2014": "2014-04-10",
		"10. April 2014": "2014-04-10", "1er mars 2014": "2014-03-01", "3 de mayo de 2014": "2014-05-03", "2014-04-10": "2014-04-10",
		"2014/4/10": "2014-04-10", "20140410": "2014-04-10", "10.04.2014": "2014-04-10", "4/30/2014": "2014-04-30", "30/4/2014": "2014-04-30",
		"5/5/2014": "2014-05-05", "4/5/2014": "2014", "April 2014": "2014-04", "2014-04": "2014-04", "2014": "2014", "Thursday, April 10, 2014": "2014-04-10",
		"2014-04-10T08:30:00Z": "2014-04-10", "2014-04-10T08:30:00.000+02:00": "2014-04-10", "2014-04-10 08:30": "2014-04-10",
		"Thu, 10 Apr 2014 08:30:00 GMT": "2014-04-10", "10-Apr-2014": "2014-04-10", "April 10, 2014 at 4:15 p.m.": "2014-04-10", " 2014 ": "2014",
		"10. Oktober 2014": "2014-10-10", "Sept. 1, 2015": "2015-09-01",
		"": "", "soon": "", "13/13/2014": "", "2014-02-30": "", "31 June 2014": "", "1234567": "", "99": "", "April": "", "in April 2014 it rained": "", "2014 was dry": "", "0999": "",
	} {
		got, ok := looseDate(in)
		if string(got) != want || ok != (want != "") {
			t.Errorf("looseDate(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestDateline(t *testing.T) {
	for in, want := range map[string]string{
		"April 10, 2014": "2014-04-10", "Published Sep 1, 2015": "2015-09-01", "Published: 12 August 2030 at 4:15 p.m. | Updated: 13 August 2030": "2030-08-12",
		"Updated March 2, 2031": "2031-03-02 changed", "BERLIN, Tuesday 4 March 2014": "2014-03-04", "Posted on 3 May 2031, 10:30 AM": "2031-05-03",
		"5 min read · 3 May 2031": "2031-05-03", "Northwire November 18, 2019 11:03 PM": "2019-11-18", "Updated 1:39 am EST, Wednesday, November 20, 2019": "2019-11-20 changed",
		"Nov. 18, 2019 7:04 pm ET": "2019-11-18", "2031": "2031",
		"The treaty of 3 May 2031 was never signed.": "", "November 3, 2020 elections were late": "", "It rained.": "", "Room 2031 of the court": "",
		"Milan Design Week 2018": "", "The war began on 3 May 2031": "",
	} {
		d, change, ok := dateline(in)
		got := string(d)
		if change {
			got += " changed"
		}
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("dateline(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTakeNames(t *testing.T) {
	for in, want := range map[string]string{
		"Ana Example": "Ana Example|", "Ana B. Example is here": "Ana B. Example|is here", "Dr. Ana Example, Tarn University": "Ana Example|, Tarn University",
		"Ana de la Example and Ben O'Sample": "Ana de la Example;Ben O'Sample|", "ANA EXAMPLE": "Ana Example|", "J. R. Example": "J. R. Example|",
		"Ana Example, Ben Sample & Cy Third": "Ana Example;Ben Sample;Cy Third|", "Ana Example-Sample Jr.": "Ana Example-Sample|", "José Álvarez Núñez": "José Álvarez Núñez|",
		"Ana": "|Ana", "the house": "|the house", "Staff Writer": "|Staff Writer", "Council on Foreign Things": "|Council on Foreign Things",
		"Hong Kong: a city": "|Hong Kong: a city", "New York": "|New York", "April 3": "|April 3", "": "|", "Guest Blogger for Ana Example": "|Guest Blogger for Ana Example",
	} {
		names, rest := takeNames(in)
		if got := strings.Join(names, ";") + "|" + rest; got != want {
			t.Errorf("takeNames(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParseByline(t *testing.T) {
	for in, want := range map[string]string{
		"By Ana Example": "Ana Example", "by Guest Blogger for Ana Owner": "guest", "By guest author Ben Sample": "Ben Sample guest", "Written by: Ana Example": "Ana Example",
		"BY ANA EXAMPLE and BEN SAMPLE": "Ana Example;Ben Sample", "By Ana Example, Staff Writer": "Ana Example", "By Ana Example | 3 May 2031": "Ana Example",
		"By Col. (Ret.) Ben Sample": "Ben Sample", "By Ana Example, Invented Compass, 9 January 2031": "Ana Example",
		"By Ana Example and Ben Sample, Invented Compass, 9 January 2031": "Ana Example;Ben Sample", "By Ana Example, Ben Sample | 3 May 2031": "Ana Example;Ben Sample", "By Staff Writer": "guest", "By Ana Example for The Orchard Ledger": "Ana Example", "By Reuters": "",
		"By Ana Example was meant something else entirely, and she said so in the book.": "no",
		"By the end of the decade the norms had failed.":                                 "no", "By design": "no", "Bypass the valve": "no",
	} {
		b, ok := parseByline(in)
		got := strings.Join(b.names, ";")
		if b.guest {
			got = strings.TrimSpace(got + " guest")
		}
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("parseByline(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAuthorNote(t *testing.T) {
	for in, want := range map[string]string{
		"Ana Example is an intern for ferry studies at the Marlow Centre.":             "Ana Example",
		"* Ana Example is a Professorial Fellow at the Marlow Centre and author of X.": "Ana Example starred",
		"Ana Example and Ben Sample are researchers at the Marlow Centre.":             "Ana Example;Ben Sample",
		"Dr. Ana Example teaches law at Tarn University.":                              "Ana Example",
		"About the author: Ana Example writes on dikes.":                               "Ana Example",
		"Ana Example, a former diplomat, is a visiting scholar at Tarn.":               "Ana Example",
		"Ana Example is tired of rain.":                                                "no",
		"The bridge is a fellow traveller.":                                            "no",
		"Ana Example said that the director was wrong.":                                "no",
	} {
		names, starred, ok := authorNote(in)
		got := strings.Join(names, ";")
		if starred {
			got += " starred"
		}
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("authorNote(%q) = %q, want %q", in, got, want)
		}
	}
}

// Lines that only look like the frame of a page are content.
func TestCuesLeaveContentAlone(t *testing.T) {
	for _, s := range []string{
		"Subscribe to the theory or leave it, the ministry told its own economists last week.",
		"Donations fell by a third", "Related party loans are the weak spot of the banks.", "Style matters",
		"Comments by the minister suggest that the tax will stay until the spring, and then go.",
		"Research", "Analysis", "The share of imports fell.", "Home rule and its enemies",
		"Download speeds in the islands are the slowest in the union, and they are getting slower.",
		"1. Small shipments are exempt.", "Photovoltaic plants need land.", "Next year the fund ends.",
		"Editor's note: An earlier version of this article gave a wrong year.", "The views of the council changed after the flood of 2031.",
		"The positions were filled by men of the guild, and its own fund paid them.", "Loading docks stand empty", "The picture is bleak: Tarn has no fuel.",
	} {
		if c := local(s, len([]rune(s))); c != nil {
			t.Errorf("%q is taken for %s by %q", s, c.role, c.start)
		}
	}
}

func TestCuesFindTheFrame(t *testing.T) {
	for _, s := range []string{
		"Print Print Cite Cite", "Style: MLA APA Chicago Close", "Post a Comment", "No Comments", "* Required", "Related Topics:", "Follow us on Twitter",
		"Share this", "Read more", "Subscribe", "12 comments", "5 min read", "We use cookies to improve your visit.", "© 2031 Invented Desk", "Home | About | Contact",
		"Opinions expressed on this blog are those of the author.", "** The views expressed here are not those of the Desk", "Sign up for our newsletter",
		"A shorter version of this article appeared in the Ashby Lantern.", "* * *", "https://example.org/a", "(Kit Fake/NWA)", "File picture: Kit Fake", "Photo: Kit Fake",
		"The quay at noon. (Photo by Kit Fake)", "3 hours ago", "Back to top", "Leave a Reply", "Log in to comment", "Filed under: dikes",
		"Like Loading...", "Loading…", "Editor's note: This essay was first a talk.", "This article represents the views of the authors only.",
		"The opinions are her own and do not reflect those of the River Guard.", "The quay at noon. © Kit Fake / Agency North", "The quay at noon. Photo: Kit Fake", "Republish this article",
	} {
		if local(s, len([]rune(s))) == nil {
			t.Errorf("%q is taken for content", s)
		}
	}
}
