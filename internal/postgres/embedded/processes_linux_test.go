package embedded_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// serversIn lists the processes named postgres whose working directory is dir.
func serversIn(dir string) []string {
	var found []string
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range links {
		name, _ := os.ReadFile(filepath.Join(filepath.Dir(link), "comm"))
		cwd, err := os.Readlink(link)
		if err == nil && cwd == dir && strings.TrimSpace(string(name)) == "postgres" {
			found = append(found, filepath.Base(filepath.Dir(link)))
		}
	}
	return found
}

func requireNobodyLeft(t *testing.T, clusterDir string) {
	t.Helper()
	if left := serversIn(clusterDir); len(left) > 0 {
		t.Errorf("server processes left in %s: %v", clusterDir, left)
	}
}

// processUser is the effective user of a process, as the kernel sees it.
func processUser(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] == "Uid:" {
			return fields[2]
		}
	}
	t.Fatal("no user in the process's status")
	return ""
}
