package engineio

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// refusal is an HTTP error with the codes of the reference server.
type refusal struct {
	status  int
	Code    int    `json:"code"`
	Message string `json:"message"`
}

var (
	refuseTransport      = refusal{http.StatusBadRequest, 0, "Transport unknown"}
	refuseUnknownSession = refusal{http.StatusBadRequest, 1, "Session ID unknown"}
	refuseMethod         = refusal{http.StatusBadRequest, 2, "Bad handshake method"}
	refuseBadRequest     = refusal{http.StatusBadRequest, 3, "Bad request"}
	refuseTooLarge       = refusal{http.StatusRequestEntityTooLarge, 3, "Payload too large"}
	refuseOrigin         = refusal{http.StatusForbidden, 4, "Forbidden"}
	refuseTooMany        = refusal{http.StatusTooManyRequests, 4, "Too many connections"}
	refuseVersion        = refusal{http.StatusBadRequest, 5, "Unsupported protocol version"}
	refuseStopping       = refusal{http.StatusServiceUnavailable, 3, "Server is shutting down"}
)

func (f *refusal) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(f.status)
	_ = json.NewEncoder(w).Encode(f) // nobody is left to tell
}

const (
	transportPolling   = "polling"
	transportWebsocket = "websocket"
)

// ServeHTTP answers handshakes, polls, posts and upgrades, by the query's EIO,
// transport and sid. It does not look at the path.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !srv.allowOrigin(w, r) {
		refuseOrigin.write(w)
		return
	}
	if r.Method == http.MethodOptions {
		preflight(w, r)
		return
	}
	query := r.URL.Query()
	transport, id := query.Get("transport"), query.Get("sid")
	switch {
	case transport != transportPolling && transport != transportWebsocket:
		refuseTransport.write(w)
	case query.Get("EIO") != "4":
		refuseVersion.write(w)
	case (transport == transportWebsocket) != isUpgrade(r):
		refuseBadRequest.write(w)
	case id == "":
		srv.open(w, r, transport)
	default:
		srv.resume(w, r, transport, id)
	}
}

func isUpgrade(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// resume serves a request that names its session.
func (srv *Server) resume(w http.ResponseWriter, r *http.Request, transport, id string) {
	s := srv.lookUp(id)
	switch {
	case s == nil:
		refuseUnknownSession.write(w)
	case transport == transportWebsocket:
		s.serveUpgrade(w, r)
	case r.Method == http.MethodGet:
		s.servePoll(w, r)
	case r.Method == http.MethodPost:
		s.servePost(w, r)
	default:
		refuseBadRequest.write(w)
	}
}

// open begins a session.
func (srv *Server) open(w http.ResponseWriter, r *http.Request, transport string) {
	if r.Method != http.MethodGet {
		refuseMethod.write(w)
		return
	}
	s := srv.newSession(srv.opts.ClientIP(r))
	if refused := srv.register(s); refused != nil {
		s.heart.Stop()
		refused.write(w)
		return
	}
	if transport == transportPolling {
		s.begin(srv.opts.Accept(s, r))
		if err := writeText(w, s.greeting(transportWebsocket)); err != nil {
			s.cut(ReasonTransportError)
		}
		return
	}
	srv.openSocket(w, r, s)
}

func (srv *Server) openSocket(w http.ResponseWriter, r *http.Request, s *Session) {
	s.begin(srv.opts.Accept(s, r))
	c, err := srv.acceptSocket(w, r)
	if err != nil {
		s.cut(ReasonTransportError)
		return
	}
	if !s.attach(c) {
		_ = c.CloseNow()
	}
}

// attach makes c the transport of a new session and starts its reader, which
// outlives the request so that net/http's stack is freed.
func (s *Session) attach(c *wsConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != stateOpen {
		s.shut("", ending{abort: true})
		return false
	}
	s.socket = c
	s.push(Packet(s.greeting()))
	s.server.run(func() { s.readSocket(c) })
	return true
}

// greeting is the open packet.
func (s *Session) greeting(upgrades ...string) []byte {
	opts := s.server.opts
	if upgrades == nil {
		upgrades = []string{}
	}
	data, _ := json.Marshal(struct { // cannot fail: strings and numbers
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"`
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int      `json:"maxPayload"`
	}{s.id, upgrades, opts.PingInterval.Milliseconds(), opts.PingTimeout.Milliseconds(), opts.MaxPayload})
	return append([]byte{typeOpen}, data...)
}

func peerIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
