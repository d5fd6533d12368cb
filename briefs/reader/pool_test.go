package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"

	"go.uber.org/goleak"
)

// The children of these tests are the test binary. Their reader does what the
// name of a document says.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "read-documents" {
		most, _ := strconv.ParseInt(os.Args[3], 10, 64)
		Confine(most)
		if err := Serve(context.Background(), os.Stdin, os.Stdout, planted); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

var eaten [][]byte

func planted(ctx context.Context, in extract.Input) (briefs.Document, error) {
	switch name := filepath.Base(in.Name); {
	case strings.HasPrefix(name, "hang"):
		for {
			runtime.Gosched()
		}
	case strings.HasPrefix(name, "eat"):
		for {
			b := make([]byte, 8<<20)
			for i := range b {
				b[i] = byte(i)
			}
			eaten = append(eaten, b)
		}
	case strings.HasPrefix(name, "panic"):
		panic("planted")
	case strings.HasPrefix(name, "exit"):
		os.Exit(7)
	case strings.HasPrefix(name, "environment"):
		return briefs.Document{Text: "env " + strings.Join(os.Environ(), ",")}, nil
	case strings.HasPrefix(name, "process"):
		return briefs.Document{Text: strconv.Itoa(os.Getpid())}, nil
	case strings.HasPrefix(name, "once"): // dies of its first reading
		mark := string(in.Data[bytes.IndexByte(in.Data, '\n')+1:])
		if os.Mkdir(mark, 0o700) == nil {
			os.Exit(7)
		}
	}
	return extract.Read(in)
}

func pool(t *testing.T, o Options) *Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Program, o.Args = self, []string{"briefdesk", "read-documents"}
	p := New(slog.New(slog.DiscardHandler), o)
	t.Cleanup(p.Close)
	return p
}

func page(name, text string) extract.Input {
	return extract.Input{Name: name, Data: []byte("<html><body><h1>Salt</h1><p>" + text + "</p></body></html>")}
}

func TestReadsAsInThisProcess(t *testing.T) {
	p := pool(t, Options{})
	for i, in := range []extract.Input{
		page("a.html", "The price of salt rose – twice."),
		{Name: "https://example.org/a", URL: "https://example.org/a", Type: "text/html; charset=iso-8859-1", Data: []byte("<html><p>Caf\xe9 prices rose.</p></html>")},
		{Name: "b.txt", Data: []byte("The price of salt rose.")},
		{Name: "b.html", Data: []byte("  ")},
		{Name: "c.docx", Data: []byte("PK\x03\x04 and no more")},
	} {
		want, wantErr := extract.Read(in)
		got, err := p.Read(t.Context(), in)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) || errors.Is(err, briefs.ErrInvalid) != errors.Is(wantErr, briefs.ErrInvalid) {
			t.Errorf("%d: error %v, want %v", i, err, wantErr)
		}
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%d: read %+v, want %+v", i, got, want)
		}
	}
}

// A document that hangs, eats memory or kills its reader is set aside, and
// the next one is read.
func TestBadDocumentsAreSetAside(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"hang.html", "set aside: reading it took longer than 8s"},
		{"eat.html", "memory"},
		{"panic.html", "set aside: the reader failed at it (planted)"},
		{"exit.html", "set aside: the process reading it ended (exit status 7)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Workers: 1, MaxMemory: 300 << 20}
			if c.name == "hang.html" {
				o.Timeout = 8 * time.Second // a busy machine takes some of it for the next one
			}
			p := pool(t, o)
			_, err := p.Read(t.Context(), page(c.name, "x"))
			if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, briefs.ErrInvalid) || !strings.HasPrefix(err.Error(), c.name+": set aside: ") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error %v, want one with %q", err, c.want)
			}
			if d, err := p.Read(t.Context(), page("good.html", "The price of salt rose.")); err != nil || !strings.Contains(d.Text, "salt rose") {
				t.Fatalf("the next document: %q, %v", d.Text, err)
			}
		})
	}
}

func TestSecondTryAfterDeath(t *testing.T) {
	p := pool(t, Options{Workers: 1})
	in := extract.Input{Name: "once.html", Data: []byte("<html><p>The price of salt rose.</p></html>\n" + filepath.Join(t.TempDir(), "tried"))}
	if d, err := p.Read(t.Context(), in); err != nil || !strings.Contains(d.Text, "salt rose") {
		t.Fatalf("%q, %v", d.Text, err)
	}
}

// A child that is killed from outside, again and again, loses no document.
func TestKilledChildren(t *testing.T) {
	p := pool(t, Options{Workers: 2})
	ctx := t.Context()
	for round := range 5 {
		d, err := p.Read(ctx, page("process.html", "x"))
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(d.Text)
		if err != nil {
			t.Fatal(err)
		}
		proc, err := os.FindProcess(pid)
		if err != nil {
			t.Fatal(err)
		}
		if err := proc.Kill(); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				if _, err := p.Read(ctx, page(fmt.Sprintf("%d-%d.html", round, i), "The price of salt rose.")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

func TestNothingInherited(t *testing.T) {
	t.Setenv("BRIEFDESK_SECRET_KEY", "hush")
	d, err := pool(t, Options{}).Read(t.Context(), page("environment.html", "x"))
	if err != nil || strings.Contains(d.Text, "hush") || strings.Contains(d.Text, "BRIEFDESK") {
		t.Errorf("the child sees %q, %v", d.Text, err)
	}
}

func TestCancelled(t *testing.T) {
	p := pool(t, Options{Workers: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := p.Read(ctx, page("hang.html", "x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v", err)
	}
	if _, err := p.Read(t.Context(), page("a.html", "The price of salt rose.")); err != nil {
		t.Fatal(err)
	}
}

func TestNoProgram(t *testing.T) {
	p := New(slog.New(slog.DiscardHandler), Options{Program: filepath.Join(t.TempDir(), "none"), Args: []string{"x"}})
	defer p.Close()
	if _, err := p.Read(t.Context(), page("a.html", "x")); !errors.Is(err, briefs.ErrUnavailable) {
		t.Fatalf("error %v", err)
	}
}

// A child ends with its parent, also in the middle of a document that hangs.
func TestChildEndsWithItsInput(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "read-documents", "--memory", "500000000")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := writeRequest(in, page("hang.html", "x")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		<-done
		t.Error("the child outlives its input")
	}
}

func FuzzFrames(f *testing.F) {
	var good bytes.Buffer
	if err := writeRequest(&good, page("a.html", "x")); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if in, err := readRequest(bytes.NewReader(data)); err == nil {
			var out bytes.Buffer
			if err := writeRequest(&out, in); err != nil {
				t.Fatal(err)
			}
			if again, err := readRequest(&out); err != nil || !bytes.Equal(again.Data, in.Data) {
				t.Fatalf("%v", err)
			}
		}
		_, _, _ = readResponse(bytes.NewReader(data))
		if err := Serve(context.Background(), bytes.NewReader(data), io.Discard, func(context.Context, extract.Input) (briefs.Document, error) {
			return briefs.Document{}, nil
		}); err == nil && len(data) > 0 && len(data) < 4 {
			t.Fatal("a torn frame went unnoticed")
		}
	})
}
