package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"briefdesk/briefs"
)

// maxID is the longest id of a document, in bytes: it must fit an address.
const maxID = 256

// record is one line of JSON. The fields after Collection are those of a
// lossless export; other fields are ignored.
type record struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Author     string `json:"author,omitempty"`
	Publisher  string `json:"publisher,omitempty"`
	Published  string `json:"published,omitempty"`
	URL        string `json:"url,omitempty"`
	Collection string `json:"collection,omitempty"`

	Revision  int          `json:"revision,omitempty"`
	Source    string       `json:"source,omitempty"`
	Added     string       `json:"added,omitempty"` // RFC 3339
	Withdrawn bool         `json:"withdrawn,omitempty"`
	Blocks    []blockTuple `json:"blocks,omitempty"`
	Pages     []int        `json:"pages,omitempty"` // only with blocks
}

// Record reads the document of one line of JSON. Its text is taken as clean:
// where the line has no blocks they are split from the text, but no metadata
// is guessed. Errors wrap ErrInvalid and name the field and the mend.
func Record(line []byte) (briefs.Document, error) {
	var r record
	if !r.plain(line) {
		r = record{}
		if err := json.Unmarshal(line, &r); err != nil {
			return briefs.Document{}, recordError(line, err)
		}
	}
	if err := checkID(r.ID); err != nil {
		return briefs.Document{}, err
	}
	d := briefs.Document{
		ID: briefs.DocumentID(r.ID), Revision: r.Revision, Source: oneLine(r.Source),
		Title: oneLine(r.Title), Author: oneLine(r.Author), Publisher: oneLine(r.Publisher),
		URL: strings.TrimSpace(r.URL), Collection: strings.TrimSpace(r.Collection), Text: r.Text,
		Withdrawn: r.Withdrawn,
	}
	if strings.TrimSpace(r.Text) == "" {
		return briefs.Document{}, invalid(`"text" is missing or empty: give the text of the document`)
	}
	if r.Revision < 0 {
		return briefs.Document{}, invalid(`"revision" is below 0: leave the field out`)
	}
	if r.Published != "" {
		var ok bool
		if d.Published, ok = looseDate(r.Published); !ok {
			return briefs.Document{}, invalid(`"published" %s is no date: write YYYY-MM-DD, YYYY-MM or YYYY`, excerpt(r.Published))
		}
	}
	if r.Added != "" {
		t, err := time.Parse(time.RFC3339Nano, r.Added)
		if err != nil {
			return briefs.Document{}, invalid(`"added" %s is no time: write it like 2006-01-02T15:04:05Z`, excerpt(r.Added))
		}
		d.Added = t.UTC()
	}
	if len(r.Blocks) == 0 {
		d.Text = normalize(r.Text)
		d.Blocks = clean(d.Text, d.Title, d.Author)
		return d, nil
	}
	if normalize(r.Text) != r.Text {
		return briefs.Document{}, invalid(`"text" holds control characters, so "blocks" cannot be kept: leave them out`)
	}
	d.Blocks = make([]briefs.Block, len(r.Blocks))
	for i, b := range r.Blocks {
		d.Blocks[i] = briefs.Block(b)
	}
	if err := checkBlocks(d.Text, d.Blocks); err != nil {
		return briefs.Document{}, invalid(`"blocks" do not fit the text (%v): leave the field out`, err)
	}
	if !pagesFit(d.Text, r.Pages) {
		return briefs.Document{}, invalid(`"pages" do not fit the text: leave the field out`)
	}
	d.Pages = r.Pages
	return d, nil
}

// RecordKey returns what identifies the document of a line: "id:" and its id,
// or "url:" and its url, or "" when it has neither or is no JSON. It is much
// cheaper than Record.
func RecordKey(line []byte) string {
	// Most lines begin with a plain id.
	if rest, ok := bytes.CutPrefix(line, []byte(`{"id":`)); ok {
		rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " "), []byte{'"'})
		if i := bytes.IndexAny(rest, `"\`); ok && i > 0 && rest[i] == '"' && i <= maxID && utf8.Valid(rest[:i]) {
			return "id:" + string(rest[:i])
		}
	}
	var r struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return ""
	}
	switch {
	case r.ID != "":
		return "id:" + r.ID
	case strings.TrimSpace(r.URL) != "":
		return "url:" + strings.TrimSpace(r.URL)
	}
	return ""
}

// MarshalJSONL writes d as one line of JSON, without a line break, so that
// Record reads back the same metadata, text, blocks and pages. Sentences,
// enumerations, passages and acronyms are not written: package structure
// makes them again from the blocks.
func MarshalJSONL(d briefs.Document) ([]byte, error) {
	r := record{
		ID: string(d.ID), Title: d.Title, Text: d.Text, Author: d.Author, Publisher: d.Publisher,
		Published: string(d.Published), URL: d.URL, Collection: d.Collection,
		Revision: d.Revision, Source: d.Source, Withdrawn: d.Withdrawn,
	}
	if !utf8.ValidString(d.Text) {
		return nil, briefs.Fault(briefs.ErrInvalid, "document %s: its text is not UTF-8", d.ID)
	}
	if !d.Added.IsZero() {
		r.Added = d.Added.UTC().Format(time.RFC3339Nano)
	}
	for _, b := range d.Blocks {
		r.Blocks = append(r.Blocks, blockTuple(b))
	}
	if len(r.Blocks) > 0 {
		r.Pages = d.Pages
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("document %s: %w", d.ID, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// pagesFit reports whether pages are offsets of text: the first 0, none before
// the one before it, none inside a character.
func pagesFit(text string, pages []int) bool {
	for i, p := range pages {
		if i == 0 && p != 0 || i > 0 && p < pages[i-1] || p > len(text) || cuts(text, p) {
			return false
		}
	}
	return true
}

// blockTuple is a block as [role, start, end, body, level]. Trailing values
// that say nothing (body at the start, level 0) are left out.
type blockTuple briefs.Block

func (b blockTuple) MarshalJSON() ([]byte, error) {
	t := []any{b.Role, b.Start, b.End}
	if b.Body != b.Start || b.Level != 0 {
		t = append(t, b.Body)
	}
	if b.Level != 0 {
		t = append(t, b.Level)
	}
	return json.Marshal(t)
}

func (b *blockTuple) UnmarshalJSON(data []byte) error {
	var t []json.RawMessage
	if err := json.Unmarshal(data, &t); err != nil || len(t) < 3 || len(t) > 5 {
		return errors.New(`a block is [role, start, end, body, level]`)
	}
	*b = blockTuple{}
	if err := json.Unmarshal(t[0], &b.Role); err != nil {
		return errors.New("the role of a block is a string")
	}
	b.Body = -1
	for i, p := range []*int{&b.Start, &b.End, &b.Body, &b.Level} {
		if i+1 < len(t) {
			if err := json.Unmarshal(t[i+1], p); err != nil {
				return errors.New("the offsets of a block are whole numbers")
			}
		}
	}
	if len(t) == 3 {
		b.Body = b.Start
	}
	return nil
}

// recordError words an error of encoding/json with the field and the mend.
func recordError(line []byte, err error) error {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		if typ.Field == "" {
			return invalid("is %s, not a JSON object: write one {…} a line", article(typ.Value))
		}
		want := "a string: put it in quotes"
		switch typ.Field {
		case "revision":
			want = "a whole number"
		case "withdrawn":
			want = "true or false: leave the field out"
		case "blocks", "pages":
			want = "a list: leave the field out"
		}
		return invalid("%q is %s, not %s", typ.Field, article(typ.Value), want)
	}
	var syn *json.SyntaxError
	if errors.As(err, &syn) {
		return invalid("is not JSON (%v at byte %d: %s): write one object a line", err, syn.Offset, excerpt(string(line)))
	}
	return invalid("%v: leave the field out", err)
}

// article puts "a" or "an" before the JSON type of a value.
func article(value string) string {
	kind, _, _ := strings.Cut(value, " ") // "number 5" is a number
	switch kind {
	case "bool":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a " + kind
}

// checkID tells what is wrong with an id; an empty one is allowed.
func checkID(id string) error {
	if len(id) > maxID {
		return invalid(`"id" has %d bytes, more than %d: shorten it`, len(id), maxID)
	}
	for _, r := range id {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return invalid(`"id" holds a control character: write printable text`)
		}
	}
	if strings.TrimSpace(id) != id {
		return invalid(`"id" begins or ends with a space: remove it`)
	}
	return nil
}

// excerpt quotes the beginning of s for an error.
func excerpt(s string) string {
	const most = 40 // runes: keeps the error on one line
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}

// oneLine joins the words of a metadata value by single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func invalid(format string, args ...any) error {
	return briefs.Fault(briefs.ErrInvalid, format, args...)
}
