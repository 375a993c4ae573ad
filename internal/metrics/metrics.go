// Package metrics counts what the product does, in Prometheus' form. Here: what is counted while it happens (this file),
// what is looked up when somebody asks (backlog.go), and the address at which they ask (serve.go). Not here: which figures
// are alarming (deploy/prometheus) and what to do then (docs/runbook.md).
//
// No guest, user or message is ever a label. Hotels are, at most twenty at a time: those with the most waiting work.
package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const namespace = "botreserva"

// Metrics are the counts of one process.
type Metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	answers    *prometheus.HistogramVec
	waits      *prometheus.HistogramVec
	deliveries *prometheus.CounterVec
	handovers  *prometheus.HistogramVec
}

// seconds reach from a cached answer to a flow that takes its thirty seconds.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// waiting reaches from a lane that is taken up at once to a day's outage.
var waiting = []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 15, 60, 300, 1800, 7200, 86400}

// New makes the counts of a process that runs a version of the product.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "http_requests_total", Help: "Requests answered, by pattern of the address and status.",
		}, []string{"method", "route", "status"}),
		answers: histogram("http_request_seconds", "How long answers took, by sort of caller.", seconds, "caller"),
		waits:   histogram("lane_wait_seconds", "How long work lay in a lane before it was first taken up.", waiting, "kind"),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "deliveries_total", Help: "Messages given to Meta, by what came of it.",
		}, []string{"outcome"}),
		handovers: histogram("handover_seconds", "How long hotels' flows took to answer, by what they answered.", seconds, "outcome"),
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "Always 1; the label names the version.", ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 })
	m.registry.MustRegister(m.requests, m.answers, m.waits, m.deliveries, m.handovers, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func histogram(name, help string, buckets []float64, label string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, []string{label})
}

// Request counts a request that was answered. The route is a pattern, not an address.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if route == "" {
		method, route = "", "none" // whatever strangers think of
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.answers.WithLabelValues(callerOf(route)).Observe(took.Seconds())
}

// callers are the sorts of callers that wait for us differently, by the beginning of their addresses.
var callers = []struct{ prefix, name string }{
	{"/webhooks/", "meta"},
	{"/api/n8n/", "flow"},
	{"/api/v1/n8n/", "flow"},
	{"/instances/", "flow"},
	{"/api/media/", "media"},
	{"/api/v1/media/", "media"},
	{"/socket.io", "socket"},
	{"/api/", "people"},
	{"/auth/", "people"},
}

func callerOf(route string) string {
	for _, c := range callers {
		if strings.HasPrefix(route, c.prefix) {
			return c.name
		}
	}
	return "other"
}

// Waited notes how long work of a kind lay before somebody took it up.
func (m *Metrics) Waited(kind string, d time.Duration) {
	m.waits.WithLabelValues(kind).Observe(d.Seconds())
}

// Delivered counts a message that was given to Meta: sent, unknown, unreached, or what Meta's refusal asked for.
func (m *Metrics) Delivered(outcome string) { m.deliveries.WithLabelValues(outcome).Inc() }

// HandedOver counts a post to a hotel's flow: accepted, or what was wrong.
func (m *Metrics) HandedOver(outcome string, took time.Duration) {
	m.handovers.WithLabelValues(outcome).Observe(took.Seconds())
}

// Gauge has a number looked up whenever somebody reads the counts.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, read))
}

// Handler answers with all counts.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}
