package main

import (
	"os"
	"runtime"
	"strings"
	"time"
)

// machine is where it was measured: figures mean nothing without it.
type machine struct {
	Date       time.Time `json:"date"`
	Cores      int       `json:"cores"`
	CPU        string    `json:"cpu"`
	Memory     int64     `json:"memory"` // bytes
	Kernel     string    `json:"kernel"`
	Go         string    `json:"go"`
	PostgreSQL string    `json:"postgresql"`
	LoadBefore string    `json:"loadAverageBefore"` // 1, 5, 15 minutes
	LoadAfter  string    `json:"loadAverageAfter"`
}

func machineNow() machine {
	return machine{
		Date: time.Now().UTC(), Cores: runtime.NumCPU(), CPU: cpuModel(), Memory: kilobytes("/proc/meminfo", "MemTotal:"),
		Kernel: firstLine("/proc/sys/kernel/osrelease"), Go: runtime.Version(), LoadBefore: loadAverage(),
	}
}

func loadAverage() string {
	fields := strings.Fields(firstLine("/proc/loadavg"))
	return strings.Join(fields[:min(3, len(fields))], " ")
}

func firstLine(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

func cpuModel() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
