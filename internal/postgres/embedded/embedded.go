// Package embedded runs a private, real PostgreSQL for a program that was given
// no database address: it finds the server's binaries on the machine, makes the
// cluster on first use, starts it, watches it and stops it.
//
// What lives here: finding binaries, dropping root's rights, initdb, the locks
// that keep two servers off one folder, clearing up after a crash, starting and
// stopping. What does not: schemas, roles, migrations and pools; they treat the
// result as any other PostgreSQL, known only by its URL.
//
// Open this file first (Options), then start.go (the order of a start) and
// cluster.go (the running server). One decision per file after that: binaries.go
// and npm.go (which PostgreSQL), identity.go (as whom), residents.go (who is left
// from the last run), initdb.go, settings.go, socket.go, postmaster.go.
//
// On disk, inside Options.DataDir:
//
//	postgres/          the cluster (mode 0700, owned by whom the server runs as)
//	postgres.socket/   the unix socket (mode 0700); a link to a short temporary
//	                   folder when this path is too long for a socket
//	postgres.log       what the server says; turned over at 10 MB when starting
//	postgres.lock      held by the launcher for as long as it lives
//	postgres.alive     held by every process of the server for as long as one lives
package embedded

import (
	"errors"
	"fmt"
	"log/slog"
)

// ErrInUse says that another launcher holds the data folder. The error returned
// is an *InUseError, which knows the process.
var ErrInUse = errors.New("data folder is in use")

// ErrExited is what Cluster.Err wraps when the server ended without being asked to.
var ErrExited = errors.New("postgresql ended by itself")

// InUseError names the launcher that already holds a data folder.
type InUseError struct {
	DataDir string
	PID     int // 0 when the holder had not yet written it down
}

// Error says which folder is taken, by whom, and what to do about it.
func (e *InUseError) Error() string {
	holder := "another process"
	if e.PID > 0 {
		holder = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s is in use by %s: stop it, or choose another data folder", e.DataDir, holder)
}

// Unwrap makes errors.Is(err, ErrInUse) true.
func (e *InUseError) Unwrap() error { return ErrInUse }

// Options say where the cluster lives and how the server is set. Only DataDir is
// required.
type Options struct {
	// DataDir is the program's data folder; it is made when missing. The cluster
	// is DataDir/postgres.
	DataDir string

	// BinDir is the folder that holds postgres and initdb. Empty: search the
	// machine. When set, nothing else is tried.
	BinDir string

	// SearchDirs are further folders below which node_modules and
	// .tools/postgres/node_modules are looked for. The working directory, the
	// project around it and the executable's folder are always looked at.
	SearchDirs []string

	// Logger receives one line per finished step; nil discards. The server's own
	// output goes to DataDir/postgres.log and never here.
	Logger *slog.Logger

	// MaxConnections is the server's max_connections; 0 means 100.
	MaxConnections int

	// Settings are added to, and win over, the defaults of settings.go. Those on
	// which the cluster's privacy rests (addresses, socket, authentication file)
	// are refused. "fsync": "off" is for throw-away clusters of tests only.
	Settings map[string]string
}
