package engineio_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

func TestOversizedInput(t *testing.T) {
	t.Parallel()
	small := func(o *engineio.Options) { o.MaxPayload = 100 }
	t.Run("polling", func(t *testing.T) {
		t.Parallel()
		p := setup(t, small).openPolling()
		p.wantStatus(http.StatusRequestEntityTooLarge, "POST", p.query, "4"+strings.Repeat("x", 100))
		p.wantGone()
	})
	t.Run("websocket", func(t *testing.T) {
		t.Parallel()
		w := setup(t, small)
		s, _ := w.openSocket()
		s.send("4" + strings.Repeat("x", 99))
		s.want("4" + strings.Repeat("x", 99))
		s.send("4" + strings.Repeat("x", 100))
		if err := s.wantClose(); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
			t.Errorf("closed with %v", err)
		}
		await(t, w.closed, "close")
	})
}

func TestSlowConsumerIsCut(t *testing.T) {
	t.Parallel()
	tight := func(o *engineio.Options) { o.MaxBuffered = 1000 }
	message := engineio.Text(make([]byte, 600))
	t.Run("polling", func(t *testing.T) {
		t.Parallel()
		p := setup(t, tight).openPolling()
		for range 3 { // the third finds 1,200 bytes waiting
			p.session.Send(message)
		}
		if reason := await(t, p.closed, "close"); reason != "slow consumer" {
			t.Errorf("closed with %q", reason)
		}
		p.wantGone()
	})
	t.Run("websocket", func(t *testing.T) {
		t.Parallel()
		w := setup(t, tight)
		_, session := w.openSocket() // never read again
		big := engineio.Text(make([]byte, 1<<20))
		w.eventually("the kernel's buffers are full", func() bool {
			session.Send(big)
			return len(w.closed) > 0
		})
		if reason := await(t, w.closed, "close"); reason != "slow consumer" {
			t.Errorf("closed with %q", reason)
		}
	})
	t.Run("much traffic that is read is no offence", func(t *testing.T) {
		t.Parallel()
		s, session := setup(t, tight).openSocket()
		for range 50 {
			session.Send(message)
			if got := s.read(); len(got) != 601 {
				t.Fatalf("read %d bytes", len(got))
			}
			s.eventuallyWritten(session)
		}
	})
	t.Run("one large message is no offence", func(t *testing.T) {
		t.Parallel()
		w := setup(t, tight)
		s, session := w.openSocket()
		session.Send(engineio.Text(bytes.Repeat([]byte("x"), 5000)))
		if got := s.read(); len(got) != 5001 {
			t.Errorf("read %d bytes", len(got))
		}
	})
}

// eventuallyWritten waits until the server knows that nothing is waiting.
func (s socket) eventuallyWritten(session *engineio.Session) {
	s.t.Helper()
	(&world{t: s.t}).eventually("the queue is empty", func() bool { return session.Queued() == 0 })
}

func TestBodiesDoNotOverlap(t *testing.T) {
	t.Parallel()
	p := setup(t).openPolling()
	body, slow := io.Pipe()
	first := make(chan error, 1)
	go func() {
		req, err := http.NewRequestWithContext(context.Background(), "POST", p.url+"?"+p.query, body)
		if err != nil {
			first <- err
			return
		}
		res, err := p.http.Do(req)
		if err == nil {
			err = res.Body.Close()
		}
		first <- err
	}()
	p.eventually("the first body is being read", p.session.IsPosting)
	p.wantStatus(http.StatusBadRequest, "POST", p.query, "4second")
	p.wantGone()
	_, _ = slow.Write([]byte("4first"))
	_ = slow.Close()
	_ = await(t, first, "first post")
}

func TestConnectionsPerAddress(t *testing.T) {
	t.Parallel()
	w := setup(t, func(o *engineio.Options) {
		o.MaxConnsPerIP = 2
		o.ClientIP = func(r *http.Request) string { return r.Header.Get("X-Test-IP") }
	})
	open := func(ip string) int {
		t.Helper()
		return w.do("GET", "EIO=4&transport=polling", "", "X-Test-IP", ip).status
	}
	for i, want := range []int{200, 200, 429} {
		if got := open("a"); got != want {
			t.Errorf("connection %d of a: %d, want %d", i, got, want)
		}
	}
	if got := open("b"); got != 200 {
		t.Errorf("first connection of b: %d", got)
	}
	await(t, w.opened, "session").Close("test")
	await(t, w.closed, "close")
	w.eventually("the place is free again", func() bool { return open("a") == 200 })
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	const friend, stranger = "https://desk.example", "https://evil.example"
	onlyFriend := func(o *engineio.Options) {
		o.CheckOrigin = func(r *http.Request) bool { return r.Header.Get("Origin") == friend }
	}
	const handshake = "EIO=4&transport=polling"
	check := func(t *testing.T, a answer, status int, allowed string) {
		t.Helper()
		credentials := map[bool]string{true: "true"}[allowed != ""]
		if a.status != status || a.header.Get("Access-Control-Allow-Origin") != allowed ||
			a.header.Get("Access-Control-Allow-Credentials") != credentials || a.header.Get("Vary") != "Origin" {
			t.Errorf("answer %d %v, want %d with origin %q", a.status, a.header, status, allowed)
		}
	}
	t.Run("polling", func(t *testing.T) {
		t.Parallel()
		w := setup(t, onlyFriend)
		check(t, w.do("GET", handshake, "", "Origin", friend), 200, friend)
		check(t, w.do("GET", handshake, "", "Origin", stranger), 403, "")
		check(t, w.do("GET", handshake, ""), 200, "")
		check(t, w.do("GET", handshake+"&sid=no", "", "Origin", friend), 400, friend)
	})
	t.Run("preflight", func(t *testing.T) {
		t.Parallel()
		w := setup(t, onlyFriend)
		a := w.do("OPTIONS", handshake, "", "Origin", friend, "Access-Control-Request-Headers", "x-extra")
		check(t, a, 204, friend)
		if a.header.Get("Access-Control-Allow-Headers") != "x-extra" || !strings.Contains(a.header.Get("Access-Control-Allow-Methods"), "POST") {
			t.Errorf("headers %v", a.header)
		}
		check(t, w.do("OPTIONS", handshake, "", "Origin", stranger), 403, "")
	})
	t.Run("websocket", func(t *testing.T) {
		t.Parallel()
		w := setup(t, onlyFriend)
		const query = "EIO=4&transport=websocket"
		if _, status, err := w.tryDial(query, http.Header{"Origin": {stranger}}); err == nil || status != 403 {
			t.Errorf("stranger: %d, %v", status, err)
		}
		conn, _, err := w.tryDial(query, http.Header{"Origin": {friend}})
		if err != nil {
			t.Fatalf("friend: %v", err)
		}
		_ = conn.CloseNow()
	})
	t.Run("only the server's own by default", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		own := strings.TrimSuffix(w.url, "/")
		check(t, w.do("GET", handshake, "", "Origin", own), 200, own)
		check(t, w.do("GET", handshake, "", "Origin", stranger), 403, "")
		check(t, w.do("GET", handshake, "", "Origin", "null"), 403, "")
	})
}

func TestServerTimeoutsDoNotEndPolls(t *testing.T) {
	t.Parallel()
	w := setupServer(t, func(s *http.Server) {
		s.ReadTimeout, s.WriteTimeout = 250*time.Millisecond, 250*time.Millisecond
	}, func(o *engineio.Options) { o.PingInterval = 750 * time.Millisecond })
	w.openPolling().wantPoll("2")
}

func TestClose(t *testing.T) {
	t.Parallel()
	t.Run("sends what was queued/websocket", func(t *testing.T) {
		t.Parallel()
		s, session := setup(t).openSocket()
		session.Send(engineio.Text([]byte("bye")))
		session.Close("test")
		session.Send(engineio.Text([]byte("too late")))
		s.want("4bye")
		if err := s.wantClose(); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("closed with %v", err)
		}
	})
	t.Run("sends what was queued/polling", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		p.session.Send(engineio.Text([]byte("bye")))
		p.session.Close("test")
		p.wantPoll("4bye")
		p.wantPoll("1")
		p.wantGone()
		if reason := await(t, p.closed, "close"); reason != "test" {
			t.Errorf("closed with %q", reason)
		}
	})
	t.Run("ends a waiting poll", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		poll := p.pollInBackground(context.Background())
		p.session.Close("test")
		if a := await(t, poll, "poll"); a.body != "1" {
			t.Errorf("poll = %d %q", a.status, a.body)
		}
	})
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	t.Run("closes everything and lets nobody in", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		s, session := w.openSocket()
		p := w.openPolling()
		poll := p.pollInBackground(context.Background())
		session.Send(engineio.Text([]byte("last")))
		closed := make(chan error, 1)
		go func() { closed <- s.drain("4last") }()
		if err := w.server.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := await(t, closed, "websocket"); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("websocket closed with %v", err)
		}
		if a := await(t, poll, "poll"); a.body != "1" {
			t.Errorf("poll = %d %q", a.status, a.body)
		}
		for range 2 {
			if reason := await(t, w.closed, "close"); reason != "server shutting down" {
				t.Errorf("closed with %q", reason)
			}
		}
		w.wantStatus(http.StatusServiceUnavailable, "GET", "EIO=4&transport=polling", "")
		if _, status, err := w.tryDial("EIO=4&transport=websocket", nil); err == nil || status != 503 {
			t.Errorf("dial = %d, %v", status, err)
		}
		if n := w.server.Sessions(); n != 0 {
			t.Errorf("%d sessions left", n)
		}
	})
	t.Run("cuts clients that do not answer", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		_, _ = w.openSocket() // does not read, so it never answers the closing handshake
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		if err := w.server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v", err)
		}
	})
}

// drain reads the wanted packet and then the end.
func (s socket) drain(want string) error {
	if _, data, err := s.tryRead(); err != nil || string(data) != want {
		return errors.Join(errors.New("read "+string(data)), err)
	}
	_, _, err := s.tryRead()
	return err
}
