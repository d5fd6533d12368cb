package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"briefdesk/bot"
	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/ask"
	"briefdesk/store"
	"briefdesk/store/sqlite"
)

func (a *app) serveCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer in the rooms, serve the reading page, follow the sources, and post briefings",
		Long: `Serve until interrupted. Questions in the rooms of Slack and Matrix are
answered, as far as the configuration connects them; scheduled briefings are
posted to their rooms. Each source is read on its interval, and folders as soon
as something changes in them. The reading page is what the link of a quote opens, with
questions and briefs in the browser, the library, and figures for operators at
/metrics; by default it listens on this machine only; see web in the
configuration for more. The rooms named console:NAME are the file of --console:
what is posted is appended to it as JSON lines.`,
		Example: "  briefdesk serve\n  briefdesk serve --console posts.jsonl\n  BRIEFDESK_WEB_LISTEN=127.0.0.1:9000 briefdesk serve",
		Args:    exactArgs(0, ""),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), file) },
	}
	cmd.Flags().StringVar(&file, "console", "", "append what is posted to rooms named console:… to `FILE`")
	return cmd
}

// garbagePercent is how much garbage there may be for what is in use, most of
// which are caches: a library of a million passages is served in 200 MB so, for
// a few hundredths of the processor's time.
const garbagePercent = 40

// serve serves and posts; console is the file of the rooms of that name, none
// when it is empty.
func (a *app) serve(ctx context.Context, console string) (err error) {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(garbagePercent))
	}
	lib, err := a.openAt(ctx, a.libraryPath(), sqlite.Options{MustExist: len(a.configuredSources()) == 0, Now: a.now}) // sources fill one that is not there
	if err != nil {
		return err
	}
	defer lib.Close()
	pages, err := listen("web.listen", a.cfg.Web.Listen)
	if err != nil {
		return err
	}
	defer pages.Close()
	a.cfg.Web.Listen = pages.Addr().String() // port 0 has become a number
	var figures net.Listener
	if at := a.cfg.Web.MetricsListen; at != "" {
		if figures, err = listen("web.metrics_listen", at); err != nil {
			return err
		}
		defer figures.Close()
	}
	metrics := web.NewMetrics(a.log, lib)
	site, err := a.site(lib, metrics, nil)
	if err != nil {
		return err
	}
	for _, d := range a.diagnoseWeb() {
		if !d.OK {
			fmt.Fprintf(a.stderr, "briefdesk: warning: %s: %s\n", d.Detail, d.Mend)
		}
	}
	chats := bot.Mux{}
	desk := a.newResponder(lib, metrics, chats)
	all, err := a.connect(ctx, lib, desk, metrics, console)
	if err != nil {
		return err
	}
	defer all.close()
	maps.Copy(chats, all.mux())
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended, err := a.runBriefings(ctx, lib, metrics, chats)
	if err != nil {
		return err
	}
	var rooms sync.WaitGroup
	rooms.Go(func() { a.runRooms(ctx, lib, all, desk, metrics) })
	rooms.Go(func() { a.runSources(ctx, lib, metrics) })
	rooms.Go(func() { a.tend(ctx, lib) })
	defer func() {
		stop()
		rooms.Wait()
		err = errors.Join(err, ended())
	}()
	if err := a.printServing(figures); err != nil {
		return err
	}
	return a.serveAll(ctx, append(all.listens(), listening{pages, site.Handler()}, listening{figures, metricsOnly(metrics)})...)
}

// printServing tells where the pages are, at once: the command goes on.
func (a *app) printServing(figures net.Listener) error {
	form := servingJSON{Web: a.cfg.PublicURL(), Slack: a.slackDoor()}
	if figures != nil {
		form.Metrics = "http://" + figures.Addr().String() + "/metrics"
	}
	defer flusher(a.stdout)()
	if a.json {
		return writeJSON(a.stdout, form)
	}
	fmt.Fprintf(a.stdout, "Reading page: %s\n", form.Web)
	if form.Metrics != "" {
		fmt.Fprintf(a.stdout, "Metrics: %s\n", form.Metrics)
	}
	if form.Slack != "" {
		fmt.Fprintf(a.stdout, "Slack: %s\n", form.Slack)
	}
	fmt.Fprintln(a.stdout, "Ctrl-C ends.")
	return nil
}

// site is the pages over lib by the configuration.
func (a *app) site(lib store.Backend, metrics *web.Metrics, suggested []string) (*web.Server, error) {
	c := a.newClerk(lib, metrics)
	from, err := prefixes(a.cfg.Web.TrustFrom)
	if err != nil {
		return nil, err
	}
	return web.New(a.log, web.Options{
		Library: lib,
		Ask: func(ctx context.Context, q web.Question) (briefs.Answer, error) {
			ans, _, err := c.ask(ctx, surfaceWeb, q.Room, ask.Request{Question: q.Text, Scope: q.Scope, From: q.From, To: q.To, Publisher: q.Publisher}, q.Narrowed)
			return ans, err
		},
		Search:    c.asker.Search,
		Brief:     a.briefFor(lib),
		Now:       a.now,
		Followed:  a.configuredSources(),
		Suggested: suggested,
		PublicURL: a.cfg.PublicURL(),
		Access: web.Access{
			TrustHeader: a.cfg.Web.TrustHeader, TrustFrom: from, Admins: a.cfg.Admins,
			Room: a.roomScope, Links: a.links(lib),
		},
		Metrics:          metrics,
		MetricsElsewhere: a.cfg.Web.MetricsListen != "",
	})
}

// metricsOnly serves the figures and the news that the process lives.
func metricsOnly(metrics *web.Metrics) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	return mux
}

// listening is what is served on a listener; nothing without one.
type listening struct {
	net.Listener
	handler http.Handler
}

// serveAll serves each until ctx ends or one of them fails, and waits for all.
func (a *app) serveAll(ctx context.Context, all ...listening) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(all))
	running := 0
	for _, l := range all {
		if l.Listener == nil {
			continue
		}
		running++
		go func() {
			ended <- web.Serve(ctx, a.log, l.Listener, l.handler)
			cancel()
		}()
	}
	var err error
	for range running {
		err = errors.Join(err, <-ended)
	}
	return err
}

// listen takes the address that the configuration has under key.
func listen(key, at string) (net.Listener, error) {
	l, err := net.Listen("tcp", at)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s %s: the port is taken by another program: end that, or write another port", key, at)
	case errors.Is(err, syscall.EACCES):
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s %s: this port is not for every user: write one from 1024 on", key, at)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, briefs.Fault(briefs.ErrUnavailable, "%s %s: this machine has no such address: write 127.0.0.1, or an address of its own", key, at)
	}
	return nil, briefs.Fault(briefs.ErrUnavailable, "%s %s: %v: write HOST:PORT, such as 127.0.0.1:8088", key, at, err)
}

// prefixes reads addresses and CIDR blocks.
func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			one, errAddr := netip.ParseAddr(s)
			if errAddr != nil {
				return nil, briefs.Fault(briefs.ErrInvalid, "web.trust_from: %q is not an address: write for example 10.0.0.0/8", s)
			}
			one = one.Unmap().WithZone("")
			p = netip.PrefixFrom(one, one.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
