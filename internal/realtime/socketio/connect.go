package socketio

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// maxRefusals is how many refused attempts to connect one transport has.
const maxRefusals = 10

// connect lets a client into a namespace, or tells it why not.
func (c *conn) connect(p *packet) {
	ns := c.server.namespaces[p.namespace]
	if ns == nil {
		c.refuse(p.namespace, &AuthError{Message: "Invalid namespace"})
		return
	}
	if c.socket(p.namespace) != nil {
		return // the official client asks twice when connect() is called while it connects
	}
	if len(p.data) == 0 {
		p.data = json.RawMessage("{}")
	}
	s := newSocket(c, ns)
	if err := c.authenticate(s, p.data); err != nil {
		s.cancel()
		c.refuse(p.namespace, err)
		return
	}
	replaced, entered := c.attach(s, parseClaim(p.data))
	if replaced != nil {
		replaced.end(engineio.ReasonTransportClose)
		replaced.conn.detach(replaced)
		replaced.conn.session.Close(engineio.ReasonTransportClose)
	}
	if !entered {
		s.cancel()
		return
	}
	if !c.run(func() { c.server.opts.OnConnect(s) }) {
		s.disconnect(ReasonServerDisconnect, true)
		return
	}
	ns.admit(s)
}

// authenticate asks Options.Authenticate, for as long as the client stays.
func (c *conn) authenticate(s *Socket, auth json.RawMessage) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), c.server.opts.ConnectTimeout)
	defer cancel()
	if !c.setJoining(cancel) {
		return ErrDisconnected
	}
	defer c.setJoining(nil)
	err = errors.New("authentication panicked")
	c.run(func() { s.data, err = c.server.opts.Authenticate(ctx, c.handshake(s.ns.name, auth)) })
	return err
}

func (c *conn) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

func (c *conn) setJoining(cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.joining = cancel
	return !c.closed
}

// refuse answers a CONNECT with CONNECT_ERROR.
func (c *conn) refuse(namespace string, err error) {
	if c.isClosed() {
		return // most likely the reason why authentication failed
	}
	answer := &AuthError{Message: "Authentication failed"}
	if !errors.As(err, &answer) {
		c.server.opts.Logger.Warn("authentication of a socket failed", "err", err)
	}
	data, err := json.Marshal(struct {
		Message string `json:"message"`
		Data    any    `json:"data,omitempty"`
	}{answer.Message, answer.Data})
	if err != nil {
		c.server.opts.Logger.Error("refusal cannot be encoded", "err", err)
		data = []byte(`{"message":"Authentication failed"}`)
	}
	c.session.Send(engineio.Packet(encode(typeConnectError, 0, namespace, nil, data)))

	c.mu.Lock()
	c.refusals++
	over := c.refusals >= maxRefusals
	c.mu.Unlock()
	if over {
		c.session.Close(engineio.ReasonForcedClose)
	}
}

// attach makes s one of the connection's sockets, unless that is closed.
func (c *conn) attach(s *Socket, claim claim) (replaced *Socket, entered bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, false
	}
	c.idle.Stop()
	c.sockets = append(c.sockets, s)
	return s.ns.enter(s, claim), true
}
