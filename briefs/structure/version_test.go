package structure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"briefdesk/briefs"
	"briefdesk/briefs/text"
)

// What Index makes of the documents below, and the version that makes it. When
// this test fails, raise text.Version, and write here both it and the digest
// that it tells.
const (
	digestVersion = 2
	indexDigest   = "2b54f0d7af8e2036"
)

// TestVersion fails when what is indexed of known documents changed and
// text.Version did not: libraries would stay as they are.
func TestVersion(t *testing.T) {
	h := sha256.New()
	archive, err := txtar.ParseFile("testdata/version.txtar")
	if err != nil {
		t.Fatal(err)
	}
	docs := []*briefs.Document{long()}
	for _, f := range archive.Files {
		docs = append(docs, parse(string(f.Data)))
	}
	passages := 0
	for _, d := range docs {
		Analyze(d)
		passages += len(d.Passages)
		for _, p := range d.Passages {
			fmt.Fprintf(h, "%q %v %q %q %v %q %q %q %q\n", p.ID, p.Span, p.Role, p.Heading, p.Sentences, p.Terms, p.TitleTerms, p.HeadingTerms, p.BylineTerms)
		}
		fmt.Fprintf(h, "%q\n", d.Acronyms)
	}
	if passages < 12 {
		t.Errorf("the documents make %d passages, too few to tell much", passages)
	}
	got := hex.EncodeToString(h.Sum(nil)[:8])
	switch {
	case text.Version != digestVersion:
		t.Errorf("text.Version is %d and the digest is of %d: write digestVersion = %d, indexDigest = %q", text.Version, digestVersion, text.Version, got)
	case got != indexDigest:
		t.Errorf("what is indexed changed: raise text.Version to %d, and write digestVersion = %d, indexDigest = %q", text.Version+1, text.Version+1, got)
	}
}

// long is a document whose blocks are of all lengths about those at which
// passages end.
func long() *briefs.Document {
	var b strings.Builder
	n := 0
	for block := range 40 {
		for range []int{1, 3, 2, 14, 5, 60, 1, 8}[block%8] {
			n++
			fmt.Fprintf(&b, "Keeper %d counted %d boats%s. ", n, n*n%97, strings.Repeat(" and lamps", n%9))
		}
		b.WriteString("\n\n")
	}
	return parse(b.String())
}

// TestIndex indexes a document anew as a library returns it.
func TestIndex(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/version.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		want := parse(string(f.Data))
		Analyze(want)
		got := *want
		got.Passages, got.Acronyms = []briefs.Passage{{ID: "old"}}, nil
		got.Blocks = slices.Clone(want.Blocks)
		Index(&got)
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("%s: indexed anew (-analysed +indexed):\n%s", f.Name, diff)
		}
	}
}
