package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/picture"
)

// flag is red on the left and blue on the right, so that one sees how it lies.
func flag(w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 255, A: 255}
			}
			out.SetRGBA(x, y, c)
		}
	}
	return out
}

func encoded(t *testing.T, format string, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	err := map[string]func() error{
		"jpeg": func() error { return jpeg.Encode(&out, p, nil) },
		"png":  func() error { return png.Encode(&out, p) },
		"gif":  func() error { return gif.Encode(&out, p, nil) },
	}[format]()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withOrientation puts an Exif head into a JPEG that says which way up it is shown.
func withOrientation(file []byte, order binary.AppendByteOrder, mark string, turn uint16) []byte {
	tiff := append([]byte(mark), order.AppendUint32(order.AppendUint16(nil, 42), 8)...)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3)
	tiff = order.AppendUint16(order.AppendUint16(order.AppendUint32(tiff, 1), turn), 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), file[2:]...)
}

func isRed(p image.Image, x, y int) bool {
	r, _, b, _ := p.At(x, y).RGBA()
	return r > b
}

// TestSmall: every format becomes a JPEG of at most 320, which lies as the large one does.
func TestSmall(t *testing.T) {
	t.Parallel()
	sideways := encoded(t, "jpeg", flag(800, 400))
	for name, c := range map[string]struct {
		file          []byte
		width, height int
		small         image.Point
		red, blue     image.Point
	}{
		"jpeg":               {sideways, 800, 400, image.Pt(320, 160), image.Pt(10, 80), image.Pt(310, 80)},
		"png":                {encoded(t, "png", flag(800, 400)), 800, 400, image.Pt(320, 160), image.Pt(10, 80), image.Pt(310, 80)},
		"gif":                {encoded(t, "gif", flag(400, 800)), 400, 800, image.Pt(160, 320), image.Pt(10, 80), image.Pt(150, 80)},
		"tiny":               {encoded(t, "png", flag(32, 16)), 32, 16, image.Pt(32, 16), image.Pt(2, 8), image.Pt(30, 8)},
		"a line":             {encoded(t, "png", flag(4000, 1)), 4000, 1, image.Pt(320, 1), image.Pt(10, 0), image.Pt(310, 0)},
		"mirrored":           {withOrientation(sideways, binary.BigEndian, "MM", 2), 800, 400, image.Pt(320, 160), image.Pt(310, 80), image.Pt(10, 80)},
		"on its head":        {withOrientation(sideways, binary.LittleEndian, "II", 3), 800, 400, image.Pt(320, 160), image.Pt(310, 80), image.Pt(10, 80)},
		"turned right":       {withOrientation(sideways, binary.BigEndian, "MM", 6), 400, 800, image.Pt(160, 320), image.Pt(80, 10), image.Pt(80, 310)},
		"turned left":        {withOrientation(sideways, binary.LittleEndian, "II", 8), 400, 800, image.Pt(160, 320), image.Pt(80, 310), image.Pt(80, 10)},
		"turned by nonsense": {withOrientation(sideways, binary.BigEndian, "MM", 77), 800, 400, image.Pt(320, 160), image.Pt(10, 80), image.Pt(310, 80)},
	} {
		got, err := picture.Small(bytes.NewReader(c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p, err := jpeg.Decode(bytes.NewReader(got.JPEG))
		if err != nil || p.Bounds().Size() != c.small || got.Width != c.width || got.Height != c.height {
			t.Errorf("%s: %d×%d, small %v, %v", name, got.Width, got.Height, p.Bounds(), err)
			continue
		}
		if !isRed(p, c.red.X, c.red.Y) || isRed(p, c.blue.X, c.blue.Y) {
			t.Errorf("%s lies the wrong way", name)
		}
	}
}

// bomb is a PNG that is small and says that it is large.
func bomb(w, h uint32) []byte {
	chunk := func(kind string, body []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		out = append(append(out, kind...), body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h), 16, 6, 0, 0, 0)
	return append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...), chunk("IDAT", nil)...)
}

// webp is an extended one whose canvas and frame say different sizes.
func webp(canvas, frame uint32) []byte {
	body := append([]byte{0, 0, 0, 0}, byte(canvas-1), byte((canvas-1)>>8), byte((canvas-1)>>16), byte(canvas-1), byte((canvas-1)>>8), byte((canvas-1)>>16))
	out := append(binary.LittleEndian.AppendUint32([]byte("WEBPVP8X"), 10), body...)
	bits := (frame - 1) | (frame-1)<<14
	out = append(out, "VP8L\x05\x00\x00\x00\x2f"...)
	out = append(binary.LittleEndian.AppendUint32(out, bits), 0)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(out))), out...)
}

// TestBombs: what would unpack into more than a camera makes is not unpacked.
func TestBombs(t *testing.T) {
	t.Parallel()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"one line too many": {bomb(4096, 4097), picture.ErrLarge},
		"a terabyte":        {bomb(1<<30, 1<<30), picture.ErrFormat},
		"a long line":       {bomb(1<<30, 1), picture.ErrLarge},
		"webp whose frame is larger than its canvas": {webp(8, 16384), picture.ErrFormat},
		"webp whose canvas is larger than its frame": {webp(16384, 8), picture.ErrFormat},
		"large webp":    {webp(16384, 16384), picture.ErrLarge},
		"cut off":       {encoded(t, "jpeg", flag(800, 400))[:2000], picture.ErrFormat},
		"page":          {[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), picture.ErrFormat},
		"nothing":       {nil, picture.ErrFormat},
		"zip and jpeg":  {append([]byte("PK\x03\x04"), encoded(t, "jpeg", flag(8, 8))...), picture.ErrFormat},
		"head too long": {append([]byte{0xff, 0xd8}, bytes.Repeat(append([]byte{0xff, 0xe2, 0xff, 0xff}, make([]byte, 65533)...), 5)...), picture.ErrFormat},
	} {
		if _, err := picture.Small(bytes.NewReader(c.file)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	runtime.ReadMemStats(&after)
	if grew := after.TotalAlloc - before.TotalAlloc; grew > 64<<20 {
		t.Errorf("%d MB were allocated", grew>>20)
	}
	gone := errors.New("the disk is gone")
	if _, err := picture.Small(io.MultiReader(strings.NewReader("\xff\xd8"), failing{gone})); !errors.Is(err, gone) {
		t.Errorf("a reader that fails: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzSmall(f *testing.F) {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, flag(16, 8), nil)
	f.Add(withOrientation(out.Bytes(), binary.BigEndian, "MM", 6))
	f.Add(bomb(1, 1))
	f.Add(webp(8, 8))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := picture.Small(bytes.NewReader(file))
		if err != nil {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(got.JPEG)); err != nil || got.Width*got.Height > picture.MaxPixels {
			t.Errorf("%d×%d, %v", got.Width, got.Height, err)
		}
	})
}
