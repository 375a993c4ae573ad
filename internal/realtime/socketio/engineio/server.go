package engineio

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Options of a Server. Zero values mean what the field says.
type Options struct {
	PingInterval time.Duration // between heartbeats; 25 s
	PingTimeout  time.Duration // how long a client may take to answer one; 20 s
	// MaxPayload limits one websocket message and one polling body, in bytes; 1,000,000.
	MaxPayload int
	// MaxBuffered is how many bytes may wait for a client before it is cut; 1 MiB.
	MaxBuffered int
	// UpgradeTimeout limits the time from the second transport's arrival to
	// the end of the upgrade; 10 s.
	UpgradeTimeout time.Duration
	// CheckOrigin is asked about every request that has an Origin header. Nil
	// allows only the origin whose host is the request's own.
	CheckOrigin func(*http.Request) bool
	// MaxConnsPerIP limits the sessions of one address; 0 is no limit.
	MaxConnsPerIP int
	// ClientIP tells the address of a client; nil takes the peer's.
	ClientIP func(*http.Request) string
	Logger   *slog.Logger
	// Now tells the time for read and write deadlines; nil is the system's clock.
	Now func() time.Time
	// Accept is called once for every session, before anything is read from
	// it, and returns who gets its messages. It must not block.
	Accept func(*Session, *http.Request) Handler
}

// Handler receives what happens on one session.
type Handler interface {
	// HandleMessage is called for one message at a time, in order. While it
	// runs nothing else is read from the client, pongs included. It owns the
	// message's bytes.
	HandleMessage(Message)
	// HandleClose is called once, with one of the Reason constants or the
	// text given to Close. A message that was under way may still follow it.
	HandleClose(reason string)
}

// Server answers Engine.IO requests. It is safe for concurrent use.
type Server struct {
	opts Options

	mu       sync.Mutex
	sessions map[string]*Session
	perIP    map[string]int
	stopping bool

	// work counts everything that outlives its request: sessions, readers,
	// flushes, notifications. It is only raised under mu before stopping, or
	// by something that is itself counted.
	work sync.WaitGroup
}

// New returns a Server. Options.Accept is required.
func New(opts Options) *Server {
	if opts.Accept == nil {
		panic("engineio: Options.Accept is nil")
	}
	return &Server{
		opts:     withDefaults(opts),
		sessions: make(map[string]*Session),
		perIP:    make(map[string]int),
	}
}

func withDefaults(o Options) Options {
	o.PingInterval = orDefault(o.PingInterval, 25*time.Second)
	o.PingTimeout = orDefault(o.PingTimeout, 20*time.Second)
	o.UpgradeTimeout = orDefault(o.UpgradeTimeout, 10*time.Second)
	o.MaxPayload = orDefault(o.MaxPayload, 1_000_000)
	o.MaxBuffered = orDefault(o.MaxBuffered, 1<<20)
	if o.CheckOrigin == nil {
		o.CheckOrigin = sameOrigin
	}
	if o.ClientIP == nil {
		o.ClientIP = peerIP
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now //nolint:forbidigo // the default of the injected clock
	}
	return o
}

func orDefault[T ~int | ~int64](value, fallback T) T {
	if value <= 0 {
		return fallback
	}
	return value
}

// Sessions is the number of sessions that are open or being closed.
func (srv *Server) Sessions() int {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return len(srv.sessions)
}

func (srv *Server) lookUp(id string) *Session {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return srv.sessions[id]
}

// register admits a session, or returns why it is refused.
func (srv *Server) register(s *Session) *refusal {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.stopping {
		return &refuseStopping
	}
	if srv.opts.MaxConnsPerIP > 0 && srv.perIP[s.ip] >= srv.opts.MaxConnsPerIP {
		return &refuseTooMany
	}
	srv.sessions[s.id] = s
	srv.perIP[s.ip]++
	srv.work.Add(1)
	return nil
}

func (srv *Server) unregister(s *Session) {
	srv.mu.Lock()
	delete(srv.sessions, s.id)
	if srv.perIP[s.ip]--; srv.perIP[s.ip] <= 0 {
		delete(srv.perIP, s.ip)
	}
	srv.mu.Unlock()
	srv.work.Done()
}

// run starts work that Shutdown waits for. The caller must itself be counted:
// an open session, or something started by run.
func (srv *Server) run(f func()) {
	srv.work.Go(f)
}

// Shutdown refuses new sessions with 503, ends the open ones with
// ReasonShutdown and waits until they are gone. What was queued is still sent.
// When ctx ends first the rest is cut off and ctx's error is returned.
//
// Only the transports are closed: a client takes that for a lost connection
// and connects again, to this address or to another instance.
func (srv *Server) Shutdown(ctx context.Context) error {
	srv.mu.Lock()
	srv.stopping = true
	srv.mu.Unlock()
	for _, s := range srv.all() {
		s.Close(ReasonShutdown)
	}

	done := make(chan struct{})
	go func() {
		srv.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		for _, s := range srv.all() {
			s.cut(ReasonShutdown)
		}
		<-done
		return ctx.Err()
	}
}

func (srv *Server) all() []*Session {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	sessions := make([]*Session, 0, len(srv.sessions))
	for _, s := range srv.sessions {
		sessions = append(sessions, s)
	}
	return sessions
}

// NewID returns a name that cannot be guessed: 20 characters, 120 random bits.
func NewID() string {
	var b [15]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}
