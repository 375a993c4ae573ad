// Package sound looks into recordings and makes voice notes of them. ogg.go reads and
// writes OGG with Opus (RFC 3533, RFC 7845), webm.go takes Opus out of what browsers
// record, mp4.go tells how long a film or recording is, convert.go asks ffmpeg for what we
// cannot do. Whoever sent a recording is not trusted: nothing is believed that would cost
// memory. Not here: where recordings are kept.
package sound

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrFormat is returned for what cannot be read as what it says it is.
var ErrFormat = errors.New("not a recording that can be read")

const (
	opusRate = 48_000 // what Opus counts time in, whatever was recorded
	// longest is how much of a recording is looked at: a day.
	longest = 24 * time.Hour
	// Bars is how many bars a waveform has.
	Bars = 64
)

// Heard is what is known of a recording before it is played.
type Heard struct {
	Duration time.Duration
	Waveform []byte // loudness from 0 to 100, evenly over the duration; nil when it is not known
}

// opusHead is the first packet of an Opus stream.
type opusHead struct {
	channels int
	preSkip  int
	raw      []byte
}

func readOpusHead(packet []byte) (opusHead, error) {
	if len(packet) < 19 || len(packet) > 1024 || !bytes.HasPrefix(packet, []byte("OpusHead")) {
		return opusHead{}, ErrFormat
	}
	return opusHead{int(packet[9]), int(binary.LittleEndian.Uint16(packet[10:])), bytes.Clone(packet)}, nil
}

// packetTime tells how long an Opus packet lasts, in samples (RFC 6716, section 3.1).
func packetTime(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	config, frames := packet[0]>>3, 1
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		frames = int(packet[1] & 0x3f)
	}
	var frame int
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = []int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		frame = []int{480, 960}[config&1]
	default: // CELT: 2.5, 5, 10, 20 ms
		frame = 120 << (config & 3)
	}
	return min(frame*frames, 5760) // a packet lasts 120 ms at most
}

// page is one page of an OGG file.
type page struct {
	granule uint64
	serial  uint32
	packets [][2]int // how long each packet that ends here is on this page, and its first byte in body
	body    []byte
}

// readPage reads the next page. A file ends between two pages.
func readPage(r *bufio.Reader) (page, error) {
	var head [27]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return page{}, io.EOF
		}
		return page{}, ErrFormat
	}
	if string(head[:4]) != "OggS" || head[4] != 0 {
		return page{}, ErrFormat
	}
	segments := make([]byte, head[26])
	if _, err := io.ReadFull(r, segments); err != nil {
		return page{}, ErrFormat
	}
	p := page{granule: binary.LittleEndian.Uint64(head[6:]), serial: binary.LittleEndian.Uint32(head[14:])}
	total, began := 0, 0
	for _, s := range segments {
		total += int(s)
		if s < 255 {
			p.packets = append(p.packets, [2]int{total - began, began})
			began = total
		}
	}
	p.body = make([]byte, total) // 65,025 at most
	if _, err := io.ReadFull(r, p.body); err != nil {
		return page{}, ErrFormat
	}
	return p, nil
}

// HearOgg tells how long an OGG file with Opus is, and about how loud it is where: Opus
// spends more bytes on what is loud, and unpacking it takes a library or ffmpeg.
func HearOgg(content io.Reader) (Heard, error) {
	r := bufio.NewReaderSize(content, 64<<10)
	first, err := readPage(r)
	if err != nil || len(first.packets) != 1 {
		return Heard{}, ErrFormat
	}
	head, err := readOpusHead(first.body)
	if err != nil {
		return Heard{}, err
	}
	var samples uint64
	var rates envelope
	for {
		p, err := readPage(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Heard{}, err
		}
		if p.serial != first.serial || p.granule == 0 || p.granule == 1<<64-1 {
			continue // of another stream, a comment, or in the middle of a packet
		}
		if p.granule > uint64(longest.Seconds())*opusRate || p.granule < samples {
			return Heard{}, ErrFormat
		}
		samples = p.granule
		for _, packet := range p.packets {
			rates.add(float64(packet[0]))
		}
	}
	samples -= min(samples, uint64(head.preSkip))
	return Heard{Duration: time.Duration(samples) * time.Second / opusRate, Waveform: rates.bars()}, nil
}

// envelope gathers values of which nobody knows how many will come, in little memory: when
// it is full, neighbours become one.
type envelope struct {
	sums  [16 * Bars]float64
	used  int
	every int // values in one sum
	inSum int
}

func (e *envelope) add(v float64) {
	if e.every == 0 {
		e.every = 1
	}
	if e.inSum == e.every {
		e.used, e.inSum = e.used+1, 0
	}
	if e.used == len(e.sums) {
		for i := range e.used / 2 {
			e.sums[i] = e.sums[2*i] + e.sums[2*i+1]
		}
		clear(e.sums[e.used/2:])
		e.used, e.every = e.used/2, 2*e.every
	}
	e.sums[e.used] += v
	e.inSum++
}

// bars returns the waveform: 100 where it is loudest.
func (e *envelope) bars() []byte {
	whole := e.sums[:e.used]
	if len(whole) < Bars {
		return nil
	}
	out, means := make([]byte, Bars), make([]float64, Bars)
	most := 0.0
	least := whole[0]
	for i := range Bars {
		from, to := i*len(whole)/Bars, (i+1)*len(whole)/Bars
		for _, v := range whole[from:to] {
			means[i] += v / float64(to-from)
		}
		most, least = max(most, means[i]), min(least, means[i])
	}
	if most <= least {
		return nil // of one loudness: it says nothing
	}
	for i, m := range means {
		out[i] = byte(max(0, 100*(m-least)/(most-least)))
	}
	return out
}

// oggWriter writes one Opus stream. Pages hold about a second, as those of Opus' own tools.
type oggWriter struct {
	to       io.Writer
	sequence uint32
	granule  uint64
	segments []byte
	body     []byte
	began    uint64 // when the page begins
}

const oggSerial = 0x42526f70 // any number serves: there is one stream

// newOggWriter writes the two heads.
func newOggWriter(to io.Writer, head opusHead) (*oggWriter, error) {
	w := &oggWriter{to: to}
	if err := w.single(head.raw, 2); err != nil {
		return nil, err
	}
	tags := append([]byte("OpusTags"), 10, 0, 0, 0)
	tags = append(append(tags, "BotReserva"...), 0, 0, 0, 0)
	return w, w.single(tags, 0)
}

// single writes a page that holds one short packet.
func (w *oggWriter) single(packet []byte, flags byte) error {
	w.append(packet)
	return w.flush(flags)
}

func (w *oggWriter) append(packet []byte) {
	for rest := len(packet); ; rest -= 255 {
		w.segments = append(w.segments, byte(min(rest, 255)))
		if rest < 255 {
			break
		}
	}
	w.body = append(w.body, packet...)
}

// packet writes a packet of sound.
func (w *oggWriter) packet(packet []byte) error {
	if len(w.segments)+len(packet)/255+1 > 255 || w.granule-w.began >= opusRate {
		if err := w.flush(0); err != nil {
			return err
		}
	}
	w.append(packet)
	w.granule += uint64(packetTime(packet))
	return nil
}

// end writes the last page.
func (w *oggWriter) end() error { return w.flush(4) }

func (w *oggWriter) flush(flags byte) error {
	head := append([]byte("OggS"), 0, flags)
	head = binary.LittleEndian.AppendUint64(head, w.granule)
	head = binary.LittleEndian.AppendUint32(head, oggSerial)
	head = binary.LittleEndian.AppendUint32(head, w.sequence)
	head = append(head, 0, 0, 0, 0, byte(len(w.segments)))
	head = append(head, w.segments...)
	binary.LittleEndian.PutUint32(head[22:], oggSum(oggSum(0, head), w.body))
	if _, err := w.to.Write(append(head, w.body...)); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	w.sequence, w.segments, w.body, w.began = w.sequence+1, w.segments[:0], w.body[:0], w.granule
	return nil
}

// oggSums are for OGG's checksum: the polynomial of Ethernet's, read the other way round.
var oggSums = func() (table [256]uint32) {
	for i := range table {
		sum := uint32(i) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
		table[i] = sum
	}
	return table
}()

func oggSum(sum uint32, data []byte) uint32 {
	for _, b := range data {
		sum = sum<<8 ^ oggSums[byte(sum>>24)^b]
	}
	return sum
}
