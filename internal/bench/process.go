package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc, the same on every Linux (proc(5), USER_HZ).
const tick = 10 * time.Millisecond

// times is a process's line in /proc/<pid>/stat.
type times struct {
	parent        int
	own, children time.Duration // user and system together; children: those that ended
}

func timesOf(pid int) (times, error) {
	text, err := fs.ReadFile(os.DirFS("/proc"), strconv.Itoa(pid)+"/stat")
	if err != nil {
		return times{}, fmt.Errorf("read the CPU time of a process: %w", err)
	}
	return parseTimes(string(text))
}

// parseTimes reads a line whose second field, the name, may hold anything.
func parseTimes(line string) (times, error) {
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:])
	if len(fields) < 15 {
		return times{}, fmt.Errorf("read the CPU time of a process: %d fields", len(fields))
	}
	var n [5]int // ppid; utime, stime, cutime, cstime
	for i, field := range []int{1, 11, 12, 13, 14} {
		value, err := strconv.Atoi(fields[field])
		if err != nil {
			return times{}, fmt.Errorf("read the CPU time of a process: %w", err)
		}
		n[i] = value
	}
	return times{n[0], time.Duration(n[1]+n[2]) * tick, time.Duration(n[3]+n[4]) * tick}, nil
}

// cpuOf is the CPU time of one process without its children.
func cpuOf(pid int) time.Duration {
	t, err := timesOf(pid)
	if err != nil {
		return 0
	}
	return t.own
}

// cpuOfFamily is the CPU time of a process, its living children, and those that it
// has buried: a PostgreSQL server with all backends that it ever had.
func cpuOfFamily(parent int) time.Duration {
	t, err := timesOf(parent)
	if err != nil {
		return 0
	}
	total := t.own + t.children
	for _, pid := range childrenOf(parent) {
		total += cpuOf(pid)
	}
	return total
}

func childrenOf(parent int) []int {
	names, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well-formed
	var pids []int
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err != nil {
			continue
		}
		if t, err := timesOf(pid); err == nil && t.parent == parent {
			pids = append(pids, pid)
		}
	}
	return pids
}

// cpuOfMachine is the time that all processes together have had, on all cores.
func cpuOfMachine() time.Duration {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(first) // cpu user nice system idle iowait irq softirq …
	total := 0
	for i, f := range fields {
		if i == 1 || i == 2 || i == 3 || i == 6 || i == 7 {
			n, _ := strconv.Atoi(f)
			total += n
		}
	}
	return time.Duration(total) * tick
}

// usage is the CPU time of everybody who takes part.
type usage struct{ product, postgres, bench, machine time.Duration }

func (u usage) since(before usage) usage {
	return usage{u.product - before.product, u.postgres - before.postgres, u.bench - before.bench, u.machine - before.machine}
}

// others is what strangers on the machine used, who disturb the measurement.
func (u usage) others() time.Duration {
	return max(0, u.machine-u.product-u.postgres-u.bench)
}

// memory is what a process holds, in bytes. PSS counts shared pages by their share.
type memory struct {
	RSS     int64 `json:"rss"`
	PSS     int64 `json:"pss"`
	PeakRSS int64 `json:"peakRss"`
}

func memoryOf(pid int) memory {
	return memory{
		RSS:     kilobytes(fmt.Sprintf("/proc/%d/status", pid), "VmRSS:"),
		PSS:     kilobytes(fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Pss:"),
		PeakRSS: kilobytes(fmt.Sprintf("/proc/%d/status", pid), "VmHWM:"),
	}
}

// kilobytes reads a line "Name:  1234 kB", in bytes; 0 when it is not there.
func kilobytes(file, name string) int64 {
	text, err := os.ReadFile(file) //nolint:gosec // a file of /proc
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return n * 1024
		}
	}
	return 0
}
