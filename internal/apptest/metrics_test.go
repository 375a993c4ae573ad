package apptest_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/apptest"
)

// TestMetrics lets a guest and a bot talk, and reads what whoever watches the platform sees of it.
func TestMetrics(t *testing.T) {
	t.Parallel()
	w := apptest.Start(t)
	hotel := w.Hotel("mar-azul")
	guest := hotel.Guest("Marina")
	guest.Writes("Oi, tem quarto para sábado?")
	hotel.Flow.Hears("Oi, tem quarto para sábado?")
	hotel.Bot.Says(guest.Phone, "Temos, sim!")
	guest.Sees("Temos, sim!")
	w.MetaIsDone()

	answer := httptest.NewRecorder()
	w.App.Metrics.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	text := answer.Body.String()
	for _, want := range []string{
		`botreserva_http_requests_total\{method="POST",route="/webhooks/whatsapp",status="200"\} [1-9]`,
		`botreserva_http_request_seconds_count\{caller="meta"\} [1-9]`,
		`botreserva_http_request_seconds_count\{caller="flow"\} [1-9]`,
		`botreserva_lane_wait_seconds_count\{kind="inbox"\} [1-9]`,
		`botreserva_lane_wait_seconds_count\{kind="handoff"\} 1\n`,
		`botreserva_deliveries_total\{outcome="sent"\} 1\n`,
		`botreserva_handover_seconds_count\{outcome="accepted"\} 1\n`,
		`botreserva_database_up 1\n`,
		`botreserva_sockets 0\n`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("nothing like %s", want)
		}
	}
	for _, secret := range []string{guest.Phone, "Marina", "sábado"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics tell of a guest: %s", secret)
		}
	}
}
