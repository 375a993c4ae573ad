//go:build unix && !linux

package embedded

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// serverProcesses finds the postmaster only: here a process does not show its
// working directory, but the postmaster's arguments name the folder. Its children
// are covered by the lock that they inherit.
func serverProcesses(clusterDir string) ([]int, error) {
	file, err := readPidFile(clusterDir)
	if err != nil {
		return nil, nil //nolint:nilerr // no pid file, no server
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "ps", "-o", "command=", "-p", strconv.Itoa(file.pid)).Output()
	if err != nil {
		return nil, nil //nolint:nilerr // ps fails when there is no such process
	}
	command := string(out)
	if strings.Contains(command, "postgres") && strings.Contains(command, "-D "+clusterDir) {
		return []int{file.pid}, nil
	}
	return nil, nil
}
