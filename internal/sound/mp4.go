package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// maxBoxes is how many boxes of a file are looked at.
const maxBoxes = 1000

// HearMP4 tells how long an MP4 file (a film or a recording) says that it is
// (ISO/IEC 14496-12, mvhd). What lies between is skipped by seeking.
func HearMP4(content io.ReadSeeker) (Heard, error) {
	end, err := content.Seek(0, io.SeekEnd)
	if err != nil {
		return Heard{}, fmt.Errorf("look for the end: %w", err)
	}
	at := int64(0)
	for range maxBoxes {
		kind, begins, next, err := readBox(content, at, end)
		if err != nil {
			return Heard{}, err
		}
		switch kind {
		case "moov":
			at = begins // its children follow
		case "mvhd":
			return movieTime(content)
		default:
			at = next
		}
	}
	return Heard{}, ErrFormat
}

func readBox(content io.ReadSeeker, at, end int64) (kind string, begins, next int64, err error) {
	if at+8 > end {
		return "", 0, 0, ErrFormat
	}
	if _, err := content.Seek(at, io.SeekStart); err != nil {
		return "", 0, 0, fmt.Errorf("look for a box: %w", err)
	}
	var head [16]byte
	if err := read(content, head[:8]); err != nil {
		return "", 0, 0, err
	}
	size, length := int64(binary.BigEndian.Uint32(head[:])), int64(8)
	switch size {
	case 0:
		size = end - at
	case 1:
		if err := read(content, head[8:]); err != nil {
			return "", 0, 0, err
		}
		length = 16
		size = int64(min(binary.BigEndian.Uint64(head[8:]), 1<<62))
	}
	if size < length || size > end-at {
		return "", 0, 0, ErrFormat
	}
	return string(head[4:8]), at + length, at + size, nil
}

// movieTime reads the body of mvhd.
func movieTime(content io.Reader) (Heard, error) {
	var body [32]byte
	if err := read(content, body[:]); err != nil {
		return Heard{}, err
	}
	scale, units := uint64(binary.BigEndian.Uint32(body[12:])), uint64(binary.BigEndian.Uint32(body[16:]))
	if body[0] == 1 {
		scale, units = uint64(binary.BigEndian.Uint32(body[20:])), binary.BigEndian.Uint64(body[24:])
	}
	if scale == 0 || units/scale > uint64(longest/time.Second) {
		return Heard{}, ErrFormat
	}
	return Heard{Duration: time.Duration(float64(units) / float64(scale) * float64(time.Second)).Round(time.Millisecond)}, nil
}

// read fills p. A file that ends before is none.
func read(from io.Reader, p []byte) error {
	_, err := io.ReadFull(from, p)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrFormat
	}
	return err
}
