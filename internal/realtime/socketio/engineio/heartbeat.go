package engineio

// The heartbeat: the server pings every PingInterval and the client has
// PingTimeout to answer. One timer per session serves it, and serves the
// grace period of a closing session afterwards.

func (s *Session) heartbeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state == stateClosed:
	case s.state == stateDraining:
		s.shut("", ending{abort: true})
	case s.awaitingPong:
		s.shut(ReasonPingTimeout, ending{abort: true, final: closeFrame})
	default:
		s.awaitingPong = true
		s.push(pingFrame)
		s.heart.Reset(s.server.opts.PingTimeout)
	}
}

// beat notes that the client answered.
func (s *Session) beat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != stateOpen || !s.awaitingPong {
		return
	}
	s.awaitingPong = false
	s.heart.Reset(s.server.opts.PingInterval)
}
