package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/wire"
)

type alive struct {
	Status    string    `json:"status"`
	Timestamp wire.Time `json:"timestamp"`
	Uptime    float64   `json:"uptime" doc:"Seconds since the start"`
}

func (s *server) alive(context.Context, caller, *struct{}) (*reply[alive], error) {
	now := s.deps.Clock.Now()
	return answer(alive{"ok", wire.At(now), now.Sub(s.started).Seconds()}), nil
}

type rootInput struct {
	Slug string `header:"X-Tenant-Slug"`
}

type root struct {
	Message   string    `json:"message"`
	Version   string    `json:"version"`
	Tenant    string    `json:"tenant" doc:"The hotel that the request names, or No tenant"`
	Timestamp wire.Time `json:"timestamp"`
}

// root says what this is. A hotel that is not there is told as none.
func (s *server) root(ctx context.Context, _ caller, in *rootInput) (*reply[root], error) {
	out := root{"Bot Reserva API", s.deps.Version, "No tenant", wire.At(s.deps.Clock.Now())}
	if hotel, err := s.deps.Directory.BySlug(ctx, in.Slug); err == nil {
		out.Tenant = hotel.Slug
	}
	return answer(out), nil
}

type health struct {
	Status int
	Body   healthBody
}

type healthBody struct {
	Status      string    `json:"status"`
	API         string    `json:"api"`
	Database    string    `json:"database"`
	Redis       string    `json:"redis" enum:"ok,error,off"`
	NodeVersion string    `json:"nodeVersion" doc:"Always none: the original ran on Node, and monitors look for the key"`
	Timestamp   wire.Time `json:"timestamp"`
	Uptime      float64   `json:"uptime"`
	Version     string    `json:"version"`
	Environment string    `json:"environment"`
}

// healthy asks the database; 503 when it does not answer within two seconds. Without
// Redis the instance goes on, so that is no reason to take it away from its users.
func (s *server) healthy(ctx context.Context, _ caller, _ *struct{}) (*health, error) {
	now := s.deps.Clock.Now()
	out := health{http.StatusOK, healthBody{
		Status: "healthy", API: "ok", Database: "ok", Redis: "off", Timestamp: wire.At(now), Uptime: now.Sub(s.started).Seconds(),
		NodeVersion: "none", Version: s.deps.Version, Environment: s.deps.Environment,
	}}
	if s.deps.Redis != nil {
		out.Body.Redis = "ok"
		asking, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if s.deps.Redis(asking) != nil {
			out.Body.Status, out.Body.Redis = "degraded", "error"
		}
	}
	if !s.hasDatabase(ctx) {
		out.Status, out.Body.Status, out.Body.Database = http.StatusServiceUnavailable, "degraded", "error"
	}
	return &out, nil
}

// hasDatabase asks the database, for two seconds at most.
func (s *server) hasDatabase(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return s.deps.DB.Ping(ctx) == nil
}

// Why requests are better sent elsewhere.
var (
	errDraining = fault.New(fault.Unavailable, "draining", "This instance is about to stop. Ask another one.")
	errAway     = fault.New(fault.Unavailable, "database_away", "The database does not answer. Try again in a moment.")
)

type readiness struct {
	Status    string    `json:"status" enum:"ready"`
	Timestamp wire.Time `json:"timestamp"`
}

// ready tells a proxy whether to send requests here: 503 while the database is away, and from the moment at which the
// instance was told to stop.
func (s *server) ready(ctx context.Context, _ caller, _ *struct{}) (*reply[readiness], error) {
	switch {
	case s.deps.Draining != nil && s.deps.Draining():
		return nil, errDraining
	case !s.hasDatabase(ctx):
		return nil, errAway
	}
	return answer(readiness{"ready", wire.At(s.deps.Clock.Now())}), nil
}
