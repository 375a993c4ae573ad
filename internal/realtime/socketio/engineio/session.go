package engineio

import (
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Reasons given to Handler.HandleClose; the words of the Socket.IO documentation.
const (
	ReasonTransportClose = "transport close"
	ReasonTransportError = "transport error"
	ReasonPingTimeout    = "ping timeout"
	ReasonParseError     = "parse error"
	ReasonForcedClose    = "forced close"
	ReasonShutdown       = "server shutting down"
	// ReasonSlowConsumer is ours: more than MaxBuffered bytes were waiting.
	ReasonSlowConsumer = "slow consumer"
)

// closeGrace is how long a closing session may take to hand over what is
// queued and to answer the closing handshake.
const closeGrace = 5 * time.Second

type state uint8

const (
	stateOpen state = iota
	stateDraining
	stateClosed
)

// Session is one client, whatever its transport. It begins on one of the two
// and may move from polling to a websocket:
//
//	open ── Close, protocol error ──▶ draining ── queue sent, or grace over ──▶ closed
//	  └──── transport lost, ping timeout, slow consumer ────────────────────────▲
//
// Methods are safe for concurrent use and never wait for the client.
type Session struct {
	id     string
	ip     string
	server *Server

	receiving sync.Mutex // one HandleMessage at a time

	mu           sync.Mutex
	handler      Handler // nil until the session has begun
	state        state
	reason       string // why it ends
	queue        []Frame
	queued       int // bytes in queue or being written
	flushing     bool
	awaitingPong bool
	posting      bool
	joining      bool // a second transport is being tried
	heart        *time.Timer
	poll         *pendingPoll
	socket       *wsConn // the transport, once it is a websocket
	candidate    *wsConn // the websocket of an upgrade under way
	closeCode    websocket.StatusCode
}

func (srv *Server) newSession(ip string) *Session {
	s := &Session{id: NewID(), ip: ip, server: srv, closeCode: websocket.StatusNormalClosure}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heart = time.AfterFunc(srv.opts.PingInterval, s.heartbeat)
	return s
}

// ID names the session; it is a secret between the client and this server.
func (s *Session) ID() string { return s.id }

// IP is the client's address, by Options.ClientIP.
func (s *Session) IP() string { return s.ip }

// Send queues frames as one uninterrupted run. It is a no-op on a session that
// is no longer open. A client that has let more than MaxBuffered bytes pile up
// is cut off with ReasonSlowConsumer.
func (s *Session) Send(frames ...Frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != stateOpen {
		return
	}
	if s.queued > s.server.opts.MaxBuffered {
		s.server.opts.Logger.Warn("client is too slow, cut off", "queued_bytes", s.queued)
		s.shut(ReasonSlowConsumer, ending{abort: true})
		return
	}
	s.push(frames...)
}

// Close ends the session after what is queued has been sent.
func (s *Session) Close(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut(reason, ending{linger: true, final: closeFrame})
}

// Fail ends the session because the client broke the protocol.
func (s *Session) Fail() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut(ReasonParseError, ending{final: closeFrame, code: websocket.StatusProtocolError})
}

// cut ends the session at once, in whatever state it is.
func (s *Session) cut(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut(reason, ending{abort: true})
}

// push queues frames and gets the transport going. The caller holds mu.
func (s *Session) push(frames ...Frame) {
	s.queue = append(s.queue, frames...)
	s.queued += size(frames)
	s.kick()
}

// kick hands the queue to the transport, if that is ready. The caller holds mu.
func (s *Session) kick() {
	switch {
	case len(s.queue) == 0:
	case s.socket != nil:
		s.startFlush()
	case s.poll != nil:
		s.answer(pollReply{frames: s.takeQueue()})
	}
}

func (s *Session) takeQueue() []Frame {
	frames := s.queue
	s.queue = nil
	s.queued = 0
	return frames
}

// ending says how a session is to be closed.
type ending struct {
	abort  bool                 // break the connection, nothing more is sent
	linger bool                 // a polling client may still fetch what is queued
	final  Frame                // what a waiting poll gets last
	code   websocket.StatusCode // of the closing handshake; 0 is the normal one
}

// shut begins the end of the session, or hastens it. The caller holds mu.
func (s *Session) shut(reason string, how ending) {
	if s.state == stateOpen {
		s.state = stateDraining
		if how.code != 0 {
			s.closeCode = how.code
		}
		s.reason = reason
		s.notifyClose()
	} else if !how.abort {
		return
	}
	switch {
	case s.socket != nil && how.abort:
		s.socket.abort()
		s.finish()
	case s.socket != nil:
		s.heart.Reset(closeGrace)
		s.startFlush()
	case s.poll != nil:
		s.answerLast(how.final)
		s.finish()
	case how.linger && (len(s.queue) > 0 || s.joining):
		// To be fetched by the next poll, or sent after the upgrade. The
		// official client (4.8) neither polls nor notices anything if its
		// second transport is closed between the probe and the upgrade.
		s.heart.Reset(closeGrace)
	default:
		s.finish()
	}
}

// notifyClose tells the handler, in a goroutine since it may want locks that
// the caller holds. The caller holds mu.
func (s *Session) notifyClose() {
	if h, reason := s.handler, s.reason; h != nil {
		s.server.run(func() { h.HandleClose(reason) })
	}
}

// begin gives the session its handler. A session that was closed before that,
// by Shutdown, has its handler told now.
func (s *Session) begin(h Handler) {
	s.mu.Lock()
	s.handler = h
	over, reason := s.state != stateOpen, s.reason
	s.mu.Unlock()
	if over {
		h.HandleClose(reason)
	}
}

// finish forgets the session. The caller holds mu.
func (s *Session) finish() {
	if s.state == stateClosed {
		return
	}
	s.state = stateClosed
	s.heart.Stop()
	s.queue = nil
	if s.candidate != nil {
		s.candidate.abort()
	}
	s.server.run(func() { s.server.unregister(s) })
}

// receive acts on one packet of the client. The error says that the client
// broke the protocol.
func (s *Session) receive(p incoming) error {
	switch p.kind {
	case typeMessage:
		s.receiving.Lock()
		defer s.receiving.Unlock()
		if s.isOpen() {
			s.handler.HandleMessage(p.Message)
		}
	case typePong:
		s.beat()
	case typeClose:
		s.mu.Lock()
		s.shut(ReasonTransportClose, ending{final: noopFrame})
		s.mu.Unlock()
	case typeNoop:
	default: // only the server opens and pings, and an upgrade is on its own transport
		return errInvalidPacket
	}
	return nil
}

func (s *Session) isOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == stateOpen
}
