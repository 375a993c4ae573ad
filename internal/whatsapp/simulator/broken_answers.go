package simulator

import (
	"net"
	"net/http"
	"strconv"
)

// hold keeps the caller waiting until it gives up, then breaks the connection.
func (s *Simulator) hold(w http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
	resetConnection(w)
}

// resetConnection breaks the connection without an answer.
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset instead of a polite end
	}
	_ = conn.Close()
}

func writeHTMLError(w http.ResponseWriter, f *Fault) {
	status := f.HTTPStatus
	if status == 0 {
		status = http.StatusBadGateway
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"))
}

// writeHalf promises the whole body, gives half and hangs up.
func writeHalf(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body[:len(body)/2]) //nolint:gosec // JSON, or a file as its own type
	_ = http.NewResponseController(w).Flush()
	resetConnection(w)
}
