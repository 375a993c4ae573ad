package faulttest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// screen is a dashboard: it speaks as much Socket.IO as it takes to listen.
type screen struct {
	t     *testing.T
	ended chan struct{}

	mu    sync.Mutex
	heard map[string]int  // events by name
	said  map[string]bool // messages by id
}

// openScreen connects a dashboard to one instance, and waits until it is let in.
func openScreen(t *testing.T, instance, token string) *screen {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	conn, _, err := websocket.Dial(within(t), strings.Replace(instance, "http", "ws", 1)+"/socket.io/?EIO=4&transport=websocket", nil) //nolint:bodyclose // the library closes it
	if err != nil {
		t.Fatalf("connect a screen: %v", err)
	}
	conn.SetReadLimit(1 << 20)
	s := &screen{t: t, ended: make(chan struct{}), heard: map[string]int{}, said: map[string]bool{}}
	auth, err := json.Marshal(map[string]string{"token": token})
	if err == nil {
		err = conn.Write(ctx, websocket.MessageText, append([]byte("40"), auth...))
	}
	if err != nil {
		t.Fatalf("connect a screen: %v", err)
	}
	go s.listen(ctx, conn)
	t.Cleanup(func() {
		cancel()
		_ = conn.CloseNow()
		<-s.ended
	})
	await(t, "a screen to be let in", func() bool { return s.count("sync:hello") > 0 })
	return s
}

func (s *screen) listen(ctx context.Context, conn *websocket.Conn) {
	defer close(s.ended)
	for {
		_, packet, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if string(packet) == "2" {
			if conn.Write(ctx, websocket.MessageText, []byte("3")) != nil {
				return
			}
			continue
		}
		s.note(strings.TrimPrefix(string(packet), "42"))
	}
}

func (s *screen) note(event string) {
	var parts []json.RawMessage
	var name string
	if json.Unmarshal([]byte(event), &parts) != nil || len(parts) == 0 || json.Unmarshal(parts[0], &name) != nil {
		return // a greeting
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[name]++
	var news struct{ Message struct{ ID string } }
	if name == "message:new" && len(parts) > 1 && json.Unmarshal(parts[1], &news) == nil {
		s.said[news.Message.ID] = true
	}
}

// count is how often an event was heard.
func (s *screen) count(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard[name]
}

// awaitMessages waits until so many different messages were shown.
func (s *screen) awaitMessages(n int) {
	s.t.Helper()
	await(s.t, "a screen to show every message", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.said) >= n
	})
}

// awaitEnd waits until the screen is sent away.
func (s *screen) awaitEnd() {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-within(s.t).Done():
		s.t.Fatal("a screen is still connected")
	}
}
