package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"briefdesk/briefs"
	"briefdesk/store"
)

// picture makes a picture that counts the documents of a collection and names
// a publisher.
func picture(publisher string) *briefs.Picture {
	return &briefs.Picture{
		Alt: "Documents published per week: " + publisher + " 3.", Collections: []string{"papers", "rivers"}, Width: 3, Height: 2,
		Light: []byte("\x89PNG\x00light"), Dark: []byte("\x89PNG\xffdark"),
	}
}

// A picture is kept byte for byte, is read by its own room alone, and goes
// when the one document of a publisher that it names is purged.
func briefingPictures(t *testing.T, lib store.Backend) {
	ctx := context.Background()
	gale, other := Document("gale", "Wind."), Document("tide", "Tide.")
	gale.Publisher = "Gale & Sons"
	put(t, lib, gale, other)
	for id, p := range map[briefs.BriefingID]*briefs.Picture{"named": picture("Gale & Sons"), "shared": picture(other.Publisher), "none": nil} {
		b := briefs.Briefing{ID: id, Room: "a", Posted: minutes(1), Picture: p}
		if err := lib.RecordBriefing(ctx, b); err != nil {
			t.Fatal(err)
		}
		got := briefing(t, lib, id).Picture
		if p == nil {
			equal(t, "a briefing without a picture", got == nil, true)
			continue
		}
		files, err := lib.Picture(ctx, id, "b", "a")
		if diff := cmp.Diff(*p, files); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", id, err, diff)
		}
		files.Light, files.Dark = nil, nil
		if diff := cmp.Diff(&files, got); diff != "" {
			t.Errorf("%s: without its files (-want +got):\n%s", id, diff)
		}
	}
	absent := func(id briefs.BriefingID, rooms ...string) string {
		t.Helper()
		_, err := lib.Picture(ctx, id, rooms...)
		if !errors.Is(err, briefs.ErrNotFound) {
			t.Fatalf("%s of %q: %v", id, rooms, err)
		}
		return err.Error()
	}
	equal(t, "another room's and one that never was", absent("named", "b"), absent("never"))
	equal(t, "another room's and one without", absent("named", "b"), absent("none", "a"))
	for _, half := range []briefs.Picture{{Alt: "x", Light: []byte("x")}, {Alt: "x", Dark: []byte("x")}, {Light: []byte("x"), Dark: []byte("x")}} {
		if err := lib.RecordBriefing(ctx, briefs.Briefing{ID: "half", Picture: &half}); !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("half a picture: %v", err)
		}
	}
	sound(t, lib)
	for _, id := range []briefs.DocumentID{"gale", "tide"} {
		put(t, lib, Document(string(id)+"2", "More."))
		if err := lib.RemoveDocument(ctx, id, true); err != nil {
			t.Fatal(err)
		}
	}
	absent("named")
	if _, err := lib.Picture(ctx, "shared"); err != nil {
		t.Errorf("a publisher who has other documents: %v", err)
	}
	sound(t, lib)
}
