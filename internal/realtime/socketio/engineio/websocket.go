package engineio

import (
	"context"
	"errors"
	"net/http"

	"github.com/coder/websocket"
)

// wsConn is one websocket: the library's connection and the wire under it.
type wsConn struct {
	*websocket.Conn
	wire *wireConn
}

// acceptSocket answers the websocket handshake. The origin has been checked.
func (srv *Server) acceptSocket(w http.ResponseWriter, r *http.Request) (*wsConn, error) {
	hijacked := &smallBuffers{ResponseWriter: w}
	conn, err := websocket.Accept(hijacked, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(int64(srv.opts.MaxPayload))
	return &wsConn{Conn: conn, wire: hijacked.wire}, nil
}

// write sends frames in as few system calls as their size allows. It has no
// deadline: abort ends it, called by the heartbeat or by a full queue.
func (c *wsConn) write(frames []Frame) error {
	c.wire.cork()
	for _, f := range frames {
		kind := websocket.MessageText
		if f.binary {
			kind = websocket.MessageBinary
		}
		if err := c.Write(context.Background(), kind, f.data); err != nil {
			_ = c.wire.uncork()
			return err
		}
	}
	return c.wire.uncork()
}

// abort breaks the connection without waiting for anything. The reader
// notices and cleans up.
func (c *wsConn) abort() { _ = c.wire.Close() }

// next reads one packet.
func (c *wsConn) next() (incoming, error) {
	kind, raw, err := c.Read(context.Background())
	if err != nil {
		return incoming{}, err
	}
	if kind == websocket.MessageBinary {
		return decodeBinary(raw), nil
	}
	return decodeText(raw)
}

// readSocket is the one goroutine of a connected websocket.
func (s *Session) readSocket(c *wsConn) {
	defer func() { _ = c.CloseNow() }()
	for {
		p, err := c.next()
		if err == nil {
			err = s.receive(p)
		}
		if err == nil {
			continue
		}
		if errors.Is(err, errInvalidPacket) {
			s.Fail()
			s.discard(c)
		}
		s.lost(c, ReasonTransportClose)
		return
	}
}

// discard reads on without looking, until the closing handshake is done or
// the grace period cuts it.
func (s *Session) discard(c *wsConn) {
	for {
		if _, _, err := c.Read(context.Background()); err != nil {
			return
		}
	}
}

// lost notes that the websocket is gone.
func (s *Session) lost(c *wsConn, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket == c {
		s.shut(reason, ending{abort: true})
	}
}

// startFlush has the queue written by a goroutine that lives only as long as
// there is something to write. The caller holds mu.
func (s *Session) startFlush() {
	if s.flushing {
		return
	}
	s.flushing = true
	c := s.socket
	s.server.run(func() { s.flush(c) })
}

func (s *Session) flush(c *wsConn) {
	for {
		frames, last := s.nextBatch()
		if frames == nil {
			if last {
				_ = c.Close(s.closeCode, "")
			}
			return
		}
		if err := c.write(frames); err != nil {
			s.lost(c, ReasonTransportError)
			return
		}
		s.written(size(frames))
	}
}

// nextBatch takes what is queued. When that is nothing the flush is over, and
// last tells whether the connection is to be closed.
func (s *Session) nextBatch() (frames []Frame, last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		s.flushing = false
		return nil, s.state == stateDraining
	}
	frames, s.queue = s.queue, nil
	return frames, false
}

func (s *Session) written(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued -= n
}
