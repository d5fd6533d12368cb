package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"briefdesk/briefs"
	"briefdesk/briefs/fetch"
	"briefdesk/briefs/follow"
	"briefdesk/store"
)

const (
	// sourcePatience is how long doctor waits for a source.
	sourcePatience = 10 * time.Second
	// mostAsked is how many sources doctor asks for: those that were read it
	// knows of.
	mostAsked = 20
)

// diagnoseSources tells what keeps sources from being read. lib is nil where
// there is no library yet.
func (a *app) diagnoseSources(ctx context.Context, lib store.Backend) []diagnosis {
	var all []followed
	for _, s := range a.configuredSources() {
		all = append(all, followed{SourceState: briefs.SourceState{Source: s}, configured: true})
	}
	if lib != nil {
		var err error
		if all, err = a.sources(ctx, lib); err != nil {
			return []diagnosis{{"sources", false, oneLine(err), "check the library with: briefdesk library check"}}
		}
	}
	var checks []diagnosis
	fault := func(s followed, mend, format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		checks = append(checks, diagnosis{"sources", false, faultLine(follow.Problem{Source: s.Source, Err: fmt.Errorf("%s", text)}), mend})
	}
	reach := a.webs(a.privateHosts(), nil)
	defer reach.close()
	n, asked, failing := 0, 0, 0
	for _, s := range all {
		if !s.configured && s.By == "" {
			continue
		}
		n++
		failing += s.Failing
		late := a.now().Sub(s.Next)
		switch {
		case s.Kind == briefs.SourcePath && pathFault(s.Address) != "":
			fault(s, "mount its disk, or correct the path: nothing is withdrawn meanwhile", "%s: %s", s.Address, pathFault(s.Address))
		case !s.Gone.IsZero():
			fault(s, "leave it out of the configuration, or correct the address", "%s: is gone since %s: %s", s.Address, s.Gone.Format("2 January 2006"), s.Problem)
		case s.Problem != "":
			fault(s, "mend that; it is tried again, or now by: briefdesk sync", "%s", s.Problem)
		case s.Moved != "":
			fault(s, "write the new address", "%s: moved for good to %s", s.Address, s.Moved)
		case !s.Read.IsZero() && late > cmp.Or(s.Every, follow.DefaultEvery(cmp.Or(s.As, s.Kind)))+overdue:
			fault(s, "let briefdesk serve run, which follows sources, or run: briefdesk sync", "%s: was to be read %s, and was not", s.Address, a.when(s.Next))
		case s.Read.IsZero() && s.Kind != briefs.SourcePath && asked < mostAsked:
			asked++
			if err := a.reachable(ctx, reach, s.Address); err != nil {
				fault(s, "mend that, or correct the address", "%s", oneLine(err))
			}
		}
	}
	if n == 0 || len(checks) > 0 {
		return checks
	}
	text := count(n, "source") + " followed, all as they should be"
	if failing > 0 {
		text = fmt.Sprintf("%s followed; %s of them cannot be read: see briefdesk library list --sources", count(n, "source"), count(failing, "document"))
	}
	return []diagnosis{{"sources", true, text, ""}}
}

// pathFault says what is wrong with the path of a source; nothing is "".
func pathFault(path string) string {
	info, err := os.Stat(path)
	if os.IsNotExist(err) {
		return "is not there"
	}
	if err == nil && info.IsDir() {
		_, err = os.ReadDir(path)
	}
	if err != nil {
		return fmt.Sprintf("cannot be looked into (%v)", reason(err))
	}
	return ""
}

// reachable asks for an address once.
func (a *app) reachable(ctx context.Context, reach *webs, address string) error {
	ctx, cancel := context.WithTimeout(ctx, sourcePatience)
	defer cancel()
	_, err := reach.Get(ctx, fetch.Request{URL: address})
	if err != nil && ctx.Err() != nil {
		return briefs.Fault(briefs.ErrUnavailable, "%s: did not answer in %s", address, sourcePatience)
	}
	return err
}
