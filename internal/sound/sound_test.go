package sound_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/sound"
)

// element writes one of Matroska's; an unknown length when size is negative.
func element(id []byte, size int, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	out := append([]byte{}, id...)
	if size < 0 {
		out = append(out, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	} else {
		out = append(out, 0x10|byte(len(all)>>24), byte(len(all)>>16), byte(len(all)>>8), byte(len(all)))
	}
	return append(out, all...)
}

var (
	ebml    = []byte{0x1a, 0x45, 0xdf, 0xa3}
	segment = []byte{0x18, 0x53, 0x80, 0x67}
	tracks  = []byte{0x16, 0x54, 0xae, 0x6b}
	cluster = []byte{0x1f, 0x43, 0xb6, 0x75}
)

func opusHead(channels byte) []byte {
	return append([]byte("OpusHead\x01"), channels, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0)
}

// webm is what a browser records: packets of 20 ms, in clusters, finished or not.
func webm(codec string, head []byte, packets int, finished bool) []byte {
	size := -1
	if finished {
		size = 0
	}
	track := element([]byte{0xae}, 0, element([]byte{0xd7}, 0, []byte{1}), element([]byte{0x83}, 0, []byte{2}),
		element([]byte{0x86}, 0, []byte(codec)), element([]byte{0x63, 0xa2}, 0, head), element([]byte{0xe1}, 0, element([]byte{0x9f}, 0, head[9:10])))
	parts := [][]byte{element([]byte{0x15, 0x49, 0xa9, 0x66}, 0, []byte("information")), element(tracks, 0, track)}
	for i := 0; i < packets; i += 50 {
		blocks := [][]byte{element([]byte{0xe7}, 0, []byte{0})}
		for j := i; j < min(i+50, packets); j++ {
			packet := append([]byte{0x78}, bytes.Repeat([]byte{byte(j)}, 20+j%300)...) // CELT, 20 ms, louder and louder
			blocks = append(blocks, element([]byte{0xa3}, 0, []byte{0x81, 0, 0, 0x80}, packet))
		}
		parts = append(parts, element(cluster, size, blocks...))
	}
	return append(element(ebml, 0, []byte("webm")), element(segment, size, parts...)...)
}

// TestRemux: what a browser recorded becomes a voice note that lasts as long, whether the
// browser finished the file or not.
func TestRemux(t *testing.T) {
	t.Parallel()
	for _, finished := range []bool{true, false} {
		var out bytes.Buffer
		if err := sound.Remux(&out, bytes.NewReader(webm("A_OPUS", opusHead(1), 501, finished))); err != nil {
			t.Fatalf("finished %v: %v", finished, err)
		}
		heard, err := sound.HearOgg(bytes.NewReader(out.Bytes()))
		if want := 10*time.Second + 20*time.Millisecond - 6500*time.Microsecond; err != nil || heard.Duration != want {
			t.Errorf("lasts %v, want %v: %v", heard.Duration, want, err)
		}
		if len(heard.Waveform) != sound.Bars || heard.Waveform[0] > 10 || heard.Waveform[30] < 50 {
			t.Errorf("waveform %v", heard.Waveform)
		}
		file := filepath.Join(t.TempDir(), "a.ogg")
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "ogg", "-i", file, "-c", "copy", "-f", "null", "-").CombinedOutput()
		if err != nil || len(said) > 0 {
			t.Errorf("ffmpeg says %s, %v", said, err)
		}
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"stereo":         {webm("A_OPUS", opusHead(2), 10, true), sound.ErrChannels},
		"vorbis":         {webm("A_VORBIS", opusHead(1), 10, true), sound.ErrNotOpus},
		"no sound":       {webm("A_OPUS", opusHead(1), 0, true), sound.ErrFormat},
		"cut off":        {webm("A_OPUS", opusHead(1), 100, true)[:600], sound.ErrFormat},
		"nothing":        {nil, sound.ErrFormat},
		"huge element":   {append(bytes.Clone(ebml), 0x01, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff), sound.ErrFormat},
		"huge track":     {append(bytes.Clone([]byte{0xae}), 0x08, 0xff, 0xff, 0xff, 0xff), sound.ErrFormat},
		"sound too soon": {element([]byte{0xa3}, 0, []byte{0x81, 0, 0, 0x80, 0x78, 1}), sound.ErrFormat},
	} {
		if err := sound.Remux(&bytes.Buffer{}, bytes.NewReader(c.file)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func box(kind string, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(all)+8)), kind...), all...)
}

// TestHearMP4: how long it is stands before the sound or after it.
func TestHearMP4(t *testing.T) {
	t.Parallel()
	short := box("mvhd", make([]byte, 12), []byte{0, 0, 0x03, 0xe8}, []byte{0, 0, 0x30, 0x39}, make([]byte, 80))
	long := box("mvhd", []byte{1}, make([]byte, 19), []byte{0, 0, 0x03, 0xe8}, []byte{0, 0, 0, 0, 0, 0, 0x30, 0x39}, make([]byte, 80))
	kind, data := box("ftyp", []byte("M4A ")), box("mdat", make([]byte, 1000))
	for name, file := range map[string][]byte{
		"before": bytes.Join([][]byte{kind, box("moov", short), data}, nil), "after": bytes.Join([][]byte{kind, data, box("moov", long)}, nil),
	} {
		if heard, err := sound.HearMP4(bytes.NewReader(file)); err != nil || heard.Duration != 12345*time.Millisecond {
			t.Errorf("%s: %v, %v", name, heard.Duration, err)
		}
	}
	for name, file := range map[string][]byte{
		"nothing": nil, "no head": kind, "box of nothing": make([]byte, 64), "box beyond the end": {0, 0, 1, 0, 'm', 'd', 'a', 't', 0},
		"endless": bytes.Repeat(box("free"), 2000), "for years": append(kind, box("moov", box("mvhd", make([]byte, 12), []byte{0, 0, 0, 1}, []byte{255, 255, 255, 255}, make([]byte, 80)))...),
	} {
		if _, err := sound.HearMP4(bytes.NewReader(file)); !errors.Is(err, sound.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestToVoice: what a browser records in other forms becomes a voice note by ffmpeg, which
// opens nothing but the file itself.
func TestToVoice(t *testing.T) {
	t.Parallel()
	if _, err := (sound.Converter{}).ToVoice(t.Context(), "audio/mp4", "x"); !errors.Is(err, sound.ErrNoConverter) {
		t.Errorf("without ffmpeg: %v", err)
	}
	c := sound.FindConverter()
	if !c.IsThere() {
		t.Fatal("ffmpeg is missing: make deps brings it")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "in")
	made := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-ac", "2", "-c:a", "aac", "-f", "mp4", file)
	if said, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", said, err)
	}
	out, err := c.ToVoice(t.Context(), "audio/mp4", file)
	if err != nil {
		t.Fatal(err)
	}
	ogg, err := os.ReadFile(filepath.Clean(out))
	if err != nil {
		t.Fatal(err)
	}
	if heard, err := sound.HearOgg(bytes.NewReader(ogg)); err != nil || heard.Duration < 2900*time.Millisecond || heard.Duration > 3100*time.Millisecond || ogg[37] != 1 {
		t.Errorf("%v, %v, %d channels", heard.Duration, err, ogg[37])
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, ogg, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list of files": "ffconcat version 1.0\nfile '" + secret + "'\n", "playlist": "#EXTM3U\n#EXTINF:3,\n" + secret + "\n#EXT-X-ENDLIST\n",
		"network": "#EXTM3U\n#EXTINF:3,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n", "nonsense": strings.Repeat("x", 100_000),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, mimeType := range []string{"audio/mp4", "audio/x-mpegurl"} {
			if out, err := c.ToVoice(t.Context(), mimeType, file); !errors.Is(err, sound.ErrConvert) {
				t.Errorf("%s as %s: %s, %v", name, mimeType, out, err)
			}
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.ToVoice(ended, "audio/ogg", secret); !errors.Is(err, sound.ErrConvert) {
		t.Errorf("cancelled: %v", err)
	}
}

func FuzzRemux(f *testing.F) {
	f.Add(webm("A_OPUS", opusHead(1), 3, true))
	f.Add(webm("A_OPUS", opusHead(1), 3, false))
	f.Fuzz(func(t *testing.T, file []byte) {
		var out bytes.Buffer
		if sound.Remux(&out, bytes.NewReader(file)) != nil {
			return
		}
		if _, err := sound.HearOgg(bytes.NewReader(out.Bytes())); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}

func FuzzHear(f *testing.F) {
	var out bytes.Buffer
	_ = sound.Remux(&out, bytes.NewReader(webm("A_OPUS", opusHead(1), 100, true)))
	f.Add(out.Bytes())
	f.Add(append(box("ftyp"), box("moov", box("mvhd", make([]byte, 100)))...))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, hear := range []func() (sound.Heard, error){
			func() (sound.Heard, error) { return sound.HearOgg(bytes.NewReader(file)) },
			func() (sound.Heard, error) { return sound.HearMP4(bytes.NewReader(file)) },
		} {
			if heard, err := hear(); err == nil && (heard.Duration < 0 || heard.Duration > 25*time.Hour || len(heard.Waveform) > sound.Bars) {
				t.Errorf("%+v", heard)
			}
		}
	})
}
