package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation returns which way up a JPEG is shown, by Exif's numbers from 1 (as it is) to
// 8. Cameras turn the picture by saying so. What cannot be read is 1.
func orientation(head []byte) int {
	if !bytes.HasPrefix(head, []byte{0xff, 0xd8}) {
		return 1
	}
	for rest := head[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if length < 2 || len(rest) < 2+length || marker == 0xda {
			return 1
		}
		if body := rest[4 : 2+length]; marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return exifOrientation(body[6:])
		}
		rest = rest[2+length:]
	}
	return 1
}

// exifOrientation looks through the first directory of a TIFF.
func exifOrientation(tiff []byte) int {
	const tag, entrySize = 0x0112, 12
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case len(tiff) < 8:
		return 1
	case bytes.HasPrefix(tiff, []byte("II")):
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entrySize {
			return 1
		}
		if order.Uint16(entries) == tag {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
		entries = entries[entrySize:]
	}
	return 1
}

// turned returns a picture as it is shown.
func turned(p *image.RGBA, turn int) image.Image {
	if turn == 1 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			toX, toY := place(x, y, w, h, turn)
			out.SetRGBA(toX, toY, p.RGBAAt(x, y))
		}
	}
	return out
}

// place tells where a point is shown.
func place(x, y, w, h, turn int) (toX, toY int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default:
		return y, w - 1 - x
	}
}
