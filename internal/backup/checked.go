package backup

import (
	"bytes"
	"errors"
	"hash"
	"io"
)

// checkedReader ends with an error, not with the end, when what was read is not what it
// should be: a store then keeps nothing of it.
type checkedReader struct {
	from io.Reader
	sum  hash.Hash
	want []byte
}

// Read implements io.Reader.
func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	_, _ = c.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && !bytes.Equal(c.sum.Sum(nil), c.want) {
		return n, damaged("a file is not as it was written")
	}
	return n, err
}
