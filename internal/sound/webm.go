package sound

import (
	"bufio"
	"errors"
	"io"
	"math/bits"
)

// Refusals of recordings of which no voice note is made without ffmpeg.
var (
	// ErrNotOpus is returned for a WebM file that holds something else, or film.
	ErrNotOpus = errors.New("the recording is not Opus alone")
	// ErrChannels is returned for more than one channel.
	ErrChannels = errors.New("the recording has more than one channel")
)

// Elements of Matroska (RFC 9559) that we read.
const (
	idSegment     = 0x18538067
	idTracks      = 0x1654ae6b
	idTrack       = 0xae
	idTrackNumber = 0xd7
	idTrackType   = 0x83
	idCodec       = 0x86
	idCodecHead   = 0x63a2
	idCluster     = 0x1f43b675
	idBlockGroup  = 0xa0
	idBlock       = 0xa1
	idSimpleBlock = 0xa3
)

const (
	maxPacket = 64 << 10 // an Opus packet has at most 1,275 bytes for each of 48 frames
	maxField  = 4 << 10
)

// IsWebM reports whether a file may be WebM or Matroska, by its first bytes.
func IsWebM(head []byte) bool {
	return len(head) >= 4 && head[0] == 0x1a && head[1] == 0x45 && head[2] == 0xdf && head[3] == 0xa3
}

// Remux takes the Opus packets out of a WebM file, as browsers record it, and writes them as
// OGG. Nothing is unpacked, so nothing is lost.
func Remux(to io.Writer, from io.Reader) error {
	m := &remuxer{r: &counted{r: bufio.NewReaderSize(from, 64<<10)}, to: to}
	if err := m.elements(); err != nil {
		return err
	}
	if m.out == nil || m.sound == 0 {
		return ErrFormat
	}
	return m.out.end()
}

// counted knows where it is.
type counted struct {
	r  *bufio.Reader
	at int64
}

// ReadByte implements io.ByteReader.
func (c *counted) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.at++
	}
	return b, err
}

func (c *counted) skip(n int64) error {
	for n > 0 {
		d, err := c.r.Discard(int(min(n, 1<<20)))
		c.at, n = c.at+int64(d), n-int64(d)
		if err != nil {
			return ErrFormat
		}
	}
	return nil
}

func (c *counted) bytes(n, most int64) ([]byte, error) {
	if n < 0 || n > most {
		return nil, ErrFormat
	}
	out := make([]byte, n)
	read, err := io.ReadFull(c.r, out)
	c.at += int64(read)
	if err != nil {
		return nil, ErrFormat
	}
	return out, nil
}

type remuxer struct {
	r     *counted
	to    io.Writer
	out   *oggWriter
	track uint64 // which one is the recording
	sound int    // packets so far

	// of the track that is being read
	number, kind uint64
	codec        string
	head         []byte
}

// elements reads them to the end of the file. A recording that was never finished says of
// no element how long it is.
func (m *remuxer) elements() error {
	for {
		id, err := m.vint(true)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrFormat
		}
		size, err := m.size()
		if err != nil {
			return err
		}
		if err := m.element(id, size); err != nil {
			return err
		}
	}
}

// element reads one. Those that hold others are entered: what follows them reads the same.
func (m *remuxer) element(id uint64, size int64) error {
	switch id {
	case idSegment, idCluster, idBlockGroup, idTracks:
		return nil // entered: their children follow
	case idTrack:
		return m.readTrack(size)
	case idSimpleBlock, idBlock:
		return m.block(size)
	default:
		if size < 0 {
			return ErrFormat
		}
		return m.r.skip(size)
	}
}

func (m *remuxer) readTrack(size int64) error {
	if size < 0 || size > 1<<20 {
		return ErrFormat
	}
	m.number, m.kind, m.codec, m.head = 0, 0, "", nil
	for end := m.r.at + size; m.r.at < end; {
		id, err := m.vint(true)
		if err != nil {
			return ErrFormat
		}
		length, err := m.size()
		if err != nil || length < 0 {
			return ErrFormat
		}
		if err := m.trackField(id, length); err != nil {
			return err
		}
	}
	return m.chosen()
}

func (m *remuxer) trackField(id uint64, length int64) error {
	switch id {
	case idTrackNumber, idTrackType, idCodec, idCodecHead:
	default:
		return m.r.skip(length)
	}
	field, err := m.r.bytes(length, maxField)
	if err != nil {
		return err
	}
	var number uint64
	for _, b := range field[:min(len(field), 8)] {
		number = number<<8 | uint64(b)
	}
	switch id {
	case idTrackNumber:
		m.number = number
	case idTrackType:
		m.kind = number
	case idCodec:
		m.codec = string(field)
	case idCodecHead:
		m.head = field
	}
	return nil
}

// chosen begins to write when the track is the recording.
func (m *remuxer) chosen() error {
	const sound = 2
	if m.kind != sound || m.codec != "A_OPUS" || m.out != nil {
		return ErrNotOpus
	}
	head, err := readOpusHead(m.head)
	if err != nil {
		return err
	}
	if head.channels != 1 {
		return ErrChannels
	}
	m.track = m.number
	m.out, err = newOggWriter(m.to, head)
	return err
}

// block writes the packet of a block.
func (m *remuxer) block(size int64) error {
	if size < 0 {
		return ErrFormat
	}
	end := m.r.at + size
	track, err := m.vint(false)
	if err != nil {
		return ErrFormat
	}
	head, err := m.r.bytes(3, 3) // time in the cluster, flags
	if err != nil {
		return err
	}
	const lacing = 0x06
	if m.out == nil || head[2]&lacing != 0 {
		return ErrFormat // sound before its track, or several packets in one block, which no browser writes
	}
	if track != m.track {
		return m.r.skip(end - m.r.at)
	}
	packet, err := m.r.bytes(end-m.r.at, maxPacket)
	if err != nil {
		return err
	}
	if packetTime(packet) == 0 {
		return ErrFormat
	}
	m.sound++
	return m.out.packet(packet)
}

// size reads how long an element is; negative when it does not say.
func (m *remuxer) size() (int64, error) {
	before := m.r.at
	v, err := m.vint(false)
	if err != nil {
		return 0, ErrFormat
	}
	if unknown := uint64(1)<<(7*(m.r.at-before)) - 1; v == unknown {
		return -1, nil
	}
	if v > 1<<40 {
		return 0, ErrFormat
	}
	return int64(v), nil
}

// vint reads a number of one to eight bytes: how many, the leading zeros of the first tell.
func (m *remuxer) vint(keepMark bool) (uint64, error) {
	first, err := m.r.ReadByte()
	if err != nil {
		return 0, err
	}
	length := bits.LeadingZeros8(first) + 1
	if length > 8 {
		return 0, ErrFormat
	}
	v := uint64(first)
	if !keepMark {
		v &^= 1 << (8 - length)
	}
	for range length - 1 {
		b, err := m.r.ReadByte()
		if err != nil {
			return 0, ErrFormat
		}
		v = v<<8 | uint64(b)
	}
	return v, nil
}
