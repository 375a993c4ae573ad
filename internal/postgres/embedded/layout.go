//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// Names inside the data folder; embedded.go draws the picture.
const (
	clusterFolder = "postgres"
	socketFolder  = "postgres.socket"
	logFile       = "postgres.log"
	lockFile      = "postgres.lock"
	aliveFile     = "postgres.alive"

	superuser      = "postgres"
	minMajor       = 15
	defaultConns   = 100
	clusterPattern = clusterFolder + ".new-*"
	asidePattern   = clusterFolder + ".incomplete-*"
)

// complete fills in the defaults and makes the path absolute: the server changes
// its working directory, so a relative path would mean two places.
func (o Options) complete() (Options, error) {
	if o.DataDir == "" {
		return o, errors.New("embedded postgresql needs a data folder")
	}
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return o, fmt.Errorf("resolve data folder: %w", err)
	}
	o.DataDir = dir
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = defaultConns
	}
	return o, checkSettings(o.Settings)
}

func (o Options) clusterDir() string { return filepath.Join(o.DataDir, clusterFolder) }

// makeReachableDir makes dir and its missing parents with mode 0755 whatever the
// umask says: the server may run as another user than we do, and one closed
// parent would lock it out.
func makeReachableDir(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err == nil && info.IsDir():
		return nil
	case err == nil:
		return fmt.Errorf("%s is not a folder", dir)
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	if err := makeReachableDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		if errors.Is(err, os.ErrExist) {
			return nil // another process was faster
		}
		return err
	}
	return os.Chmod(dir, 0o755)
}
