package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// pageTime bounds one step in a tab, on a machine that is busy elsewhere.
const pageTime = 60 * time.Second

// tab is one tab with cookies and permissions of its own. Whatever a page does
// that no page of ours may do (a request to elsewhere, a line on the console, an
// exception, a dialog, a breach of its own policy) fails the test.
type tab struct {
	testing.TB
	ctx    context.Context
	origin string // of the only server that may be asked

	mu       sync.Mutex
	faults   []string
	expected bool // whatever comes is no fault
	requests []string
	document string // the address of the page shown
	status   int64  // of it
}

// open opens an empty tab for the pages of origin.
func open(t testing.TB, origin string) *tab {
	t.Helper()
	p := &tab{TB: t, origin: origin}
	ctx, cancel := chromedp.NewContext(running(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(p.heed))
	p.ctx = ctx
	t.Cleanup(cancel)
	t.Cleanup(func() {
		for _, fault := range p.seen() {
			t.Error(fault)
		}
	})
	// The tab lives as long as the context of its first step, so this one has no
	// limit of time.
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tg, audits.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tg, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// heed records what the page does. It is called in the order of events.
func (p *tab) heed(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := func(format string, args ...any) {
		if !p.expected {
			p.faults = append(p.faults, fmt.Sprintf(format, args...))
		}
	}
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme+"://"+u.Host != p.origin {
			fault("request to elsewhere: %.200s", e.Request.URL)
		}
		if e.Type == network.ResourceTypeDocument {
			p.document = e.Request.URL
		}
	case *network.EventWebSocketCreated:
		fault("connection to %.200s", e.URL)
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			p.status = e.Response.Status
		}
	case *network.EventLoadingFailed:
		if !e.Canceled || e.BlockedReason != "" {
			fault("%s did not load: %s %s", e.Type, e.ErrorText, e.BlockedReason)
		}
	case *runtime.EventConsoleAPICalled:
		fault("console.%s: %.300s", e.Type, jsonOf(e.Args))
	case *runtime.EventExceptionThrown:
		fault("exception: %.300s", jsonOf(e.ExceptionDetails))
	case *log.EventEntryAdded:
		// A page that answers 404 is logged as one that failed to load.
		if bare, _, _ := strings.Cut(e.Entry.URL, "#"); e.Entry.Source != log.EntrySourceNetwork || bare != p.document {
			fault("log: %s %s: %.300s", e.Entry.Level, e.Entry.Source, e.Entry.Text)
		}
	case *audits.EventIssueAdded:
		fault("issue: %.500s", jsonOf(e.Issue))
	case *page.EventJavascriptDialogOpening:
		fault("dialog: %s %.200s", e.Type, e.Message)
		go func() { // the page waits for an answer, and heed may not give it
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	case *page.EventWindowOpen:
		fault("window opened: %.200s", e.URL)
	}
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// seen returns the faults since it was called last.
func (p *tab) seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.faults = nil }()
	return p.faults
}

// expectFaults forgets the faults so far, and those to come: one fault often has
// several events, the last of which come late.
func (p *tab) expectFaults() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected, p.faults = true, nil
}

// asked returns the addresses requested so far.
func (p *tab) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// do runs steps, which have pageTime together.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	_, err := run(p, chromedp.Steps(steps...))
	if err != nil {
		p.Fatalf("%v\n%s", err, strings.Join(p.seen(), "\n"))
	}
}

func run[T any](p *tab, a chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	return chromedp.Run(ctx, a)
}

// get runs one step that has a result.
func get[T any](p *tab, a chromedp.Action[T]) T {
	p.Helper()
	v, err := run(p, a)
	if err != nil {
		p.Fatalf("%v\n%s", err, strings.Join(p.seen(), "\n"))
	}
	return v
}

// eval is the value of a JavaScript expression in the page, awaited.
func eval[T any](p *tab, expression string) T {
	p.Helper()
	return get(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// visit opens an address of the server, and returns the status of the page.
// The path begins with a slash and may have a query and a fragment.
func (p *tab) visit(path string) int64 {
	p.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = p.origin + path
	}
	bare, _, _ := strings.Cut(address, "#")
	p.mu.Lock()
	p.status = 0
	again := p.document == bare
	p.mu.Unlock()
	if again { // else the browser only looks for the fragment
		p.do(chromedp.Navigate("about:blank"))
	}
	p.do(chromedp.Navigate(address))
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// must opens an address that answers 200.
func (p *tab) must(path string) {
	p.Helper()
	if status := p.visit(path); status != 200 {
		p.Fatalf("%.300s: status %d", path, status)
	}
}

// screen sets the size of the window in CSS pixels.
func (p *tab) screen(width, height int64) {
	p.Helper()
	if width < 600 {
		p.do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)))
		return
	}
	p.do(chromedp.EmulateViewport(width, height))
}

// media sets features of the output device: "prefers-color-scheme", "dark", …
func (p *tab) media(nameAndValue ...string) {
	p.Helper()
	params := emulation.SetEmulatedMediaParams{}
	for pair := range slices.Chunk(nameAndValue, 2) {
		params.Features = append(params.Features, &emulation.MediaFeature{Name: pair[0], Value: pair[1]})
	}
	p.do(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, emulation.SetEmulatedMedia, params)
		return err
	}))
}

// withoutScripts turns off the scripts of pages opened from now on. What tests
// evaluate still runs.
func (p *tab) withoutScripts() {
	p.Helper()
	p.do(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// path is where the tab is: path, query and fragment.
func (p *tab) path() string {
	p.Helper()
	return strings.TrimPrefix(get(p, chromedp.Location()), p.origin)
}

// follow runs a step that leads to another page, and waits for it.
func (p *tab) follow(step chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, step); err != nil {
		p.Fatalf("at %s: %v", p.path(), err)
	}
}
