package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// guard is a small process that outlives ours just long enough to clear up. It
// waits for the end of a pipe whose other end only we hold: the operating system
// closes that whatever becomes of us, a kill included.
type guard struct {
	dir  string
	hold *os.File
	cmd  *exec.Cmd
}

// guarding stops a server that is still there, at once, and removes its folder ($1).
// The server itself was told already where the operating system can do that.
const guarding = `
read -r _
pid=$(head -n 1 "$1/postgres/postmaster.pid" 2>/dev/null) && kill -s QUIT "$pid" 2>/dev/null
tries=0
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
rm -rf -- "$1"
`

func newGuard() (*guard, error) {
	dir, err := os.MkdirTemp(scratch(), "pgtest-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the cluster inside closes itself
		return nil, fmt.Errorf("open folder: %w", err)
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", guarding, "pgtest-guard", dir) // lives as long as we do
	cmd.Stdin = ours
	cmd.Dir = "/"
	// A session of its own: Ctrl-C on the terminal ends the tests, not the guard.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start guard: %w", err), ours.Close(), theirs.Close(), os.RemoveAll(dir))
	}
	return &guard{dir: dir, hold: theirs, cmd: cmd}, ours.Close()
}

// scratch is where the server's files go: into memory where there is plenty, which
// makes a clone ten times faster, else below /tmp. $TMPDIR will not do: the server
// may run as another user, and a socket's path must be short.
func scratch() string {
	const memory, plenty = "/dev/shm", 4 << 30 // bytes
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) >= plenty {
		return memory
	}
	return "/tmp"
}

// release lets the guard clear up now, and waits for it.
func (g *guard) release() error {
	return errors.Join(g.hold.Close(), g.cmd.Wait())
}
