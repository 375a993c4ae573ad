package metrics_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/botreserva/botreserva/internal/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// read returns what Prometheus would read.
func read(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	m := metrics.New("1.2.3")
	m.Request("POST", "/webhooks/whatsapp", 200, 3*time.Millisecond)
	m.Request("GET", "", 404, time.Millisecond) // an address that is not ours
	m.Request("BREW", "", 404, time.Millisecond)
	m.Request("POST", "/api/v1/n8n/send-text", 200, 20*time.Millisecond)
	m.Waited("inbox", 40*time.Millisecond)
	m.Delivered("refused_slow_down")
	m.HandedOver("accepted", 2*time.Second)
	m.Gauge("sockets", "Screens.", func() float64 { return 7 })
	wantLines(t, read(t, m),
		`botreserva_build_info{version="1.2.3"} 1`,
		`botreserva_http_requests_total{method="POST",route="/webhooks/whatsapp",status="200"} 1`,
		`botreserva_http_requests_total{method="",route="none",status="404"} 2`,
		`botreserva_http_request_seconds_bucket{caller="meta",le="0.0025"} 0`,
		`botreserva_http_request_seconds_bucket{caller="meta",le="0.005"} 1`,
		`botreserva_http_request_seconds_count{caller="flow"} 1`,
		`botreserva_lane_wait_seconds_bucket{kind="inbox",le="0.05"} 1`,
		`botreserva_deliveries_total{outcome="refused_slow_down"} 1`,
		`botreserva_handover_seconds_bucket{outcome="accepted",le="2.5"} 1`,
		`botreserva_sockets 7`,
	)
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	looks, broken := 0, false
	store := metrics.Store{
		Connections: func() []metrics.Connections {
			return []metrics.Connections{{Role: "app", InUse: 3, Idle: 2, Most: 15, Waits: 9, Waited: 1500 * time.Millisecond}}
		},
		Backlog: func(context.Context) (metrics.Backlog, error) {
			if looks++; broken {
				return metrics.Backlog{}, errors.New("away")
			}
			return metrics.Backlog{
				Lanes:       []metrics.LaneBacklog{{Kind: "handoff", Lanes: 2, Items: 5, Oldest: time.Minute}},
				DeadLetters: map[string]int{"deliver": 4}, Hotels: map[string]int{"mar-azul": 5}, Paused: 1,
			}, nil
		},
	}
	m := metrics.New("dev")
	m.Watch(store)
	text := read(t, m)
	wantLines(t, text,
		`botreserva_database_up 1`, `botreserva_lanes{kind="handoff"} 2`, `botreserva_lane_items{kind="handoff"} 5`,
		`botreserva_lane_oldest_seconds{kind="handoff"} 60`, `botreserva_dead_letters{kind="deliver"} 4`,
		`botreserva_hotel_lane_items{hotel="mar-azul"} 5`, `botreserva_paused_numbers 1`,
		`botreserva_database_connections{role="app",state="in_use"} 3`, `botreserva_database_waits_total{role="app"} 9`,
		`botreserva_database_wait_seconds_total{role="app"} 1.5`,
	)
	read(t, m)
	if looks != 1 {
		t.Errorf("an impatient reader made us look %d times", looks)
	}

	broken = true
	m = metrics.New("dev")
	m.Watch(store)
	text = read(t, m)
	wantLines(t, text, `botreserva_database_up 0`, `botreserva_database_connections{role="app",state="idle"} 2`)
	if strings.Contains(text, "botreserva_lanes{") {
		t.Error("figures of a database that does not answer")
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- metrics.New("dev").Serve(ctx, l, "sesame-sesame-sesame", slog.New(slog.DiscardHandler))
	}()
	client := &http.Client{}
	for _, c := range []struct {
		path, authorization string
		status              int
	}{
		{"/metrics", "", http.StatusUnauthorized},
		{"/metrics", "Bearer sesame", http.StatusUnauthorized},
		{"/metrics", "sesame-sesame-sesame", http.StatusUnauthorized},
		{"/debug/pprof/heap", "", http.StatusUnauthorized},
		{"/metrics", "Bearer sesame-sesame-sesame", http.StatusOK},
		{"/debug/pprof/heap", "Bearer sesame-sesame-sesame", http.StatusOK},
		{"/debug/pprof/cmdline", "Bearer sesame-sesame-sesame", http.StatusNotFound},
		{"/elsewhere", "Bearer sesame-sesame-sesame", http.StatusNotFound},
	} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.Addr().String()+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", c.authorization)
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s with %q: status %d, want %d", c.path, c.authorization, response.StatusCode, c.status)
		}
	}
	client.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
