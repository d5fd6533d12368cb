package config

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bounds of how often a source is read: no more often than a polite reader
// does, and often enough that a source which is gone is noticed.
const (
	shortestEvery = time.Minute
	longestEvery  = 31 * 24 * time.Hour
)

func (k *checker) collections() {
	seen := map[string]string{} // address → the collection that reads it
	var folders []folder
	for _, name := range slices.Sorted(maps.Keys(k.c.Collections)) {
		key := "collections." + name
		if strings.TrimSpace(name) == "" || strings.ContainsFunc(name, notInName) {
			k.fault(key, "is not a name", "use letters, digits, - and _, without spaces or commas")
		}
		for i, s := range k.c.Collections[name].Sources {
			at := fmt.Sprintf("%s.sources[%d]", key, i)
			k.source(at, s)
			address := s.Address()
			if other, twice := seen[address]; twice && address != "" {
				k.fault(at, "is a source of collection "+strconv.Quote(other)+" already", "leave out one of the two: a document is in one collection")
				continue
			}
			seen[address] = name
			if s.Path != "" {
				folders = append(folders, folder{at, filepath.Clean(s.Path)})
			}
		}
	}
	k.overlaps(folders)
}

func (k *checker) source(at string, s Source) {
	set := 0
	for _, v := range []string{s.Path, s.URL, s.Feed, s.Sitemap} {
		if v != "" {
			set++
		}
	}
	if set != 1 {
		k.fault(at, "must have exactly one of path, url, feed and sitemap", "write for example {path: ./papers}")
	}
	for _, a := range [][2]string{{"url", s.URL}, {"feed", s.Feed}, {"sitemap", s.Sitemap}} {
		key := at + "." + a[0]
		k.address(key, a[1])
		if u, err := url.Parse(a[1]); err == nil && u.User != nil {
			k.fault(key, "holds a name or password, and secrets do not stand in the file", "leave it out: what needs a password is not read")
		}
	}
	switch {
	case s.Every != 0 && s.Every < shortestEvery:
		k.fault(at+".every", s.Every.String()+" is too often", "write 1m or more")
	case s.Every > longestEvery:
		k.fault(at+".every", s.Every.String()+" is too seldom", "write 744h or less")
	}
	if s.Private && s.Path != "" {
		k.fault(at+".private", "is for web addresses", "leave it out")
	}
}

// folder is a source that is a path.
type folder struct{ at, path string }

// overlaps finds folders within others: a file would belong to two sources.
func (k *checker) overlaps(folders []folder) {
	slices.SortStableFunc(folders, func(a, b folder) int { return cmp.Compare(a.path, b.path) })
	for i, outer := range folders {
		for _, inner := range folders[i+1:] {
			if within(outer.path, inner.path) {
				k.fault(inner.at+".path", strconv.Quote(inner.path)+" lies in "+strconv.Quote(outer.path)+", which is a source too", "leave out one of the two")
			}
		}
	}
}

// within reports whether path lies below folder.
func within(folder, path string) bool {
	rest, err := filepath.Rel(folder, path)
	return err == nil && rest != ".." && !strings.HasPrefix(rest, ".."+string(filepath.Separator))
}
