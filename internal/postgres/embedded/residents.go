//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// residents are the server processes that live on the cluster, ours or those that
// an earlier launcher left behind when it was killed.
//
// Two signs tell of them. Every process of a server that we started holds the
// lock on postgres.alive, inherited from the postmaster: the kernel keeps that
// true across SIGKILL, reused process numbers and containers. Servers that were
// started by hand are found by looking for processes at work in the folder.
type residents struct {
	dataDir string
	log     *slog.Logger
}

// patience before the next, stronger means. "Fast" rolls transactions back and
// writes a checkpoint; "immediate" leaves the log to be replayed, and gives the
// server's own children 5 s before it kills them.
const (
	fastPatience      = 20 * time.Second
	immediatePatience = 8 * time.Second
	killPatience      = 5 * time.Second
	leaderlessPause   = time.Second
	residentsPoll     = 10 * time.Millisecond
)

func (r residents) clusterDir() string { return filepath.Join(r.dataDir, clusterFolder) }

// evict ends whatever an earlier launcher left, and clears its stale pid file.
// Starting anew rather than attaching costs little and leaves one kind of
// server only: one that is our child and has today's settings.
func (r residents) evict(ctx context.Context) error {
	stale, err := readPidFile(r.clusterDir())
	if err != nil {
		stale = pidFile{} // none, or cut short by a crash
	}
	here, err := r.any()
	if err != nil {
		return err
	}
	if here {
		r.log.WarnContext(ctx, "stopping a postgresql that an earlier run left behind", "pid", stale.pid)
		if err := r.shutDown(ctx, foundLeader{stale.pid, r.clusterDir()}); err != nil && !errors.Is(err, errForced) {
			return err
		}
	}
	// Nobody lives here now, so a number in the pid file belongs to some other
	// program, and PostgreSQL would take that for a running server.
	err = os.Remove(filepath.Join(r.clusterDir(), pidFileName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale pid file: %w", err)
	}
	return nil
}

// claim returns the locked file that the new postmaster is to inherit.
func (r residents) claim() (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(r.dataDir, aliveFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("claim the cluster: %w", err)
	}
	free, err := tryLock(file)
	if err == nil && !free {
		err = errors.New("a server still runs on the cluster")
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (r residents) any() (bool, error) {
	file, err := os.OpenFile(filepath.Join(r.dataDir, aliveFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return false, fmt.Errorf("look for running servers: %w", err)
	}
	free, err := tryLock(file)
	if err == nil && free {
		err = unlock(file)
	}
	if err := errors.Join(err, file.Close()); err != nil || !free {
		return !free, err
	}
	pids, err := serverProcesses(r.clusterDir())
	return len(pids) > 0, err
}

// errForced marks a shutdown that had to skip the checkpoint.
var errForced = errors.New("postgresql did not stop in time and was made to; its log is replayed at the next start")

// leader is the postmaster, which ends its children in order.
type leader interface {
	// signal reports false when the leader no longer runs.
	signal(sig syscall.Signal) (bool, error)
}

// foundLeader is the postmaster that an earlier run left behind.
type foundLeader struct {
	pid        int
	clusterDir string
}

func (l foundLeader) signal(sig syscall.Signal) (bool, error) {
	pids, err := serverProcesses(l.clusterDir)
	if err != nil || !slices.Contains(pids, l.pid) {
		return false, err
	}
	return true, kill(l.pid, sig)
}

// shutDown ends every process of the cluster, gently first. The deadline of ctx
// shortens the gentle part only: no process is left behind for being slow.
func (r residents) shutDown(ctx context.Context, lead leader) error {
	led, err := lead.signal(syscall.SIGINT)
	if err != nil {
		return fmt.Errorf("stop postgresql: %w", err)
	}
	patience := fastPatience
	if !led {
		patience = leaderlessPause // children notice by themselves that it is gone
	}
	if gone, err := r.waitGone(ctx, patience); err != nil || gone {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGQUIT, immediatePatience}, {syscall.SIGKILL, killPatience}} {
		if err := r.force(lead, step.signal); err != nil {
			return err
		}
		gone, err := r.waitGone(ctx, step.patience)
		if err != nil {
			return err
		}
		if gone {
			return errForced
		}
	}
	return fmt.Errorf("processes of postgresql in %s cannot be ended", r.dataDir)
}

// force sends SIGQUIT or SIGKILL to the leader, and to its children where it no
// longer does so itself.
func (r residents) force(lead leader, sig syscall.Signal) error {
	led, err := lead.signal(sig)
	if err != nil {
		return fmt.Errorf("stop postgresql: %w", err)
	}
	if led && sig != syscall.SIGKILL {
		return nil
	}
	pids, err := serverProcesses(r.clusterDir())
	if err != nil {
		return err
	}
	for _, pid := range pids {
		if err := kill(pid, sig); err != nil {
			return err
		}
	}
	return nil
}

func kill(pid int, sig syscall.Signal) error {
	if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("send signal %d to postgresql process %d: %w", sig, pid, err)
	}
	return nil
}

// waitGone reports false when the patience or the context has run out.
func (r residents) waitGone(ctx context.Context, patience time.Duration) (bool, error) {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	tick := time.NewTicker(residentsPoll)
	defer tick.Stop()
	for {
		here, err := r.any()
		if err != nil || !here {
			return !here, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false, nil
		case <-limit.C:
			return false, nil
		}
	}
}
