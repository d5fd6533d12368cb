package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAcronyms(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"the Office of Harbour Management (OHM)– make it", "OHM=Office of Harbour Management"},
		{"OHM (Office of Harbour Management) said", "OHM=Office of Harbour Management"},
		{"OHM (the Office of Harbour Management, in Freedonia)", "OHM=Office of Harbour Management"},
		{"the Department of Coast and Sea (DCS)", "DCS=Department of Coast and Sea"},
		{"Committee on the Rights of Ships (CORS)", "CORS=Committee on the Rights of Ships"},
		{"the newly founded Freedonian Data Agency (“FDA”) acted", "FDA=Freedonian Data Agency"},
		{"information-sharing and analysis centres (ISACs)", "ISACs=information-sharing and analysis centres"},
		{"Harbour Network\nSafety Board (HNSB)", "HNSB=Harbour Network Safety Board"},
		{"a plan (see below) of the Board (HNSB)", ""},
		{"the plan (2014) and the list (a)", ""},
		{"Freedonia (US)", ""},
		{"the Board met. Data Agency (FDA)", ""},
		{"Data Agency of Freedonia (DAF) and the Data Agency of Freedonia (DAF)", "DAF=Data Agency of Freedonia"},
		{"Group of Nine (G9)", ""}, // numbers spelt out are not initials
		{"((((", ""},
		{"X (", ""},
		{"Cyber Incident Response Team (CIRT); Ship Register Office (SRO)", "CIRT=Cyber Incident Response Team|SRO=Ship Register Office"},
	} {
		var got []string
		for _, a := range Acronyms(c.in) {
			got = append(got, a.Short+"="+a.Long)
			if a.ShortTerms != Terms(a.Short) || a.LongTerms != Terms(a.Long) {
				t.Errorf("Acronyms(%q): terms of %v", c.in, a)
			}
		}
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("Acronyms(%q) = %q, want %q", c.in, g, c.want)
		}
	}
}

// checkAcronyms reports what is wrong with the pairs found in s, or "".
func checkAcronyms(s string) string {
	seen := map[string]bool{}
	flat := strings.Join(strings.Fields(s), " ")
	for _, a := range Acronyms(s) {
		key := a.Short + "\x00" + a.Long
		switch {
		case a.Short == "" || a.Long == "":
			return "empty form"
		case !strings.Contains(s, a.Short) || !strings.Contains(flat, a.Long):
			return "form not in the text"
		case seen[key]:
			return "twice"
		}
		seen[key] = true
	}
	return ""
}

func TestAcronymsProperty(t *testing.T) {
	piece := rapid.SampledFrom([]string{"Office", "of", "the", "Harbour", "(", ")", "OH", "(OH)", ".", "é", "\xff", "\n", "“", "A", "of the", "(O.H.)"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), " ")
		if bad := checkAcronyms(s); bad != "" {
			t.Fatalf("%q: %s", s, bad)
		}
	})
}

func FuzzAcronyms(f *testing.F) {
	f.Add("the Office of Harbour Management (OHM) and OHM (Office of Harbour Management)")
	f.Fuzz(func(t *testing.T, s string) {
		if bad := checkAcronyms(s); bad != "" {
			t.Fatalf("%q: %s", s, bad)
		}
	})
}
