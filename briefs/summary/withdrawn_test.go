package summary_test

import (
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/summary"
)

// A document that an earlier brief named as a source and did not quote is told
// to be gone too, once.
func TestWithdrawnWithoutAQuote(t *testing.T) {
	lib := sampleLibrary(t, "")
	d, err := lib.Document(t.Context(), "ransomware-norms-note", 0)
	if err != nil {
		t.Fatal(err)
	}
	named := briefs.Brief{Topic: "tariffs", Sources: []briefs.BriefSource{{N: 1, Document: d}}}
	r := summary.Request{Topic: "tariffs", Scope: briefs.Everything(), Since: firstWeek, Earlier: []briefs.Brief{named}}
	if err := lib.RemoveDocument(t.Context(), d.ID, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		b, err := summarizer(lib).Brief(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Changes) != want || want == 1 && (b.Changes[0].Kind != briefs.ChangeWithdrawn || b.Changes[0].Document.ID != d.ID) {
			t.Errorf("told %+v, want %d", b.Changes, want)
		}
		r.Earlier = append(r.Earlier, b)
	}
}
