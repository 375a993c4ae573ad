//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const pidLineSocket = 4 // the folder of the socket, in postmaster.pid

// ErrNotRunning is returned by Attach when no server runs in the data folder.
var ErrNotRunning = errors.New("no private postgresql runs in this data folder")

// Attach returns a function like Cluster.URL for a server that another process runs
// in dataDir, for commands that are given while the product serves. It starts
// nothing and stops nothing.
func Attach(dataDir string) (url func(database string) string, err error) {
	opts, err := Options{DataDir: dataDir}.complete()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(opts.clusterDir(), pidFileName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", pidFileName, err)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) <= pidLineStatus || strings.TrimSpace(lines[pidLineStatus]) != "ready" {
		return nil, ErrNotRunning
	}
	return (&Cluster{socket: socketDir{path: strings.TrimSpace(lines[pidLineSocket])}}).URL, nil
}
