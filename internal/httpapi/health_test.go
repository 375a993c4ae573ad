package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/botreserva/botreserva/internal/httpapi"
)

// TestHealth: Redis is told of truthfully, and its loss takes no instance away.
func TestHealth(t *testing.T) {
	t.Parallel()
	answers := func(err error) func(*httpapi.Deps) {
		return func(d *httpapi.Deps) { d.Redis = func(context.Context) error { return err } }
	}
	for name, c := range map[string]struct {
		with          func(*httpapi.Deps)
		redis, status string
	}{
		"none":  {func(*httpapi.Deps) {}, "off", "healthy"},
		"there": {answers(nil), "ok", "healthy"},
		"away":  {answers(errors.New("away")), "error", "degraded"},
		"silent": {func(d *httpapi.Deps) {
			d.Redis = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		}, "error", "degraded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, c.with)
			got := w.do(http.MethodGet, "/api/health", nil).want(http.StatusOK).json()
			if got["redis"] != c.redis || got["status"] != c.status || got["database"] != "ok" {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestReady: an instance that is about to stop takes itself away from its proxy, and goes on serving what still comes.
func TestReady(t *testing.T) {
	t.Parallel()
	var draining atomic.Bool
	w := setup(t, func(d *httpapi.Deps) { d.Draining = draining.Load })
	if got := w.do(http.MethodGet, "/health/ready", nil).want(http.StatusOK).json(); got["status"] != "ready" {
		t.Errorf("got %v", got)
	}
	draining.Store(true)
	w.do(http.MethodGet, "/health/ready", nil).want(http.StatusServiceUnavailable, "draining")
	w.do(http.MethodGet, "/health/live", nil).want(http.StatusOK)
}
