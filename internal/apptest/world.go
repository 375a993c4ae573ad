// Package apptest is the product in process, in the hotel's words: guests with phones
// (the simulator of Meta), a flow that stands in for n8n, people at the hotel with the
// REST API and with a real Socket.IO client. Everything goes through the doors that
// the world has too; only setting hotels up is done by calling package provision, as
// the command line does.
//
// Open world.go first; hotel.go, guest.go, flow.go, bot.go, person.go, screen.go and
// dashboard.go (the original's dashboards, page by page) are who takes part. What the
// product decides is tested where it is decided, not here.
package apptest

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/bcrypt"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/config"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// platformSecret signs webhooks of hotels that have no app of their own.
const platformSecret = "platform-app-secret-of-the-tests"

// World is a running product with everybody around it.
type World struct {
	t      testing.TB
	URL    string // of the product
	App    *app.App
	DB     *postgres.DB
	Sim    *simulator.Simulator
	flows  *flows
	clock  *movable
	client *http.Client
	simURL string
	owner  *pgx.Conn // of the database: made when it is needed
	hotels int
}

// setup is what options change.
type setup struct {
	variables   map[string]string
	knobs       simulator.Knobs
	settleAfter time.Duration
	before      func(*postgres.DB)
}

// Option changes how a world starts.
type Option func(*setup)

// Setting sets an environment variable of the product.
func Setting(name, value string) Option {
	return func(s *setup) { s.variables[name] = value }
}

// Meta changes how the simulated Meta behaves from the start.
func Meta(change func(*simulator.Knobs)) Option {
	return func(s *setup) { change(&s.knobs) }
}

// SettleAfter sets how long a message with an unknown outcome waits for a status.
func SettleAfter(d time.Duration) Option {
	return func(s *setup) { s.settleAfter = d }
}

// Before does something to the database before the product starts.
func Before(prepare func(db *postgres.DB)) Option {
	return func(s *setup) { s.before = prepare }
}

// Start runs the product on a database of its own until the test ends. Meta's limits
// are those of the real one, its statuses come at once, and nobody counts requests.
func Start(tb testing.TB, options ...Option) *World {
	tb.Helper()
	s := setup{knobs: simulator.DefaultKnobs()}
	s.knobs.Statuses = simulator.AutoStatuses{}
	s.variables = settings(tb)
	for _, option := range options {
		option(&s)
	}
	w := &World{t: tb, DB: pgtest.DB(tb), clock: &movable{}}
	if s.before != nil {
		s.before(w.DB)
	}
	w.client = &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	tb.Cleanup(w.client.CloseIdleConnections)
	w.startMeta(s)
	w.startFlows()
	w.startProduct(s)
	return w
}

func settings(tb testing.TB) map[string]string {
	tb.Helper()
	variables := map[string]string{
		"APP_ENV": "test", "DATA_DIR": tb.TempDir(), "ALLOW_PRIVATE_URLS": "true", "WHATSAPP_APP_SECRET": platformSecret,
	}
	for _, name := range []string{"LOGIN", "WEBHOOK", "N8N", "API", "MEDIA", "CREATE"} {
		variables["RATE_LIMIT_"+name] = "off"
	}
	return variables
}

func (w *World) startMeta(s setup) {
	w.Sim = simulator.New(simulator.Options{
		Knobs: &s.knobs, Webhooks: simulator.Webhooks{Retry: []time.Duration{20 * time.Millisecond}},
	})
	server := httptest.NewServer(w.Sim.Handler())
	w.simURL = server.URL
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.Sim.Close(ctx); err != nil {
			w.t.Errorf("close simulator: %v", err)
		}
		server.Close()
	})
}

func (w *World) startProduct(s setup) {
	w.t.Helper()
	s.variables["WHATSAPP_API_URL"] = w.simURL
	cfg, err := config.Load(s.variables)
	if err != nil {
		w.t.Fatal(err)
	}
	w.App, err = app.New(app.Options{
		Config: cfg, Log: logger(w.t), Clock: w.clock, SettleAfter: s.settleAfter, HashPassword: quickHash,
		Roles: app.Roles{API: true, Worker: true},
	}, w.DB)
	if err != nil {
		w.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.URL = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.App.Run(ctx, listener) }()
	w.t.Cleanup(func() {
		w.client.CloseIdleConnections()
		close(w.flows.ended)
		stop()
		if err := <-ended; err != nil { // Run limits how long it takes
			w.t.Errorf("product ended: %v", err)
		}
	})
}

// logger shows the product's log when APPTEST_LOG is set; it is far too much else.
func logger(tb testing.TB) *slog.Logger {
	tb.Helper()
	if os.Getenv("APPTEST_LOG") == "" {
		return logtest.Logger()
	}
	return logtest.LoggerTo(tb.Output())
}

// quickHash is cheap bcrypt: the strength of hashes is tested where they are made.
func quickHash(password string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	return string(hash), err
}

// MetaIsDone waits until the simulated Meta has nothing left to report.
func (w *World) MetaIsDone() {
	w.t.Helper()
	if err := w.Sim.AwaitIdle(within(w.t)); err != nil {
		w.t.Fatal(err)
	}
}
