package socketio

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// conn is one client's transport and the sockets that share it, one per
// namespace.
//
// The reader only puts packets together and settles acknowledgements, which a
// handler may be waiting for. Everything else becomes a job: jobs run in order
// on a goroutine that exists only while there are any, so an idle client costs
// none and a slow handler does not delay a pong.
type conn struct {
	server  *Server
	session *engineio.Session
	decoder decoder // used by one HandleMessage at a time

	// The first request; not in the form of a Handshake, to spend less
	// memory on clients that sit and listen.
	header     http.Header
	query      string
	remoteAddr string

	mu       sync.Mutex
	sockets  []*Socket
	joining  context.CancelFunc // ends an Authenticate under way
	jobs     []func()
	working  bool
	closed   bool
	over     bool // Shutdown waits no longer for jobs that are not yet added
	refusals int
	idle     *time.Timer // closes a transport without sockets
}

// accept is called by the engine for every new session.
func (s *Server) accept(session *engineio.Session, r *http.Request) engineio.Handler {
	c := &conn{
		server:  s,
		session: session,
		decoder: decoder{limit: s.opts.MaxPayload},

		header:     r.Header,
		query:      r.URL.RawQuery,
		remoteAddr: r.RemoteAddr,
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = time.AfterFunc(s.opts.ConnectTimeout, c.closeIdle)
	return c
}

func (c *conn) handshake(namespace string, auth json.RawMessage) Handshake {
	query, _ := url.ParseQuery(c.query) // what is malformed is left out, as in r.URL.Query
	return Handshake{
		Namespace:  namespace,
		Header:     c.header,
		Query:      query,
		RemoteAddr: c.remoteAddr,
		IP:         c.session.IP(),
		Auth:       auth,
	}
}

func (c *conn) closeIdle() {
	c.mu.Lock()
	idle := len(c.sockets) == 0
	c.mu.Unlock()
	if idle {
		c.session.Close(ReasonConnectTimeout)
	}
}

// HandleMessage takes a message of the client.
func (c *conn) HandleMessage(m engineio.Message) {
	read := c.decoder.text
	if m.Binary {
		read = c.decoder.binary
	}
	p, whole, err := read(m.Data)
	switch {
	case err != nil:
		c.session.Fail()
	case !whole: // attachments follow
	case p.kind == typeAck:
		c.acknowledge(p)
	default:
		c.enqueue(func() { c.handle(p) })
	}
}

// HandleClose is called when the transport is gone or going.
func (c *conn) HandleClose(reason string) {
	c.mu.Lock()
	c.closed = true
	c.idle.Stop()
	sockets := slices.Clone(c.sockets) // which stay, for the jobs still to come
	if c.joining != nil {
		c.joining()
	}
	c.mu.Unlock()
	for _, s := range sockets {
		if s.ns.leave(s, resumable(reason)) {
			s.end(reason)
		}
	}
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
}

// resumable are the ends that the client did not ask for and the server did
// not decide.
func resumable(reason string) bool {
	switch reason {
	case engineio.ReasonTransportClose, engineio.ReasonTransportError,
		engineio.ReasonPingTimeout, engineio.ReasonSlowConsumer:
		return true
	}
	return false
}

// enqueue adds a job for something the client sent.
func (c *conn) enqueue(job func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	if len(c.jobs) >= c.server.opts.MaxPending {
		c.server.opts.Logger.Warn("client sends more than is handled, cut off", "pending", len(c.jobs))
		c.session.Close(ReasonTooManyPending)
		return
	}
	c.addJob(job)
}

// conclude adds a job that must run even though the connection may have ended.
func (c *conn) conclude(job func()) {
	c.mu.Lock()
	if c.over && !c.working {
		c.mu.Unlock()
		c.run(job)
		return
	}
	c.addJob(job)
	c.mu.Unlock()
}

func (c *conn) addJob(job func()) {
	c.jobs = append(c.jobs, job)
	if !c.working {
		c.working = true
		c.server.work.Go(c.work)
	}
}

func (c *conn) work() {
	for {
		c.mu.Lock()
		if len(c.jobs) == 0 {
			c.jobs = nil
			c.working = false
			c.mu.Unlock()
			return
		}
		job := c.jobs[0]
		c.jobs[0] = nil
		c.jobs = c.jobs[1:]
		c.mu.Unlock()
		c.run(job)
	}
}

// run runs code of the program that uses this package. A panic there ends the
// job, not the process.
func (c *conn) run(job func()) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			c.server.opts.Logger.Error("socket handler panicked", "panic", v, "stack", string(debug.Stack()))
		}
	}()
	job()
	return true
}

// handle acts on one packet.
func (c *conn) handle(p *packet) {
	if p.kind == typeConnect {
		c.connect(p)
		return
	}
	s := c.socket(p.namespace)
	switch {
	case s == nil: // an event before CONNECT, or after DISCONNECT
		c.session.Fail()
	case p.kind == typeDisconnect:
		if s.ns.leave(s, false) {
			s.end(ReasonClientDisconnect)
			c.detach(s)
		}
	default:
		c.event(s, p)
	}
}

func (c *conn) event(s *Socket, p *packet) {
	name, args, err := parseEvent(p)
	if err != nil {
		c.session.Fail()
		return
	}
	if h := s.handler(name); h != nil {
		h(s.ctx, args, s.ack(p))
	}
}

func (c *conn) acknowledge(p *packet) {
	args, err := parseArgs(p.data, p.attachments)
	if err != nil {
		c.session.Fail()
		return
	}
	if s := c.socket(p.namespace); s != nil {
		s.acknowledged(p.id, args)
	}
}

func (c *conn) socket(namespace string) *Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sockets {
		if s.ns.name == namespace {
			return s
		}
	}
	return nil
}

// detach forgets a socket; a transport that has none left may stay a while.
func (c *conn) detach(s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sockets = slices.DeleteFunc(c.sockets, func(other *Socket) bool { return other == s })
	if len(c.sockets) == 0 && !c.closed {
		c.idle.Reset(c.server.opts.ConnectTimeout)
	}
}
