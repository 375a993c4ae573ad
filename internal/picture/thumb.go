// Package picture makes small pictures of large ones. Whoever sent the large one is not
// trusted: how many pixels it has is found out before any of them is unpacked, by reading
// the same header that unpacking goes by, and one is unpacked at a time. Open thumb.go
// first; which way up a picture is shown stands in orientation.go. Not here: where pictures
// are kept.
package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // formats that image.Decode knows
	"image/jpeg"
	_ "image/png"
	"io"
	"sync"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	// MaxPixels is the largest picture that is unpacked: what a phone's camera makes. It
	// takes 128 MB at most, for a PNG of 16 bits, and 24 MB for a JPEG.
	MaxPixels = 16 << 20
	// Edge is the longest edge of a small picture.
	Edge = 320
	// headSize is within how much of a file its size must be told. Cameras put a small
	// picture and colour tables before it.
	headSize = 256 << 10
	quality  = 75
)

// Errors of pictures of which no small one is made.
var (
	ErrFormat = errors.New("not a picture that can be unpacked")
	ErrLarge  = errors.New("the picture has too many pixels")
)

// Thumb is a small picture.
type Thumb struct {
	JPEG          []byte
	Width, Height int // of the large one, as it is shown
}

// unpacking lets one picture at a time be unpacked.
var unpacking sync.Mutex

// Small makes a small picture of a JPEG, PNG, GIF (its first frame) or still WebP.
func Small(content io.Reader) (t Thumb, err error) {
	buffered := bufio.NewReaderSize(content, headSize)
	head, err := buffered.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return t, err
	}
	size, err := sizeOf(head)
	if err != nil {
		return t, err
	}
	turn := orientation(head)
	unpacking.Lock()
	defer unpacking.Unlock()
	defer func() {
		if cause := recover(); cause != nil { // a decoder that trips over hostile bytes
			err = ErrFormat
		}
	}()
	large, _, err := image.Decode(buffered)
	if err != nil {
		return t, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if large.Bounds().Size() != size {
		return t, ErrFormat
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, turned(shrunk(large, Edge), turn), &jpeg.Options{Quality: quality}); err != nil {
		return t, fmt.Errorf("write small picture: %w", err)
	}
	if turn >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	return Thumb{out.Bytes(), size.X, size.Y}, nil
}

// sizeOf tells how many pixels unpacking will make, or refuses them.
func sizeOf(head []byte) (image.Point, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(head))
	size := image.Pt(config.Width, config.Height)
	if bytes.HasPrefix(head, []byte("RIFF")) && webpFrame(head) != size {
		// The canvas of an extended WebP says nothing of the frame, and both are unpacked.
		return size, ErrFormat
	}
	switch {
	case err != nil || size.X <= 0 || size.Y <= 0:
		return size, ErrFormat
	case int64(size.X)*int64(size.Y) > MaxPixels:
		return size, ErrLarge
	default:
		return size, nil
	}
}

// webpFrame reads the size of the first frame of a WebP (RFC 9649), or nothing for one that
// moves.
func webpFrame(head []byte) image.Point {
	if len(head) < 12 || string(head[8:12]) != "WEBP" {
		return image.Point{}
	}
	for rest := head[12:]; len(rest) >= 8; {
		kind, length := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:8]))
		body := rest[8:]
		switch {
		case kind == "VP8 " && len(body) >= 10:
			return image.Pt(int(binary.LittleEndian.Uint16(body[6:])&0x3fff), int(binary.LittleEndian.Uint16(body[8:])&0x3fff))
		case kind == "VP8L" && len(body) >= 5:
			bits := binary.LittleEndian.Uint32(body[1:])
			return image.Pt(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1)
		case kind == "ANMF" || kind == "VP8 " || kind == "VP8L":
			return image.Point{}
		}
		if length += length & 1; length > int64(len(body)) {
			return image.Point{}
		}
		rest = body[length:]
	}
	return image.Point{}
}

// shrunk scales a picture down until no edge is longer than edge, on white where one can
// see through it. A small one stays.
func shrunk(large image.Image, edge int) *image.RGBA {
	from := large.Bounds()
	width, height := from.Dx(), from.Dy()
	if longest := max(width, height); longest > edge {
		width, height = max(1, width*edge/longest), max(1, height*edge/longest)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(small, small.Bounds(), large, from, draw.Over, nil)
	return small
}
