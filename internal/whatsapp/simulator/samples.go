package simulator

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"sync"
)

// sampleFile is a real little file of a media type, so that whoever downloads it can check and show it.
func sampleFile(kind string) (mimeType, filename string, data []byte) {
	switch kind {
	case "image":
		return "image/jpeg", "", sampleJPEG()
	case "audio":
		return "audio/ogg; codecs=opus", "", sampleOpus()
	case "video":
		return "video/mp4", "", sampleMP4()
	case "sticker":
		return "image/webp", "", sampleWebP()
	}
	return "application/pdf", "comprovante.pdf", samplePDF()
}

// sampleJPEG is a view of the sea at sunset.
var sampleJPEG = sync.OnceValue(func() []byte {
	const w, h = 480, 320
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, sunset(float64(x)/w, float64(y)/h))
		}
	}
	var buf bytes.Buffer
	must(jpeg.Encode(&buf, img, &jpeg.Options{Quality: 82}))
	return buf.Bytes()
})

func sunset(x, y float64) color.RGBA {
	mixed := func(a, b, t float64) uint8 { return uint8(a + (b-a)*t) }
	switch dx, dy := (x-0.62)*1.5, y-0.5; {
	case y < 0.58 && dx*dx+dy*dy < 0.012:
		return color.RGBA{255, 238, 190, 255}
	case y < 0.58:
		t := y / 0.58
		return color.RGBA{mixed(66, 255, t), mixed(92, 170, t), mixed(150, 108, t), 255}
	case y > 0.82+0.03*math.Sin(x*7):
		return color.RGBA{mixed(214, 236, x), mixed(184, 206, x), mixed(142, 160, x), 255}
	default:
		wave := 0.5 + 0.5*math.Sin(y*140+4*math.Sin(x*9))
		return color.RGBA{mixed(24, 120, wave*x), mixed(78, 140, wave), mixed(112, 150, wave), 255}
	}
}

// sampleOpus is two seconds of silence as an Ogg/Opus voice note.
var sampleOpus = sync.OnceValue(func() []byte {
	head := append([]byte("OpusHead"), 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0)
	tags := append([]byte("OpusTags"), 9, 0, 0, 0)
	tags = append(append(tags, "simulator"...), 0, 0, 0, 0)
	var out bytes.Buffer
	writeOggPage(&out, 2, 0, 0, [][]byte{head})
	writeOggPage(&out, 0, 0, 1, [][]byte{tags})
	silence := make([][]byte, 100) // of 20 ms at 48 kHz
	for i := range silence {
		silence[i] = []byte{0xF8, 0xFF, 0xFE}
	}
	writeOggPage(&out, 4, uint64(len(silence)*960), 2, silence)
	return out.Bytes()
})

// writeOggPage writes packets shorter than 255 bytes as one page (RFC 3533).
func writeOggPage(out *bytes.Buffer, flags byte, granule uint64, serial uint32, packets [][]byte) {
	page := append([]byte("OggS"), 0, flags)
	page = binary.LittleEndian.AppendUint64(page, granule)
	page = binary.LittleEndian.AppendUint32(page, 0x51AB)
	page = binary.LittleEndian.AppendUint32(page, serial)
	page = append(page, 0, 0, 0, 0, byte(len(packets)))
	for _, p := range packets {
		page = append(page, byte(len(p)))
	}
	for _, p := range packets {
		page = append(page, p...)
	}
	binary.LittleEndian.PutUint32(page[22:], oggChecksum(page))
	_, _ = out.Write(page)
}

func oggChecksum(page []byte) uint32 {
	var crc uint32
	for _, b := range page {
		crc ^= uint32(b) << 24
		for range 8 {
			if crc&0x80000000 != 0 {
				crc = crc<<1 ^ 0x04C11DB7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// sampleMP4 has the boxes by which a file is recognised, and no pictures.
func sampleMP4() []byte {
	return append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), "\x00\x00\x00\x08free\x00\x00\x00\x08mdat"...)
}

// sampleWebP is a lossless picture of one pixel.
func sampleWebP() []byte {
	data, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	must(err)
	return data
}

// samplePDF is one page that says what it is.
var samplePDF = sync.OnceValue(func() []byte {
	text := "BT /F1 24 Tf 72 720 Td (Comprovante de reserva) Tj 0 -36 Td (Documento de exemplo) Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
})
