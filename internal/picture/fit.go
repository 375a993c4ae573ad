package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// fitQuality is for pictures that guests look at, not for lists.
const fitQuality = 85

// Fit makes a JPEG of a picture in any form that Small knows, the right way up, with no
// edge longer than edge.
func Fit(data []byte, edge int) (fitted []byte, err error) {
	head := data[:min(len(data), headSize)]
	size, err := sizeOf(head)
	if err != nil {
		return nil, err
	}
	unpacking.Lock()
	defer unpacking.Unlock()
	defer func() {
		if cause := recover(); cause != nil { // a decoder that trips over hostile bytes
			err = ErrFormat
		}
	}()
	large, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if large.Bounds().Size() != size {
		return nil, ErrFormat
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, turned(shrunk(large, edge), orientation(head)), &jpeg.Options{Quality: fitQuality}); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return out.Bytes(), nil
}
