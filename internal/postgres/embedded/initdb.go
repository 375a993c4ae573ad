//go:build unix

package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ensureCluster leaves a whole cluster, owned by the server's user, in its place.
func (c *Cluster) ensureCluster(ctx context.Context) error {
	dir := c.opts.clusterDir()
	state, err := inspectCluster(dir)
	if err != nil {
		return fmt.Errorf("look at the cluster: %w", err)
	}
	switch state {
	case clusterIncomplete:
		if err := c.setAside(ctx, dir); err != nil {
			return err
		}
	case clusterWhole:
		return c.takeOver(dir)
	case clusterAbsent:
	}
	return c.createCluster(ctx, dir)
}

// takeOver repairs what a copy or a restore tends to change: owner and mode.
func (c *Cluster) takeOver(dir string) error {
	if err := c.identity.ownTree(dir); err != nil {
		return fmt.Errorf("give the cluster to %s: %w", c.identity.label, err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("close the cluster folder: %w", err)
	}
	return nil
}

type clusterState int

const (
	clusterAbsent clusterState = iota
	clusterIncomplete
	clusterWhole
)

// firstUserOID: databases that people made have numbers from here on.
const firstUserOID = 16384

// inspectCluster tells a half-made cluster from a damaged one: the first holds
// nothing of anybody's, the second must not be replaced by an empty one.
func inspectCluster(dir string) (clusterState, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || (err == nil && len(entries) == 0) {
		return clusterAbsent, nil
	}
	if err != nil {
		return clusterAbsent, err
	}
	missing := ""
	for _, name := range []string{"PG_VERSION", "global/pg_control", "postgresql.conf"} {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, os.ErrNotExist) {
			missing = name
		} else if err != nil {
			return clusterAbsent, err
		}
	}
	if missing == "" {
		return clusterWhole, nil
	}
	databases, err := os.ReadDir(filepath.Join(dir, "base"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return clusterAbsent, err
	}
	for _, database := range databases {
		if oid, err := strconv.Atoi(database.Name()); err == nil && oid >= firstUserOID {
			return clusterAbsent, fmt.Errorf("%s holds databases but lacks %s: restore a backup, or move the folder away", dir, missing)
		}
	}
	return clusterIncomplete, nil
}

// clusterMajor is the major version that made the cluster, 0 when there is none.
func clusterMajor(dir string) (int, error) {
	state, err := inspectCluster(dir)
	if err != nil || state != clusterWhole {
		return 0, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if err != nil {
		return 0, fmt.Errorf("read version of the cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read version of the cluster: %w", err)
	}
	return major, nil
}

// setAside keeps what is there under another name: we do not delete what we did
// not make.
func (c *Cluster) setAside(ctx context.Context, dir string) error {
	aside, err := os.MkdirTemp(c.opts.DataDir, asidePattern)
	if err != nil {
		return fmt.Errorf("set half-made cluster aside: %w", err)
	}
	if err := os.Remove(aside); err != nil { // a folder is renamed only to a free name
		return fmt.Errorf("set half-made cluster aside: %w", err)
	}
	if err := os.Rename(dir, aside); err != nil {
		return fmt.Errorf("set half-made cluster aside: %w", err)
	}
	c.log.WarnContext(ctx, "half-made cluster set aside, making a new one", "kept_as", aside)
	return nil
}

// createCluster works in a temporary folder and renames it when all of it is on
// the disk, so that a cluster is either absent or whole.
func (c *Cluster) createCluster(ctx context.Context, dir string) error {
	c.removeInterrupted(ctx)
	temp, err := os.MkdirTemp(c.opts.DataDir, clusterPattern)
	if err != nil {
		return fmt.Errorf("make cluster folder: %w", err)
	}
	if err := c.fillCluster(ctx, temp); err != nil {
		return errors.Join(err, os.RemoveAll(temp))
	}
	// An empty folder in the way (a volume's mount point, or made by hand).
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("make room for the cluster: %w", err), os.RemoveAll(temp))
	}
	if err := os.Rename(temp, dir); err != nil {
		return errors.Join(fmt.Errorf("put the cluster in its place: %w", err), os.RemoveAll(temp))
	}
	return syncDir(c.opts.DataDir)
}

func (c *Cluster) removeInterrupted(ctx context.Context) {
	left, err := filepath.Glob(filepath.Join(c.opts.DataDir, clusterPattern))
	if err != nil {
		return // a data folder with a pattern's characters in it; only litter stays
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			c.log.WarnContext(ctx, "interrupted initdb not removed", "dir", dir, "err", err)
		}
	}
}

// fillCluster runs initdb. "trust" is safe because the only way in is a socket in
// a folder of mode 0700. The C locale orders text alike on every machine.
func (c *Cluster) fillCluster(ctx context.Context, dir string) error {
	if err := c.identity.own(dir); err != nil {
		return fmt.Errorf("give the cluster to %s: %w", c.identity.label, err)
	}
	args := []string{
		"-D", dir, "--username=" + superuser, "--encoding=UTF8", "--locale=C",
		"--auth-local=trust", "--auth-host=reject", "--data-checksums",
	}
	if !c.opts.durable() {
		args = append(args, "--no-sync")
	}
	cmd := c.identity.command(ctx, c.binaries.initdb(), args...)
	cmd.Dir = c.opts.DataDir
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	ended, err := startTied(cmd, syscall.SIGTERM)
	if err == nil {
		err = <-ended
	}
	if err != nil {
		return fmt.Errorf("initdb as %s: %w: %s", c.identity.label, errors.Join(err, ctx.Err()), lastLines(output.String()))
	}
	return syncDir(dir)
}

// lastLines keeps the end of a program's output, where the reason is.
func lastLines(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > logTailSize {
		text = text[len(text)-logTailSize:]
	}
	return text
}

// syncDir makes the names in a folder durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
