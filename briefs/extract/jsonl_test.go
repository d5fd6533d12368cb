package extract

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"briefdesk/briefs"
)

func TestRecordErrorsNameFieldAndMend(t *testing.T) {
	for line, want := range map[string]string{
		`{"id":"a"`:                       `is not JSON (unexpected end of JSON input at byte 9: "{\"id\":\"a\""): write one object a line`,
		`[1]`:                             `is a list, not a JSON object: write one {…} a line`,
		`"x"`:                             `is a string, not a JSON object: write one {…} a line`,
		`{"id":5,"text":"x"}`:             `"id" is a number, not a string: put it in quotes`,
		`{"text":["a"]}`:                  `"text" is a list, not a string: put it in quotes`,
		`{"id":"a"}`:                      `"text" is missing or empty: give the text of the document`,
		`{"text":" \n"}`:                  `"text" is missing or empty: give the text of the document`,
		`{"id":"a\u0007b","text":"x"}`:    `"id" holds a control character: write printable text`,
		`{"id":" a","text":"x"}`:          `"id" begins or ends with a space: remove it`,
		`{"text":"x","published":"soon"}`: `"published" "soon" is no date: write YYYY-MM-DD, YYYY-MM or YYYY`,
		`{"text":"x","added":"soon"}`:     `"added" "soon" is no time: write it like 2006-01-02T15:04:05Z`,
		`{"text":"x","revision":-1}`:      `"revision" is below 0: leave the field out`,
		`{"text":"x","revision":"1"}`:     `"revision" is a string, not a whole number`,
		`{"text":"x","blocks":[["paragraph",0,2]]}`:            `"blocks" do not fit the text (block 0 [0,2) is empty, out of order or outside the text): leave the field out`,
		`{"text":"xy","blocks":[["paragraph",0,1]]}`:           `"blocks" do not fit the text (there is text outside the blocks at the end): leave the field out`,
		`{"text":"é","blocks":[["paragraph",0,1]]}`:            `"blocks" do not fit the text (block 0 cuts a character): leave the field out`,
		`{"text":"x","blocks":[["verse",0,1]]}`:                `"blocks" do not fit the text (block 0 has the unknown role "verse"): leave the field out`,
		`{"text":"x","blocks":[["item"]]}`:                     `a block is [role, start, end, body, level]: leave the field out`,
		`{"text":"x","blocks":7}`:                              `"blocks" is a number, not a list: leave the field out`,
		`{"id":"` + strings.Repeat("x", 257) + `","text":"x"}`: `"id" has 257 bytes, more than 256: shorten it`,
	} {
		_, err := Record([]byte(line))
		if err == nil || err.Error() != want || !errors.Is(err, briefs.ErrInvalid) {
			t.Errorf("%s\n got %v\nwant %s", line, err, want)
		}
	}
}

func TestRecordIsLeftAsItIs(t *testing.T) {
	const text = "Cyber norms and their limits\n\nBy the end of the decade the norms had failed. The reasons are three:\n\n* nobody signed,\n* nobody paid,\n* nobody watched.\n\nShare this article\n"
	d, err := Record([]byte(fmt.Sprintf(`{"id":"a/1","title":"Cyber norms and their limits","text":%q,"author":["x"],"published":null,"extra":{"a":1}}`, text)))
	if err == nil {
		t.Fatalf("a list as author was taken: %+v", d)
	}
	d, err = Record([]byte(fmt.Sprintf(`{"id":"a/1","title":"Cyber norms and their limits","text":%q,"published":"Sept. 3, 2031","extra":{"a":1}}`, text)))
	if err != nil {
		t.Fatal(err)
	}
	if d.ID != "a/1" || d.Text != text || d.Author != "" || d.Publisher != "" || d.Published != "2031-09-03" {
		t.Errorf("got %+v", d)
	}
	var roles []string
	for _, b := range d.Blocks {
		roles = append(roles, string(b.Role))
	}
	if got, want := strings.Join(roles, " "), "title paragraph item item item chrome"; got != want {
		t.Errorf("roles %q, want %q", got, want)
	}
}

// A bare abstract is text through and through, whatever its first line is.
func TestAbstractsLoseNothing(t *testing.T) {
	for _, text := range []string{
		"experimental study of a wing in a slipstream .\nthe results were in agreement with theory .",
		"By 2031 the reserve was gone. It was sold.",
		"Published figures differ",
		"Contact us for help",
		"Subscribe",
		"Ana Example is a fellow at the Invented Desk. She was asked about grain.",
	} {
		for _, b := range clean(text, "Some title", "") {
			if !b.Role.Quotable() {
				t.Errorf("%q: %s is not quotable", text[b.Start:b.End], b.Role)
			}
		}
	}
}

func TestMarshalIsLossless(t *testing.T) {
	d := briefs.Document{
		ID: "x<&>\u2028é", Revision: 3, Source: "/a/b", Title: "T & <T>", Author: "Ana Example, Ben Sample", Publisher: "P",
		Published: "2031-05", URL: "https://example.org/?a=1&b=2", Collection: "c", Added: time.Date(2031, 5, 6, 7, 8, 9, 123456789, time.UTC), Withdrawn: true,
		Text: "Head\n\n1. One <b> & \u00a0two\n   more\n",
		Blocks: []briefs.Block{
			{Role: briefs.RoleHeading, Level: 2, Span: briefs.Span{Start: 0, End: 4}},
			{Role: briefs.RoleItem, Level: 1, Span: briefs.Span{Start: 6, End: 33}, Body: 9},
		},
	}
	out, err := MarshalJSONL(d)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(out), "\n") || strings.Contains(string(out), `\u003c`) {
		t.Errorf("not one readable line: %s", out)
	}
	got, err := Record(out)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, d) {
		t.Errorf("got %+v\nwant %+v", got, d)
	}
	if RecordKey(out) != "id:"+string(d.ID) {
		t.Errorf("key %q", RecordKey(out))
	}
}

func TestRecordKey(t *testing.T) {
	for line, want := range map[string]string{
		`{"id":"a","text":"x"}`:      "id:a",
		`{ "text":"x", "id" : "b" }`: "id:b",
		`{"id":"a\"b"}`:              `id:a"b`,
		`{"url":" https://x "}`:      "url:https://x",
		`{"text":"x"}`:               "",
		`not json`:                   "",
		`{"id":7}`:                   "",
	} {
		if got := RecordKey([]byte(line)); got != want {
			t.Errorf("RecordKey(%s) = %q, want %q", line, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 400_000)
	in := bomUTF8 + "a\r\n\n  \nb\n" + long + "\nc"
	var got []string
	err := Lines(strings.NewReader(in), func(l Line) error {
		if l.Err != nil {
			t.Error(l.Err)
		}
		if string(l.Data) != in[l.Offset:l.Offset+int64(len(l.Data))] {
			t.Errorf("line %d does not stand at %d", l.N, l.Offset)
		}
		got = append(got, fmt.Sprintf("%d:%d", l.N, len(l.Data)))
		return nil
	})
	if err != nil || strings.Join(got, " ") != "1:1 4:1 5:400000 6:1" {
		t.Errorf("lines %v, %v", got, err)
	}
	if err := Lines(strings.NewReader("\xff\xfea\x00"), nil); err == nil || err.Error() != "is UTF-16: save it as UTF-8" {
		t.Errorf("UTF-16: %v", err)
	}
	stop := errors.New("stop")
	if err := Lines(strings.NewReader("a\nb\n"), func(Line) error { return stop }); err != stop {
		t.Errorf("got %v", err)
	}
}

func TestALineTooLongIsPassedOver(t *testing.T) {
	in := strings.Repeat("x", maxLine+10) + "\n" + `{"id":"b","text":"Still here."}`
	var got []string
	err := jsonl(strings.NewReader(in), func(line int, d briefs.Document, err error) error {
		got = append(got, fmt.Sprint(line, d.ID, err))
		return nil
	})
	if want := "[1 the line is above 64 MB: split the document 2b<nil>]"; err != nil || strings.ReplaceAll(fmt.Sprint(got), "1the", "1 the") != want && fmt.Sprint(got) != want {
		t.Errorf("got %v, %v", got, err)
	}
}

// What an export writes of a document can be added again, whatever its blocks
// are for: the roles are those that briefs declares.
func TestEveryRoleIsTakenBack(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../document.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	roles := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || fmt.Sprint(spec.Type) != "Role" {
			return true
		}
		role, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		roles++
		if _, err := Record([]byte(fmt.Sprintf(`{"text":"x","blocks":[[%q,0,1]]}`, role))); err != nil {
			t.Errorf("%s: %v", role, err)
		}
		return true
	})
	if roles < 10 {
		t.Errorf("found %d roles", roles)
	}
}
