package extract

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"briefdesk/briefs"
)

// JSONL reads one document a line.
func JSONL(r io.Reader, fn func(line int, d briefs.Document, err error) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 64<<20)
	for n := 1; sc.Scan(); n++ {
		d, err := Record(sc.Bytes())
		if err := fn(n, d, err); err != nil {
			return err
		}
	}
	return sc.Err()
}

// Record reads the document of one line of JSON.
func Record(line []byte) (briefs.Document, error) {
	var r struct{ ID, Title, Text, Author, Publisher, Published, URL, Collection string }
	if err := json.Unmarshal(line, &r); err != nil {
		return briefs.Document{}, fmt.Errorf("%v: %w", err, briefs.ErrInvalid)
	}
	d := plain(r.Text)
	d.ID, d.Title, d.Author, d.Publisher = briefs.DocumentID(r.ID), r.Title, r.Author, r.Publisher
	d.Published, d.URL, d.Collection = briefs.Date(r.Published), r.URL, r.Collection
	return d, nil
}

// MarshalJSONL writes d as one line of JSON, without a line break.
func MarshalJSONL(d briefs.Document) ([]byte, error) {
	return json.Marshal(map[string]any{"id": d.ID, "title": d.Title, "text": d.Text, "author": d.Author, "publisher": d.Publisher, "published": d.Published, "url": d.URL, "collection": d.Collection})
}
