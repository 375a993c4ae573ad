// Package realtime tells screens what happens: relay.go publishes events to rooms,
// rooms.go decides who hears of a conversation, server.go lets people in, watch.go
// sends them away. The protocol is package socketio's; how events look is package
// wire's.
package realtime

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/realtime/socketio"
	"github.com/botreserva/botreserva/internal/wire"
)

// Options is what a server needs from outside.
type Options struct {
	Auth        *auth.Service
	DB          *postgres.DB
	Directory   *directory.Directory
	Clock       clock.Clock
	Log         *slog.Logger
	CheckOrigin func(*http.Request) bool
	ClientIP    func(*http.Request) string
	Links       wire.Links
	// RecheckEvery is how often every socket's right to be there is looked at; 4 s.
	RecheckEvery time.Duration
	Others       Others // nil when there is one instance
}

// Server is the door for dashboards: mount it at /socket.io/.
type Server struct {
	opts Options
	io   *socketio.Server
	main socketio.Here // events reach other instances by tellOthers
	seqs *sequences
	// turns let one event of a tenant out at a time; a few tenants share one.
	turns [64]sync.Mutex

	watch       *watch
	stopHearing func() // nil without Others
}

const (
	pingInterval = 25 * time.Second // as the original's clients expect
	pingTimeout  = 60 * time.Second
	recoverable  = 2 * time.Minute
	maxPerIP     = 2000 // a hotel's people may share one address
)

// New makes a server.
func New(o Options) *Server {
	if o.RecheckEvery <= 0 {
		o.RecheckEvery = recheckEvery
	}
	s := &Server{opts: o, seqs: newSequences(o.Clock.Now()), watch: newWatch()}
	options := socketio.Options{
		PingInterval: pingInterval, PingTimeout: pingTimeout, RecoveryWindow: recoverable, MaxConnsPerIP: maxPerIP,
		CheckOrigin: o.CheckOrigin, ClientIP: o.ClientIP, Logger: o.Log, Now: o.Clock.Now,
		Authenticate: s.authenticate, OnConnect: s.connected, SamePrincipal: same,
	}
	if o.Others != nil {
		options.Broker = broker{o.Others}
	}
	s.io = socketio.New(options)
	s.main = s.io.Of("/").Here()
	s.hearOthers()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.io.ServeHTTP(w, r) }

// Connections returns how many connections there are.
func (s *Server) Connections() int { return s.io.Connections() }

// Shutdown refuses newcomers and sends everybody away.
func (s *Server) Shutdown(ctx context.Context) error {
	s.endWatch()
	if s.stopHearing != nil {
		s.stopHearing()
	}
	return s.io.Shutdown(ctx)
}

// listener is who is behind a socket.
type listener struct {
	auth.Principal
	tenant id.Tenant // zero: a super admin who chose none
	token  string

	standing string // as the watch, and nobody else, saw it last
}

func same(before, now any) bool {
	b, okB := before.(*listener)
	n, okN := now.(*listener)
	return okB && okN && b.User.ID == n.User.ID && b.tenant == n.tenant && b.User.Role == n.User.Role && b.User.Unit == n.User.Unit
}

// authenticate lets in whoever has a good access token, in auth.token or in the
// Authorization header. The refusals are worded as the original's.
func (s *Server) authenticate(ctx context.Context, h socketio.Handshake) (any, error) {
	var given struct {
		Token      string `json:"token"`
		TenantSlug string `json:"tenantSlug"`
	}
	_ = json.Unmarshal(h.Auth, &given) // whatever else it is, it holds no token
	if given.Token == "" {
		given.Token = h.Header.Get("Authorization")
	}
	given.Token = strings.TrimPrefix(given.Token, "Bearer ")
	if given.Token == "" {
		return nil, &socketio.AuthError{Message: "Authentication token required", Data: map[string]string{"code": "unauthorized"}}
	}
	p, err := s.opts.Auth.Authenticate(ctx, given.Token)
	if err != nil {
		code := "invalid_token"
		if !isRefusal(err) {
			code = fault.ErrUnavailable.Code // the token may be good: a dashboard should try again, not log out
		}
		return nil, &socketio.AuthError{Message: "Authentication failed", Data: map[string]string{"code": code}}
	}
	l := &listener{Principal: p, tenant: p.User.TenantID, token: given.Token}
	if p.User.Role == user.SuperAdmin && given.TenantSlug != "" {
		if hotel, err := s.opts.Directory.BySlug(ctx, given.TenantSlug); err == nil {
			l.tenant = hotel.ID
		}
	}
	return l, nil
}

// connected puts a newcomer into the rooms of what they may see.
func (s *Server) connected(socket *socketio.Socket) {
	l, ok := socket.Data().(*listener)
	if !ok {
		socket.Disconnect(true)
		return
	}
	socket.Join(roomsOf(l)...)
	on := func(name string, handle func(context.Context, *socketio.Socket, socketio.Args)) {
		socket.On(name, func(ctx context.Context, args socketio.Args, _ socketio.Ack) { handle(ctx, socket, args) })
	}
	on("conversation:join", s.join)
	on("conversation:leave", s.leave)
	on("conversation:typing", s.typing)
	on("user:typing", s.typing)
	on("messages:mark-read", echo("messages:marked-read"))
	on("ping", echo("pong"))
	s.beginWatch()
	s.hello(socket, l)
}

// hello tells a screen where the numbers of its hotel's events stand: unless that is where
// it stands itself, it fetches anew.
func (s *Server) hello(socket *socketio.Socket, l *listener) {
	epoch, seq := s.seqs.now(l.tenant)
	_ = socket.Emit("sync:hello", map[string]any{"epoch": epoch, "seq": seq})
}

// conversationRef is how dashboards name a conversation: an object or a bare string.
type conversationRef struct {
	ConversationID string `json:"conversationId"`
	IsTyping       bool   `json:"isTyping"`
}

func refOf(args socketio.Args) (conversationRef, id.Conversation, bool) {
	var ref conversationRef
	if args.Decode(0, &ref) != nil {
		_ = args.Decode(0, &ref.ConversationID) // what is neither is no conversation's id
	}
	c, err := id.ParseConversation(ref.ConversationID)
	return ref, c, err == nil
}

// join lets a screen follow one conversation that its user may see.
func (s *Server) join(ctx context.Context, socket *socketio.Socket, args socketio.Args) {
	l, ok := socket.Data().(*listener)
	_, c, named := refOf(args)
	if !ok || !named || l.tenant.IsZero() {
		refuse(socket)
		return
	}
	card, err := s.opts.DB.Card(ctx, l.tenant, c)
	if err != nil || !card.VisibleTo(l.User.Scope()) {
		refuse(socket)
		return
	}
	socket.Join(conversationRoom(c))
	_ = socket.Emit("conversation:joined", map[string]string{"conversationId": c.String()})
}

func refuse(socket *socketio.Socket) {
	_ = socket.Emit("error", map[string]string{"message": conversation.ErrNotFound.Text, "code": conversation.ErrNotFound.Code})
}

func (s *Server) leave(_ context.Context, socket *socketio.Socket, args socketio.Args) {
	if _, c, ok := refOf(args); ok {
		socket.Leave(conversationRoom(c))
		_ = socket.Emit("conversation:left", map[string]string{"conversationId": c.String()})
	}
}

// typing tells the others who follow a conversation that a colleague is writing.
func (s *Server) typing(_ context.Context, socket *socketio.Socket, args socketio.Args) {
	l, ok := socket.Data().(*listener)
	ref, c, named := refOf(args)
	if !ok || !named || !isIn(socket, conversationRoom(c)) {
		return
	}
	news := map[string]any{"conversationId": c.String(), "userId": l.User.ID.String(), "userName": l.User.Name, "isTyping": ref.IsTyping}
	for _, name := range []string{"conversation:typing", "user:typing"} {
		_ = socket.To(conversationRoom(c)).Emit(name, news)
	}
}

func isIn(socket *socketio.Socket, room string) bool {
	for _, r := range socket.Rooms() {
		if r == room {
			return true
		}
	}
	return false
}

// echo answers with another event and the same payload.
func echo(name string) func(context.Context, *socketio.Socket, socketio.Args) {
	return func(_ context.Context, socket *socketio.Socket, args socketio.Args) {
		if args.Len() == 0 {
			_ = socket.Emit(name)
			return
		}
		_ = socket.Emit(name, args.Value(0))
	}
}
