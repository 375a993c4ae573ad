//go:build unix && !linux

package embedded_test

import "testing"

// requireNobodyLeft cannot see what processes work on elsewhere than on Linux.
func requireNobodyLeft(*testing.T, string) {}
