package sqlite

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/copies"
	"briefdesk/briefs/text"
)

// prepared is a document made ready to be written, before the write lock is
// taken.
type prepared struct {
	doc       *briefs.Document
	structure []byte
	digest    [sha256.Size]byte // of structure and text
	meta      metadata
	rows      []row
	sketch    []int32 // of what is searched
}

// row is one passage as it is indexed.
type row struct {
	id, title, heading, byline, body, trail string
	layout                                  []byte
}

// metadata is what a later add or an edit may change without a new revision.
type metadata struct {
	title, author, publisher, url, collection string
	published                                 briefs.Date
}

// refiles reports whether what filters need changed from old to m, so that
// passages must be indexed under new keys.
func (m metadata) refiles(old metadata) bool {
	return m.collection != old.collection || m.published != old.published || m.publisher != old.publisher
}

// The fields that an operator edited; bits of documents.edited.
const (
	editedTitle = 1 << iota
	editedAuthor
	editedPublisher
	editedPublished
	editedCollection
)

// prepare encodes and hashes d; withRows also lays out its passages, which
// only the last of a history needs, and only when it is not withdrawn.
func prepare(d *briefs.Document, withRows bool) prepared {
	p := prepared{doc: d, structure: encodeStructure(d)}
	room := digestRooms.Get().(*[]byte)
	*room = append(append((*room)[:0], p.structure...), d.Text...)
	p.digest = sha256.Sum256(*room)
	digestRooms.Put(room)
	p.meta = metadata{
		title: d.Title, author: d.Author, publisher: d.Publisher, url: d.URL,
		collection: d.Collection, published: d.Published,
	}
	if p.meta.collection == "" {
		p.meta.collection = briefs.DefaultCollection
	}
	if !withRows || d.Withdrawn {
		return p
	}
	p.sketch = copies.Sketch(d)
	p.rows = make([]row, len(d.Passages))
	for i := range d.Passages {
		s := &d.Passages[i]
		p.rows[i] = row{
			id: string(s.ID), title: s.TitleTerms, heading: s.HeadingTerms, byline: s.BylineTerms,
			body: strings.Join(s.Terms, "\n"), trail: s.Heading, layout: encodeLayout(s),
		}
	}
	return p
}

// keepEdits lets the fields that an operator edited win over those of the
// document, also in what is indexed.
func (p *prepared) keepEdits(stored metadata, edited int) {
	m := &p.meta
	if edited&editedTitle != 0 {
		m.title = stored.title
	}
	if edited&editedAuthor != 0 {
		m.author = stored.author
	}
	if edited&editedPublisher != 0 {
		m.publisher = stored.publisher
	}
	if edited&editedPublished != 0 {
		m.published = stored.published
	}
	if edited&editedCollection != 0 {
		m.collection = stored.collection
	}
	if m.title != p.doc.Title {
		title := text.Terms(m.title)
		for i := range p.rows {
			p.rows[i].title = title
		}
	}
	if m.author != p.doc.Author || m.publisher != p.doc.Publisher {
		byline := bylineTerms(m.author, m.publisher)
		for i := range p.rows {
			p.rows[i].byline = byline
		}
	}
}

// bylineTerms makes Passage.BylineTerms as briefs/structure does.
func bylineTerms(author, publisher string) string {
	return strings.TrimSpace(text.Terms(author) + " " + text.Terms(publisher))
}

// indexDigest tells apart what is indexed: the passages and acronyms, the
// same content split or stemmed by another version of our code included. It is
// empty for a withdrawn document.
func (p *prepared) indexDigest() []byte {
	if p.doc.Withdrawn {
		return []byte{}
	}
	room := digestRooms.Get().(*[]byte)
	defer digestRooms.Put(room)
	b := (*room)[:0]
	for i := range p.rows {
		r := &p.rows[i]
		for _, s := range [...]string{r.id, r.title, r.heading, r.byline, r.body, r.trail} {
			b = append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
		}
		b = append(binary.LittleEndian.AppendUint64(b, uint64(len(r.layout))), r.layout...)
	}
	for _, a := range p.doc.Acronyms {
		for _, s := range [...]string{a.Short, a.Long, a.ShortTerms, a.LongTerms} {
			b = append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
		}
	}
	*room = b
	sum := sha256.Sum256(b)
	return sum[:]
}

// digestRooms is memory to join in what is to be hashed.
var digestRooms = sync.Pool{New: func() any { return new([]byte) }}

// days returns the bounds of d as days since 1970-01-01; nil when d is
// unknown.
func days(d briefs.Date) (first, last any) {
	f, l, ok := d.Bounds()
	if !ok {
		return nil, nil
	}
	return dayNumber(f), dayNumber(l)
}

func dayNumber(t time.Time) int64 {
	s := t.Unix()
	return (s - ((s%86400)+86400)%86400) / 86400 // rounds down before 1970 too
}
