package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

func TestHandlersRunInOrder(t *testing.T) {
	t.Parallel()
	const n = 300
	got := make(chan string, n)
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.On("n", func(_ context.Context, args socketio.Args, _ socketio.Ack) { got <- string(args.Raw(0)) })
	}))
	c, _, _ := w.connect()
	for i := range n {
		c.send(fmt.Sprintf(`42["n",%d]`, i))
	}
	for i := range n {
		if have := await(t, got, "event"); have != fmt.Sprint(i) {
			t.Fatalf("event %s in place of %d", have, i)
		}
	}
}

func TestBlockedHandler(t *testing.T) {
	t.Parallel()
	blocked := func(started chan<- struct{}, release <-chan struct{}) change {
		return onConnect(func(s *socketio.Socket) {
			s.On("block", func(context.Context, socketio.Args, socketio.Ack) {
				started <- struct{}{}
				<-release
			})
		})
	}
	t.Run("does not delay pongs", func(t *testing.T) {
		t.Parallel()
		started, release := make(chan struct{}, 1), make(chan struct{})
		w := setup(t, blocked(started, release), func(o *socketio.Options) {
			o.PingInterval, o.PingTimeout = 10*time.Millisecond, patience
		})
		c, s, _ := w.connect()
		c.send(`42["block"]`)
		await(t, started, "handler")
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		for range 10 { // a ping comes only after the last one's pong was read
			if _, data, err := c.conn.Read(ctx); err != nil || string(data) != "2" {
				t.Fatalf("read %q, %v; want a ping", data, err)
			}
			c.send("3")
		}
		if s.Context().Err() != nil {
			t.Error("disconnected")
		}
		close(release)
		c.wantNothing()
	})
	t.Run("leaves other sockets alone", func(t *testing.T) {
		t.Parallel()
		started, release := make(chan struct{}, 1), make(chan struct{})
		w := setup(t, blocked(started, release))
		c, _, _ := w.connect()
		other, _, _ := w.connect()
		c.send(`42["block"]`)
		await(t, started, "handler")
		other.wantNothing()
		close(release)
	})
	t.Run("cuts a client that goes on sending", func(t *testing.T) {
		t.Parallel()
		started, release := make(chan struct{}, 1), make(chan struct{})
		defer close(release)
		w := setup(t, blocked(started, release), func(o *socketio.Options) { o.MaxPending = 5 })
		c, s, _ := w.connect()
		c.send(`42["block"]`)
		await(t, started, "handler")
		for range 6 {
			c.send(`42["message"]`)
		}
		c.wantClose()
		await(t, s.Context().Done(), "disconnect")
	})
}

func TestEventsBeforeTheEndAreHandled(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	started, release := make(chan struct{}), make(chan struct{})
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.On("block", func(context.Context, socketio.Args, socketio.Ack) {
			close(started)
			<-release
		})
		s.On("last", func(ctx context.Context, _ socketio.Args, _ socketio.Ack) { got <- fmt.Sprint("last ", ctx.Err()) })
		s.OnDisconnect(func(reason string) { got <- reason })
	}))
	c, s, _ := w.connect()
	c.send(`42["block"]`, `42["last"]`, "1")
	await(t, started, "handler")
	await(t, s.Context().Done(), "disconnect")
	close(release)
	for _, want := range []string{"last context canceled", "transport close"} {
		if have := await(t, got, want); have != want {
			t.Errorf("got %q, want %q", have, want)
		}
	}
}

func TestPanicInAHandler(t *testing.T) {
	t.Parallel()
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.On("panic", func(context.Context, socketio.Args, socketio.Ack) { panic("boom") })
	}))
	c, _, _ := w.connect()
	c.send(`42["panic"]`)
	c.wantNothing()
	if !w.logs.contains("boom") {
		t.Error("the panic is not in the log")
	}
}

func TestPanicInOnConnect(t *testing.T) {
	t.Parallel()
	w := setup(t, func(o *socketio.Options) { o.OnConnect = func(*socketio.Socket) { panic("boom") } })
	c := w.open()
	c.send("40")
	c.wantClose()
}

func TestAckCountsOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.On("twice", func(_ context.Context, _ socketio.Args, ack socketio.Ack) {
			ack("first")
			ack("second")
		})
	}))
	c, _, _ := w.connect()
	c.send(`427["twice"]`, `42["twice"]`)
	c.want(`437["first"]`)
	c.wantNothing()
}

func TestEmitWithAck(t *testing.T) {
	t.Parallel()
	t.Run("from a handler, while others wait", func(t *testing.T) {
		t.Parallel()
		w := setup(t, onConnect(func(s *socketio.Socket) {
			s.On("ask me", func(ctx context.Context, _ socketio.Args, ack socketio.Ack) {
				args, err := s.EmitWithAck(ctx, "question", 42)
				ack(args.Value(0), err)
			})
		}))
		c, _, _ := w.connect()
		c.send(`421["ask me"]`, `42["message","waits"]`)
		c.want(`420["question",42]`)
		c.send(`430["yes"]`)
		c.want(`431["yes",null]`, `42["message-back","waits"]`)
	})
	t.Run("binary answer", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		c, s, _ := w.connect()
		answer := make(chan any, 1)
		go func() {
			args, _ := s.EmitWithAck(context.Background(), "q", socketio.Binary{9})
			answer <- args.Value(0)
		}()
		c.want(`451-0["q",{"_placeholder":true,"num":0}]`)
		c.wantBinary(9)
		c.send(`461-0[{"_placeholder":true,"num":0}]`)
		c.sendBinary(7, 8)
		if got, _ := await(t, answer, "answer").(socketio.Binary); string(got) != "\x07\x08" {
			t.Errorf("answer %v", got)
		}
	})
	t.Run("no answer in time", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		c, s, _ := w.connect()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		if _, err := s.EmitWithAck(ctx, "q"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		c.want(`420["q"]`)
		c.send(`430[]`, `4399[]`) // too late, and never asked: both ignored
		c.wantNothing()
	})
	t.Run("client leaves", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		c, s, _ := w.connect()
		failed := make(chan error, 1)
		go func() {
			_, err := s.EmitWithAck(context.Background(), "q")
			failed <- err
		}()
		c.want(`420["q"]`)
		_ = c.conn.CloseNow()
		if err := await(t, failed, "error"); !errors.Is(err, socketio.ErrDisconnected) {
			t.Errorf("error %v", err)
		}
	})
}

func TestAuthenticationEndsWithTheConnection(t *testing.T) {
	t.Parallel()
	started, ended := make(chan struct{}), make(chan error, 1)
	w := setup(t, func(o *socketio.Options) {
		o.Authenticate = func(ctx context.Context, _ socketio.Handshake) (any, error) {
			close(started)
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, nil // too late to matter
		}
	})
	c := w.open()
	c.send("40")
	await(t, started, "Authenticate")
	_ = c.conn.CloseNow()
	if err := await(t, ended, "context"); !errors.Is(err, context.Canceled) {
		t.Errorf("context ended with %v", err)
	}
	w.eventually("the connection is forgotten", func() bool { return w.server.Connections() == 0 })
	if len(w.connected) != 0 || len(w.server.Everyone().Local()) != 0 {
		t.Error("a socket was made for a client that is gone")
	}
}

func TestShutdownWaitsForHandlers(t *testing.T) {
	t.Parallel()
	started, release, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	w := setup(t, onConnect(func(s *socketio.Socket) {
		s.On("slow", func(context.Context, socketio.Args, socketio.Ack) {
			close(started)
			<-release
			close(done)
		})
	}))
	c, _, _ := w.connect()
	c.send(`42["slow"]`)
	await(t, started, "handler")
	go func() { _, _, _ = c.next() }() // answers the closing handshake

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := w.server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown did not wait: %v", err)
	}
	close(release)
	if err := w.server.Shutdown(context.Background()); err != nil {
		t.Errorf("second Shutdown: %v", err)
	}
	await(t, done, "handler's end")
}

func TestSlowClientIsCut(t *testing.T) {
	t.Parallel()
	reason := make(chan string, 1)
	w := setup(t, onConnect(func(s *socketio.Socket) { s.OnDisconnect(func(r string) { reason <- r }) }))
	_, s, _ := w.connect() // reads no more
	big := strings.Repeat("x", 1<<20)
	w.eventually("the client is cut", func() bool {
		if err := s.Emit("event", big); err != nil {
			t.Fatal(err)
		}
		return s.Context().Err() != nil
	})
	if r := await(t, reason, "OnDisconnect"); r != "slow consumer" {
		t.Errorf("reason %q", r)
	}
}
