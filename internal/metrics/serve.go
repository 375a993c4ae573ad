package metrics

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"
)

// headerTime is how long a reader may take to say what it wants.
const headerTime = 10 * time.Second

// Serve answers at l until ctx ends: /metrics with the counts, and below /debug/pprof/ Go's profiles. With a token, readers
// must show it (Authorization: Bearer …); without one the listener must be out of strangers' reach.
func (m *Metrics) Serve(ctx context.Context, l net.Listener, token string, log *slog.Logger) error {
	server := &http.Server{
		Handler: withToken(token, m.routes()), ReadHeaderTimeout: headerTime,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}

func (m *Metrics) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	return mux // not cmdline: it names files, and helps nobody
}

func withToken(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	want := sha256.Sum256([]byte(token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		got := sha256.Sum256([]byte(shown))
		if !isBearer || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="metrics"`)
			http.Error(w, "Show METRICS_TOKEN as a bearer token.", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
