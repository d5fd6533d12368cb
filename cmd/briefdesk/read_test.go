package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// wordFile writes a Word document of one paragraph.
func wordFile(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for name, content := range map[string]string{
		"[Content_Types].xml": "<Types/>",
		"word/document.xml":   `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:body></w:document>`,
	} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// A folder of several formats is added by processes of the program itself; a
// damaged file is named, and the rest is there.
func TestAddByReaders(t *testing.T) {
	t.Parallel()
	program, dir := programPath(t), t.TempDir()
	wordFile(t, filepath.Join(dir, "salt.docx"), "The price of salt rose in the spring, said the envoy.")
	for name, content := range map[string]string{
		"rope.html": "<html><h1>Rope</h1><p>The price of rope fell in the autumn, said the envoy.</p></html>",
		"corn.txt":  "The price of corn stayed as it was in the summer, said the envoy.",
		"torn.docx": "PK\x03\x04 and no more",
		"old.docx":  "\xd0\xcf\x11\xe0 and no more",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	library := filepath.Join(t.TempDir(), "a.db")
	out, err := exec.Command(program, "--library", library, "add", dir).CombinedOutput()
	for _, want := range []string{
		"3 documents added, 2 failed.",
		"torn.docx: is damaged or cut short: fetch it again, or open it in the program that made it and save it anew",
		"old.docx: is an old office file, which is not read: save it as .docx or PDF",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("add said %q, %v; want %q in it", out, err, want)
		}
	}
	var answer struct{ Quotes []struct{ Text string } }
	if err := json.Unmarshal([]byte(mustRun(t, program, "--library", library, "--json", "ask", "when did the price of salt rise?")), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Quotes) == 0 || !strings.Contains(answer.Quotes[0].Text, "The price of salt rose") {
		t.Errorf("answered %+v", answer)
	}
}
