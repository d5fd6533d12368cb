package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile bounds the file: a full configuration is a few kilobytes, and a
// wrong path must not be parsed whole.
const maxFile = 1 << 20

// Problems are the faults of a configuration, in the order of the file; each
// is one line "FILE:LINE: KEY: what is wrong: how to mend it". Error gives the
// first and says how many follow.
type Problems []error

func (p Problems) Error() string {
	if len(p) == 0 {
		return "no problem"
	}
	if len(p) == 1 {
		return p[0].Error()
	}
	return fmt.Sprintf("%v (and %d more: run briefdesk doctor)", p[0], len(p)-1)
}

// Unwrap gives errors.Is and errors.As every fault.
func (p Problems) Unwrap() []error { return p }

// Load reads the configuration file, lays the environment over it and checks
// the result. An empty path means no file. A faulty configuration gives
// Problems; the returned Config is then what could be understood.
func Load(path string, getenv func(string) string) (Config, error) {
	c := Default()
	var found Problems
	if path != "" {
		data, err := readFile(path)
		if err != nil {
			return c, err
		}
		c, found = Parse(path, data)
	}
	for _, err := range []error{overlay(&c, getenv), loadSecrets(&c.Secrets, getenv)} {
		found = append(found, flatten(err)...)
	}
	if len(found) == 0 {
		found = c.check()
	}
	if len(found) > 0 {
		return c, found
	}
	return c, nil
}

// Parse reads data, the content of the file named name, without environment
// and without the checks that need the whole.
func Parse(name string, data []byte) (c Config, found Problems) {
	c = Default()
	c.File = name
	c.lines = map[string]int{}
	defer func() { // the YAML library is not ours: its panic is a bad file
		if r := recover(); r != nil {
			c, found = Default(), Problems{fmt.Errorf("%s: cannot be read as YAML: %v", name, r)}
		}
	}()
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return c, Problems{yamlError(name, err)}
	}
	w := walker{file: name, lines: c.lines}
	for i, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if i > 0 {
			w.fault(doc.Body, "", "the file holds more than one document", "leave out the line ---")
			break
		}
		if _, ok := doc.Body.(ast.ScalarNode); ok && doc.Body.Type() != ast.NullType {
			w.fault(doc.Body, "", "is not a list of keys", "write for example: library: {path: briefdesk.db}")
			break
		}
		w.walk(doc.Body, rootType, "")
	}
	if len(w.found) > 0 {
		return c, w.found
	}
	err = yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&c)
	if err != nil && !errors.Is(err, io.EOF) {
		return c, Problems{yamlError(name, err)}
	}
	c.restoreDefaults()
	if c.Library.Path != "" && !filepath.IsAbs(c.Library.Path) && w.lines["library.path"] > 0 {
		c.Library.Path = filepath.Join(filepath.Dir(name), c.Library.Path)
	}
	for _, of := range c.Collections {
		for i := range of.Sources {
			if s := &of.Sources[i]; s.Path != "" && !filepath.IsAbs(s.Path) {
				s.Path = filepath.Join(filepath.Dir(name), s.Path)
			}
		}
	}
	return c, nil
}

// restoreDefaults fills what a section without a value ("web:") has emptied.
func (c *Config) restoreDefaults() {
	d := Default()
	for _, s := range []struct{ have, want *string }{
		{&c.Library.Path, &d.Library.Path},
		{&c.Slack.Listen, &d.Slack.Listen},
		{&c.Slack.APIURL, &d.Slack.APIURL},
		{&c.Web.Listen, &d.Web.Listen},
	} {
		if *s.have == "" {
			*s.have = *s.want
		}
	}
	if _, ok := c.lines["web.link_days"]; !ok {
		c.Web.LinkDays = d.Web.LinkDays
	}
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w: name another file with --config, or write one with: briefdesk init", path, cause(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w: name another file with --config", path, cause(err))
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: is larger than 1 MiB: name the configuration file with --config", path)
	}
	return data, nil
}

// cause strips operation and path, which the message names itself.
func cause(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}

// yamlError shortens an error of the YAML library to one line with a place.
// It never quotes the source.
func yamlError(name string, err error) error {
	var e yaml.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %s", name, firstLine(err.Error()))
	}
	line := 1
	if t := e.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	message := firstLine(e.GetMessage())
	mend := "mend the YAML there"
	if what, ok := strings.CutPrefix(message, "cannot unmarshal "); ok {
		message, mend = "has the wrong type: "+what, "write a value of the right type"
	}
	return fmt.Errorf("%s:%d: %s: %s", name, line, message, mend)
}

// firstLine returns the first line of s without control characters.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

func flatten(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}
