package engineio_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

// The cases of the Engine.IO protocol's test suite (revision 4), one by one.

func TestHandshakeByPolling(t *testing.T) {
	t.Parallel()
	t.Run("opens a session", func(t *testing.T) {
		t.Parallel()
		w := setup(t, brisk)
		a := w.do("GET", "EIO=4&transport=polling", "")
		if a.status != http.StatusOK {
			t.Fatalf("status %d", a.status)
		}
		g := parseGreeting(t, a.body)
		want := greeting{g.SID, []string{"websocket"}, 300, 200, 1_000_000}
		if diff := cmp.Diff(want, g); diff != "" || g.SID == "" {
			t.Errorf("greeting with sid %q (-want +got):\n%s", g.SID, diff)
		}
	})
	refused := map[string]struct{ method, query string }{
		"missing EIO":        {"GET", "transport=polling"},
		"invalid EIO":        {"GET", "EIO=abc&transport=polling"},
		"older EIO":          {"GET", "EIO=3&transport=polling"},
		"missing transport":  {"GET", "EIO=4"},
		"invalid transport":  {"GET", "EIO=4&transport=abc"},
		"built-in name":      {"GET", "EIO=4&transport=constructor"},
		"method POST":        {"POST", "EIO=4&transport=polling"},
		"method PUT":         {"PUT", "EIO=4&transport=polling"},
		"unknown session":    {"GET", "EIO=4&transport=polling&sid=abc"},
		"post to no session": {"POST", "EIO=4&transport=polling&sid=abc"},
		"not a websocket":    {"GET", "EIO=4&transport=websocket"},
	}
	for name, c := range refused {
		t.Run("refuses/"+name, func(t *testing.T) {
			t.Parallel()
			setup(t).wantStatus(http.StatusBadRequest, c.method, c.query, "")
		})
	}
	t.Run("refuses another method in a session", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		p.wantStatus(http.StatusBadRequest, "PUT", p.query, "4hello")
	})
}

func TestHandshakeByWebsocket(t *testing.T) {
	t.Parallel()
	t.Run("opens a session", func(t *testing.T) {
		t.Parallel()
		w := setup(t, brisk)
		g := parseGreeting(t, w.dial("EIO=4&transport=websocket").read())
		want := greeting{g.SID, []string{}, 300, 200, 1_000_000}
		if diff := cmp.Diff(want, g); diff != "" || g.SID == "" {
			t.Errorf("greeting with sid %q (-want +got):\n%s", g.SID, diff)
		}
	})
	refused := map[string]string{
		"missing EIO":       "transport=websocket",
		"invalid EIO":       "EIO=abc&transport=websocket",
		"missing transport": "EIO=4",
		"invalid transport": "EIO=4&transport=abc",
		"polling":           "EIO=4&transport=polling",
		"unknown session":   "EIO=4&transport=websocket&sid=abc",
	}
	for name, query := range refused {
		t.Run("refuses/"+name, func(t *testing.T) {
			t.Parallel()
			if _, status, err := setup(t).tryDial(query, nil); err == nil || status != http.StatusBadRequest {
				t.Errorf("dial = %d, %v; want 400", status, err)
			}
		})
	}
}

func TestMessagesByPolling(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"one text packet":      "4hello",
		"several text packets": "4test1\x1e4test2\x1e4test3",
		"text and binary":      "4hello\x1ebAQIDBA==",
		"beyond ASCII":         "4€\x1e4olá, 🏨",
		"empty message":        "4",
	} {
		t.Run("round trip/"+name, func(t *testing.T) {
			t.Parallel()
			p := setup(t).openPolling()
			p.post(body)
			p.wantPoll(body)
		})
	}
	for name, body := range map[string]string{
		"invalid packet":         "abc",
		"empty body":             "",
		"empty packet":           "4a\x1e",
		"invalid base64":         "b!!!",
		"not UTF-8":              "4\xff\xfe",
		"ping by the client":     "2",
		"open by the client":     "0{}",
		"upgrade without socket": "5",
		"invalid after valid":    "4a\x1e9",
	} {
		t.Run("closes the session upon/"+name, func(t *testing.T) {
			t.Parallel()
			p := setup(t).openPolling()
			p.wantStatus(http.StatusBadRequest, "POST", p.query, body)
			p.wantGone()
			if reason := await(t, p.closed, "close"); reason != "parse error" {
				t.Errorf("closed with %q", reason)
			}
		})
	}
}

func TestPollsDoNotOverlap(t *testing.T) {
	t.Parallel()
	t.Run("a duplicate poll closes the session", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		first := p.pollInBackground(context.Background())
		p.wantStatus(http.StatusBadRequest, "GET", p.query, "")
		if a := await(t, first, "first poll"); a.status != http.StatusOK || a.body != "1" {
			t.Errorf("first poll = %d %q, want a close packet", a.status, a.body)
		}
		p.wantGone()
	})
	t.Run("a cancelled poll closes the session", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		poll := p.pollInBackground(ctx)
		cancel()
		await(t, poll, "cancelled poll")
		p.wantGone()
		await(t, p.closed, "close")
	})
}

func TestMessagesByWebsocket(t *testing.T) {
	t.Parallel()
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		s, _ := setup(t).openSocket()
		s.send("4hello")
		s.want("4hello")
	})
	t.Run("binary", func(t *testing.T) {
		t.Parallel()
		s, _ := setup(t).openSocket()
		s.write(websocket.MessageBinary, []byte{1, 2, 3, 4})
		s.wantBinary([]byte{1, 2, 3, 4})
	})
	t.Run("larger than every buffer", func(t *testing.T) {
		t.Parallel()
		s, _ := setup(t).openSocket()
		big := make([]byte, 200_000)
		for i := range big {
			big[i] = byte(i % 251)
		}
		s.write(websocket.MessageBinary, big)
		s.send("4after")
		s.wantBinary(big)
		s.want("4after")
	})
	for name, packet := range map[string]string{
		"invalid packet": "abc", "empty": "", "ping by the client": "2", "not UTF-8": "4\xff",
	} {
		t.Run("closes the session upon/"+name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			s, _ := w.openSocket()
			s.send(packet)
			if err := s.wantClose(); websocket.CloseStatus(err) != websocket.StatusProtocolError {
				t.Errorf("closed with %v, want a closing handshake", err)
			}
			if reason := await(t, w.closed, "close"); reason != "parse error" {
				t.Errorf("closed with %q", reason)
			}
		})
	}
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	frequent := func(o *engineio.Options) { o.PingInterval, o.PingTimeout = 20*time.Millisecond, patience }
	impatient := func(o *engineio.Options) { o.PingInterval, o.PingTimeout = 20*time.Millisecond, 20*time.Millisecond }
	t.Run("polling/ping and pong", func(t *testing.T) {
		t.Parallel()
		p := setup(t, frequent).openPolling()
		for range 3 {
			p.wantPoll("2")
			p.post("3")
		}
	})
	t.Run("polling/closed without pong", func(t *testing.T) {
		t.Parallel()
		p := setup(t, impatient).openPolling()
		if reason := await(t, p.closed, "close"); reason != "ping timeout" {
			t.Errorf("closed with %q", reason)
		}
		p.wantGone()
	})
	t.Run("websocket/ping and pong", func(t *testing.T) {
		t.Parallel()
		s, _ := setup(t, frequent).openSocket()
		for range 3 {
			s.want("2")
			s.send("3")
		}
	})
	t.Run("websocket/closed without pong", func(t *testing.T) {
		t.Parallel()
		w := setup(t, impatient)
		s, _ := w.openSocket()
		_ = s.wantClose()
		if reason := await(t, w.closed, "close"); reason != "ping timeout" {
			t.Errorf("closed with %q", reason)
		}
	})
}

func TestCloseByClient(t *testing.T) {
	t.Parallel()
	t.Run("polling", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		poll := p.pollInBackground(context.Background())
		p.post("1")
		if a := await(t, poll, "poll"); a.status != http.StatusOK || a.body != "6" {
			t.Errorf("poll = %d %q, want a noop", a.status, a.body)
		}
		p.wantGone()
		if reason := await(t, p.closed, "close"); reason != "transport close" {
			t.Errorf("closed with %q", reason)
		}
	})
	t.Run("websocket", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		s, _ := w.openSocket()
		s.send("1")
		if err := s.wantClose(); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("closed with %v", err)
		}
		if reason := await(t, w.closed, "close"); reason != "transport close" {
			t.Errorf("closed with %q", reason)
		}
	})
	t.Run("websocket that just vanishes", func(t *testing.T) {
		t.Parallel()
		w := setup(t)
		s, _ := w.openSocket()
		_ = s.conn.CloseNow()
		if reason := await(t, w.closed, "close"); reason != "transport close" {
			t.Errorf("closed with %q", reason)
		}
	})
}
