package socketio_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

// recovering switches recovery on, with a clock that the test moves. Sockets
// name their user in auth and are put in the room of that name.
func recovering(clock *fakeClock) change {
	return func(o *socketio.Options) {
		o.RecoveryWindow = 2 * time.Minute
		o.Now = clock.Now
		o.Authenticate = func(_ context.Context, h socketio.Handshake) (any, error) {
			var auth struct{ User, Deny string }
			_ = json.Unmarshal(h.Auth, &auth)
			if auth.Deny != "" {
				return nil, &socketio.AuthError{Message: auth.Deny}
			}
			return auth.User, nil
		}
	}
}

type fakeClock struct {
	mu      sync.Mutex
	elapsed time.Duration
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Add(c.elapsed)
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.elapsed += d
}

// lose breaks the connection and waits until the server knows.
func (c *client) lose(s *socketio.Socket) {
	c.t.Helper()
	_ = c.conn.CloseNow()
	await(c.t, s.Context().Done(), "disconnect")
}

// lastOffset reads one event and returns what a client would remember of it.
func (c *client) lastOffset() string {
	c.t.Helper()
	var e []any
	packet := c.read()
	if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "42")), &e); err != nil {
		c.t.Fatalf("event %q: %v", packet, err)
	}
	offset, _ := e[len(e)-1].(string)
	return offset
}

func resume(pid, offset, user string) string {
	auth := map[string]string{"pid": pid, "user": user}
	if offset != "" {
		auth["offset"] = offset
	}
	b, _ := json.Marshal(auth)
	return string(b)
}

func emit(t *testing.T, b socketio.Broadcast, args ...any) {
	t.Helper()
	if err := b.Emit("event", args...); err != nil {
		t.Fatal(err)
	}
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	c, s, first := w.connect(`{"user":"ana"}`)
	s.Join("tenant:1", "late")
	emit(t, w.server.To("tenant:1"), "got")
	offset := c.lastOffset()
	emit(t, w.server.To("tenant:1"), "sent, but lost on the way")
	c.lose(s)
	emit(t, w.server.To("tenant:1"), "missed 1")
	emit(t, w.server.To("tenant:2"), "not for us")
	emit(t, w.server.To("tenant:1").Except(s.ID()), "not for us either")
	emit(t, w.server.To("late", "tenant:1"), "missed 2")
	if err := s.Emit("event", "missed 3"); err != nil {
		t.Fatal(err)
	}
	emit(t, w.server.Everyone(), "missed 4")

	c2, s2, second := w.connect(resume(first.PID, offset, "ana"))
	if second != first || s2.ID() != s.ID() || !s2.Recovered() {
		t.Fatalf("session %+v after %+v, recovered %v", second, first, s2.Recovered())
	}
	if diff := cmp.Diff([]string{"late", "tenant:1"}, s2.Rooms()); diff != "" {
		t.Errorf("rooms (-want +got):\n%s", diff)
	}
	c2.wantEvents("event", "sent, but lost on the way", "missed 1", "missed 2", "missed 3", "missed 4")
	emit(t, w.server.To("tenant:1"), "live")
	c2.wantEvents("event", "live")
}

func TestRecoveryTwice(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	c, s, id := w.connect(`{"user":"ana"}`)
	s.Join("room")
	offset := ""
	for i := range 3 {
		c.lose(s)
		emit(t, w.server.To("room"), fmt.Sprint(i))
		c, s, _ = w.connect(resume(id.PID, offset, "ana"))
		if !s.Recovered() {
			t.Fatalf("not recovered the %d. time", i+1)
		}
		offset = c.lastOffset()
	}
}

// A client that has got nothing yet has no offset, and can still be recovered.
func TestRecoveryBeforeTheFirstEvent(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	emit(t, w.server.Everyone(), "before it came")
	c, s, id := w.connect(`{"user":"ana"}`)
	c.lose(s)
	emit(t, w.server.Everyone(), "missed")
	c2, s2, _ := w.connect(resume(id.PID, "", "ana"))
	if !s2.Recovered() {
		t.Fatal("not recovered")
	}
	c2.wantEvents("event", "missed")
}

// A phone that changes networks is back long before the server notices.
func TestRecoveryOfAConnectionThatSeemsAlive(t *testing.T) {
	t.Parallel()
	reasons := make(chan string, 2)
	w := setup(t, recovering(&fakeClock{}), onConnect(func(s *socketio.Socket) { s.OnDisconnect(func(r string) { reasons <- r }) }))
	old, s, id := w.connect(`{"user":"ana"}`)
	s.Join("room")
	emit(t, w.server.To("room"), "on its way")
	c2, s2, second := w.connect(resume(id.PID, "", "ana"))
	if second != id || !s2.Recovered() {
		t.Fatalf("not recovered: %+v", second)
	}
	c2.wantEvents("event", "on its way")
	old.wantClose()
	if r := await(t, reasons, "OnDisconnect of the old one"); r != "transport close" {
		t.Errorf("reason %q", r)
	}
	emit(t, w.server.To("room"), "live")
	c2.wantEvents("event", "live")
}

func TestNoRecovery(t *testing.T) {
	t.Parallel()
	type scene struct {
		w      *world
		clock  *fakeClock
		c      *client
		s      *socketio.Socket
		id     session
		offset string
	}
	for name, play := range map[string]func(*scene) (auth string){
		"after the window": func(sc *scene) string {
			sc.c.lose(sc.s)
			sc.clock.advance(2*time.Minute + time.Second)
			return resume(sc.id.PID, sc.offset, "ana")
		},
		"for somebody else": func(sc *scene) string {
			sc.c.lose(sc.s)
			return resume(sc.id.PID, sc.offset, "bia")
		},
		"for somebody else, while alive": func(sc *scene) string {
			return resume(sc.id.PID, sc.offset, "bia")
		},
		"with a guessed secret": func(sc *scene) string {
			sc.c.lose(sc.s)
			return resume(sc.id.SID+".guess", sc.offset, "ana")
		},
		"with a guessed secret, while alive": func(sc *scene) string {
			return resume(sc.id.SID+".guess", sc.offset, "ana")
		},
		"with an offset of another instance": func(sc *scene) string {
			sc.c.lose(sc.s)
			return resume(sc.id.PID, "zzzzzz1", "ana")
		},
		"with an offset of the future": func(sc *scene) string {
			sc.c.lose(sc.s)
			return resume(sc.id.PID, sc.offset[:6]+"zzz", "ana")
		},
		"with an absurd offset": func(sc *scene) string {
			sc.c.lose(sc.s)
			return resume(sc.id.PID, sc.offset[:6]+"-1", "ana")
		},
		"after the client left by itself": func(sc *scene) string {
			sc.c.send("41")
			await(sc.w.t, sc.s.Context().Done(), "disconnect")
			return resume(sc.id.PID, sc.offset, "ana")
		},
		"after the server sent it away": func(sc *scene) string {
			sc.s.Disconnect(true)
			return resume(sc.id.PID, sc.offset, "ana")
		},
		"when too much was missed": func(sc *scene) string {
			sc.c.lose(sc.s)
			for range 9 {
				emit(sc.w.t, sc.w.server.To("nobody"), strings.Repeat("x", 1<<20))
			}
			return resume(sc.id.PID, sc.offset, "ana")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &fakeClock{}
			w := setup(t, recovering(clock))
			c, s, id := w.connect(`{"user":"ana"}`)
			s.Join("room")
			emit(t, w.server.To("room"), "got")
			sc := &scene{w, clock, c, s, id, c.lastOffset()}
			auth := play(sc)
			c2, s2, second := w.connect(auth)
			if s2.Recovered() || second.PID == id.PID || second.SID == id.SID || len(s2.Rooms()) != 0 {
				t.Fatalf("recovered: %+v, rooms %v", second, s2.Rooms())
			}
			c2.send(`42["message","first"]`)
			c2.wantEvents("message-back", "first")
		})
	}
}

func TestRecoveryAuthenticatesAgain(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	c, s, id := w.connect(`{"user":"ana"}`)
	c.lose(s)
	c2 := w.open()
	c2.send(`40{"pid":"` + id.PID + `","deny":"revoked"}`)
	c2.want(`44{"message":"revoked"}`)
}

// The client takes the last argument of any event for an offset.
func TestRecoveryIsNotFooledByAnAck(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	c, s, id := w.connect(`{"user":"ana"}`)
	emit(t, w.server.Everyone(), "got")
	c.wantEvents("event", "got")
	c.lose(s)
	_, s2, _ := w.connect(resume(id.PID, "text of a question", "ana"))
	if s2.Recovered() {
		t.Error("recovered without knowing what the client got: it gets events twice")
	}
}

// Events go on while clients come and go: each gets every event once, in order.
func TestRecoveryWhileEventsFlow(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	const events = 400
	c, s, id := w.connect(`{"user":"ana"}`)
	s.Join("room")
	go func() {
		for i := range events {
			_ = w.server.To("room").Emit("event", i)
		}
	}()
	offset, next := "", 0
	for next < events {
		for range 25 { // then the connection is lost, with events in flight
			if next == events {
				break
			}
			var e []any
			packet := c.read()
			if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "42")), &e); err != nil {
				t.Fatal(err)
			}
			if e[1] != float64(next) {
				t.Fatalf("event %v in place of %d", e[1], next)
			}
			offset = e[2].(string)
			next++
		}
		_ = c.conn.CloseNow()
		c, s, _ = w.connect(resume(id.PID, offset, "ana"))
		if !s.Recovered() {
			t.Fatalf("not recovered after %d events", next)
		}
	}
}

func TestAudible(t *testing.T) {
	t.Parallel()
	w := setup(t, recovering(&fakeClock{}))
	if w.server.Audible("tenant:1") {
		t.Fatal("an empty room is audible")
	}
	c, socket, _ := w.connect()
	socket.Join("tenant:1")
	if !w.server.Audible("tenant:1") || w.server.Audible("tenant:2") {
		t.Fatal("only the room with somebody in it is audible")
	}
	c.lose(socket)
	if !w.server.Audible("tenant:1") {
		t.Fatal("a client that may come back would miss the event")
	}
}
