package socketio_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/realtime/socketio"
)

const clientTest = "testdata/clienttest"

// TestOfficialClient runs the scenarios of client.mjs with socket.io-client
// from npm, by each way a client can connect.
func TestOfficialClient(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is not installed: install Node.js, then run `make deps`")
	}
	if _, err := os.Stat(filepath.Join(clientTest, "node_modules", "socket.io-client")); err != nil {
		t.Fatalf("socket.io-client is not installed in %s: run `make deps`", clientTest)
	}
	for _, mode := range []string{"websocket", "polling", "upgrade"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			h := newReplaceable(t)
			ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, node, "client.mjs", h.url, mode)
			cmd.Dir = clientTest
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if n := strings.Count(string(out), "ok: "); n < 14 {
				t.Errorf("only %d scenarios ran:\n%s", n, out)
			}
		})
	}
}

// replaceable is an address whose server can be replaced by a new one, as in a
// restart.
type replaceable struct {
	t       *testing.T
	url     string
	current atomic.Pointer[socketio.Server]
	work    sync.WaitGroup
}

func newReplaceable(t *testing.T) *replaceable {
	t.Helper()
	h := &replaceable{t: t}
	h.current.Store(h.newServer())
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.current.Load().ServeHTTP(w, r)
	}))
	h.url = srv.URL
	t.Cleanup(func() {
		h.work.Wait()
		h.shutdown(h.current.Load())
		srv.Close()
	})
	return h
}

func (h *replaceable) restart() {
	h.shutdown(h.current.Swap(h.newServer()))
}

func (h *replaceable) shutdown(s *socketio.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		h.t.Errorf("Shutdown: %v", err)
	}
}

type clientAuth struct {
	User   string
	Stream int // events to send at once
}

func (h *replaceable) newServer() *socketio.Server {
	return socketio.New(socketio.Options{
		Namespaces:     []string{"/other"},
		RecoveryWindow: socketio.DefaultRecoveryWindow,
		Authenticate: func(_ context.Context, hs socketio.Handshake) (any, error) {
			var auth clientAuth
			if err := json.Unmarshal(hs.Auth, &auth); err != nil {
				return nil, err
			}
			if auth.User != "ana" {
				return nil, &socketio.AuthError{
					Message: "Authentication failed: " + auth.User,
					Data:    map[string]string{"code": "unknown_user"},
				}
			}
			return auth, nil
		},
		OnConnect: h.handlers,
	})
}

// handlers are what client.mjs expects of the server.
func (h *replaceable) handlers(s *socketio.Socket) {
	on := func(event string, f func(ctx context.Context, args socketio.Args, ack socketio.Ack)) { s.On(event, f) }
	burst := func(n int) {
		for i := range n {
			_ = s.Emit("n", i)
		}
	}
	on("echo", func(_ context.Context, args socketio.Args, ack socketio.Ack) { ack(args.Values()...) })
	on("ask me", func(ctx context.Context, args socketio.Args, ack socketio.Ack) {
		answer, err := s.EmitWithAck(ctx, "question", args.Value(0))
		if err != nil {
			h.t.Errorf("EmitWithAck: %v", err)
		}
		ack(answer.Value(0))
	})
	on("burst", func(_ context.Context, args socketio.Args, _ socketio.Ack) {
		n := 0
		_ = args.Decode(0, &n)
		burst(n)
	})
	up := []any{}
	on("up", func(_ context.Context, args socketio.Args, _ socketio.Ack) { up = append(up, args.Value(0)) })
	on("what came up", func(_ context.Context, _ socketio.Args, ack socketio.Ack) { ack(up) })
	on("enter", func(_ context.Context, args socketio.Args, ack socketio.Ack) {
		room := ""
		_ = args.Decode(0, &room)
		s.Join(room)
		ack()
	})
	on("shout", func(_ context.Context, args socketio.Args, ack socketio.Ack) {
		var rooms []string
		_ = args.Decode(0, &rooms)
		_ = s.Namespace().To(rooms...).Emit("shout", args.Value(1))
		ack()
	})
	on("send me away", func(context.Context, socketio.Args, socketio.Ack) { s.Disconnect(true) })
	on("restart", func(context.Context, socketio.Args, socketio.Ack) { h.work.Go(h.restart) })
	if auth, _ := s.Data().(clientAuth); !s.Recovered() {
		burst(auth.Stream)
	}
}
