package backup

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// A backup is a row of frames, compressed by zstd and encrypted by age, so that
// `age -d -i key.txt NAME | zstd -d` shows them to whoever has the key:
//
//	one header         JSON: Header
//	any number of      media        JSON: a file that the rows speak of
//	for each table     table        JSON: its name and columns
//	                   data …       its rows in PostgreSQL's binary COPY format
//	                   end          JSON: Table
//	one trailer        JSON: what there must have been
//
// A frame is a letter, the length of what follows in four bytes (big endian), and that.
const (
	headerFrame  = 'H'
	mediaFrame   = 'M'
	tableFrame   = 'T'
	dataFrame    = 'D'
	endFrame     = 'E'
	trailerFrame = 'Z'
)

const (
	// longestData is how much of a table goes into one frame.
	longestData = 256 << 10
	// longestFrame is far more than any frame, and little enough to be read into memory.
	longestFrame = 16 << 20
)

// frames writes frames.
type frames struct{ to io.Writer }

func (f frames) write(kind byte, payload []byte) error {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	if _, err := f.to.Write(head); err != nil {
		return err
	}
	_, err := f.to.Write(payload)
	return err
}

func (f frames) writeJSON(kind byte, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write frame %c: %w", kind, err)
	}
	return f.write(kind, payload)
}

// data writes the rows of a table. Flush it.
func (f frames) data() *bufio.Writer { return bufio.NewWriterSize(dataFrames{f}, longestData) }

type dataFrames struct{ frames }

// Write implements io.Writer.
func (d dataFrames) Write(p []byte) (n int, err error) {
	for n < len(p) {
		next := p[n:min(len(p), n+longestData)]
		if err := d.write(dataFrame, next); err != nil {
			return n, err
		}
		n += len(next)
	}
	return n, nil
}

// frameReader reads frames. What it returns is good until the next one is read.
type frameReader struct {
	from    *bufio.Reader
	payload []byte
}

func (f *frameReader) next() (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(f.from, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > longestFrame {
		return 0, nil, damaged("a part is too long")
	}
	if uint32(cap(f.payload)) < n {
		f.payload = make([]byte, n)
	}
	f.payload = f.payload[:n]
	if _, err := io.ReadFull(f.from, f.payload); err != nil {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return head[0], f.payload, nil
}

// sealTo compresses and encrypts what is written. Close it, or it is cut short.
func (k *Keeper) sealTo(w io.Writer) (io.WriteCloser, error) {
	sealed, err := age.Encrypt(w, k.identity.Recipient())
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return &closeBoth{packed, sealed}, nil
}

type closeBoth struct {
	*zstd.Encoder
	below io.Closer
}

// Close implements io.Closer.
func (c *closeBoth) Close() error { return errors.Join(c.Encoder.Close(), c.below.Close()) }

// open decrypts and unpacks. Errors of the reader pass as they are; all others mean that
// the backup is damaged, or the key wrong.
func (k *Keeper) open(from io.Reader) (unpacked io.ReadCloser, err error) {
	source := &source{from: from}
	plain, err := age.Decrypt(source, k.identity)
	var otherKey *age.NoIdentityMatchError
	switch {
	case errors.As(err, &otherKey):
		return nil, ErrKey
	case err != nil:
		return nil, source.damage(err)
	}
	packed, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, source.damage(err)
	}
	return &opened{packed, source}, nil
}

// DamagedError says that a backup, or a file of one, is not what was written.
type DamagedError struct{ Why error }

// Error implements error.
func (d *DamagedError) Error() string {
	return "the backup is damaged (" + d.Why.Error() + "): take another one, see botreserva backup list"
}

// Unwrap returns the reason.
func (d *DamagedError) Unwrap() error { return d.Why }

func damaged(format string, args ...any) error { return &DamagedError{fmt.Errorf(format, args...)} }

// source tells errors of reading from those of what was read.
type source struct {
	from io.Reader
	err  error
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

func (s *source) damage(err error) error {
	if s.err != nil {
		return fmt.Errorf("read the backup: %w", s.err)
	}
	return &DamagedError{err}
}

type opened struct {
	*zstd.Decoder
	source *source
}

// Read implements io.Reader.
func (o *opened) Read(p []byte) (int, error) {
	n, err := o.Decoder.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = o.source.damage(err)
	}
	return n, err
}

// Close implements io.Closer.
func (o *opened) Close() error {
	o.Decoder.Close()
	return nil
}
