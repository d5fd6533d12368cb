package main

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"briefdesk/bot/web"
	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/follow"
	"briefdesk/config"
	"briefdesk/store"
)

// configuredSources are the sources of the configuration, by collection, in
// the order of the file.
func (a *app) configuredSources() []briefs.Source {
	var all []briefs.Source
	for _, name := range slices.Sorted(maps.Keys(a.cfg.Collections)) {
		for _, s := range a.cfg.Collections[name].Sources {
			all = append(all, sourceOf(s, name))
		}
	}
	return all
}

func sourceOf(s config.Source, collection string) briefs.Source {
	out := briefs.Source{Address: s.Address(), Collection: collection, Every: s.Every}
	switch {
	case s.Path != "":
		out.Kind = briefs.SourcePath
		if path, err := filepath.Abs(s.Path); err == nil {
			out.Address = path
		}
		return out
	case s.Feed != "":
		out.Kind = briefs.SourceFeed
	case s.Sitemap != "":
		out.Kind = briefs.SourceSitemap
	default:
		out.Kind = briefs.SourcePage
	}
	if address, err := follow.Canonical(out.Address); err == nil {
		out.Address = address
	}
	return out
}

// privateHosts are the hosts, with their ports, of the sources that may be on
// this machine or a private network.
func (a *app) privateHosts() map[string]bool {
	hosts := map[string]bool{}
	for _, c := range a.cfg.Collections {
		for _, s := range c.Sources {
			if s.Private {
				hosts[hostOf(s.Address())] = true
			}
		}
	}
	return hosts
}

func hostOf(address string) string {
	address, err := follow.Canonical(address)
	if err != nil {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// isAddress reports whether a source is one of the web.
func isAddress(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// webs reads the web: hosts that the operator says may be private as one that
// reads them may, and all others as the public web.
type webs struct {
	public, private *fetch.Web
	hosts           map[string]bool // that may be private
	observe         func(outcome string, bytes int)
}

func (a *app) webs(hosts map[string]bool, metrics *web.Metrics) *webs {
	agent := "briefdesk"
	if v, _ := buildVersion(); v.Version != "" && !strings.ContainsAny(v.Version, "() ") {
		agent += "/" + v.Version
	}
	public := fetch.WebOptions{Agent: agent, Now: a.now}
	private := public
	private.AllowPrivate, private.MinDelay = true, 10*time.Millisecond // one's own server
	return &webs{public: fetch.NewWeb(a.log, public), private: fetch.NewWeb(a.log, private), hosts: hosts, observe: metrics.Fetched}
}

// Get implements follow.Web.
func (w *webs) Get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	web := w.public
	if w.hosts[hostOf(r.URL)] {
		web = w.private
	}
	resp, err := web.Get(ctx, r)
	switch {
	case errors.Is(err, briefs.ErrInvalid):
		w.observe("refused", 0)
	case err != nil:
		w.observe("failed", 0)
	case resp.NotModified:
		w.observe("unchanged", 0)
	default:
		w.observe("fetched", len(resp.Body))
	}
	return resp, err
}

func (w *webs) close() {
	w.public.Close()
	w.private.Close()
}

// follower returns what reads sources into lib, and what ends it. hosts may be
// private; metrics may be nil.
func (a *app) follower(lib follow.Library, hosts map[string]bool, metrics *web.Metrics, o follow.Options) (*follow.Follower, func()) {
	reach, readers := a.webs(hosts, metrics), a.readers()
	me := a.owner()
	o.Owner, o.Ended, o.Now = me.String(), me.ended, a.now
	return follow.New(a.log, lib, reach, readers.Read, o), func() {
		readers.Close()
		reach.close()
	}
}

// The states of a source, as the command line names them.
const (
	sourceFine       = "fine"
	sourceNew        = "not read yet"
	sourceFailing    = "failing"
	sourceGone       = "gone"
	sourceUnfollowed = "read once" // by add: neither the configuration nor a room has it followed
)

// followed is a source and what is known of it.
type followed struct {
	briefs.SourceState
	configured bool
	state      string
}

// sources are those of the configuration, those that rooms have followed, and
// those that were only added, by collection, then address.
func (a *app) sources(ctx context.Context, lib store.Backend) ([]followed, error) {
	known, err := lib.Sources(ctx, briefs.Everything())
	if err != nil {
		return nil, err
	}
	var all []followed
	at := map[briefs.SourceKey]int{}
	for _, s := range known {
		at[s.Key()] = len(all)
		all = append(all, followed{SourceState: s})
	}
	for _, s := range a.configuredSources() {
		i, ok := at[s.Key()]
		if !ok {
			i = len(all)
			all = append(all, followed{})
		}
		all[i].Source, all[i].configured = s, true
	}
	for i := range all {
		s := &all[i]
		switch {
		case !s.configured && s.By == "":
			s.state = sourceUnfollowed
		case s.Read.IsZero():
			s.state = sourceNew
		case !s.Gone.IsZero():
			s.state = sourceGone
		case s.Problem != "":
			s.state = sourceFailing
		default:
			s.state = sourceFine
		}
	}
	slices.SortFunc(all, func(x, y followed) int {
		return strings.Compare(x.Collection+"\x00"+x.Address, y.Collection+"\x00"+y.Address)
	})
	return all, nil
}

// toFollow are those of all that are to be read again and again.
func toFollow(all []followed) []briefs.Source {
	var out []briefs.Source
	for _, s := range all {
		if s.configured || s.By != "" {
			out = append(out, s.Source)
		}
	}
	return out
}
