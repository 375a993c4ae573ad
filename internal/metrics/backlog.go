package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Backlog is what waits in the database at one moment, for all processes together.
type Backlog struct {
	Lanes       []LaneBacklog
	DeadLetters map[string]int // by kind
	Hotels      map[string]int // waiting items of the hotels with most of them, by slug
	Paused      int            // numbers that Meta takes nothing from
}

// LaneBacklog is what waits in the lanes of one kind.
type LaneBacklog struct {
	Kind   string
	Lanes  int
	Items  int
	Oldest time.Duration // how long the one that waits longest has been ready
}

// Connections is how the connections of one role of the database stand.
type Connections struct {
	Role              string
	InUse, Idle, Most int
	Waits             int64         // for a free one, since the start
	Waited            time.Duration // all in all
}

// Store is where the figures are looked up.
type Store struct {
	Backlog     func(context.Context) (Backlog, error)
	Connections func() []Connections
}

// Lookups are bounded: an impatient Prometheus must not be a load.
const (
	freshFor   = 10 * time.Second
	lookupTime = 5 * time.Second
)

// Watch adds what is looked up in the database when somebody reads the counts.
func (m *Metrics) Watch(s Store) { m.registry.MustRegister(&backlog{store: s}) }

// backlog is a Prometheus collector.
type backlog struct {
	store Store
	mu    sync.Mutex
	last  Backlog
	at    time.Time
	err   error
}

var (
	up          = describe("database_up", "Whether the database answered the last look at the backlog.")
	lanes       = describe("lanes", "Lanes with waiting work.", "kind")
	items       = describe("lane_items", "Pieces of work that wait.", "kind")
	oldest      = describe("lane_oldest_seconds", "How long the lane that waits longest has been ready.", "kind")
	deadLetters = describe("dead_letters", "Work that was given up and can be put back.", "kind")
	ofHotels    = describe("hotel_lane_items", "Pieces of work that wait, of the hotels that have most.", "hotel")
	paused      = describe("paused_numbers", "Numbers from which Meta takes nothing at present.")
	connections = describe("database_connections", "Connections to the database.", "role", "state")
	poolWaits   = describe("database_waits_total", "How often somebody had to wait for a connection.", "role")
	poolWaited  = describe("database_wait_seconds_total", "How long, all in all.", "role")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(namespace+"_"+name, help, labels, nil)
}

func (b *backlog) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{up, lanes, items, oldest, deadLetters, ofHotels, paused, connections, poolWaits, poolWaited} {
		out <- d
	}
}

func (b *backlog) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, c := range b.store.Connections() {
		gauge(connections, float64(c.InUse), c.Role, "in_use")
		gauge(connections, float64(c.Idle), c.Role, "idle")
		gauge(connections, float64(c.Most), c.Role, "most")
		out <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(c.Waits), c.Role)
		out <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, c.Waited.Seconds(), c.Role)
	}
	now, err := b.look()
	if err != nil {
		gauge(up, 0)
		return
	}
	gauge(up, 1)
	gauge(paused, float64(now.Paused))
	for _, l := range now.Lanes {
		gauge(lanes, float64(l.Lanes), l.Kind)
		gauge(items, float64(l.Items), l.Kind)
		gauge(oldest, l.Oldest.Seconds(), l.Kind)
	}
	for kind, n := range now.DeadLetters {
		gauge(deadLetters, float64(n), kind)
	}
	for slug, n := range now.Hotels {
		gauge(ofHotels, float64(n), slug)
	}
}

// look returns what was looked up a moment ago, or looks again.
func (b *backlog) look() (Backlog, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); now.Sub(b.at) >= freshFor { //nolint:forbidigo // real time: Prometheus asks by it
		ctx, cancel := context.WithTimeout(context.Background(), lookupTime)
		defer cancel()
		b.last, b.err = b.store.Backlog(ctx)
		b.at = now
	}
	return b.last, b.err
}
