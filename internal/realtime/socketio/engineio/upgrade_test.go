package engineio_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/botreserva/botreserva/internal/realtime/socketio/engineio"
)

func (p polling) socketQuery() string {
	return strings.Replace(p.query, "polling", "websocket", 1)
}

// probe opens the second transport and gets as far as the pong.
func (p polling) probe() socket {
	p.t.Helper()
	s := p.dial(p.socketQuery())
	s.send("2probe")
	s.want("3probe")
	return s
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	t.Run("succeeds", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		s := p.probe()
		p.wantPoll("6")
		s.send("5")
		s.send("4hello")
		s.want("4hello")
	})
	t.Run("releases the poll that was waiting", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		poll := p.pollInBackground(context.Background())
		s := p.probe()
		if a := await(t, poll, "poll"); a.body != "6" {
			t.Errorf("poll = %d %q, want a noop", a.status, a.body)
		}
		s.send("5")
		s.send("4hello")
		s.want("4hello")
	})
	t.Run("requests with the same sid are refused afterwards", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		s := p.probe()
		s.send("5")
		p.wantStatus(http.StatusBadRequest, "GET", p.query, "")
		p.wantStatus(http.StatusBadRequest, "POST", p.query, "4no")
		s.send("4hello")
		s.want("4hello")
	})
	t.Run("a second websocket is refused, before and after", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		s := p.probe()
		refused := func(when string) {
			t.Helper()
			if _, status, err := p.tryDial(p.socketQuery(), nil); err == nil || status != http.StatusBadRequest {
				t.Errorf("%s: dial = %d, %v; want 400", when, status, err)
			}
		}
		refused("while upgrading")
		s.send("5")
		s.send("4hello")
		s.want("4hello")
		refused("after the upgrade")
		s.send("4still here")
		s.want("4still here")
	})
	t.Run("loses nothing that is sent meanwhile", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		send := func(from, to int) {
			for i := from; i < to; i++ {
				p.session.Send(engineio.Text(fmt.Appendf(nil, "%d", i)))
			}
		}
		send(0, 3)
		s := p.probe()
		p.wantPoll("40\x1e41\x1e42")
		send(3, 5)
		s.send("5")
		s.want("43")
		s.want("44")
	})
}

func TestFailedUpgrade(t *testing.T) {
	t.Parallel()
	stays := func(t *testing.T, p polling) {
		t.Helper()
		p.post("4hello")
		p.wantPoll("4hello")
		s := p.probeEventually()
		s.send("5")
		s.send("4upgraded")
		s.want("4upgraded")
	}
	for name, packets := range map[string][]string{
		"no probe":        {"4hello"},
		"wrong probe":     {"2other"},
		"wrong second":    {"2probe", "4hello"},
		"invalid packet":  {"x"},
		"upgrade at once": {"5"},
	} {
		t.Run("leaves the session on polling/"+name, func(t *testing.T) {
			t.Parallel()
			p := setup(t).openPolling()
			s := p.dial(p.socketQuery())
			for _, packet := range packets {
				s.send(packet)
			}
			_ = s.wantClose()
			stays(t, p)
		})
	}
	t.Run("leaves the session on polling/client gives up", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		_ = p.probe().conn.CloseNow()
		stays(t, p)
	})
	t.Run("leaves the session on polling/takes too long", func(t *testing.T) {
		t.Parallel()
		p := setup(t, func(o *engineio.Options) { o.UpgradeTimeout = 30 * time.Millisecond }).openPolling()
		_ = p.dial(p.socketQuery()).wantClose()
		p.post("4hello")
		p.wantPoll("4hello")
	})
	t.Run("is finished when the server closes meanwhile, with a last word", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		s := p.probe()
		p.session.Send(engineio.Text([]byte("last")))
		p.session.Close("test")
		s.send("5")
		s.want("4last")
		_ = s.wantClose()
	})
	t.Run("is finished when the server closes meanwhile", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		s := p.probe()
		p.session.Close("test")
		s.send("5")
		if err := s.wantClose(); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("closed with %v", err)
		}
		p.wantGone()
	})
	t.Run("a closing session takes its candidate along", func(t *testing.T) {
		t.Parallel()
		p := setup(t).openPolling()
		s := p.probe()
		p.post("1")
		_ = s.wantClose()
		p.wantGone()
	})
}

// probeEventually tries until the server has noticed that the candidate before
// is gone.
func (p polling) probeEventually() socket {
	p.t.Helper()
	var s socket
	p.eventually("another upgrade is possible", func() bool {
		conn, _, err := p.tryDial(p.socketQuery(), nil)
		if err == nil {
			s = socket{p.t, conn}
			p.t.Cleanup(func() { _ = conn.CloseNow() })
		}
		return err == nil
	})
	s.send("2probe")
	s.want("3probe")
	return s
}
