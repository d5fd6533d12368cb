//go:build unix

package fetch

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		runAsNobody(t)
		return
	}
	root := tree(t, map[string]string{"a/x.txt": "x", "b.txt": "b"})
	if err := os.Chmod(filepath.Join(root, "a"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "a"), 0o755) })
	_, l := list(t, Options{}, root)
	if len(l.Items) != 1 || len(l.Problems) != 1 || !strings.Contains(l.Problems[0].Err.Error(), "no permission to read") {
		t.Errorf("items %v, problems %v: want b.txt, and folder a as a problem", l.Items, l.Problems)
	}
}

// runAsNobody runs the test again as a user who may not read everything.
func runAsNobody(t *testing.T) {
	t.Helper()
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "briefdesk-fetch") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "fetch.test")
	if err := os.WriteFile(program, self, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.v", "-test.run", "^"+t.Name()+"$")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}
