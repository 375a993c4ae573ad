//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// Cluster is a running private server. Its methods may be called from any goroutine.
type Cluster struct {
	opts      Options
	log       *slog.Logger
	lock      *dirLock
	residents residents

	binaries binaries
	identity identity
	socket   socketDir
	server   *postmaster

	stopping atomic.Bool
	stopOnce sync.Once
	stopErr  error

	done chan struct{} // closed after err is set
	err  error
}

func newCluster(opts Options, lock *dirLock) *Cluster {
	return &Cluster{
		opts:      opts,
		log:       opts.Logger,
		lock:      lock,
		residents: residents{dataDir: opts.DataDir, log: opts.Logger},
		done:      make(chan struct{}),
	}
}

// URL is the address of one database of the cluster for its superuser, in the
// form that pgx understands. It works only for the user the server runs as, and
// for root: the socket lies in a folder of mode 0700, which stands in for a
// password. The database "postgres" always exists.
func (c *Cluster) URL(database string) string {
	query := url.Values{
		"host":    {c.socket.path},
		"port":    {socketPort},
		"sslmode": {"disable"},
	}
	u := url.URL{
		Scheme: "postgres",
		User:   url.User(superuser),
		Path:   "/" + database,
		// pgx takes a plus sign for itself (5.12), a space has to be %20.
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"),
	}
	return u.String()
}

// DataDir is the absolute path of the cluster's own folder, Options.DataDir/postgres.
func (c *Cluster) DataDir() string { return c.opts.clusterDir() }

// Version is the server's version, for example "16.14".
func (c *Cluster) Version() string { return c.binaries.version }

// Done is closed when the server no longer runs, whether it was stopped or ended
// by itself; Err tells which.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Err is nil while the server runs and after a Stop; otherwise it wraps ErrExited
// and says how the server ended.
func (c *Cluster) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

func (c *Cluster) watch() {
	<-c.server.done
	if !c.stopping.Load() {
		c.err = fmt.Errorf("%w: %s (see %s)", ErrExited, c.server.ending(), c.server.logPath)
	}
	close(c.done)
}

// Stop shuts the server down and frees the data folder. Open transactions are
// rolled back, committed ones are kept. When the server has not ended by the
// deadline of ctx, or within 20 seconds, it is made to end without a checkpoint
// and Stop returns an error; the data is safe then too, the next start replays
// the log. No process is left in either case. Later calls return the first result.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stopOnce.Do(func() { c.stopErr = c.stop(ctx) })
	return c.stopErr
}

func (c *Cluster) stop(ctx context.Context) error {
	c.stopping.Store(true)
	err := c.residents.shutDown(ctx, c.server)
	if err == nil || errors.Is(err, errForced) {
		<-c.done
		c.log.InfoContext(ctx, "postgresql has stopped", "data_dir", c.opts.clusterDir())
	}
	return errors.Join(err, c.socket.remove(), c.lock.release())
}
