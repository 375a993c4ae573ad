package socketio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

// patience bounds every wait; nothing takes so long unless it is broken.
const patience = 15 * time.Second

// world is a server and the raw clients of one test. Its sockets echo
// "message" as "message-back", answer "message-with-ack", and are announced
// on connected.
type world struct {
	t         *testing.T
	server    *socketio.Server
	url       string
	http      *http.Client
	connected chan *socketio.Socket
	logs      *logBuffer
}

type change = func(*socketio.Options)

func setup(t *testing.T, changes ...change) *world {
	t.Helper()
	w := &world{t: t, connected: make(chan *socketio.Socket, 1000), logs: &logBuffer{}}
	opts := socketio.Options{
		Logger: slog.New(slog.NewTextHandler(w.logs, nil)),
		OnConnect: func(s *socketio.Socket) {
			echo(s)
			w.connected <- s
		},
	}
	for _, f := range changes {
		f(&opts)
	}
	w.server = socketio.New(opts)
	srv := httptest.NewServer(w.server)
	transport := &http.Transport{}
	w.url, w.http = srv.URL, &http.Client{Transport: transport, Timeout: patience}
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

func echo(s *socketio.Socket) {
	s.On("message", func(_ context.Context, args socketio.Args, _ socketio.Ack) {
		_ = s.Emit("message-back", args.Values()...)
	})
	s.On("message-with-ack", func(_ context.Context, args socketio.Args, ack socketio.Ack) {
		ack(args.Values()...)
	})
}

// onConnect adds to what sockets do when they connect.
func onConnect(f func(*socketio.Socket)) change {
	return func(o *socketio.Options) {
		before := o.OnConnect
		o.OnConnect = func(s *socketio.Socket) {
			f(s)
			before(s)
		}
	}
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

func (l *logBuffer) contains(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.b.String(), s)
}

// dial opens a websocket. url goes up to the path, query is beside EIO and transport.
func dial(ctx context.Context, url, query string, c *http.Client, header http.Header) (*websocket.Conn, error) {
	opts := &websocket.DialOptions{HTTPClient: c, HTTPHeader: header}
	conn, _, err := websocket.Dial(ctx, url+"/socket.io/?EIO=4&transport=websocket"+query, opts) //nolint:bodyclose // the library does
	return conn, err
}

// client is a raw websocket that has taken the Engine.IO greeting.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func (w *world) open() *client {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := dial(ctx, w.url, "", w.http, nil)
	if err != nil {
		w.t.Fatalf("dial: %v", err)
	}
	conn.SetReadLimit(64 << 20)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	c := &client{w.t, conn}
	if got := c.read(); !strings.HasPrefix(got, "0{") {
		w.t.Fatalf("greeting %q", got)
	}
	return c
}

type session struct {
	SID string `json:"sid"`
	PID string `json:"pid"`
}

// connect joins the main namespace and returns the server's side too.
func (w *world) connect(auth ...string) (*client, *socketio.Socket, session) {
	w.t.Helper()
	c := w.open()
	c.send("40" + strings.Join(auth, ""))
	s := c.wantConnect("40")
	return c, await(w.t, w.connected, "OnConnect"), s
}

func (c *client) wantConnect(prefix string) session {
	c.t.Helper()
	packet := c.read()
	data, found := strings.CutPrefix(packet, prefix)
	if !found {
		c.t.Fatalf("read %q, want a CONNECT with %q", packet, prefix)
	}
	dec := json.NewDecoder(strings.NewReader(data))
	dec.DisallowUnknownFields()
	var s session
	if err := dec.Decode(&s); err != nil || s.SID == "" {
		c.t.Fatalf("CONNECT %q: %v", packet, err)
	}
	return s
}

func (c *client) send(packets ...string) {
	c.t.Helper()
	for _, p := range packets {
		c.write(websocket.MessageText, []byte(p))
	}
}

func (c *client) sendBinary(data ...byte) {
	c.t.Helper()
	c.write(websocket.MessageBinary, data)
}

func (c *client) write(kind websocket.MessageType, data []byte) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.conn.Write(ctx, kind, data); err != nil {
		c.t.Fatalf("write %.40q: %v", data, err)
	}
}

// next reads the next packet that is not a ping, and answers pings.
func (c *client) next() (websocket.MessageType, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		kind, data, err := c.conn.Read(ctx)
		if err != nil || string(data) != "2" {
			return kind, data, err
		}
		if err := c.conn.Write(ctx, websocket.MessageText, []byte("3")); err != nil {
			return 0, nil, err
		}
	}
}

func (c *client) read() string {
	c.t.Helper()
	kind, data, err := c.next()
	if err != nil || kind != websocket.MessageText {
		c.t.Fatalf("read = %v %q, %v; want text", kind, data, err)
	}
	return string(data)
}

func (c *client) want(packets ...string) {
	c.t.Helper()
	for _, want := range packets {
		if got := c.read(); got != want {
			c.t.Fatalf("read %q, want %q", got, want)
		}
	}
}

func (c *client) wantBinary(want ...byte) {
	c.t.Helper()
	kind, data, err := c.next()
	if err != nil || kind != websocket.MessageBinary || !bytes.Equal(data, want) {
		c.t.Fatalf("read = %v %x, %v; want binary %x", kind, data, err, want)
	}
}

// wantNothing shows that nothing is under way to the client: an echo comes first.
func (c *client) wantNothing() {
	c.t.Helper()
	c.send(`42["message","nothing before this"]`)
	c.want(`42["message-back","nothing before this"]`)
}

// wantClose reads until the server ends the connection.
func (c *client) wantClose() websocket.StatusCode {
	c.t.Helper()
	for {
		_, _, err := c.next()
		if err == nil {
			continue
		}
		if ctx := context.DeadlineExceeded; strings.Contains(err.Error(), ctx.Error()) {
			c.t.Fatal("the server did not close the connection")
		}
		return websocket.CloseStatus(err)
	}
}

// wantEvents reads events and compares their first argument, which is all that
// is the same with and without recovery's offset.
func (c *client) wantEvents(event string, args ...string) {
	c.t.Helper()
	got := []string{}
	for range args {
		var e []string
		packet := c.read()
		if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "42")), &e); err != nil || len(e) < 2 || e[0] != event {
			c.t.Fatalf("read %q, want an event %q", packet, event)
		}
		got = append(got, e[1])
	}
	if diff := cmp.Diff(args, got); diff != "" {
		c.t.Fatalf("events (-want +got):\n%s", diff)
	}
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
