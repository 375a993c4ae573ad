package httpapi

import (
	"errors"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/obs"
)

// identifyRequest gives every request an id, taken from X-Request-Id when a proxy
// made one, and logs how it ended.
func (s *server) identifyRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isFacade(r.Context()) { // it has one, and is logged under its own address
			next.ServeHTTP(w, r)
			return
		}
		requestID := r.Header.Get("X-Request-Id")
		if !isRequestID(requestID) {
			requestID = uuid.Must(uuid.NewV7()).String()
		}
		w.Header().Set("X-Request-Id", requestID)
		ctx := obs.WithClientIP(obs.WithRequestID(r.Context(), requestID), s.deps.ClientIP(r))
		begun := s.deps.Clock.Now()
		watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(watched, r.WithContext(ctx))
		route, took := routeOf(r), s.deps.Clock.Now().Sub(begun)
		s.deps.Log.DebugContext(ctx, "request", "method", r.Method, "route", route,
			"status", watched.status, "duration_ms", took.Milliseconds())
		if s.deps.Counted != nil {
			s.deps.Counted(r.Method, route, watched.status, took)
		}
	})
}

// routeOf is the pattern that a request matched, for logs: the address itself may name a
// guest by phone number, or hold a signature.
func routeOf(r *http.Request) string {
	if routing := chi.RouteContext(r.Context()); routing != nil {
		return routing.RoutePattern()
	}
	return ""
}

func isRequestID(text string) bool {
	if len(text) < 8 || len(text) > 64 {
		return false
	}
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

var errPanicked = errors.New("handler panicked")

// recover turns a panic of ours into a 500, and the stack into a log line.
func (s *server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { //nolint:errorlint // a panic value, compared as net/http does
				panic(cause)
			}
			s.deps.Log.ErrorContext(ctx, "handler panicked", "method", r.Method, "route", routeOf(r),
				"panic", cause, "stack", string(debug.Stack()))
			writeProblem(w, problemOf(fault.Of(errPanicked), obs.RequestID(ctx)))
		}()
		next.ServeHTTP(w, r)
	})
}

// headAsGet answers HEAD wherever GET is answered: net/http leaves the body out.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if routing := chi.RouteContext(r.Context()); r.Method == http.MethodHead && routing != nil {
			routing.RouteMethod = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// noRoute answers for addresses that are not ours.
func (s *server) noRoute(status int, text, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := &problem{
			status: status, Err: text, Message: text, Code: code, RequestID: obs.RequestID(r.Context()),
			Path: r.URL.Path, Method: r.Method,
		}
		if strings.Contains(r.URL.Path, "/n8n/") {
			p = p.forFlow()
		}
		writeProblem(w, p)
	}
}

// wrongMethod is noRoute for addresses that are ours under another method, and says
// which.
func (s *server) wrongMethod(routes chi.Routes) http.HandlerFunc {
	refuse := s.noRoute(http.StatusMethodNotAllowed, "Method not allowed", "method_not_allowed")
	return func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
				w.Header().Add("Allow", method)
				if method == http.MethodGet {
					w.Header().Add("Allow", http.MethodHead)
				}
			}
		}
		refuse(w, r)
	}
}

func retryAfter(p *problem) string { return strconv.Itoa(max(p.Retry, 5)) }
