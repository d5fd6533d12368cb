package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onSmallDisk runs script with sh in a name space of its own, where $DISK is
// a file system of 1.5 MB, $BRIEFDESK the program and $SOURCE many documents.
func onSmallDisk(t *testing.T, script string) string {
	t.Helper()
	if out, err := exec.Command("unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("this system lets no test mount a disk of its own: %v %s", err, out)
	}
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
		"mount -t tmpfs -o size=1500k none \"$DISK\" || exit 99\n"+script)
	cmd.Env = append(os.Environ(), "DISK="+disk, "BRIEFDESK="+programPath(t), "SOURCE="+manyDocuments(t, 2000))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// A full disk stops an add with one line; what was stored before stays whole,
// still answers, and the rest follows when there is space again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	out := onSmallDisk(t, `
		"$BRIEFDESK" --library "$DISK/l.db" add "$SOURCE" > /dev/null; echo "add: $?"
		"$BRIEFDESK" --library "$DISK/l.db" library check; echo "check: $?"
		mount -o remount,size=64m "$DISK"
		"$BRIEFDESK" --library "$DISK/l.db" add "$SOURCE" > /dev/null; echo "again: $?"
		"$BRIEFDESK" --library "$DISK/l.db" library list | wc -l`)
	for _, want := range []string{"add: 4\n", "check: 0\n", "again: 0\n", "\n2001\n", "no space left"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "briefdesk: "); n != 1 {
		t.Errorf("%d lines of error, want 1:\n%s", n, out)
	}
}

// A library on a disk that cannot be written answers, and refuses to change.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	out := onSmallDisk(t, `
		head -n 20 "$SOURCE" > "$DISK/few.jsonl"
		"$BRIEFDESK" --library "$DISK/l.db" add "$DISK/few.jsonl" || exit 1
		mount -o remount,ro "$DISK"
		"$BRIEFDESK" --library "$DISK/l.db" library list > /dev/null; echo "list: $?"
		"$BRIEFDESK" --library "$DISK/l.db" search "price of salt" > /dev/null; echo "search: $?"
		"$BRIEFDESK" --library "$DISK/l.db" ask "how many moons has Saturn?"; echo "ask: $?"
		"$BRIEFDESK" --library "$DISK/l.db" library check; echo "check: $?"
		"$BRIEFDESK" --library "$DISK/l.db" doctor; echo "doctor: $?"
		"$BRIEFDESK" --library "$DISK/l.db" add "$SOURCE"; echo "add: $?"`)
	for _, want := range []string{"list: 0\n", "search: 0\n", "could not be recorded", "ask: 3\n", "check: 0\n", "cannot be written", "doctor: 1\n", "add: 4\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}
