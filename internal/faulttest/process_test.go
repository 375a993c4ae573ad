package faulttest

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/logtest"
)

// process is the program, serving.
type process struct {
	cmd     *exec.Cmd
	log     *processLog
	begun   time.Time
	exited  chan struct{} // closed after err is set
	err     error
	isReady <-chan struct{}
}

// serve starts the program and waits until it says that it is ready.
func serve(t *testing.T, env []string, arguments ...string) *process {
	t.Helper()
	return awaitReady(t, launch(t, env, append([]string{"serve"}, arguments...)...))
}

func awaitReady(t *testing.T, p *process) *process {
	t.Helper()
	select {
	case <-p.isReady:
	case <-p.exited:
		t.Fatalf("the program ended instead of serving: %v\n%s", p.err, p.log)
	case <-within(t).Done():
		t.Fatalf("the program is not ready after %s\n%s", patience, p.log)
	}
	return p
}

// launch starts the program with arguments. It ends with the test, at the latest.
func launch(t *testing.T, env []string, arguments ...string) *process {
	t.Helper()
	return launchOf(t, binary, env, arguments...)
}

func launchOf(t *testing.T, program string, env []string, arguments ...string) *process {
	t.Helper()
	ready := make(chan struct{})
	p := &process{log: &processLog{ready: ready}, exited: make(chan struct{}), isReady: ready}
	p.cmd = exec.Command(program, arguments...)
	p.cmd.Env, p.cmd.Stderr, p.cmd.WaitDelay = env, logtest.To(p.log), 5*time.Second
	p.begun = time.Now()
	ended, err := startTied(p.cmd)
	if err != nil {
		t.Fatalf("start the program: %v", err)
	}
	go func() {
		p.err = <-ended
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("process %d said:\n%s", p.cmd.Process.Pid, p.log)
		}
	})
	return p
}

// kill is kill -9, and waits for the end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.exited
}

// stop is SIGTERM. It returns the exit code and how long the end took.
func (p *process) stop(t *testing.T) (code int, took time.Duration) {
	t.Helper()
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("send SIGTERM: %v", err)
	}
	return p.wait(t), time.Since(begun)
}

// wait returns the exit code.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-within(t).Done():
		t.Fatalf("the program still runs after %s\n%s", patience, p.log)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) isAlive() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// run runs a command to its end.
func run(t *testing.T, env []string, arguments ...string) (out, errOut string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, arguments...)
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = env, &stdout, logtest.To(&stderr), 5*time.Second
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("run %s: %v", arguments[0], err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// processLog keeps the end of what the program says and notices when it is ready.
type processLog struct {
	mu    sync.Mutex
	lines []string
	rest  []byte
	ready chan struct{} // closed and then nil
}

const keptLines = 60

// Write implements io.Writer.
func (l *processLog) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, text...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		l.rest = rest
		if l.lines = append(l.lines, string(line)); len(l.lines) > keptLines {
			l.lines = l.lines[1:]
		}
		if l.ready != nil && bytes.Contains(line, []byte(`"msg":"ready"`)) {
			close(l.ready)
			l.ready = nil
		}
	}
}

// String returns the last lines.
func (l *processLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n") + "\n" + string(l.rest)
}
