package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"briefdesk/briefs"
)

// assetFiles holds style sheets and scripts, which are served as one file
// each, icons and fonts.
//
//go:embed assets
var assetFiles embed.FS

// The two files that are made of many, in the order of their names.
const (
	styleName  = "page.css"
	scriptName = "page.js"
)

// asset is one file as it is served. It never changes under its address, which
// holds a hash of its content.
type asset struct {
	kind          string // media type
	plain, zipped []byte // zipped is nil where it would save nothing
	etag          string
}

// assets are all files, read once.
type assets struct {
	named map[string]string // served name by plain name: "page.1f3870be274f6c49.css" by "page.css"
	files map[string]asset  // by served name
}

// kindOf is the media type of a file, by extension; empty for what is not
// served.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return ""
}

var (
	cssURL     = regexp.MustCompile(`url\(([a-z0-9.-]+)\)`)
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/\s*`)
	jsComment  = regexp.MustCompile(`(?m)^\s*//.*\n`)
	indent     = regexp.MustCompile(`(?m)^\s+`)
)

// loadAssets reads the files of root, wherever they lie in it: their names are
// unique. Style sheets name other files by url(NAME).
func loadAssets(root fs.FS) (*assets, error) {
	a := &assets{named: map[string]string{}, files: map[string]asset{}}
	var style, script []byte
	var names []string
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	for _, name := range names {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		switch path.Ext(name) {
		case ".css":
			style = append(style, data...)
		case ".js":
			script = append(script, data...)
		default:
			if kindOf(name) != "" {
				a.add(path.Base(name), data)
			}
		}
	}
	style = indent.ReplaceAll(cssComment.ReplaceAll(style, nil), nil)
	for _, m := range cssURL.FindAllSubmatch(style, -1) {
		served, ok := a.named[string(m[1])]
		if !ok {
			return nil, fmt.Errorf("%s: %s is no asset", styleName, m[0])
		}
		style = bytes.ReplaceAll(style, m[0], []byte("url("+served+")"))
	}
	a.add(styleName, style)
	a.add(scriptName, indent.ReplaceAll(jsComment.ReplaceAll(script, nil), nil))
	return a, nil
}

// add takes a file in under a name that holds a hash of its content.
func (a *assets) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(name)
	f := asset{kind: kindOf(name), plain: data, etag: `"` + hash}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is known
	_, _ = z.Write(data)                                  // to memory
	_ = z.Close()
	if b.Len() < len(data)*9/10 {
		f.zipped = b.Bytes()
	}
	served := strings.TrimSuffix(name, ext) + "." + hash + ext
	a.named[name], a.files[served] = served, f
}

func (s *Server) assetRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{name}", s.serveAsset)
}

// asset is the address of an asset by its name, such as "page.css".
func (s *Server) asset(name string) (string, error) {
	served, ok := s.assets.named[name]
	if !ok {
		return "", fmt.Errorf("asset %s: %w", name, briefs.ErrNotFound)
	}
	return s.base + "/assets/" + served, nil
}

// serveAsset serves one file, compressed to those who take it so.
func (s *Server) serveAsset(w http.ResponseWriter, r *http.Request) {
	f, ok := s.assets.files[r.PathValue("name")]
	if !ok {
		s.fail(w, r, briefs.ErrNotFound)
		return
	}
	h := w.Header()
	body, etag := f.plain, f.etag+`"`
	if f.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			body, etag = f.zipped, f.etag+`-z"`
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable") // a year, the most that RFC 9111 expects
	h.Set("Content-Type", f.kind)
	h.Set("ETag", etag)
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader has gone: nobody to tell
	}
}
