// Package redistest starts a real Redis for a test, which can be killed, started again
// and held still. It listens on a unix socket only and ends with the test.
package redistest

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait; a Redis starts in milliseconds.
const patience = 30 * time.Second

// programs are the names under which a Redis is found.
var programs = []string{"redis-server", "valkey-server"}

// Server is a Redis of a test's own.
type Server struct {
	t      testing.TB
	dir    string
	cmd    *exec.Cmd // nil while it is down
	exited chan struct{}
	said   *bytes.Buffer
}

// Start starts a Redis that keeps nothing on disk.
func Start(tb testing.TB) *Server {
	tb.Helper()
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{t: tb, dir: dir}
	tb.Cleanup(func() {
		s.Kill()
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	s.Restart()
	return s
}

// URL is the address for REDIS_URL.
func (s *Server) URL() string { return "unix://" + s.socket() }

func (s *Server) socket() string { return filepath.Join(s.dir, "s") }

// Restart starts the server after Kill, empty.
func (s *Server) Restart() {
	s.t.Helper()
	path := find(s.t)
	s.said, s.exited = &bytes.Buffer{}, make(chan struct{})
	s.cmd = exec.Command(path, "--port", "0", "--unixsocket", s.socket(), "--save", "", "--appendonly", "no", "--dir", s.dir)
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	if err := startTied(s.cmd, s.exited); err != nil {
		s.t.Fatalf("start Redis: %v", err)
	}
	s.awaitAnswer()
}

func find(tb testing.TB) string {
	tb.Helper()
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	tb.Fatal("redis-server is not installed; run: make deps")
	return ""
}

// awaitAnswer waits until the server answers PING.
func (s *Server) awaitAnswer() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for !s.answers(ctx) {
		select {
		case <-again.C:
		case <-s.exited:
			s.t.Fatalf("Redis ended instead of starting: %s", s.said)
		case <-ctx.Done():
			s.t.Fatalf("Redis does not answer after %s", patience)
		}
	}
}

func (s *Server) answers(ctx context.Context) bool {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", s.socket())
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	answer := make([]byte, 7)
	n, err := conn.Read(answer)
	return err == nil && string(answer[:n]) == "+PONG\r\n"
}

// Kill ends the server at once. What it held is gone.
func (s *Server) Kill() {
	s.t.Helper()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill() // it may have ended
	select {
	case <-s.exited:
	case <-time.After(patience):
		s.t.Error("Redis does not end")
	}
	s.cmd = nil
}

// Freeze holds the server still: connections stay, nothing is answered. Thaw ends it.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets a frozen server go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}
