package sample_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
	"briefdesk/briefs/sample"
)

const (
	minDocuments, minCollections = 30, 6 // of the whole library
	minQuestions                 = 150
	minWords, maxWords           = 600, 1200 // of a readable text, menus and notes included
)

// texts returns the readable text of every sample document by name.
func texts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		out[f.Name] = d.Text
	}
	return out
}

func golden(t *testing.T) []sample.Question {
	t.Helper()
	questions, err := sample.Golden()
	if err != nil {
		t.Fatal(err)
	}
	return questions
}

func TestDocumentsAreSortedAndMarkedAsSamples(t *testing.T) {
	docs := sample.Documents()
	collections := map[string]bool{}
	for i, f := range docs {
		collections[f.Collection] = true
		if i > 0 && docs[i-1].Name >= f.Name {
			t.Errorf("%s stands after %s", f.Name, docs[i-1].Name)
		}
		if !strings.HasPrefix(f.Name, f.Collection+"/") || f.Collection == "" {
			t.Errorf("%s: collection %q is not its folder", f.Name, f.Collection)
		}
		if !strings.Contains(string(f.Data), "Sample writing for briefdesk;") {
			t.Errorf("%s does not say that it is sample writing", f.Name)
		}
	}
	if len(docs) < minDocuments || len(collections) < minCollections {
		t.Errorf("%d documents in %d collections, want at least %d in %d", len(docs), len(collections), minDocuments, minCollections)
	}
}

func TestDocumentsHaveArticleLength(t *testing.T) {
	for name, text := range texts(t) {
		if n := len(strings.Fields(text)); n < minWords || n > maxWords {
			t.Errorf("%s has %d words, want %d to %d", name, n, minWords, maxWords)
		}
	}
}

// Every answer names title, author and date, so every sample document has
// them; where the format has a field for it, the publisher too.
func TestDocumentsHaveMetadata(t *testing.T) {
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		publisher := d.Publisher != "" || strings.HasSuffix(f.Name, ".txt")
		if d.Title == "" || d.Author == "" || !publisher || len(d.Published) != len("2006-01-02") {
			t.Errorf("%s: title %q, author %q, publisher %q, published %q", f.Name, d.Title, d.Author, d.Publisher, d.Published)
		}
	}
}

func TestGoldenSentencesStandVerbatim(t *testing.T) {
	text := texts(t)
	for _, q := range golden(t) {
		for _, s := range slices.Concat(q.Required, q.Acceptable) {
			body, ok := text[s.Doc]
			switch {
			case !ok:
				t.Errorf("%s: no document %s", q.ID, s.Doc)
			case s.Text == "" || !strings.Contains(body, s.Text):
				t.Errorf("%s: not in %s: %q", q.ID, s.Doc, s.Text)
			}
		}
	}
}

// The items of an enumeration are required in the order in which they stand.
func TestGoldenEnumerationsAreInOrder(t *testing.T) {
	text := texts(t)
	for _, q := range golden(t) {
		if !q.Complete {
			continue
		}
		if len(q.Required) < 2 {
			t.Errorf("%s: an enumeration of %d", q.ID, len(q.Required))
		}
		at := -1
		for _, s := range q.Required {
			i := strings.Index(text[s.Doc], s.Text)
			if i <= at || s.Doc != q.Required[0].Doc {
				t.Errorf("%s: out of order: %q", q.ID, s.Text)
			}
			at = i
		}
	}
}

func TestGoldenQuestionsAreWellFormed(t *testing.T) {
	kinds := []briefs.Kind{
		briefs.KindWhy, briefs.KindWhat, briefs.KindWho, briefs.KindWhen, briefs.KindWhere,
		briefs.KindHow, briefs.KindHowMany, briefs.KindList, briefs.KindCompare, briefs.KindYesNo,
	}
	ids, asked, used := map[string]bool{}, map[string]string{}, map[briefs.Kind]int{}
	for _, q := range golden(t) {
		if q.ID == "" || ids[q.ID] {
			t.Errorf("qid %q is empty or not unique", q.ID)
		}
		ids[q.ID] = true
		folded := strings.ToLower(q.Question)
		if other := asked[folded]; other != "" || folded == "" {
			t.Errorf("%s: the question is empty or that of %s", q.ID, other)
		}
		asked[folded] = q.ID
		if !slices.Contains(kinds, q.Kind) {
			t.Errorf("%s: kind %q", q.ID, q.Kind)
		}
		used[q.Kind]++
		if q.Answerable != (len(q.Required) > 0) || q.Answerable == (q.Style == sample.StyleNear) {
			t.Errorf("%s: answerable %v, style %s, %d required", q.ID, q.Answerable, q.Style, len(q.Required))
		}
		if !q.Answerable && (len(q.Acceptable) > 0 || q.Complete) {
			t.Errorf("%s: not answerable, but has an answer", q.ID)
		}
		if slices.ContainsFunc(q.Acceptable, func(s sample.Sentence) bool { return slices.Contains(q.Required, s) }) {
			t.Errorf("%s: a sentence is both required and acceptable", q.ID)
		}
	}
	for _, k := range kinds {
		if used[k] == 0 {
			t.Errorf("no question of kind %s", k)
		}
	}
}

// A third of the questions share few words with their answers, a quarter are
// near but unanswerable, and both splits have their half of every style.
func TestGoldenShares(t *testing.T) {
	questions := golden(t)
	count := map[string]int{}
	for _, q := range questions {
		count[q.Style]++
		count[fmt.Sprint(q.Style, " ", q.Split)]++
	}
	n := len(questions)
	if n < minQuestions {
		t.Errorf("%d questions, want at least %d", n, minQuestions)
	}
	within := func(what string, got, of int, low, high float64) {
		if share := float64(got) / float64(of); share < low || share > high {
			t.Errorf("%s: %d of %d, want a share of %.2f to %.2f", what, got, of, low, high)
		}
	}
	within(sample.StyleParaphrase, count[sample.StyleParaphrase], n, 0.31, 0.40)
	within(sample.StyleNear, count[sample.StyleNear], n, 0.23, 0.30)
	styles := []string{sample.StyleLexical, sample.StyleParaphrase, sample.StyleNear}
	for _, style := range styles {
		tune, heldOut := count[style+" "+sample.SplitTune], count[style+" "+sample.SplitHeldOut]
		if tune+heldOut != count[style] {
			t.Errorf("%s: %d questions in neither split", style, count[style]-tune-heldOut)
		}
		within(style+" in tune", tune, count[style], 0.45, 0.55)
	}
	if known := count[styles[0]] + count[styles[1]] + count[styles[2]]; known != n {
		t.Errorf("%d questions of an unknown style", n-known)
	}
}

// A sentence that reading takes for a menu or a heading is never quoted, so a
// question that requires it could not be answered. Authorship is answered
// from bylines and author notes.
func TestGoldenSentencesAreQuotable(t *testing.T) {
	docs := map[string]briefs.Document{}
	for _, f := range sample.Documents() {
		d, err := extract.Document(f.Name, f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		docs[f.Name] = d
	}
	for _, q := range golden(t) {
		for _, s := range q.Required {
			d := docs[s.Doc]
			role := roleOf(&d, s.Text)
			note := role == briefs.RoleByline || role == briefs.RoleAuthorNote
			if !role.Quotable() && !(note && q.Kind == briefs.KindWho) {
				t.Errorf("%s: in a block of role %q of %s: %q", q.ID, role, s.Doc, s.Text)
			}
		}
	}
}

// roleOf returns the role of the block that holds all of text; empty when no
// block does.
func roleOf(d *briefs.Document, text string) briefs.Role {
	at := strings.Index(d.Text, text)
	span := briefs.Span{Start: at, End: at + len(text)}
	for _, b := range d.Blocks {
		if at >= 0 && b.Contains(span) {
			return b.Role
		}
	}
	return ""
}
