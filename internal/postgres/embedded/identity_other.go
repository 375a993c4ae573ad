//go:build unix && !linux

package embedded

import "syscall"

// Only Linux has user namespaces.
func namespaceIdentities() []identity { return nil }

func enterNamespace(*syscall.SysProcAttr, identity) {}

// dieWith has no counterpart here: a server whose launcher was killed runs on
// until the next start stops it.
func dieWith(*syscall.SysProcAttr, syscall.Signal) {}
