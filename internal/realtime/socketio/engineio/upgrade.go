package engineio

import (
	"net/http"
	"time"
)

// The upgrade, from the protocol text: the client opens a websocket with the
// session's id, sends "2probe", gets "3probe", lets its last poll end (a noop
// ends one that waits), and sends "5" on the websocket, which from then on is
// the transport. Until the "5" everything goes by polling.

const probe = "probe"

// serveUpgrade accepts a second transport for a polling session.
func (s *Session) serveUpgrade(w http.ResponseWriter, r *http.Request) {
	if !s.beginUpgrade() {
		refuseBadRequest.write(w)
		return
	}
	c, err := s.server.acceptSocket(w, r)
	if err != nil {
		s.endUpgrade()
		return
	}
	if !s.tryCandidate(c) {
		_ = c.CloseNow()
		s.endUpgrade()
		return
	}
}

// beginUpgrade reserves the session for one upgrade at a time.
func (s *Session) beginUpgrade() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != stateOpen || s.socket != nil || s.joining {
		return false
	}
	s.joining = true
	return true
}

func (s *Session) endUpgrade() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.joining = false
	s.candidate = nil
	if s.state == stateDraining && len(s.queue) == 0 {
		s.finish() // it was only open for the sake of the upgrade
	}
}

func (s *Session) tryCandidate(c *wsConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != stateOpen {
		return false
	}
	s.candidate = c
	s.server.run(func() { s.readCandidate(c) })
	return true
}

// readCandidate sees the upgrade through and goes on reading the websocket. A
// candidate that fails leaves the session on polling.
func (s *Session) readCandidate(c *wsConn) {
	limit := time.AfterFunc(s.server.opts.UpgradeTimeout, c.abort)
	upgraded := s.probe(c) && s.adopt(c)
	limit.Stop()
	if !upgraded {
		_ = c.CloseNow()
		s.endUpgrade()
		return
	}
	s.readSocket(c)
}

func (s *Session) probe(c *wsConn) bool {
	p, err := c.next()
	if err != nil || p.kind != typePing || string(p.Data) != probe {
		return false
	}
	if err := c.write([]Frame{Packet([]byte("3" + probe))}); err != nil {
		return false
	}
	s.releasePoll()
	p, err = c.next()
	return err == nil && p.kind == typeUpgrade
}

// releasePoll ends the poll that the client had open before the upgrade. One
// that came since is left to its own short wait.
func (s *Session) releasePoll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.poll != nil && !s.poll.duringUpgrade {
		s.answer(pollReply{frames: []Frame{noopFrame}})
	}
}

// adopt makes the candidate the transport, be it only to close it in good order.
func (s *Session) adopt(c *wsConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == stateClosed {
		return false
	}
	if s.poll != nil {
		s.answer(pollReply{refused: &refuseBadRequest})
	}
	s.socket, s.candidate, s.joining = c, nil, false
	if s.state == stateDraining {
		s.startFlush() // which closes, once the queue is empty
	} else {
		s.kick()
	}
	return true
}
