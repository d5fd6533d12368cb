package summary

import (
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

func TestNearDuplicate(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"The storm closed the harbour.", "The storm closed the harbour.", true},
		{"The storm closed the harbour.", "A storm has closed this harbour!", true},
		{"The harbour was closed.", "The harbour was closed for nine days by a storm from the north.", true},
		{"The storm closed the harbour.", "The storm opened a market.", false},
		{"The storm closed the harbour for nine days.", "The mayor closed the harbour to ships with salt.", false},
		{"It is what it is.", "It is what it is.", false}, // nothing to compare
		{"", "", false},
	} {
		if got := NearDuplicate(c.a, c.b); got != c.want || NearDuplicate(c.b, c.a) != got {
			t.Errorf("NearDuplicate(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestDateIn(t *testing.T) {
	for s, want := range map[string]briefs.Date{
		"The pact was signed on 4 May 2014 in Ipsum.":        "2014-05-04",
		"On May 4, 2014 they signed.":                        "2014-05-04",
		"On the 3rd of June they met.":                       "",
		"Since September 2012 nothing moved.":                "2012-09",
		"In Sept. 2012 nothing moved.":                       "2012-09",
		"The duty of 2018 fell.":                             "2018",
		"By late 2021 it was over.":                          "2021",
		"In 2015 a group met, and on 3 June 2016 it ended.":  "2016-06-03",
		"It cost 2018 dollars.":                              "",
		"A survey of 1900 firms was made.":                   "",
		"It grew from 1800 MW to 2000 MW.":                   "",
		"It grew from 1800 to 2000 tonnes since 2019.":       "2019",
		"By 2030 states must act.":                           "2030",
		"In 2014 ships were turned away.":                    "2014",
		"The law of 2018 was repealed.":                      "2018",
		"Page 1984 of the report.":                           "",
		"On 31 February 2014 nothing happened in May 2015.":  "2014-02",
		"From 2014-03-02 to 2014-03-09.":                     "2014-03-02",
		"Room 12 March hares 2014.":                          "",
		"On 1 January 9999 it ends.":                         "",
		"":                                                   "",
		"In 2014, 2015 and 2016 the same thing was written.": "2014",
	} {
		if got := text.Date(s); got != want {
			t.Errorf("text.Date(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestAmount(t *testing.T) {
	for s, want := range map[string]string{
		"It rose by 57 percent.":             "57 percent",
		"It rose by 57.5%.":                  "57.5%",
		"The bill was $3.4 billion then.":    "$3.4 billion",
		"The bill was 610,000 dollars.":      "610,000 dollars",
		"It took 21 days.":                   "21 days",
		"Six of the 38 networks lost money.": "Six of the 38",
		"In 2014 it ended.":                  "",
		"On 4 May it ended.":                 "",
		"Chapter 7 says so.":                 "",
		"About 12 million people left.":      "12 million people",
	} {
		if got := amount.FindString(s); got != want {
			t.Errorf("amount in %q is %q, want %q", s, got, want)
		}
	}
}

func TestReadsWell(t *testing.T) {
	fit := func(text string) float64 {
		return readsWell(&sentence{doc: &source{Document: &briefs.Document{Author: "Ada Placeholder"}}, role: briefs.RoleParagraph, text: text})
	}
	good := fit("The ministers of Ipsum signed the pact in the autumn.")
	if good != 1 {
		t.Errorf("a whole sentence reads %v", good)
	}
	for _, s := range []string{
		"However, the ministers of Ipsum signed the pact.",
		"It was signed by the ministers of Ipsum in autumn.",
		"For example, the ministers of Ipsum signed the pact.",
		"What did the ministers of Ipsum sign in autumn?",
		"Second, the ministers of Ipsum signed the pact.",
		"This article is about the ministers of Ipsum.",
		"ministers of Ipsum who signed the pact in autumn.",
		"The ministers (of Ipsum signed the pact in autumn.",
		"The ministers of Ipsum signed the pact in autumn",
		"Ada Placeholder is a fellow of the Institute of Invented Affairs.",
		"The pact was signed early.",
	} {
		if got := fit(s); got >= good || got <= 0 {
			t.Errorf("%q reads %v", s, got)
		}
	}
	for _, s := range []string{"The ministers gave three reasons for it:", "Yes, of course.", strings.Repeat("word ", 100) + "."} {
		if got := fit(s); got != 0 {
			t.Errorf("%q reads %v", s, got)
		}
	}
	for _, role := range []briefs.Role{briefs.RoleHeading, briefs.RoleChrome, briefs.RoleByline, briefs.RoleCaption, briefs.RoleTable, briefs.RoleAuthorNote} {
		if readsWell(&sentence{doc: &source{Document: &briefs.Document{}}, role: role, text: "The ministers of Ipsum signed the pact."}) != 0 {
			t.Errorf("%s is quoted", role)
		}
	}
}

func TestCollection(t *testing.T) {
	for topic, want := range map[string]string{
		"collection:cyber": "cyber", " Collection: export controls ": "export controls", "collection:": "", "collections": "-", "": "-", "my collection:x": "-",
	} {
		name, ok := Collection(topic)
		if !ok {
			name = "-"
		}
		if name != want {
			t.Errorf("Collection(%q) = %q", topic, name)
		}
	}
}
