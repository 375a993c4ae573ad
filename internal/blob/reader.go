package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Reader reads an object of a known size from any place, as http.ServeContent wants it.
// Nothing is opened before the first Read, and again only after a Seek to elsewhere: over
// a network, a range costs one request.
type Reader struct {
	ctx   context.Context //nolint:containedctx // of one request, in which the reader lives
	store Store
	key   string
	size  int64
	at    int64
	open  io.ReadCloser
}

// NewReader makes a reader. Close it.
func NewReader(ctx context.Context, store Store, key string, size int64) *Reader {
	return &Reader{ctx: ctx, store: store, key: key, size: size}
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if r.open == nil {
		open, err := r.store.Open(r.ctx, r.key, r.at)
		if err != nil {
			return 0, fmt.Errorf("open object: %w", err)
		}
		r.open = open
	}
	n, err := r.open.Read(p[:min(int64(len(p)), r.size-r.at)])
	r.at += int64(n)
	return n, err
}

var errSeek = errors.New("seek before the beginning")

// Seek implements io.Seeker.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return r.at, errSeek
	}
	if offset == r.at {
		return r.at, nil
	}
	r.at = offset
	return r.at, r.Close()
}

// Close implements io.Closer. A later Read opens the object again.
func (r *Reader) Close() error {
	if r.open == nil {
		return nil
	}
	open := r.open
	r.open = nil
	return open.Close()
}
