//go:build unix

package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// pidFile is what PostgreSQL writes to postmaster.pid, one value per line
// (pidfile.h of PostgreSQL 15 to 18).
type pidFile struct {
	pid    int
	status string // "starting", "ready", "stopping", …
}

const (
	pidFileName   = "postmaster.pid"
	pidLinePID    = 0
	pidLineStatus = 7
)

// readPidFile fails when there is none or when it is not yet written whole.
func readPidFile(clusterDir string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(clusterDir, pidFileName))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[pidLinePID]))
	if err != nil {
		return pidFile{}, fmt.Errorf("read %s: %w", pidFileName, err)
	}
	line := func(i int) string {
		if i >= len(lines) {
			return ""
		}
		return strings.TrimSpace(lines[i])
	}
	// A single-user server writes its number negated.
	return pidFile{pid: max(pid, -pid), status: line(pidLineStatus)}, nil
}
