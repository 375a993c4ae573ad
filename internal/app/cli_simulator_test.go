package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/app"
	"github.com/botreserva/botreserva/internal/whatsapp/simulator"
)

// The exit code tells whether a receiver keeps what it must.
func TestSimulatorChecksAReceiver(t *testing.T) {
	t.Parallel()
	careless := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(careless.Close)
	careful := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		q := r.URL.Query()
		switch {
		case r.Method == http.MethodGet && q.Get("hub.mode") == "subscribe" && q.Get("hub.verify_token") == "verify-me":
			_, _ = io.WriteString(w, q.Get("hub.challenge"))
		case r.Header.Get("X-Hub-Signature-256") != simulator.Sign("s", body):
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(careful.Close)
	for url, want := range map[string]int{careless.URL: 1, careful.URL: 0} {
		var out, errOut bytes.Buffer
		code := app.Main(t.Context(), []string{"simulator", "check", url, "--secret", "s"}, nil, &out, &errOut)
		if code != want || strings.Contains(out.String(), "BROKEN") != (want == 1) {
			t.Errorf("exit %d, want %d: %s %s", code, want, out.String(), errOut.String())
		}
	}
	var out, errOut bytes.Buffer
	code := app.Main(t.Context(), []string{"simulator", "load", careful.URL, "--secret", "s", "--rate", "50", "--seconds", "1"}, nil, &out, &errOut)
	if code != 0 || !strings.Contains(out.String(), `"perSecond"`) {
		t.Errorf("load: exit %d: %s %s", code, out.String(), errOut.String())
	}
}
