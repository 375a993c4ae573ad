package filing

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"

	"github.com/botreserva/botreserva/internal/domain/media"
)

// measured sums up what is read through it, and ends it beyond a limit.
type measured struct {
	from  io.Reader
	limit int64
	read  int64
	hash  hash.Hash
}

func newMeasured(from io.Reader, limit int64) *measured {
	return &measured{from: from, limit: limit, hash: sha256.New()}
}

// Read implements io.Reader.
func (m *measured) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.read += int64(n)
	if m.read > m.limit {
		return 0, tooLarge(m.limit)
	}
	_, _ = m.hash.Write(p[:n]) // a hash never fails
	return n, err
}

func (m *measured) sum() (sum [32]byte) {
	m.hash.Sum(sum[:0])
	return sum
}

// tooLarge says how large the file may be.
func tooLarge(limit int64) error {
	switch {
	case limit >= media.MaxSize:
		return media.ErrTooLarge
	case limit < 1_000_000:
		return media.ErrTooLarge.Saying(fmt.Sprintf("The file is too large: WhatsApp takes at most %d KB of this kind. Make it smaller.", limit/1000))
	default:
		return media.ErrTooLarge.Saying(fmt.Sprintf("The file is too large: WhatsApp takes at most %d MB of this kind. Make it smaller.", limit/1_000_000))
	}
}
