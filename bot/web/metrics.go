package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"briefdesk/briefs"
)

// Metrics are the figures that operators watch, in a registry of their own.
// No label holds text that somebody typed. It is safe for concurrent use, and
// a nil *Metrics counts nothing.
type Metrics struct {
	registry   *prometheus.Registry
	questions  *prometheus.CounterVec
	silences   *prometheus.CounterVec
	stages     *prometheus.HistogramVec
	pages      *prometheus.CounterVec
	pageTimes  *prometheus.HistogramVec
	deliveries *prometheus.CounterVec
	replies    *prometheus.CounterVec
	replyTimes *prometheus.HistogramVec
	acks       *prometheus.HistogramVec
	calls      *prometheus.CounterVec
	connected  *prometheus.GaugeVec
	fetches    *prometheus.CounterVec
	fetched    prometheus.Counter
	errors     *prometheus.CounterVec
}

// Measured is what Metrics read of a library each time they are asked for.
type Measured interface {
	Stats(ctx context.Context) (briefs.LibraryStats, error)
	Documents(ctx context.Context, l briefs.Listing) ([]briefs.Listed, error)
	Fetches(ctx context.Context, s briefs.Scope) ([]briefs.Fetch, error)
	Sources(ctx context.Context, s briefs.Scope) ([]briefs.SourceState, error)
	CountIncoming(ctx context.Context) (counts map[briefs.IncomingState]int, oldest time.Time, err error)
}

// buckets are upper bounds in seconds: from a stage that is done in no time
// to a page that its reader has given up.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// NewMetrics returns Metrics of lib and of this process.
func NewMetrics(log *slog.Logger, lib Measured) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "briefdesk_" + name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "briefdesk_" + name, Help: help, Buckets: buckets}, labels)
	}
	m := &Metrics{
		registry:   prometheus.NewRegistry(),
		questions:  counter("questions_total", "Questions asked, by surface and outcome (answered, silent, failed).", "surface", "outcome"),
		silences:   counter("silences_total", "Questions that the library did not answer, by reason.", "reason"),
		stages:     histogram("stage_seconds", "Time of one stage of answering.", "stage"),
		pages:      counter("pages_total", "Pages served, by route and status.", "route", "code"),
		pageTimes:  histogram("page_seconds", "Time to make a page, by route.", "route"),
		deliveries: counter("deliveries_total", "Deliveries of briefings, by outcome.", "outcome"),
		replies:    counter("replies_total", "What was heard in rooms and dealt with, by platform and outcome.", "platform", "outcome"),
		replyTimes: histogram("reply_seconds", "Time from hearing a question in a room to the posted answer, by platform.", "platform"),
		acks:       histogram("ack_seconds", "Time from reading what a platform tells to acknowledging it, by platform and kind.", "platform", "kind"),
		calls:      counter("calls_total", "Calls of the interface of a platform, by platform, method and outcome.", "platform", "method", "outcome"),
		connected: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "briefdesk_connections", Help: "Open connections to a platform that tells by them what is said."},
			[]string{"platform"}),
		fetches: counter("fetches_total", "Addresses of the web that were asked for, by outcome (fetched, unchanged, failed, refused).", "outcome"),
		fetched: prometheus.NewCounter(prometheus.CounterOpts{Name: "briefdesk_fetched_bytes_total", Help: "Bytes that were fetched from the web, decompressed."}),
		errors:  counter("errors_total", "Errors, by part of the program.", "part"),
	}
	m.registry.MustRegister(m.questions, m.silences, m.stages, m.pages, m.pageTimes, m.deliveries, m.replies, m.replyTimes, m.acks, m.calls, m.connected, m.fetches, m.fetched, m.errors,
		newLibraryFigures(log, lib), newSourceFigures(log, lib), newInboxFigures(log, lib), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Question counts one question that was asked on surface ("web", "slack", …).
func (m *Metrics) Question(surface string, ans *briefs.Answer, err error) {
	if m == nil {
		return
	}
	switch {
	case err != nil:
		m.questions.WithLabelValues(surface, "failed").Inc()
	case ans.Answered():
		m.questions.WithLabelValues(surface, "answered").Inc()
	default:
		m.questions.WithLabelValues(surface, "silent").Inc()
		m.silences.WithLabelValues(string(ans.Reason)).Inc()
	}
}

// Stage notes the time that one stage of answering took.
func (m *Metrics) Stage(name string, took time.Duration) {
	if m != nil {
		m.stages.WithLabelValues(name).Observe(took.Seconds())
	}
}

// Delivery counts one briefing that was delivered or not; outcome is the
// state that its delivery came to.
func (m *Metrics) Delivery(outcome string) {
	if m != nil {
		m.deliveries.WithLabelValues(outcome).Inc()
	}
}

// Work counts what was heard on a platform and dealt with, and measures the
// answers.
func (m *Metrics) Work(platform, outcome string, took time.Duration) {
	if m == nil {
		return
	}
	m.replies.WithLabelValues(platform, outcome).Inc()
	if outcome == "answered" {
		m.replyTimes.WithLabelValues(platform).Observe(took.Seconds())
	}
}

// Acked measures one acknowledgement to a platform; kind is one of its own.
func (m *Metrics) Acked(platform, kind string, took time.Duration) {
	if m != nil {
		m.acks.WithLabelValues(platform, kind).Observe(took.Seconds())
	}
}

// Called counts one call of the interface of a platform.
func (m *Metrics) Called(platform, method, outcome string) {
	if m != nil {
		m.calls.WithLabelValues(platform, method, outcome).Inc()
	}
}

// Connected notes connections to a platform that were opened, or, below 0,
// closed.
func (m *Metrics) Connected(platform string, change int) {
	if m != nil {
		m.connected.WithLabelValues(platform).Add(float64(change))
	}
}

// Fetched counts one address of the web that was asked for, and its bytes.
func (m *Metrics) Fetched(outcome string, bytes int) {
	if m != nil {
		m.fetches.WithLabelValues(outcome).Inc()
		m.fetched.Add(float64(bytes))
	}
}

// Error counts one error of a part of the program ("web", "ask", "slack", …).
func (m *Metrics) Error(part string) {
	if m != nil {
		m.errors.WithLabelValues(part).Inc()
	}
}

func (m *Metrics) page(route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	m.pages.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.pageTimes.WithLabelValues(route).Observe(took.Seconds())
	if status >= http.StatusInternalServerError {
		m.Error("web")
	}
}

// Handler serves the figures in the text form of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: scrapeTimeout})
}

// scrapeTimeout is the usual one of Prometheus (scrape_timeout).
const scrapeTimeout = 10 * time.Second

// libraryFigures reads the library when it is asked, so that documents added
// by another process count too.
type libraryFigures struct {
	log *slog.Logger
	lib Measured

	documents, withdrawn, revisions, passages, gaps, bytes *prometheus.Desc
	lastAdded                                              *prometheus.Desc
}

func newLibraryFigures(log *slog.Logger, lib Measured) *libraryFigures {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("briefdesk_"+name, help, nil, nil)
	}
	return &libraryFigures{
		log: log, lib: lib,
		documents: desc("documents", "Searchable documents of the library."),
		withdrawn: desc("documents_withdrawn", "Documents removed without purge."),
		revisions: desc("revisions", "Stored revisions of all documents."),
		passages:  desc("passages", "Searchable passages of the library."),
		gaps:      desc("gaps", "Recorded questions without an answer."),
		bytes:     desc("library_bytes", "Size of the stored files."),
		lastAdded: desc("last_added_timestamp_seconds", "When the newest searchable revision was added; absent without one."),
	}
}

// Describe sends what Collect sends.
func (f *libraryFigures) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		f.documents, f.withdrawn, f.revisions, f.passages, f.gaps, f.bytes, f.lastAdded,
	} {
		ch <- d
	}
}

// Collect sends the figures of this moment. Those that cannot be read are
// left out, and logged.
func (f *libraryFigures) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout/2) // the interface gives no context
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64) { ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	stats, errStats := f.lib.Stats(ctx)
	if errStats == nil {
		gauge(f.documents, float64(stats.Documents))
		gauge(f.withdrawn, float64(stats.Withdrawn))
		gauge(f.revisions, float64(stats.Revisions))
		gauge(f.passages, float64(stats.Passages))
		gauge(f.gaps, float64(stats.Gaps))
		gauge(f.bytes, float64(stats.Bytes))
	}
	newest, errNewest := f.lib.Documents(ctx, briefs.Listing{Scope: briefs.Everything(), Order: briefs.ByAdded, Limit: 1})
	if len(newest) > 0 {
		gauge(f.lastAdded, seconds(newest[0].Added))
	}
	if err := errors.Join(errStats, errNewest); err != nil {
		f.log.WarnContext(ctx, "figures of the library cannot be read", "err", err)
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
