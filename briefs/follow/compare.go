package follow

import (
	"cmp"
	"context"
	"slices"

	"briefdesk/briefs"
)

// compareAtOnce is how many items are looked up at a time.
const compareAtOnce = 400

// compare finds what of a listing is new, or said otherwise than before, and
// makes that due. An item is known by its name; by its address where the
// source names things anew each time.
func (r *reading) compare(ctx context.Context, found []briefs.SourceItem) ([]briefs.SourceItem, error) {
	here := make(map[string]bool, len(found))
	for i := range found {
		here[found[i].Name] = true
	}
	var changed []briefs.SourceItem
	taken := map[string]bool{}
	for chunk := range slices.Chunk(found, compareAtOnce) {
		names := make([]string, 0, 2*len(chunk))
		for i := range chunk {
			names = append(names, chunk[i].Name)
			if chunk[i].Address != "" {
				names = append(names, chunk[i].Address)
			}
		}
		known, err := r.lib.SourceItems(ctx, r.src.Key(), "", 4*len(chunk), names...)
		if err != nil {
			return nil, err
		}
		byName, byAddress := map[string]*briefs.SourceItem{}, map[string]*briefs.SourceItem{}
		for i := range known {
			byName[known[i].Name] = &known[i]
			if !here[known[i].Name] && known[i].Address != "" {
				byAddress[known[i].Address] = &known[i]
			}
		}
		for i := range chunk {
			it := chunk[i]
			if taken[it.Name] {
				continue
			}
			taken[it.Name] = true
			was := byName[it.Name]
			if was == nil && it.Address != "" {
				was = byAddress[it.Address]
			}
			if was == nil {
				purged, err := r.wasPurged(ctx, &it)
				if err != nil {
					return nil, err
				}
				if !purged {
					changed = append(changed, it)
				}
				continue
			}
			if was.Stated == it.Stated && (was.Address == it.Address || it.Address == "") {
				continue
			}
			now := *was
			now.Address, now.Stated, now.Own, now.Next, now.Failures, now.Problem = it.Address, it.Stated, it.Own, it.Next, 0, ""
			now.Title, now.Author, now.Published = cmp.Or(it.Title, was.Title), cmp.Or(it.Author, was.Author), cmp.Or(it.Published, was.Published)
			if was.Address != it.Address {
				now.ETag, now.Modified = "", ""
			}
			changed = append(changed, now)
		}
	}
	return changed, nil
}

// wasPurged reports whether the document of a new item was purged before.
func (r *reading) wasPurged(ctx context.Context, it *briefs.SourceItem) (bool, error) {
	at := r.placeOf(it)
	names, err := r.lib.Purged(ctx, r.src.Collection, at, string(documentID(r.src.Collection, at)))
	if err != nil || len(names) == 0 {
		return false, err
	}
	if r.o.Revive {
		return false, r.lib.Unpurge(ctx, r.src.Collection, names...)
	}
	return true, nil
}

// placeOf is where an item stands: its address, or its place in its source.
func (r *reading) placeOf(it *briefs.SourceItem) string {
	if it.Address != "" {
		return place(it.Address)
	}
	return place(r.src.Address) + "#" + it.Name
}
