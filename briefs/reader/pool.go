// Package reader reads documents of strangers in processes of their own. A
// document that makes a reader hang, exhaust its memory or crash costs that
// process and nothing else: it is set aside with the reason, and the rest
// goes on. It stores nothing.
//
// The parent has a Pool. The children are the same program, called with a
// hidden command that runs Serve. They get the bytes of a document on
// standard input and answer on standard output; they are given no address, no
// file and nothing of the parent's environment, and end when it does.
package reader

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/extract"
)

// Defaults. The slowest document that people publish, a PDF of thousands of
// pages, takes a third of the time, and half of the memory.
const (
	DefaultTimeout   = 2 * time.Minute
	DefaultMaxMemory = 768 << 20
	idle             = time.Minute // an unused child is ended after it
	maxWorkers       = 3           // each holds up to 150 MB of a PDF engine
)

// Options adjust a Pool.
type Options struct {
	Program   string        // what is run as a child
	Args      []string      // its arguments, with its name first; limits are appended as flags
	Workers   int           // how many children at once; 0 is one for each processor, at most maxWorkers
	Timeout   time.Duration // for one document; 0 is DefaultTimeout
	MaxMemory int64         // of one child, in bytes; 0 is DefaultMaxMemory
	CacheDir  string        // the only folder that a child writes to, absolute; empty: none
}

// Pool reads documents in children. It is safe for concurrent use.
type Pool struct {
	log   *slog.Logger
	o     Options
	slots chan struct{} // one for each child that may run
	first chan struct{} // held by the one child that starts its PDF engine: that takes 400 MB for a while

	mu     sync.Mutex
	free   []*child // waiting for work
	reaper *time.Timer
	closed bool
}

// New returns a Pool, which starts children when there is work for them.
// Close ends them.
func New(log *slog.Logger, o Options) *Pool {
	if o.Workers <= 0 {
		o.Workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxMemory <= 0 {
		o.MaxMemory = DefaultMaxMemory
	}
	return &Pool{log: log, o: o, slots: make(chan struct{}, o.Workers), first: make(chan struct{}, 1)}
}

// Read reads one document. Text, which needs no reader that could fail, is
// read in this process. Errors are those of extract.Read, that of ctx, and
// ErrInvalid for a document that was set aside; ErrUnavailable when no child
// can be started.
func (p *Pool) Read(ctx context.Context, in extract.Input) (briefs.Document, error) {
	if plain(in) {
		return extract.Read(in)
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return briefs.Document{}, ctx.Err()
	}
	for try := 1; ; try++ {
		c, err := p.child()
		if err != nil {
			p.log.Error("no process for reading documents", "err", err)
			return briefs.Document{}, briefs.Fault(briefs.ErrUnavailable, "%s: cannot be read: no process can be started for it (%v): check the limits of processes and memory", in.Name, err)
		}
		started := time.Now()
		d, ok, err := p.askInTurn(ctx, c, in)
		if ok {
			p.keep(c)
			return d, err
		}
		c.kill("")
		why := c.end()
		if ctx.Err() != nil {
			return briefs.Document{}, ctx.Err()
		}
		p.log.Warn("a process reading a document ended", "name", in.Name, "bytes", len(in.Data), "why", why, "after", time.Since(started), "attempt", try, "said", c.said.String())
		// What dies of itself may have been killed by others, for memory or
		// by hand: one more try tells.
		if c.verdict() == "" && try == 1 {
			continue
		}
		return briefs.Document{}, aside(in, why)
	}
}

// archived is the format of every archive: none is looked into here.
const archived extract.Format = "archive"

func formatOf(in extract.Input) extract.Format {
	if strings.HasPrefix(string(in.Data[:min(len(in.Data), 4)]), "PK\x03\x04") {
		return archived
	}
	return extract.FormatOf(in)
}

// plain reports whether in is read without a child.
func plain(in extract.Input) bool {
	switch formatOf(in) {
	case extract.FormatText, extract.FormatMarkdown, extract.FormatJSON, "":
		return true
	}
	return false
}

// askInTurn is ask, but that one child after another starts its PDF engine.
// What the first leaves in the cache lets the others start at little cost.
func (p *Pool) askInTurn(ctx context.Context, c *child, in extract.Input) (d briefs.Document, ok bool, err error) {
	if !c.engine && formatOf(in) == extract.FormatPDF {
		select {
		case p.first <- struct{}{}:
			defer func() { <-p.first }()
		case <-ctx.Done():
			return briefs.Document{}, false, ctx.Err()
		}
		c.engine = true
	}
	return p.ask(ctx, c, in)
}

// ask has c read one document; ok is false when c did not answer.
func (p *Pool) ask(ctx context.Context, c *child, in extract.Input) (d briefs.Document, ok bool, err error) {
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() { c.watch(ctx, done, p.o) })
	defer watch.Wait() // nothing kills c once it has answered
	defer close(done)
	if err := writeRequest(c.stdin, in); err != nil {
		return briefs.Document{}, false, err
	}
	return readResponse(c.stdout)
}

// child returns one that waits, or a new one.
func (p *Pool) child() (*child, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errors.New("the program is ending")
	}
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	return start(p.o)
}

// keep lets c wait for the next document, unless it has grown too large to.
func (p *Pool) keep(c *child) {
	if c.verdict() != "" || c.memory() > p.o.MaxMemory/2 {
		c.end()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go c.end()
		return
	}
	c.since = time.Now()
	p.free = append(p.free, c)
	if p.reaper == nil {
		p.reaper = time.AfterFunc(idle, p.reap)
	}
}

// reap ends the children that have waited for long.
func (p *Pool) reap() {
	p.mu.Lock()
	var old, young []*child
	for _, c := range p.free {
		if time.Since(c.since) >= idle {
			old = append(old, c)
		} else {
			young = append(young, c)
		}
	}
	p.free, p.reaper = young, nil
	if len(young) > 0 && !p.closed {
		p.reaper = time.AfterFunc(idle, p.reap)
	}
	p.mu.Unlock()
	for _, c := range old {
		c.end()
	}
}

// Close ends the children. Reads must be over.
func (p *Pool) Close() {
	p.mu.Lock()
	free := p.free
	p.free, p.closed = nil, true
	if p.reaper != nil {
		p.reaper.Stop()
	}
	p.mu.Unlock()
	for _, c := range free {
		c.end()
	}
}

// child is one process. All but kill belongs to one goroutine at a time.
type child struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	said   tail // standard error, for the log
	why    atomic.Pointer[string]
	since  time.Time // when it began to wait
	engine bool      // it has read a PDF
}

func start(o Options) (*child, error) {
	c := &child{}
	args := append(append([]string(nil), o.Args...), "--memory", strconv.FormatInt(o.MaxMemory, 10))
	if o.CacheDir != "" {
		args = append(args, "--cache", o.CacheDir)
	}
	c.cmd = &exec.Cmd{Path: o.Program, Args: args, Env: []string{}, Stderr: &c.said, SysProcAttr: attributes(), WaitDelay: 5 * time.Second}
	var err error
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.stdout = bufio.NewReaderSize(out, 64<<10)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	limit := time.AfterFunc(DefaultTimeout, func() { c.kill("") })
	defer limit.Stop()
	hello, err := readFrame(c.stdout)
	if err == nil && string(hello) == greeting {
		return c, nil
	}
	c.kill("")
	why := c.end()
	if err == nil || errors.Is(err, errFrame) {
		why = "the program was replaced: restart it"
	}
	if s := c.said.String(); s != "" {
		why += ": " + s
	}
	return nil, errors.New(why)
}

// kill ends c at once; the first reason that is not empty stays.
func (c *child) kill(why string) {
	if why != "" {
		c.why.CompareAndSwap(nil, &why)
	}
	_ = c.cmd.Process.Kill() // it has ended where this fails
}

// verdict is why c was killed, empty when it ended by itself.
func (c *child) verdict() string {
	if why := c.why.Load(); why != nil {
		return *why
	}
	return ""
}

// end waits for the end of c, which closing its input brings about, and says
// why it ended.
func (c *child) end() string {
	c.stdin.Close()
	limit := time.AfterFunc(5*time.Second, func() { c.kill("") })
	err := c.cmd.Wait()
	limit.Stop()
	if why := c.verdict(); why != "" {
		return why
	}
	if s := c.said.String(); strings.Contains(s, "out of memory") || strings.Contains(s, "cannot allocate memory") {
		return "reading it needs too much memory"
	}
	return fmt.Sprintf("the process reading it ended (%v)", cmpErr(err))
}

func cmpErr(err error) string {
	if err == nil {
		return "without a word"
	}
	return err.Error()
}

// Every so often the memory of a busy child is looked at. A child limits
// itself as well, where the system lets it.
const watchEvery = 100 * time.Millisecond

// maxWaits is how many times its limit a child may take that gets little of
// the processors.
const maxWaits = 4

// watch kills c when it takes too long, holds too much memory or nobody waits
// for it any more, until done is closed.
func (c *child) watch(ctx context.Context, done <-chan struct{}, o Options) {
	look := time.NewTicker(watchEvery)
	defer look.Stop()
	late := time.NewTimer(o.Timeout)
	defer late.Stop()
	before := c.worked()
	for waited := 1; ; {
		select {
		case <-done:
			return
		case <-ctx.Done():
			c.kill("nobody waits for it")
			return
		case <-late.C:
			// On a machine that is too busy, a child may have had no chance.
			if work := c.worked(); work > 0 && work-before < o.Timeout/4 && waited < maxWaits {
				waited++
				late.Reset(o.Timeout)
				continue
			}
			c.kill(fmt.Sprintf("reading it took longer than %v", o.Timeout))
			return
		case <-look.C:
			if c.memory() > o.MaxMemory {
				c.kill(fmt.Sprintf("reading it needs more than %d MB of memory", o.MaxMemory>>20))
				return
			}
		}
	}
}

// tail keeps the beginning of what is written to it: of a crash, that is what
// tells.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

// maxSaid is how many bytes of standard error are kept.
const maxSaid = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := maxSaid - len(t.buf); room > 0 {
		t.buf = append(t.buf, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.buf))
}
