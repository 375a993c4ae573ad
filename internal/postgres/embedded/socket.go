//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	// socketPort only gives the socket its name; nothing listens on the network.
	socketPort = "5432"
	socketFile = ".s.PGSQL." + socketPort

	// maxSocketPath is in bytes. sun_path takes 104 on macOS and 108 on Linux,
	// and PostgreSQL keeps some of it for itself.
	maxSocketPath = 99

	tempSocketPrefix = "botreserva-pg-"
)

// socketDir is the folder whose mode is the only door of the server.
type socketDir struct {
	path string // as the server and the client use it
	link string // in the data folder, leading to path; empty when path lies there itself
}

// socketPathFits also refuses characters that the server or the client would read
// as a list of folders or of hosts.
func socketPathFits(dir string) bool {
	return len(filepath.Join(dir, socketFile)) <= maxSocketPath && !strings.ContainsAny(dir, `,"`)
}

func makeSocketDir(dataDir string, id identity) (socketDir, error) {
	path := filepath.Join(dataDir, socketFolder)
	// Whatever is in it is from a server that no longer runs; a lock file whose
	// process number was given to another program would stop the new one.
	if err := removeSocketDir(path); err != nil {
		return socketDir{}, err
	}
	if socketPathFits(path) {
		if err := os.Mkdir(path, 0o700); err != nil {
			return socketDir{}, err
		}
		return socketDir{path: path}, id.own(path)
	}
	temp, err := os.MkdirTemp(tempRoot(), tempSocketPrefix)
	if err != nil {
		return socketDir{}, err
	}
	// The link tells the next start what to clear away if this one is killed.
	if err := os.Symlink(temp, path); err != nil {
		return socketDir{}, errors.Join(err, os.Remove(temp))
	}
	return socketDir{path: temp, link: path}, id.own(temp)
}

// tempRoot prefers /tmp: $TMPDIR can be long (macOS) or closed to other users.
func tempRoot() string {
	if info, err := os.Stat("/tmp"); err == nil && info.IsDir() {
		return "/tmp"
	}
	return os.TempDir()
}

func (d socketDir) remove() error {
	if d.link != "" {
		return removeSocketDir(d.link)
	}
	return removeSocketDir(d.path)
}

// removeSocketDir removes the folder, or the link and the temporary folder that
// it leads to. The link is trusted only as far as the target's name and place.
func removeSocketDir(path string) error {
	if temp, err := os.Readlink(path); err == nil &&
		filepath.Dir(temp) == tempRoot() && strings.HasPrefix(filepath.Base(temp), tempSocketPrefix) {
		if err := os.RemoveAll(temp); err != nil {
			return fmt.Errorf("remove socket folder: %w", err)
		}
	}
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("remove socket folder: %w", err)
	}
	return nil
}
