package extract

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzPlainRecord shows that a line is read as encoding/json reads it, or left
// to it.
func FuzzPlainRecord(f *testing.F) {
	for _, line := range []string{
		`{"id":"a","title":"T","text":"One.","collection":"c"}`,
		` { "id" : "a" , "text" : "\"q\" \\ \/ \b\f\n\r\t \u00e9 \u2028 é" } `,
		`{"text":"\ud83d\ude00","id":"😀"}`, `{"text":"\ud83d"}`, `{"text":"\u00"}`, `{"text":"\x"}`, `{"text":"\`,
		`{"id":"a","id":"b"}`, `{"ID":"a","text":"b"}`, `{"id":"a",}`, `{"id":"a"}}`, `{"id":"a"} x`, `{}`, `{"id"}`, `{"id":"a"`,
		`{"id":null}`, `{"id":7,"text":"x"}`, `{"blocks":[],"text":"x"}`, `{"other":"a","text":"x"}`, `{"revision":2,"text":"x"}`,
		"{\"text\":\"\xff\"}", "{\"text\":\"a\tb\"}", "{\"text\":\"\x00\"}", `{"author":"a","publisher":"b","published":"c","url":"d","source":"e","added":"f"}`,
		`{"\u0069d":"a"}`, `{"text":"\u+041"}`, `[]`, `"a"`, ``, `{"text":"` + "\x7f\u0085" + `"}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var got, want record
		if !got.plain(line) {
			return
		}
		if err := json.Unmarshal(line, &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: read as %+v, encoding/json: %+v, %v", line, got, want, err)
		}
	})
}

func TestPlainRecordsAreReadAtOnce(t *testing.T) {
	var r record
	if line := `{"id":"a","title":"T\u00e9","text":"One\n\"two\"."}`; !r.plain([]byte(line)) || r.Title != "Té" || r.Text != "One\n\"two\"." {
		t.Errorf("%s: read as %+v", line, r)
	}
}
