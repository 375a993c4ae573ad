// Package blob keeps bytes under keys: in a folder (folder.go), or in memory for tests
// (memory.go). It knows nothing of hotels or of what the bytes are; whoever may see them
// is decided above. An object store over the network fits the same interface: an object
// is written once, read from any place, and never changed.
package blob

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
)

// Store keeps objects. All methods may be called concurrently.
type Store interface {
	// Put reads content to its end and keeps it under key. It is there whole or, after any
	// error, not at all. size may be −1 when it is not known before.
	Put(ctx context.Context, key string, content io.Reader, size int64) (int64, error)
	// Open returns the object from an offset on. Its end is the object's: a reader that wants
	// less closes early.
	Open(ctx context.Context, key string, from int64) (io.ReadCloser, error)
	// Stat returns what is known of an object without reading it.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes an object. One that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// Lister is a store that knows what it holds. What runs without one never lists.
type Lister interface {
	Store
	// List calls fn with every object whose key lies under a folder; "." is all.
	List(ctx context.Context, under string, fn func(key string, o Info) error) error
}

// Info is what a store knows of an object.
type Info struct {
	Size int64
	At   time.Time // of the last write
}

// Errors of every store.
var (
	ErrNotFound = errors.New("no such object")
	ErrKey      = errors.New("not a key of objects")
	errShort    = errors.New("the content has another size than announced")
)

const longestKey = 500

// checkKey admits names between slashes, made of letters, digits, "-", "_" and ".", none
// of them beginning with a dot: no key leads out of its place, or to what a store keeps
// for itself.
func checkKey(key string) error {
	if len(key) > longestKey {
		return ErrKey
	}
	for name := range strings.SplitSeq(key, "/") {
		if name == "" || name[0] == '.' || strings.ContainsFunc(name, isStrange) {
			return ErrKey
		}
	}
	return nil
}

func isStrange(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.'
}

// cancellable ends reading when the context does.
type cancellable struct {
	ctx  context.Context //nolint:containedctx // of one Put, in which it lives
	from io.Reader
}

// Read implements io.Reader.
func (c cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.from.Read(p)
}
