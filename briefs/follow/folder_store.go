package follow

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/ingest"
)

// digestOf reads the file at path once.
func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// store reads what changed and stores it: files of one document together, as
// many at a time as ingest likes, files of several one after another.
func (d *folder) store(ctx context.Context, changed []*file) error {
	var single []*file
	for _, f := range changed {
		if it := d.known[f.name]; it != nil && f.id == "" {
			f.id = it.Document
		}
		if !f.Lines {
			single = append(single, f)
		}
	}
	p := &folderPut{folder: d, taken: map[briefs.DocumentID]bool{}, holds: map[briefs.DocumentID]bool{}, total: len(changed)}
	for _, it := range d.known {
		p.taken[it.Document] = true
		if !absent(it) {
			p.holds[it.Document] = true
		}
	}
	if err := p.add(ctx, single...); err != nil {
		return err
	}
	for _, f := range changed {
		if f.Lines {
			if err := p.add(ctx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// folderPut stores documents of files and notes each batch at once.
type folderPut struct {
	*folder
	taken map[briefs.DocumentID]bool // that have a file, or had one
	holds map[briefs.DocumentID]bool // that had a file at the last reading
	total int                        // files to read
	done  int

	mu     sync.Mutex
	byPath map[string]*file            // by key
	byID   map[briefs.DocumentID]*file // as they are read
	lines  *file                       // the one file of several documents; nil for others
	found  map[briefs.DocumentID]bool  // in it
	left   map[*file]bool              // being written still
	failed error                       // of noting
}

// errNotNoted stops an add; its kind is that of no document.
var errNotNoted = errors.New("what was read could not be noted")

// add reads files, of which those with several documents come alone.
func (p *folderPut) add(ctx context.Context, files ...*file) error {
	if len(files) == 0 {
		return nil
	}
	p.byPath, p.byID, p.lines = map[string]*file{}, map[briefs.DocumentID]*file{}, nil
	p.found, p.left = map[briefs.DocumentID]bool{}, map[*file]bool{}
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i], p.byPath[f.Key] = f.Key, f
		if f.Lines {
			p.lines = f
		}
	}
	in := ingest.New(p.log, p, ingest.Options{Collection: p.src.Collection, Read: p.Follower.read, ID: p.id})
	report, err := in.Add(ctx, paths...)
	if err = cmp.Or(p.failed, err); err != nil {
		return err
	}
	var items []briefs.SourceItem
	for i, of := range report.Sources {
		f := files[i]
		if p.left[f] {
			p.wait(f)
			continue
		}
		switch {
		case f.Lines:
			items = append(items, p.partsOf(f, of)...)
		case of.First != nil:
			items = append(items, p.refused(f, of.First.Err)...)
		}
		if of.First != nil {
			p.fault(f.Name, of.First.Err)
			p.report.Failed += of.Failed - 1
			p.tell(f, "")
		}
	}
	return p.note(ctx, items)
}

// id is the id of the document in the file at path: the one that it had, else
// the usual one, unless a file that was there before has taken that along.
func (p *folderPut) id(path string, usual briefs.DocumentID) briefs.DocumentID {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.byPath[path]
	if f == nil {
		return usual
	}
	if f.id == "" {
		f.id = usual
		if p.taken[f.id] {
			f.id = briefs.DocumentID(fmt.Sprintf("%s-%.8s", usual, f.digest))
		}
	}
	p.byID[f.id] = f
	return f.id
}

func (p *folderPut) fileOf(id briefs.DocumentID) *file {
	if p.lines != nil {
		return p.lines
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.byID[id]
}

// PutDocuments implements ingest.Library: it stores batch and notes the files.
func (p *folderPut) PutDocuments(ctx context.Context, batch []briefs.Document) ([]briefs.Stored, error) {
	out := make([]briefs.Stored, len(batch))
	ids := make([]string, len(batch))
	for i := range batch {
		ids[i] = string(batch[i].ID)
		out[i] = briefs.Stored{ID: batch[i].ID, Outcome: briefs.Unchanged}
	}
	purged, err := p.lib.Purged(ctx, p.src.Collection, ids...)
	if err != nil {
		return nil, p.stop(err)
	}
	var put []briefs.Document
	var at []int
	var items []briefs.SourceItem
	for i := range batch {
		f := p.fileOf(batch[i].ID)
		was := f.stamp
		switch {
		case !f.look() || f.stamp != was: // it changed while it was read
			p.left[f] = true
		case slices.Contains(purged, ids[i]) && !p.o.Revive:
			if !f.Lines {
				items = append(items, p.item(f, briefs.Document{}))
			}
		default:
			if err := p.keepRemoved(ctx, &batch[i]); err != nil {
				return nil, p.stop(err)
			}
			put, at = append(put, batch[i]), append(at, i)
		}
	}
	if len(put) > 0 {
		stored, err := p.lib.PutDocuments(ctx, put)
		if err != nil {
			return nil, err // of a document, or of the library
		}
		for i, st := range stored {
			out[at[i]] = st
			f := p.fileOf(st.ID)
			p.count(f, &put[i], st)
			if f.Lines {
				p.found[st.ID] = true
				continue
			}
			items = append(items, p.item(f, put[i]))
			if f.from != nil { // nothing is left there, and nothing is to be withdrawn
				f.from.Gone, f.from.Missing, f.from.Document, f.from.Digest = false, p.now(), "", ""
				items = append(items, *f.from)
			}
		}
	}
	if err := p.note(ctx, items); err != nil {
		return nil, p.stop(err)
	}
	return out, nil
}

// keepRemoved keeps a document from coming back with its next revision when it
// was removed by hand.
func (p *folderPut) keepRemoved(ctx context.Context, d *briefs.Document) error {
	if !p.holds[d.ID] || p.o.Revive {
		return nil
	}
	old, err := p.lib.Document(ctx, d.ID, 0)
	if err != nil && !errors.Is(err, briefs.ErrNotFound) {
		return err
	}
	d.Withdrawn = d.Withdrawn || old.Withdrawn
	return nil
}

func (p *folderPut) stop(err error) error {
	p.failed = err
	return errNotNoted
}

// note stores items and knows them from then on.
func (p *folderPut) note(ctx context.Context, items []briefs.SourceItem) error {
	if len(items) == 0 {
		return nil
	}
	if err := p.save(ctx, items); err != nil {
		return err
	}
	for i := range items {
		p.known[items[i].Name] = &items[i]
		p.taken[items[i].Document] = true
	}
	return nil
}

// item is what is remembered of a file that was read.
func (p *folderPut) item(f *file, d briefs.Document) briefs.SourceItem {
	it := p.fresh(f.name)
	it.Address, it.Document, it.Title, it.Author, it.Published = f.Key, d.ID, d.Title, d.Author, d.Published
	it.Modified, it.Digest, it.Read = f.stamp, f.digest, p.now()
	return it
}

// fresh is the item of that name without what was known of it, but for when it
// was seen first.
func (p *folderPut) fresh(name string) briefs.SourceItem {
	it := briefs.SourceItem{Name: name, Known: p.now()}
	if old := p.known[name]; old != nil {
		it.Known = old.Known
	}
	return it
}

// refused is what is remembered of a file that cannot be read: it is not tried
// again before it changes, unless it may be well by then. A document that it
// had before stays.
func (p *folderPut) refused(f *file, err error) []briefs.SourceItem {
	if !errors.Is(err, briefs.ErrInvalid) {
		return nil
	}
	it := p.fresh(f.name)
	if old := p.known[f.name]; old != nil {
		it = *old
	}
	it.Address, it.Modified, it.Digest, it.Problem = f.Key, f.stamp, f.digest, err.Error()
	it.Failures++
	it.Gone, it.Missing = false, time.Time{}
	return []briefs.SourceItem{it}
}

// partsOf is what is remembered of a file of several documents. Those that it
// holds no more are gone, unless one that it holds cannot be read.
func (p *folderPut) partsOf(f *file, of ingest.Source) []briefs.SourceItem {
	it := p.item(f, briefs.Document{})
	if of.First != nil {
		it.Problem = of.First.Err.Error()
	}
	items := []briefs.SourceItem{it}
	for id := range p.found {
		part := p.fresh(partName(f.name, id))
		part.Address, part.Document, part.Read = f.Key, id, p.now()
		items = append(items, part)
	}
	for _, old := range p.parts[f.name] {
		if !absent(old) && !p.found[old.Document] && of.First == nil {
			p.gone = append(p.gone, old)
		}
	}
	return items
}

// count counts and tells what became of one document.
func (p *folderPut) count(f *file, d *briefs.Document, st briefs.Stored) {
	switch st.Outcome {
	case briefs.Added:
		p.report.Added++
	case briefs.Revised:
		p.report.Revised++
	default:
		p.report.Unchanged++
	}
	if st.Outcome != briefs.Unchanged && len(p.reads) < maxReads {
		p.reads = append(p.reads, Read{
			Source: p.src, ID: st.ID, Revision: st.Revision, Title: d.Title, Author: d.Author, Publisher: d.Publisher,
			Published: d.Published, URL: d.URL, Passages: len(d.Passages), Outcome: st.Outcome,
		})
	}
	p.tell(f, st.Outcome)
}

// tell calls Progress.
func (p *folderPut) tell(f *file, o briefs.Outcome) {
	p.done++
	if p.o.Progress != nil {
		p.telling.Lock()
		defer p.telling.Unlock()
		p.o.Progress(Event{Source: p.src, Item: f.Name, Outcome: o, Done: p.done, Total: max(p.done, p.total), Failed: p.report.Failed})
	}
}
