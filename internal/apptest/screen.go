package apptest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// Transport is how a screen connects.
type Transport string

// The transports.
const (
	WebSocket Transport = "websocket"
	Polling   Transport = "polling"
	Upgrade   Transport = "upgrade" // polling, then websocket
)

// Transports lists every way to connect.
var Transports = []Transport{WebSocket, Polling, Upgrade}

// Screen is somebody's dashboard: socket.io-client from npm, in Node.js.
type Screen struct {
	t      testing.TB
	stdin  io.WriteCloser
	news   bell
	mu     sync.Mutex
	heard  []Event
	stderr strings.Builder
}

// Event is something that a screen heard. Names with a leading dot are the client's
// own: .connect, .upgrade, .disconnect, .connect_error.
type Event struct {
	Name string `json:"event"`
	Data any    `json:"data"`
}

// Text returns a text of the event by its path, such as "message.content".
func (e Event) Text(path string) string {
	text, _ := at(e.Data, path).(string)
	return text
}

// Screen connects the person's dashboard and waits until it is in.
func (p *Person) Screen(how Transport) *Screen {
	p.w.t.Helper()
	s := p.Knocks(how)
	s.Hears(".connect", nil)
	s.Hears("sync:hello", nil)
	if how == Upgrade {
		s.Hears(".upgrade", nil)
	}
	return s
}

// Knocks tries to connect the person's dashboard and does not wait.
func (p *Person) Knocks(how Transport) *Screen {
	p.w.t.Helper()
	s := p.w.startClient("client.mjs", p.w.URL, string(how))
	auth := map[string]string{"token": p.Token}
	if p.Hotel != "" {
		auth["tenantSlug"] = p.Hotel
	}
	s.command(map[string]any{"do": "connect", "auth": auth})
	return s
}

// clientFolder holds the clients' scripts and, after `make deps`, their packages.
func clientFolder(tb testing.TB, script string) string {
	tb.Helper()
	_, file, _, ok := runtime.Caller(0)
	folder := filepath.Join(filepath.Dir(file), "testdata", "client")
	if !ok || !filepath.IsAbs(folder) {
		folder = filepath.Join("testdata", "client")
	}
	needed := "socket.io-client"
	if script == dashboardScript {
		needed = "axios"
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", needed)); err != nil {
		tb.Fatal(needed + " is not installed; run: make deps")
	}
	return folder
}

// startClient runs one of the client's scripts.
func (w *World) startClient(script string, args ...string) *Screen {
	w.t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		w.t.Fatal("Node.js is not installed; install it and run: make deps")
	}
	ctx, kill := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, node, append([]string{script}, args...)...)
	cmd.Dir = clientFolder(w.t, script)
	s := &Screen{t: w.t}
	cmd.Stderr = &s.stderr
	s.stdin, err = cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	read := make(chan struct{})
	go func() { defer close(read); s.listen(stdout) }()
	w.t.Cleanup(func() { s.end(cmd, read, kill) })
	return s
}

// listen notes what the client prints until it ends.
func (s *Screen) listen(stdout io.Reader) {
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			s.t.Errorf("the client printed %q: %v", line, err)
			continue
		}
		s.mu.Lock()
		s.heard = append(s.heard, e)
		s.mu.Unlock()
		s.news.ring()
	}
}

func (s *Screen) end(cmd *exec.Cmd, read <-chan struct{}, kill func()) {
	limit := time.AfterFunc(patience, kill)
	defer limit.Stop()
	defer kill()
	_ = s.stdin.Close() // the client may have ended by itself
	<-read
	if err := cmd.Wait(); err != nil {
		s.t.Errorf("the client ended badly: %v\n%s", err, s.stderr.String())
	}
}

func (s *Screen) command(c map[string]any) {
	s.t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.stdin.Write(append(text, '\n')); err != nil {
		s.t.Fatalf("steer the client: %v", err)
	}
}

// Emits sends an event to the product.
func (s *Screen) Emits(event string, data any) {
	s.t.Helper()
	s.command(map[string]any{"do": "emit", "event": event, "data": data})
}

// Events lists what was heard under some names, in order; without names, everything.
func (s *Screen) Events(names ...string) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Event
	for _, e := range s.heard {
		for _, name := range names {
			if e.Name == name {
				out = append(out, e)
			}
		}
		if len(names) == 0 {
			out = append(out, e)
		}
	}
	return out
}

// Hears waits for an event that matches; nil matches every one of that name.
func (s *Screen) Hears(name string, matches func(Event) bool) Event {
	s.t.Helper()
	var found Event
	s.news.await(s.t, fmt.Sprintf("a screen hears %s", name), func() bool {
		for _, e := range s.Events(name) {
			if matches == nil || matches(e) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// HearsMessage waits for message:new with a text.
func (s *Screen) HearsMessage(text string) Event {
	s.t.Helper()
	return s.Hears("message:new", func(e Event) bool { return e.Text("message.content") == text })
}

// HearsStatus waits until a message is said to have a status.
func (s *Screen) HearsStatus(messageID, status string) Event {
	s.t.Helper()
	return s.Hears("message:status", func(e Event) bool {
		return e.Text("messageId") == messageID && e.Text("status") == status
	})
}

// Flush waits until everything that the product had sent to the screen is heard.
func (s *Screen) Flush() {
	s.t.Helper()
	mark := fmt.Sprintf("%p-%d", s, time.Now().UnixNano())
	s.Emits("ping", map[string]string{"mark": mark})
	s.Hears("pong", func(e Event) bool { return e.Text("mark") == mark })
}

// News lists what the product told the screen about conversations, without the
// greeting and the answers to its own questions.
func (s *Screen) News() []Event {
	var out []Event
	for _, e := range s.Events() {
		if !strings.HasPrefix(e.Name, ".") && e.Name != "sync:hello" && e.Name != "pong" {
			out = append(out, e)
		}
	}
	return out
}
