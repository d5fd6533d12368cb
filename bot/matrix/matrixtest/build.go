// Package matrixtest runs a real homeserver, Dendrite, for tests: it builds
// the program once, starts it on loopback with users, and stops it when the
// test ends. Nothing of it is shipped.
package matrixtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// Version is the Dendrite that bot/matrix/homeserver/go.mod names.
const Version = "v0.15.2"

// building keeps tests of one process from building twice.
var building sync.Mutex

// programs is the folder with dendrite and generate-keys: the one that
// BRIEFDESK_DENDRITE names, or one in the user's cache, where they are built
// when they are absent. The first build takes minutes.
func programs(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("BRIEFDESK_DENDRITE"); dir != "" {
		return dir
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "briefdesk-tests", "dendrite-"+Version)
	building.Lock()
	defer building.Unlock()
	if err := Build(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Build builds the homeserver into dir, unless it stands there already. Several
// processes may do so at the same time.
func Build(ctx context.Context, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "dendrite")); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(dir), "dendrite-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	_, here, _, _ := runtime.Caller(0)
	const commands = "github.com/element-hq/dendrite/cmd/"
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", made+string(filepath.Separator), commands+"dendrite", commands+"generate-keys")
	cmd.Dir = filepath.Join(filepath.Dir(here), "..", "homeserver")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build of Dendrite %s: %w\n%s", Version, err, said.String())
	}
	if err := os.Rename(made, dir); err != nil {
		if _, others := os.Stat(filepath.Join(dir, "dendrite")); others == nil {
			return nil
		}
		return err
	}
	return nil
}
