package follow

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"briefdesk/briefs"
)

// absent reports whether the file of it is not there. Its document was then
// withdrawn, unless it was moved along.
func absent(it *briefs.SourceItem) bool { return !it.Missing.IsZero() }

// miss finds what of the files that were known is not among files, nor where we
// cannot look.
func (d *folder) miss(files []*file) {
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f.name] = true
	}
	for _, it := range d.sorted() {
		path, _, _ := cutPart(it.Name)
		if !absent(it) && !there[path] && !d.covered(it) {
			d.gone = append(d.gone, it)
		}
	}
}

// covered reports whether the file of it may be there, where we cannot look.
func (d *folder) covered(it *briefs.SourceItem) bool {
	return slices.ContainsFunc(d.hidden, func(path string) bool {
		return it.Address == path || strings.HasPrefix(it.Address, path+string(filepath.Separator))
	})
}

// match finds the files that were moved: new ones with the content of one that
// is gone, now or since before, of the same file name first.
func (d *folder) match(changed []*file) {
	lost := map[string][]*briefs.SourceItem{} // by digest, those gone just now first
	for _, it := range d.gone {
		lost[it.Digest] = append(lost[it.Digest], it)
	}
	for _, it := range d.sorted() {
		if absent(it) && it.Document != "" {
			lost[it.Digest] = append(lost[it.Digest], it)
		}
	}
	for _, same := range []bool{true, false} {
		for _, f := range changed {
			if d.known[f.name] != nil || f.from != nil || f.Lines {
				continue
			}
			of := lost[f.digest]
			i := slices.IndexFunc(of, func(it *briefs.SourceItem) bool {
				return it.Document != "" && (!same || filepath.Base(it.Address) == filepath.Base(f.Key))
			})
			if i >= 0 {
				f.from, f.id = of[i], of[i].Document
				lost[f.digest] = slices.Delete(of, i, i+1)
			}
		}
	}
}

func (d *folder) sorted() []*briefs.SourceItem {
	all := make([]*briefs.SourceItem, 0, len(d.known))
	for _, it := range d.known {
		all = append(all, it)
	}
	slices.SortFunc(all, func(a, b *briefs.SourceItem) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// withdraw takes the documents of what is gone out of the library, but for
// those that another file has, and notes that.
func (d *folder) withdraw(ctx context.Context) error {
	dropped := map[string]bool{}
	for _, it := range d.gone {
		dropped[it.Name] = true
	}
	kept := map[briefs.DocumentID]bool{}
	for _, it := range d.known {
		if !absent(it) && !dropped[it.Name] {
			kept[it.Document] = true
		}
	}
	for _, it := range d.gone {
		if absent(it) { // it was moved
			continue
		}
		if err := d.drop(ctx, it, kept); err != nil {
			return err
		}
	}
	return nil
}

// drop notes that it is gone, and withdraws its document unless that is kept.
func (d *folder) drop(ctx context.Context, it *briefs.SourceItem, kept map[briefs.DocumentID]bool) error {
	if it.Document != "" && !kept[it.Document] {
		err := d.lib.RemoveDocument(ctx, it.Document, false)
		switch {
		case err == nil:
			d.report.Withdrawn++
			d.reads = append(d.reads, Read{Source: d.src, ID: it.Document, Title: it.Title, Outcome: Withdrawn, Notes: []string{"file deleted: " + it.Address}})
			d.log.LogAttrs(ctx, slog.LevelWarn, "withdrawn", slog.String("source", it.Address), slog.String("id", string(it.Document)), slog.String("why", "file deleted"))
		case !errors.Is(err, briefs.ErrNotFound): // else it was purged
			return err
		}
	}
	it.Gone, it.Missing = it.Document != "", d.now()
	return d.save(ctx, []briefs.SourceItem{*it})
}
