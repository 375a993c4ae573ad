package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// DefaultRecoveryWindow is what the reference server uses when recovery is on.
const DefaultRecoveryWindow = 2 * time.Minute

// Options of a Server. Zero values mean what the field says.
type Options struct {
	Path         string        // where it is mounted; "/socket.io/"
	PingInterval time.Duration // between heartbeats; 25 s
	PingTimeout  time.Duration // how long a client may take to answer one; 20 s
	// ConnectTimeout is how long a client may stay without having joined a
	// namespace, and the time limit of Authenticate; 45 s.
	ConnectTimeout time.Duration
	// MaxPayload limits one message of a client and one polling body, in bytes; 1,000,000.
	MaxPayload int
	// MaxBuffered is how many bytes may wait for a client before it is cut; 1 MiB.
	MaxBuffered int
	// MaxPending is how many events of a client may wait for their handlers
	// before it is cut; 1,024.
	MaxPending int

	// CheckOrigin is asked about every request that has an Origin header. Nil
	// allows only the origin whose host is the request's own.
	CheckOrigin func(*http.Request) bool
	// MaxConnsPerIP limits the connections of one address; 0 is no limit.
	MaxConnsPerIP int
	// ClientIP tells the address of a client; nil takes the peer's.
	ClientIP func(*http.Request) string

	// Authenticate decides whether a client may connect and returns what
	// Socket.Data will be. An *AuthError goes to the client as it is, any
	// other error as a general refusal. Nil lets everybody in.
	Authenticate func(context.Context, Handshake) (data any, err error)
	// OnConnect runs before the client knows that it is connected and before
	// any of its events is handled: it registers handlers and joins rooms. It
	// must not wait for an answer of this client.
	OnConnect func(*Socket)
	// Namespaces besides "/" that clients may join.
	Namespaces []string

	// RecoveryWindow is how long a lost connection may be taken up again, with
	// its id, its rooms and the events it missed. Zero is off. Authenticate
	// runs for the new connection as for any other.
	RecoveryWindow time.Duration
	// SamePrincipal tells whether what Authenticate returned for the new
	// connection is the same as before; if not, nothing is recovered, since
	// the old rooms may not be for it. Nil compares with reflect.DeepEqual. It
	// must be quick and not use the Server.
	SamePrincipal func(before, now any) bool

	Broker Broker // nil for a single instance
	Logger *slog.Logger
	// Now tells the time for the recovery window and for deadlines; nil is
	// the system's clock.
	Now func() time.Time
}

// Handshake is what a client shows when it connects.
type Handshake struct {
	Namespace  string
	Header     http.Header // of the connection's first request
	Query      url.Values
	RemoteAddr string // the peer's
	IP         string // by Options.ClientIP
	// Auth is the JSON object that the client gave as its auth, {} if none.
	// Recovery adds "pid" and "offset" to it.
	Auth json.RawMessage
}

// AuthError refuses a connection: the client's connect_error has this message
// and data.
type AuthError struct {
	Message string
	Data    any
}

func (e *AuthError) Error() string { return e.Message }

// Server answers Socket.IO clients. It is safe for concurrent use.
//
// It broadcasts in the main namespace; Of gives the others.
type Server struct {
	*Namespace // "/"

	opts       Options
	engine     *engineio.Server
	namespaces map[string]*Namespace
	link       *link // nil without a broker
	work       sync.WaitGroup
}

// New returns a running Server; end it with Shutdown.
func New(opts Options) *Server {
	s := &Server{opts: withDefaults(opts), namespaces: make(map[string]*Namespace)}
	for _, name := range append([]string{mainNamespace}, opts.Namespaces...) {
		s.namespaces[name] = newNamespace(s, name)
	}
	s.Namespace = s.namespaces[mainNamespace]
	s.engine = engineio.New(engineio.Options{
		PingInterval:  opts.PingInterval,
		PingTimeout:   opts.PingTimeout,
		MaxPayload:    s.opts.MaxPayload,
		MaxBuffered:   opts.MaxBuffered,
		CheckOrigin:   opts.CheckOrigin,
		MaxConnsPerIP: opts.MaxConnsPerIP,
		ClientIP:      opts.ClientIP,
		Logger:        s.opts.Logger,
		Now:           s.opts.Now,
		Accept:        s.accept,
	})
	if opts.Broker != nil {
		s.link = newLink(s, opts.Broker)
	}
	return s
}

func withDefaults(o Options) Options {
	if o.Path == "" {
		o.Path = "/socket.io/"
	}
	if o.ConnectTimeout <= 0 {
		o.ConnectTimeout = 45 * time.Second
	}
	if o.MaxPayload <= 0 {
		o.MaxPayload = 1_000_000
	}
	if o.MaxPending <= 0 {
		o.MaxPending = 1024
	}
	if o.Authenticate == nil {
		o.Authenticate = func(context.Context, Handshake) (any, error) { return nil, nil }
	}
	if o.OnConnect == nil {
		o.OnConnect = func(*Socket) {}
	}
	if o.SamePrincipal == nil {
		o.SamePrincipal = reflect.DeepEqual
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now //nolint:forbidigo // the default of the injected clock
	}
	return o
}

// ServeHTTP serves everything under Options.Path and answers 404 elsewhere. It
// sets the CORS headers of its answers itself, so no other handler should, and
// it moves the HTTP server's deadlines where a long poll needs it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.TrimSuffix(r.URL.Path, "/") != strings.TrimSuffix(s.opts.Path, "/") {
		http.NotFound(w, r)
		return
	}
	s.engine.ServeHTTP(w, r)
}

// Of returns a namespace, nil if it is not among Options.Namespaces.
func (s *Server) Of(namespace string) *Namespace { return s.namespaces[namespace] }

// Connections is the number of clients that have a transport open, whether or
// not they have joined a namespace.
func (s *Server) Connections() int { return s.engine.Sessions() }

// Shutdown refuses new connections with 503, closes those there are and waits
// until their handlers are done. What was emitted before is still sent. When
// ctx ends first, connections are cut and ctx's error is returned, without
// waiting for handlers any longer.
//
// Clients see a lost connection, not a "disconnect", and so connect again by
// themselves. Call it before http.Server.Shutdown, which would wait for polls.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.engine.Shutdown(ctx)
	done := make(chan struct{})
	go func() {
		s.work.Wait()
		if s.link != nil {
			s.link.close(ctx)
		}
		close(done)
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return errors.Join(err, ctx.Err())
	}
}
