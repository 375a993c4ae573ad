//go:build !unix

package embedded

import (
	"context"
	"errors"
)

// Cluster cannot be had on this system; see Start.
type Cluster struct{}

// Start always fails here: dropping rights, locks and signals are those of Unix.
func Start(context.Context, Options) (*Cluster, error) {
	return nil, errors.New("the embedded postgresql needs Linux or macOS: set DATABASE_URL to use a server of your own")
}

// URL is empty.
func (*Cluster) URL(string) string { return "" }

// DataDir is empty.
func (*Cluster) DataDir() string { return "" }

// Version is empty.
func (*Cluster) Version() string { return "" }

// Done is never closed.
func (*Cluster) Done() <-chan struct{} { return nil }

// Err is nil.
func (*Cluster) Err() error { return nil }

// Stop does nothing.
func (*Cluster) Stop(context.Context) error { return nil }
