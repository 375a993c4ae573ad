package blob

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"
)

// Memory keeps objects in memory, for tests. Its zero value is empty and ready.
type Memory struct {
	mu      sync.Mutex
	objects map[string][]byte
}

// Put implements Store.
func (m *Memory) Put(ctx context.Context, key string, content io.Reader, size int64) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	all, err := io.ReadAll(cancellable{ctx, content})
	if err == nil && size >= 0 && int64(len(all)) != size {
		err = errShort
	}
	if err != nil {
		return int64(len(all)), err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.objects == nil {
		m.objects = map[string][]byte{}
	}
	m.objects[key] = all
	return int64(len(all)), nil
}

// Open implements Store.
func (m *Memory) Open(_ context.Context, key string, from int64) (io.ReadCloser, error) {
	all, err := m.get(key)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(all[min(from, int64(len(all))):])), nil
}

// Stat implements Store. The time is always the same.
func (m *Memory) Stat(_ context.Context, key string) (Info, error) {
	all, err := m.get(key)
	return Info{int64(len(all)), time.Unix(0, 0)}, err
}

// Delete implements Store.
func (m *Memory) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
	return nil
}

func (m *Memory) get(key string) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	all, ok := m.objects[key]
	if !ok {
		return nil, ErrNotFound
	}
	return all, nil
}
