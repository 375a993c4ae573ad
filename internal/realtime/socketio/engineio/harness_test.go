package engineio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// patience bounds every wait; nothing takes so long unless it is broken.
const patience = 15 * time.Second

// world is an echo server and the clients of one test.
type world struct {
	t      *testing.T
	server *engineio.Server
	url    string
	http   *http.Client
	opened chan *engineio.Session
	closed chan string // reasons
}

// echo sends every message back.
type echo struct {
	session *engineio.Session
	closed  chan<- string
}

func (e echo) HandleMessage(m engineio.Message) {
	if m.Binary {
		e.session.Send(engineio.Binary(m.Data))
		return
	}
	e.session.Send(engineio.Text(m.Data))
}

func (e echo) HandleClose(reason string) { e.closed <- reason }

func setup(t *testing.T, change ...func(*engineio.Options)) *world {
	t.Helper()
	return setupServer(t, func(*http.Server) {}, change...)
}

func setupServer(t *testing.T, configure func(*http.Server), change ...func(*engineio.Options)) *world {
	t.Helper()
	w := &world{
		t:      t,
		opened: make(chan *engineio.Session, 100),
		closed: make(chan string, 100),
	}
	opts := engineio.Options{
		Accept: func(s *engineio.Session, _ *http.Request) engineio.Handler {
			w.opened <- s
			return echo{s, w.closed}
		},
	}
	for _, f := range change {
		f(&opts)
	}
	w.server = engineio.New(opts)
	srv := httptest.NewUnstartedServer(w.server)
	configure(srv.Config)
	srv.Start()
	transport := &http.Transport{}
	w.url, w.http = srv.URL+"/", &http.Client{Transport: transport, Timeout: patience}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.server.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		transport.CloseIdleConnections()
		srv.Close()
	})
	return w
}

// brisk has the heartbeat of the protocol's test suite.
func brisk(o *engineio.Options) {
	o.PingInterval = 300 * time.Millisecond
	o.PingTimeout = 200 * time.Millisecond
}

type answer struct {
	status int
	body   string
	header http.Header
}

func (w *world) request(method, query, body string, header ...string) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.requestContext(ctx, method, query, body, header...)
}

func (w *world) requestContext(ctx context.Context, method, query, body string, header ...string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, w.url+"?"+query, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, string(got), res.Header}, err
}

func (w *world) do(method, query, body string, header ...string) answer {
	w.t.Helper()
	a, err := w.request(method, query, body, header...)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, query, err)
	}
	return a
}

func (w *world) wantStatus(status int, method, query, body string) {
	w.t.Helper()
	if a := w.do(method, query, body); a.status != status {
		w.t.Errorf("%s ?%s = %d %q, want %d", method, query, a.status, a.body, status)
	}
}

type greeting struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

func parseGreeting(t *testing.T, packet string) greeting {
	t.Helper()
	data, found := strings.CutPrefix(packet, "0")
	if !found {
		t.Fatalf("not an open packet: %q", packet)
	}
	dec := json.NewDecoder(strings.NewReader(data))
	dec.DisallowUnknownFields()
	var g greeting
	if err := dec.Decode(&g); err != nil {
		t.Fatalf("open packet %q: %v", packet, err)
	}
	return g
}

// polling is a session that began by long-polling.
type polling struct {
	*world
	query   string
	session *engineio.Session
}

func (w *world) openPolling() polling {
	w.t.Helper()
	g := parseGreeting(w.t, w.do("GET", "EIO=4&transport=polling", "").body)
	return polling{w, "EIO=4&transport=polling&sid=" + g.SID, w.nextSession()}
}

func (w *world) nextSession() *engineio.Session {
	w.t.Helper()
	return await(w.t, w.opened, "session opened")
}

func (p polling) poll() answer { p.t.Helper(); return p.do("GET", p.query, "") }

func (p polling) wantPoll(body string) {
	p.t.Helper()
	if a := p.poll(); a.status != http.StatusOK || a.body != body {
		p.t.Errorf("poll = %d %q, want 200 %q", a.status, a.body, body)
	}
}

func (p polling) post(body string) {
	p.t.Helper()
	if a := p.do("POST", p.query, body); a.status != http.StatusOK || a.body != "ok" {
		p.t.Errorf("post = %d %q, want 200 ok", a.status, a.body)
	}
}

func (p polling) wantGone() {
	p.t.Helper()
	p.wantStatus(http.StatusBadRequest, "GET", p.query, "")
}

// pollInBackground starts a poll and returns once the server holds it.
func (p polling) pollInBackground(ctx context.Context) <-chan answer {
	p.t.Helper()
	got := make(chan answer, 1)
	go func() {
		a, err := p.requestContext(ctx, "GET", p.query, "")
		if err != nil {
			a.body = err.Error()
		}
		got <- a
	}()
	p.eventually("the poll is waiting", p.session.IsPolled)
	return got
}

func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-limit.C:
			w.t.Fatalf("gave up waiting until %s", what)
		}
	}
}

func await[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case v := <-c:
		return v
	case <-limit.C:
		t.Fatalf("gave up waiting for: %s", what)
		panic("unreachable")
	}
}

// socket is a raw websocket.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

func (w *world) tryDial(query string, header http.Header) (*websocket.Conn, int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, res, err := websocket.Dial(ctx, w.url+"?"+query, &websocket.DialOptions{HTTPClient: w.http, HTTPHeader: header})
	status := 0
	if res != nil {
		status = res.StatusCode
		if res.Body != nil && err != nil {
			_ = res.Body.Close()
		}
	}
	return conn, status, err
}

func (w *world) dial(query string) socket {
	w.t.Helper()
	conn, _, err := w.tryDial(query, nil)
	if err != nil {
		w.t.Fatalf("dial %s: %v", query, err)
	}
	conn.SetReadLimit(64 << 20)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	return socket{w.t, conn}
}

func (w *world) openSocket() (socket, *engineio.Session) {
	w.t.Helper()
	s := w.dial("EIO=4&transport=websocket")
	parseGreeting(w.t, s.read())
	return s, w.nextSession()
}

func (s socket) send(packet string) {
	s.t.Helper()
	s.write(websocket.MessageText, []byte(packet))
}

func (s socket) write(kind websocket.MessageType, data []byte) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.conn.Write(ctx, kind, data); err != nil {
		s.t.Fatalf("write %.40q: %v", data, err)
	}
}

func (s socket) tryRead() (websocket.MessageType, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.conn.Read(ctx)
}

func (s socket) read() string {
	s.t.Helper()
	kind, data, err := s.tryRead()
	if err != nil || kind != websocket.MessageText {
		s.t.Fatalf("read = %v %q, %v; want text", kind, data, err)
	}
	return string(data)
}

func (s socket) want(packet string) {
	s.t.Helper()
	if got := s.read(); got != packet {
		s.t.Fatalf("read %q, want %q", got, packet)
	}
}

func (s socket) wantBinary(want []byte) {
	s.t.Helper()
	kind, data, err := s.tryRead()
	if err != nil || kind != websocket.MessageBinary || !bytes.Equal(data, want) {
		s.t.Fatalf("read = %v %x, %v; want binary %x", kind, data, err, want)
	}
}

// wantClose reads until the server ends the connection.
func (s socket) wantClose() error {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if _, _, err := s.conn.Read(ctx); err != nil {
			if ctx.Err() != nil {
				s.t.Fatal("the server did not close the connection")
			}
			return err
		}
	}
}
