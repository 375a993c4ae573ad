package filing_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/botreserva/botreserva/internal/clock"
	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/filing"
	"github.com/botreserva/botreserva/internal/logtest"
	"github.com/botreserva/botreserva/internal/postgres/pgtest"
)

func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewRGBA(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestDerived: a picture has a small one under a name of its own, which comes and goes with
// it; what cannot be looked into is kept without.
func TestDerived(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h, other := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	store := &counting{objects: map[string]bool{}}
	cabinet := filing.New(db, store, clock.NewFrozen(time.Now()), logtest.Logger())
	f, err := cabinet.Upload(t.Context(), h.ID, h.Admin, "vista.jpg", bytes.NewReader(photo(t, 640, 480)))
	if err != nil || f.Width != 640 || f.Height != 480 || len(store.objects) != 2 {
		t.Fatalf("%+v, %v; %v", f, err, store.objects)
	}
	small, err := cabinet.Find(t.Context(), h.ID, f.ThumbName())
	if err != nil || small.MimeType != "image/jpeg" || small.SHA256 == f.SHA256 {
		t.Fatalf("%+v, %v", small, err)
	}
	content := cabinet.Open(t.Context(), small)
	if p, err := jpeg.Decode(content); err != nil || p.Bounds().Dx() != 320 || p.Bounds().Dy() != 240 || content.Close() != nil {
		t.Errorf("small: %v", err)
	}
	if _, err := cabinet.Find(t.Context(), other.ID, f.ThumbName()); !errors.Is(err, media.ErrNotFound) {
		t.Errorf("another hotel finds it: %v", err)
	}
	again, err := cabinet.Upload(t.Context(), h.ID, h.Admin, "again.jpg", bytes.NewReader(photo(t, 640, 480)))
	if err != nil || again.ThumbName() != f.ThumbName() || len(store.objects) != 2 {
		t.Errorf("again: %+v, %v; %v", again, err, store.objects)
	}
	for name, content := range map[string][]byte{"too many pixels": photo(t, 4097, 4096), "cut off": photo(t, 640, 481)[:500], "text": []byte("Tarifas")} {
		f, err := cabinet.Upload(t.Context(), h.ID, h.Admin, name, bytes.NewReader(content))
		if err != nil || f.ThumbName() != "" {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
		if _, err := cabinet.Find(t.Context(), h.ID, f.ID.String()+".thumb.jpg"); !errors.Is(err, media.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// recording is WebM with one packet of Opus, as a browser begins it.
func recording(channels byte) string {
	element := func(id string, body string) string {
		return id + string([]byte{0x40 | byte(len(body)>>8), byte(len(body))}) + body
	}
	head := "OpusHead\x01" + string([]byte{channels}) + "\x00\x00\x80\xbb\x00\x00\x00\x00\x00"
	track := element("\xd7", "\x01") + element("\x83", "\x02") + element("\x86", "A_OPUS") + element("\x63\xa2", head)
	unknown := "\x01\xff\xff\xff\xff\xff\xff\xff"
	return element("\x1a\x45\xdf\xa3", element("\x42\x82", "webm")) + "\x18\x53\x80\x67" + unknown + element("\x16\x54\xae\x6b", element("\xae", track)) +
		"\x1f\x43\xb6\x75" + unknown + element("\xa3", "\x81\x00\x00\x80\x78"+strings.Repeat("\x01", 40))
}

// TestVoice: what a browser recorded becomes a voice note that can be sent as one.
func TestVoice(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	store := &counting{objects: map[string]bool{}}
	cabinet := filing.New(db, store, clock.NewFrozen(time.Now()), logtest.Logger())
	f, err := cabinet.UploadVoice(t.Context(), h.ID, h.Admin, "gravação.webm", strings.NewReader(recording(1)))
	if err != nil || f.MimeType != "audio/ogg" || f.Filename != "gravação.ogg" || f.Duration != 20*time.Millisecond {
		t.Fatalf("%+v, %v", f, err)
	}
	ogg, err := io.ReadAll(cabinet.Open(t.Context(), f))
	if err != nil || f.SendableAs(f.Kind, true) != nil || f.SendableWith(ogg, f.Kind, true) != nil {
		t.Errorf("it cannot be sent: %v", err)
	}
	same, err := cabinet.UploadVoice(t.Context(), h.ID, h.Admin, "a.ogg", bytes.NewReader(ogg))
	if err != nil || same.ID != f.ID {
		t.Errorf("a voice note is no longer itself: %+v, %v", same, err)
	}
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"empty": {"", media.ErrEmpty}, "too large": {strings.Repeat("x", 16_000_001), media.ErrTooLarge},
		"picture": {string(photo(t, 8, 8)), filing.ErrNoVoice}, "cut off": {recording(1)[:60], filing.ErrNoVoice},
	} {
		_, err := cabinet.UploadVoice(t.Context(), h.ID, h.Admin, "x", strings.NewReader(c.content))
		if !errors.Is(err, c.want) || len(store.objects) != 1 {
			t.Errorf("%s: %v; %v", name, err, store.objects)
		}
	}
}

// TestVoiceWithoutConverter: where ffmpeg is missing, what needs it is refused with what to
// do, and what does not is made all the same.
func TestVoiceWithoutConverter(t *testing.T) {
	db := pgtest.DB(t)
	h := pgtest.Tenant(t, db)
	t.Setenv("PATH", "")
	cabinet := filing.New(db, &counting{objects: map[string]bool{}}, clock.NewFrozen(time.Now()), logtest.Logger())
	if _, err := cabinet.UploadVoice(t.Context(), h.ID, h.Admin, "x", strings.NewReader(recording(2))); !errors.Is(err, filing.ErrNoConverter) {
		t.Errorf("two channels: %v", err)
	}
	if f, err := cabinet.UploadVoice(t.Context(), h.ID, h.Admin, "x", strings.NewReader(recording(1))); err != nil || f.MimeType != "audio/ogg" {
		t.Errorf("one channel: %+v, %v", f, err)
	}
}
