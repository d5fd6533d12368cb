package text

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// The terms of the texts below, and the version that makes them. When this test
// fails, raise Version, and write here both it and the digest that it tells.
const (
	digestVersion = 2
	termsDigest   = "60aa95738b58b4e3"
)

// TestVersion fails when the terms of known texts changed and Version did not:
// libraries would go on with terms that no question has any more.
func TestVersion(t *testing.T) {
	h := sha256.New()
	add := func(s string) { h.Write([]byte(Terms(s) + "\n")) }
	lines, err := os.ReadFile("testdata/version.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range tableLines(string(lines)) {
		add(line)
	}
	for _, e := range conceptEntries() {
		for _, name := range e.names {
			add(name)
			add("the " + strings.ToLower(name) + " has")
			add(strings.ToUpper(name) + "'s")
		}
	}
	for line := range tableLines(irregularTable) {
		add(line)
	}
	got := hex.EncodeToString(h.Sum(nil)[:8])
	switch {
	case Version != digestVersion:
		t.Errorf("Version is %d and the digest is of %d: write digestVersion = %d, termsDigest = %q", Version, digestVersion, Version, got)
	case got != termsDigest:
		t.Errorf("terms changed: raise Version to %d, and write digestVersion = %d, termsDigest = %q", Version+1, Version+1, got)
	}
}
