package engineio

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// upgradeHold is how long a poll waits for an upgrade under way before it is
// answered with a noop. Without the wait a client would ask again and again
// until the upgrade is through.
const upgradeHold = 100 * time.Millisecond

// pendingPoll is a GET that waits for something to send.
type pendingPoll struct {
	reply         chan pollReply // holds one
	duringUpgrade bool
}

// pollReply is what a GET is answered with.
type pollReply struct {
	frames  []Frame
	refused *refusal
}

// servePoll answers a GET with what is queued, waiting for it if need be.
func (s *Session) servePoll(w http.ResponseWriter, r *http.Request) {
	s.extendDeadlines(w)
	poll, refused := s.beginPoll()
	if refused != nil {
		refused.write(w)
		return
	}
	var hold <-chan time.Time
	if poll.duringUpgrade {
		timer := time.NewTimer(upgradeHold)
		defer timer.Stop()
		hold = timer.C
	}
	for {
		select {
		case reply := <-poll.reply:
			s.writePoll(w, reply)
			return
		case <-hold:
			hold = nil
			s.answerIfWaiting(poll, pollReply{frames: []Frame{noopFrame}})
		case <-r.Context().Done():
			s.abandon(poll)
			return
		}
	}
}

// extendDeadlines keeps the HTTP server's own time-outs from ending a request
// that is meant to wait for a heartbeat.
func (s *Session) extendDeadlines(w http.ResponseWriter) {
	limit := s.server.opts.Now().Add(s.server.opts.PingInterval + s.server.opts.PingTimeout + closeGrace)
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(limit) // not every ResponseWriter has deadlines
	_ = c.SetWriteDeadline(limit)
}

// beginPoll registers a GET. Its reply may be there already.
func (s *Session) beginPoll() (*pendingPoll, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state == stateClosed:
		return nil, &refuseUnknownSession
	case s.socket != nil:
		return nil, &refuseBadRequest
	case s.poll != nil:
		// Two polls at once would race for the packets.
		s.shut(ReasonTransportError, ending{final: closeFrame})
		return nil, &refuseBadRequest
	}
	poll := &pendingPoll{reply: make(chan pollReply, 1), duringUpgrade: s.joining}
	s.poll = poll
	s.kick()
	if s.poll != nil && s.state == stateDraining {
		// By itself: the official client acts on a close packet before it
		// looks at messages of the same body.
		s.answerLast(closeFrame)
		s.finish()
	}
	return poll, nil
}

// answer gives the waiting poll its reply. The caller holds mu.
func (s *Session) answer(reply pollReply) {
	s.poll.reply <- reply
	s.poll = nil
}

// answerLast ends the waiting poll of a session that ends. As it is waiting,
// nothing is queued. The caller holds mu.
func (s *Session) answerLast(final Frame) {
	if len(final.data) == 0 {
		s.answer(pollReply{refused: &refuseUnknownSession})
		return
	}
	s.answer(pollReply{frames: []Frame{final}})
}

func (s *Session) answerIfWaiting(poll *pendingPoll, reply pollReply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.poll == poll {
		s.answer(reply)
	}
}

// abandon ends the session when the client gave up its poll: what was about
// to be written there is lost, and the client must know that it missed some.
func (s *Session) abandon(poll *pendingPoll) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.poll == poll {
		s.poll = nil
	}
	s.shut(ReasonTransportClose, ending{})
}

func (s *Session) writePoll(w http.ResponseWriter, reply pollReply) {
	if reply.refused != nil {
		reply.refused.write(w)
		return
	}
	if err := writeText(w, encodePayload(reply.frames)); err != nil {
		s.cut(ReasonTransportError)
	}
}

// servePost takes a body of packets.
func (s *Session) servePost(w http.ResponseWriter, r *http.Request) {
	if refused := s.beginPost(); refused != nil {
		refused.write(w)
		return
	}
	defer s.endPost()
	s.extendDeadlines(w)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(s.server.opts.MaxPayload)))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		s.Fail()
		refuseTooLarge.write(w)
		return
	}
	if err != nil {
		s.cut(ReasonTransportError)
		refuseBadRequest.write(w)
		return
	}
	if err := decodePayload(body, s.receive); err != nil {
		s.Fail()
		refuseBadRequest.write(w)
		return
	}
	_ = writeText(w, []byte("ok")) // a client that is gone stops polling
}

func (s *Session) beginPost() *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state != stateOpen:
		return &refuseUnknownSession
	case s.socket != nil:
		return &refuseBadRequest
	case s.posting:
		// Two bodies at once have no order.
		s.shut(ReasonTransportError, ending{final: closeFrame})
		return &refuseBadRequest
	}
	s.posting = true
	return nil
}

func (s *Session) endPost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posting = false
}

func writeText(w http.ResponseWriter, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, err := w.Write(body)
	return err
}
