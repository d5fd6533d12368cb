package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser of a run of the tests, started by the first test
// that opens a tab.
type chromium struct {
	once sync.Once
	ctx  context.Context
	stop context.CancelFunc
	err  error
}

var shared chromium

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop() // ends the processes of this browser and removes its profile
	}
	os.Exit(code)
}

// chromiumPath finds the browser: what BRIEFDESK_CHROMIUM names, or the usual
// names on the PATH.
func chromiumPath() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if name := os.Getenv("BRIEFDESK_CHROMIUM"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no browser among %q: install one (apt-get install chromium) or name it in BRIEFDESK_CHROMIUM", names)
}

// prove reports whether the long proofs are wanted.
func prove() bool { return os.Getenv("BRIEFDESK_PROVE") != "" }

// needed skips a test that lacks a tool, by name; where everything has to run
// that is a failure.
func needed(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal(err)
	default:
		t.Skip("needs a browser:", err)
	}
}

// running returns the context of the shared browser, which new tabs grow from.
func running(t testing.TB) context.Context {
	t.Helper()
	path, err := chromiumPath()
	needed(t, err)
	shared.once.Do(func() { shared.ctx, shared.stop, shared.err = start(path) })
	if shared.err != nil {
		t.Fatalf("%s: %v", path, shared.err)
	}
	return shared.ctx
}

// start starts a browser that knows this machine only: names under .test are
// this machine, and no other name or address resolves.
func start(path string) (context.Context, context.CancelFunc, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // the tests may run as root
		chromedp.DisableGPU,
		chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.WindowSize(1280, 900),
	)
	ctx, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(ctx)
	stop := func() { cancel(); cancelAllocator() }
	if err := chromedp.Do(ctx); err != nil { // starts it
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}
