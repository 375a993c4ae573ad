//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
)

// Start returns a running server that accepts connections, making the cluster on
// first use. It answers ErrInUse at once when another launcher holds the folder.
//
// ctx limits the start only, not the server's life. It should be generous: after
// a crash the server first replays its log, which can take a minute on a slow
// disk. The caller must Stop the cluster, also after Done has fired.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	opts, err := opts.complete()
	if err != nil {
		return nil, err
	}
	if err := makeReachableDir(opts.DataDir); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	lock, err := lockDataDir(opts.DataDir)
	if err != nil {
		return nil, err
	}
	c := newCluster(opts, lock)
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, lock.release())
	}
	return c, nil
}

// start runs with the launcher's lock held, so nobody else changes the folder.
func (c *Cluster) start(ctx context.Context) error {
	if err := c.residents.evict(ctx); err != nil {
		return fmt.Errorf("stop the server left by an earlier run: %w", err)
	}
	if err := c.choose(ctx); err != nil {
		return err
	}
	if err := c.ensureCluster(ctx); err != nil {
		return err
	}
	socket, err := makeSocketDir(c.opts.DataDir, c.identity)
	if err != nil {
		return fmt.Errorf("make socket folder: %w", err)
	}
	c.socket = socket
	if err := c.launch(ctx); err != nil {
		return errors.Join(err, socket.remove())
	}
	c.log.InfoContext(ctx, "postgresql is ready", "data_dir", c.opts.clusterDir(),
		"version", c.binaries.version, "pid", c.server.pid, "runs_as", c.identity.label)
	go c.watch()
	return nil
}

// choose picks the binaries and the user together: a user that cannot reach the
// binaries or the folder is no choice.
func (c *Cluster) choose(ctx context.Context) error {
	major, err := clusterMajor(c.opts.clusterDir())
	if err != nil {
		return err
	}
	if c.binaries, err = findBinaries(ctx, c.opts, major); err != nil {
		return err
	}
	c.identity, err = chooseIdentity(ctx, c.opts.DataDir, c.binaries)
	return err
}
