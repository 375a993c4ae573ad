package realtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"github.com/botreserva/botreserva/internal/auth"
	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/directory"
	"github.com/botreserva/botreserva/internal/domain/conversation"
	"github.com/botreserva/botreserva/internal/domain/event"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/user"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
	"github.com/botreserva/botreserva/internal/realtime"
	"github.com/botreserva/botreserva/internal/sealed"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const (
	// patience bounds every wait; nothing takes so long unless it is broken.
	patience     = 20 * time.Second
	accessSecret = "signs access tokens in tests"
)

// world is the door for dashboards over a database of its own.
type world struct {
	t      *testing.T
	db     *postgres.DB
	clock  *clock.Frozen
	server *realtime.Server
	url    string
	http   *http.Client
	logs   *logBuffer
}

func setup(t *testing.T, changes ...func(*realtime.Options)) *world {
	t.Helper()
	return setupOn(t, pgtest.DB(t), changes...)
}

// setupOn makes the door over a database that may have another one.
func setupOn(t *testing.T, db *postgres.DB, changes ...func(*realtime.Options)) *world {
	t.Helper()
	box, err := sealed.NewBox(strings.Repeat("5a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, clock: clock.NewFrozen(time.Now().Truncate(time.Second)), logs: &logBuffer{}}
	dir := directory.New(w.db, box, w.clock)
	people, err := auth.New(w.db, dir, w.clock, accessSecret, "signs refresh tokens")
	if err != nil {
		t.Fatal(err)
	}
	options := realtime.Options{
		Auth: people, DB: w.db, Directory: dir, Clock: w.clock, Log: logtest.LoggerTo(w.logs),
		Links:       func(_ id.Tenant, stored string) string { return "https://files.example.com" + stored + "?signed" },
		CheckOrigin: func(*http.Request) bool { return true }, ClientIP: func(*http.Request) string { return "203.0.113.9" },
		RecheckEvery: 50 * time.Millisecond,
	}
	for _, change := range changes {
		change(&options)
	}
	w.server = realtime.New(options)
	listener := httptest.NewServer(w.server)
	transport := &http.Transport{}
	w.url, w.http = listener.URL, &http.Client{Transport: transport}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.server.Shutdown(ctx); err != nil {
			t.Errorf("shut down: %v", err)
		}
		transport.CloseIdleConnections()
		listener.Close()
	})
	return w
}

// token makes an access token for a user.
func (w *world) token(u user.User, life time.Duration) string {
	w.t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"userId": u.ID.String(), "role": string(u.Role), "exp": w.clock.Now().Add(life).Unix(),
	}).SignedString([]byte(accessSecret))
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// screen is a dashboard's connection.
type screen struct {
	t    *testing.T
	name string
	conn *websocket.Conn
	seen []heard // what came before it was asked for
}

// heard is an event as a screen gets it.
type heard struct {
	name string
	data json.RawMessage
}

// dial opens a connection and shows auth; it returns the answer too.
func (w *world) dial(shown any, header http.Header) (*screen, string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, w.url+"/socket.io/?EIO=4&transport=websocket", &websocket.DialOptions{HTTPClient: w.http, HTTPHeader: header}) //nolint:bodyclose // the library closes it
	if err != nil {
		w.t.Fatalf("dial: %v", err)
	}
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	s := &screen{t: w.t, conn: conn}
	if greeting := s.packet(); !strings.HasPrefix(greeting, "0{") {
		w.t.Fatalf("greeting %q", greeting)
	}
	text, err := json.Marshal(shown)
	if err != nil {
		w.t.Fatal(err)
	}
	s.send("40" + string(text))
	for {
		packet := s.packet()
		if !strings.HasPrefix(packet, "42") {
			return s, packet
		}
		s.keep(packet)
	}
}

// open connects a user's screen and takes its greeting.
func (w *world) open(u user.User, slug ...string) *screen {
	w.t.Helper()
	s, _ := w.openWith(u, time.Hour, slug...)
	return s
}

func (w *world) openWith(u user.User, life time.Duration, slug ...string) (*screen, hello) {
	w.t.Helper()
	shown := map[string]string{"token": w.token(u, life)}
	if len(slug) > 0 {
		shown["tenantSlug"] = slug[0]
	}
	s, answer := w.dial(shown, nil)
	if !strings.HasPrefix(answer, `40{"sid"`) {
		w.t.Fatalf("%s is not let in: %s", u.Role, answer)
	}
	s.name = string(u.Role) + " " + u.Unit
	var h hello
	s.next("sync:hello").into(w.t, &h)
	return s, h
}

// hello tells where the numbering of events stands.
type hello struct {
	Epoch string
	Seq   int64
}

func (h heard) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(h.data, v); err != nil {
		t.Fatalf("%s: %v: %s", h.name, err, h.data)
	}
}

func (s *screen) send(packet string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.conn.Write(ctx, websocket.MessageText, []byte(packet)); err != nil {
		s.t.Fatalf("%s: write: %v", s.name, err)
	}
}

func (s *screen) emit(name string, data any) {
	s.t.Helper()
	text, err := json.Marshal([]any{name, data})
	if err != nil {
		s.t.Fatal(err)
	}
	s.send("42" + string(text))
}

func (s *screen) read() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		_, data, err := s.conn.Read(ctx)
		if err != nil || string(data) != "2" {
			return string(data), err
		}
		if err := s.conn.Write(ctx, websocket.MessageText, []byte("3")); err != nil {
			return "", err
		}
	}
}

func (s *screen) packet() string {
	s.t.Helper()
	packet, err := s.read()
	if err != nil {
		s.t.Fatalf("%s: read: %v", s.name, err)
	}
	return packet
}

func (s *screen) keep(packet string) {
	s.t.Helper()
	var parts []json.RawMessage
	var h heard
	if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "42")), &parts); err != nil || len(parts) == 0 || json.Unmarshal(parts[0], &h.name) != nil {
		s.t.Fatalf("%s: no event: %q", s.name, packet)
	}
	if len(parts) > 1 {
		h.data = parts[1]
	}
	s.seen = append(s.seen, h)
}

// next returns the next event, which must have a name.
func (s *screen) next(name string) heard {
	s.t.Helper()
	for len(s.seen) == 0 {
		s.keep(s.packet())
	}
	h := s.seen[0]
	s.seen = s.seen[1:]
	if h.name != name {
		s.t.Fatalf("%s: heard %s %s, want %s", s.name, h.name, h.data, name)
	}
	return h
}

// all returns what a screen has been told until now: an echo comes after it.
func (s *screen) all() []heard {
	s.t.Helper()
	s.emit("ping", "until now")
	for {
		s.keep(s.packet())
		last := len(s.seen) - 1
		if s.seen[last].name == "pong" {
			out := s.seen[:last]
			s.seen = nil
			return out
		}
	}
}

// names lists the names of what a screen has been told until now.
func (s *screen) names() string {
	s.t.Helper()
	var names []string
	for _, h := range s.all() {
		names = append(names, h.name)
	}
	return strings.Join(names, " ")
}

// awaitConnections waits until the server has so many.
func (w *world) awaitConnections(n int) {
	w.t.Helper()
	limit, again := time.NewTimer(patience), time.NewTicker(time.Millisecond)
	defer limit.Stop()
	defer again.Stop()
	for w.server.Connections() != n {
		select {
		case <-again.C:
		case <-limit.C:
			w.t.Fatalf("%d connections, want %d", w.server.Connections(), n)
		}
	}
}

// closed waits until the server ends the connection.
func (s *screen) closed() {
	s.t.Helper()
	for {
		if _, err := s.read(); err != nil {
			if strings.Contains(err.Error(), context.DeadlineExceeded.Error()) {
				s.t.Errorf("%s: still connected", s.name)
			}
			return
		}
	}
}

// join follows a conversation.
func (s *screen) join(c conversation.Card) {
	s.t.Helper()
	s.emit("conversation:join", map[string]any{"conversationId": c.ID.String()})
	s.next("conversation:joined")
}

// updated publishes that a conversation changed from before, if given.
func (w *world) updated(t id.Tenant, c conversation.Card, before ...conversation.Card) {
	e := event.Event{TenantID: t, Name: event.ConversationUpdated, Card: &c}
	if len(before) > 0 {
		e.Before = &before[0]
	}
	w.server.Publish(context.Background(), []event.Event{e})
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
