package browsertest

import (
	"bufio"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The demo, as a newcomer meets it: the program itself prints an address where
// questions are answered and quotes open, and ends with its input.
func TestDemoInABrowser(t *testing.T) {
	program := filepath.Join(t.TempDir(), "briefdesk")
	if out, err := exec.Command("go", "build", "-o", program, "briefdesk/cmd/briefdesk").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(program, "demo")
	cmd.Dir = t.TempDir()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	t.Cleanup(func() {
		stdin.Close()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("demo ended with %v", err)
			}
		case <-time.After(pageTime):
			t.Error("demo does not end with its input")
			cmd.Process.Kill()
		}
	})
	found := make(chan string, 1)
	go func() {
		address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if a := address.FindString(lines.Text()); a != "" {
				found <- a
				break
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
		ended <- cmd.Wait()
	}()
	var origin string
	select {
	case origin = <-found:
	case <-time.After(pageTime):
		t.Fatal("demo prints no address")
	}

	p := open(t, origin)
	p.must("/")
	p.do(chromedp.SendKeys(chromedp.CSS("input[name=q]"), reasons))
	p.follow(chromedp.KeyEvent(kb.Enter))
	quotes := eval[[]string](p, `[...document.querySelectorAll("li.quote blockquote bdi")].map((e) => e.textContent)`)
	if len(quotes) < 5 || !strings.HasPrefix(quotes[0], "First, ") {
		t.Fatalf("answers %q", quotes)
	}
	p.follow(chromedp.Click(chromedp.CSS("li.quote blockquote a")))
	if got := eval[string](p, `document.getElementById("q").textContent`); got != quotes[0] {
		t.Errorf("marks %q, quoted %q", got, quotes[0])
	}
}
