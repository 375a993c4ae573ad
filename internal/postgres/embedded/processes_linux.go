package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// serverProcesses lists the PostgreSQL processes at work in a cluster folder:
// each has it as its working directory. A process number in a file proves
// nothing, because numbers are used again.
func serverProcesses(clusterDir string) ([]int, error) {
	cluster, err := os.Stat(clusterDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for running servers: %w", err)
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("look for running servers: %w", err)
	}
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if isServer(pid) && worksIn(pid, cluster) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

func isServer(pid int) bool {
	name, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "comm"))
	if err != nil {
		return false
	}
	program := strings.TrimSpace(string(name))
	return program == "postgres" || program == "postmaster"
}

// worksIn is false for a process that has ended but was not yet waited for.
func worksIn(pid int, cluster os.FileInfo) bool {
	cwd, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	return err == nil && os.SameFile(cwd, cluster)
}
