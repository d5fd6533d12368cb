// Package archtest keeps the house in order: Check reads every Go file of the
// module and reports imports that the table of arrows does not allow. It
// parses the files itself, because go test would cache past a shelled go list.
// It knows nothing of the product and imports none of it.
package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the path of our module, before each of our imports.
const module = "briefdesk"

// file is what the rules need of one Go file.
type file struct {
	path    string // from the root of the module, with slashes
	pkg     string // folder of path
	test    bool   // a _test.go file
	imports []string
}

// Check reports, in the order of files, every breach of the rules in the
// module whose root is fsys; nothing when the house is in order. What nested
// modules import is their own affair.
func Check(fsys fs.FS) ([]string, error) {
	files, within, err := read(fsys)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, m := range within {
		if !slices.Contains(nested, m) {
			found = append(found, m+"/go.mod: is not in the table of nested modules: add it")
		}
	}
	for _, f := range files {
		found = append(found, f.check()...)
	}
	tour, err := fs.ReadFile(fsys, tourFile)
	if err != nil {
		return nil, err
	}
	return append(found, checkTour(string(tour), files)...), nil
}

// read returns the Go files of our module and the folders of nested modules.
func read(fsys fs.FS) (files []file, within []string, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if name != "." && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata" || e.Name() == "dist") {
				return fs.SkipDir
			}
			if _, err := fs.Stat(fsys, path.Join(name, "go.mod")); err == nil && name != "." {
				within = append(within, name)
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := file{path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go")}
		for _, i := range parsed.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, p)
		}
		files = append(files, f)
		return nil
	})
	return files, within, err
}

func (f *file) check() []string {
	var found []string
	fault := func(format string, args ...any) {
		found = append(found, f.path+": "+fmt.Sprintf(format, args...))
	}
	if top, _, _ := strings.Cut(f.pkg, "/"); !slices.Contains(folders, top) {
		fault("code lives in %s only", strings.Join(folders, ", "))
		return found
	}
	allowed, known := arrows[f.pkg]
	if !known {
		fault("package %s is not in the table of arrows: add it, and say what it may import", f.pkg)
		return found
	}
	for _, p := range f.imports {
		switch {
		case p == module || strings.HasPrefix(p, module+"/"):
			own := strings.TrimPrefix(p, module+"/")
			ok := slices.Contains(allowed, own) || slices.Contains(allowed, everything)
			if !ok && f.test {
				ok = own == f.pkg || slices.Contains(forTests, own)
			}
			if !ok || slices.ContainsFunc(nested, func(m string) bool { return strings.HasPrefix(own+"/", m+"/") }) {
				fault("%s may not import %s", f.pkg, own)
			}
		case p == "testing" || strings.HasPrefix(p, "testing/"):
			if !f.test && !slices.Contains(suites, f.pkg) {
				fault("product code may not import %s", p)
			}
		case strings.Contains(strings.Split(p, "/")[0], "."):
			if what := f.foreign(p); what != "" {
				fault("%s", what)
			}
		}
	}
	return found
}

// foreign judges an import from outside; "" means that it is at home here.
func (f *file) foreign(p string) string {
	for prefix, at := range homes {
		if p != prefix && !strings.HasPrefix(p, prefix+"/") {
			continue
		}
		if slices.Contains(at, f.pkg) || (slices.Contains(at, tests) && (f.test || slices.Contains(suites, f.pkg))) {
			return ""
		}
		return fmt.Sprintf("%s is at home in %s only", prefix, strings.Join(at, ", "))
	}
	return fmt.Sprintf("%s has no home: give it one in the table of homes", p)
}

// checkTour compares the tour with the packages there are: each is named
// once, on a line "//	PACKAGE  what it does", after all that it imports.
func checkTour(tour string, files []file) []string {
	imports := map[string][]string{} // package → our packages it imports
	for _, f := range files {
		if f.test {
			continue
		}
		imports[f.pkg] = slices.Clip(imports[f.pkg])
		for _, p := range f.imports {
			if own, ok := strings.CutPrefix(p, module+"/"); ok {
				imports[f.pkg] = append(imports[f.pkg], own)
			}
		}
	}
	var found []string
	named := map[string]bool{}
	for line := range strings.SplitSeq(tour, "\n") {
		rest, ok := strings.CutPrefix(line, "//\t")
		if !ok || rest == "" || rest[0] == ' ' || rest[0] == '\t' {
			continue
		}
		pkg := strings.Fields(rest)[0]
		if _, ok := imports[pkg]; !ok {
			found = append(found, tourFile+": names "+pkg+", which is gone")
			continue
		}
		for _, below := range imports[pkg] {
			if _, ours := imports[below]; ours && !named[below] && below != pkg {
				found = append(found, tourFile+": names "+pkg+" before "+below+", which it imports")
			}
		}
		named[pkg] = true
	}
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		if !named[pkg] {
			found = append(found, tourFile+": does not name "+pkg)
		}
	}
	return found
}
