//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// postmaster is the server's first process; all others are its children.
type postmaster struct {
	process *os.Process
	pid     int
	logPath string
	logFrom int64 // size of the log before this start

	done    chan struct{} // closed after waitErr is set
	waitErr error
}

// readyPoll is how often the pid file is read while the server starts.
const readyPoll = 10 * time.Millisecond

// launch starts the server and waits until it accepts connections.
func (c *Cluster) launch(ctx context.Context) error {
	server, err := c.startPostmaster(ctx)
	if err != nil {
		return fmt.Errorf("start postgresql as %s: %w", c.identity.label, err)
	}
	c.server = server
	if err := server.waitReady(ctx, c.opts.clusterDir()); err != nil {
		stopCtx := context.WithoutCancel(ctx)
		return errors.Join(err, c.residents.shutDown(stopCtx, server))
	}
	return nil
}

func (c *Cluster) startPostmaster(ctx context.Context) (*postmaster, error) {
	logPath := filepath.Join(c.opts.DataDir, logFile)
	log, logFrom, err := openServerLog(logPath)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the server has its own copy
	alive, err := c.residents.claim()
	if err != nil {
		return nil, err
	}
	defer func() { _ = alive.Close() }() // the server's copy keeps the lock

	// The server outlives the context of its start.
	cmd := c.identity.command(context.WithoutCancel(ctx), c.binaries.postgres(),
		serverArguments(c.opts, c.socket.path, c.binaries.major)...)
	cmd.Dir = c.opts.DataDir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{alive}
	ended, err := startTied(cmd, syscall.SIGINT)
	if err != nil {
		return nil, err
	}
	p := &postmaster{process: cmd.Process, pid: cmd.Process.Pid, logPath: logPath, logFrom: logFrom, done: make(chan struct{})}
	go func() {
		p.waitErr = <-ended
		close(p.done)
	}()
	return p, nil
}

// waitReady watches the pid file, whose last line the server sets to "ready".
func (p *postmaster) waitReady(ctx context.Context, clusterDir string) error {
	tick := time.NewTicker(readyPoll)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return fmt.Errorf("postgresql ended while starting: %s: %s", p.ending(), logTail(p.logPath, p.logFrom))
		case <-ctx.Done():
			return fmt.Errorf("wait for postgresql to start: %w", context.Cause(ctx))
		case <-tick.C:
			if file, err := readPidFile(clusterDir); err == nil && file.pid == p.pid && file.status == "ready" {
				return nil
			}
		}
	}
}

// signal implements leader.
func (p *postmaster) signal(sig syscall.Signal) (bool, error) {
	err := p.process.Signal(sig)
	if errors.Is(err, os.ErrProcessDone) {
		return false, nil
	}
	return err == nil, err
}

// ending is for the time after done.
func (p *postmaster) ending() string {
	if p.waitErr == nil {
		return "exit status 0"
	}
	return p.waitErr.Error()
}
