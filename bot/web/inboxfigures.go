package web

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"briefdesk/briefs"
)

// inboxFigures read what came from rooms when they are asked for, so that what
// other processes do counts too.
type inboxFigures struct {
	log             *slog.Logger
	lib             Measured
	incoming, since *prometheus.Desc
}

func newInboxFigures(log *slog.Logger, lib Measured) *inboxFigures {
	return &inboxFigures{
		log: log, lib: lib,
		incoming: prometheus.NewDesc("briefdesk_incoming", "What came from rooms and is not forgotten yet, by state (waiting, answered, unsure, given_up).", []string{"state"}, nil),
		since: prometheus.NewDesc("briefdesk_incoming_waiting_since_timestamp_seconds",
			"When the oldest came of what waits for an answer; absent when nothing waits.", nil, nil),
	}
}

// Describe sends what Collect sends.
func (f *inboxFigures) Describe(ch chan<- *prometheus.Desc) {
	ch <- f.incoming
	ch <- f.since
}

// Collect sends the figures of this moment, or logs why they cannot be read.
func (f *inboxFigures) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout/2) // the interface gives no context
	defer cancel()
	counts, oldest, err := f.lib.CountIncoming(ctx)
	if err != nil {
		f.log.WarnContext(ctx, "figures of what came from rooms cannot be read", "err", err)
		return
	}
	for _, state := range []briefs.IncomingState{briefs.Waiting, briefs.Answered, briefs.Unsure, briefs.GivenUp} {
		ch <- prometheus.MustNewConstMetric(f.incoming, prometheus.GaugeValue, float64(counts[state]), string(state))
	}
	if !oldest.IsZero() {
		ch <- prometheus.MustNewConstMetric(f.since, prometheus.GaugeValue, seconds(oldest))
	}
}
