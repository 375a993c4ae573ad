//go:build unix

package embedded

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// reservedSettings carry the cluster's privacy: anybody who reaches the server is
// its superuser, so nothing may open another way in.
var reservedSettings = []string{
	"listen_addresses", "port", "unix_socket_directories", "unix_socket_permissions",
	"unix_socket_group", "data_directory", "config_file", "hba_file", "ident_file", "external_pid_file",
}

func checkSettings(settings map[string]string) error {
	for name := range settings {
		if slices.Contains(reservedSettings, settingName(name)) {
			return fmt.Errorf("setting %s of the embedded postgresql cannot be changed", name)
		}
	}
	return nil
}

// settingName is the one form of the several that the server's command line takes.
func settingName(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "-", "_")
}

// defaultSettings suit a small server that shares its machine with the product:
// every commit durable, little memory when idle, no idle helpers that nothing uses.
func defaultSettings(major int) map[string]string {
	s := map[string]string{
		"fsync":              "on",
		"synchronous_commit": "on",
		"full_page_writes":   "on",
		"wal_level":          "replica", // a base backup can be taken
		"max_wal_size":       "1GB",
		"min_wal_size":       "80MB",

		"shared_buffers":       "128MB",
		"effective_cache_size": "512MB",
		"huge_pages":           "off",
		"jit":                  "off", // compiles for longer than our queries run
		"random_page_cost":     "1.1", // solid-state disks

		"autovacuum_max_workers":          "2",
		"max_worker_processes":            "4",
		"max_parallel_workers":            "2",
		"max_parallel_workers_per_gather": "0",
		"max_logical_replication_workers": "0",
		"max_wal_senders":                 "3",

		"timezone":     "UTC",
		"log_timezone": "UTC",
		// Statements and the details of errors hold guests' messages and numbers.
		"log_min_error_statement":    "panic",
		"log_error_verbosity":        "terse",
		"log_min_duration_statement": "-1",
		"log_statement":              "none",
		"logging_collector":          "off",
		"log_destination":            "stderr",
	}
	if major >= 18 {
		s["io_method"] = "sync" // otherwise three more processes wait for work
	}
	return s
}

// serverArguments are given on the command line, so that a cluster made by an
// older release follows this one's settings without a file being rewritten.
func serverArguments(opts Options, socketPath string, major int) []string {
	settings := defaultSettings(major)
	settings["max_connections"] = strconv.Itoa(opts.MaxConnections)
	for name, value := range opts.Settings {
		settings[settingName(name)] = value
	}
	settings["listen_addresses"] = ""
	settings["port"] = socketPort
	settings["unix_socket_directories"] = `"` + socketPath + `"` // it is a list: a space would split it
	settings["unix_socket_permissions"] = "0700"

	args := []string{"-D", opts.clusterDir()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// durable is false for throw-away clusters only.
func (o Options) durable() bool {
	for name, value := range o.Settings {
		if settingName(name) == "fsync" {
			return !slices.Contains([]string{"off", "false", "no", "0"}, strings.ToLower(value))
		}
	}
	return true
}
