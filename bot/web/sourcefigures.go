package web

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"briefdesk/briefs"
)

// sourceFigures read what is known of the sources when they are asked for, so
// that what other processes do counts too.
type sourceFigures struct {
	log *slog.Logger
	lib Measured

	sources, failing, gone, items, lastFetch, lastSuccess *prometheus.Desc
}

func newSourceFigures(log *slog.Logger, lib Measured) *sourceFigures {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("briefdesk_"+name, help, labels, nil)
	}
	return &sourceFigures{
		log: log, lib: lib,
		sources:     desc("sources", "Sources that were read at least once."),
		failing:     desc("sources_failing", "Sources whose latest reading had a problem."),
		gone:        desc("sources_gone", "Sources that are gone."),
		items:       desc("source_items", "What sources name, by state: known in all, waiting to be read, failing (set aside, or not to be fetched).", "state"),
		lastFetch:   desc("last_fetch_timestamp_seconds", "When a source was read last; absent without one."),
		lastSuccess: desc("last_fetch_success_timestamp_seconds", "When a source was read last without a problem; absent without one."),
	}
}

// Describe sends what Collect sends.
func (f *sourceFigures) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{f.sources, f.failing, f.gone, f.items, f.lastFetch, f.lastSuccess} {
		ch <- d
	}
}

// Collect sends the figures of this moment, or logs why they cannot be read.
func (f *sourceFigures) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout/2) // the interface gives no context
	defer cancel()
	states, errStates := f.lib.Sources(ctx, briefs.Everything())
	fetches, errFetches := f.lib.Fetches(ctx, briefs.Everything())
	if err := errors.Join(errStates, errFetches); err != nil {
		f.log.WarnContext(ctx, "figures of sources cannot be read", "err", err)
		return
	}
	var sources, failing, gone, items, waiting, failed int
	var last, well time.Time
	note := func(bad bool, at, succeeded time.Time) {
		sources++
		if bad {
			failing++
		}
		last, well = latest(last, at), latest(well, succeeded)
	}
	known := map[briefs.SourceKey]bool{}
	for i := range states {
		s := &states[i]
		known[s.Key()] = true
		if s.Read.IsZero() {
			continue
		}
		note(s.Problem != "", s.Read, s.Succeeded)
		if !s.Gone.IsZero() {
			gone++
		}
		items, waiting, failed = items+s.Items, waiting+s.Waiting, failed+s.Failing
	}
	for _, x := range fetches {
		if !known[briefs.SourceKey{Collection: x.Collection, Address: x.Source}] {
			note(x.Problem != "", x.At, x.Succeeded)
		}
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(f.sources, float64(sources))
	gauge(f.failing, float64(failing))
	gauge(f.gone, float64(gone))
	gauge(f.items, float64(items), "known")
	gauge(f.items, float64(waiting), "waiting")
	gauge(f.items, float64(failed), "failing")
	if !last.IsZero() {
		gauge(f.lastFetch, seconds(last))
	}
	if !well.IsZero() {
		gauge(f.lastSuccess, seconds(well))
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
