package media_test

import (
	"strings"
	"testing"

	"github.com/botreserva/botreserva/internal/domain/media"
	"github.com/botreserva/botreserva/internal/domain/message"
)

func TestTypes(t *testing.T) {
	t.Parallel()
	for mimeType, want := range map[string]struct {
		kind      message.Kind
		limit     int64
		extension string
		sendable  bool
		shown     bool
	}{
		"image/jpeg":               {message.Image, 5_000_000, "jpg", true, true},
		"image/webp":               {message.Sticker, 500_000, "webp", true, true},
		"video/mp4":                {message.Video, 16_000_000, "mp4", true, true},
		"audio/ogg":                {message.Audio, 16_000_000, "ogg", true, true},
		"application/pdf":          {message.Document, 50 << 20, "pdf", true, true},
		"text/plain":               {message.Document, 50 << 20, "txt", true, false},
		"image/svg+xml":            {message.Document, 50 << 20, "bin", false, false},
		"text/html":                {message.Document, 50 << 20, "bin", false, false},
		"application/octet-stream": {message.Document, 50 << 20, "bin", false, false},
		"image/gif":                {message.Document, 50 << 20, "gif", false, true},
	} {
		f := media.File{MimeType: mimeType}
		if got := media.KindOf(mimeType); got != want.kind || !got.HasMedia() {
			t.Errorf("%s is %s", mimeType, got)
		}
		if media.LimitOf(mimeType) != want.limit || media.ExtensionOf(mimeType) != want.extension {
			t.Errorf("%s: at most %d, .%s", mimeType, media.LimitOf(mimeType), media.ExtensionOf(mimeType))
		}
		if media.Sendable(mimeType) != want.sendable || f.MayShow() != want.shown {
			t.Errorf("%s: sendable %v, shown %v", mimeType, media.Sendable(mimeType), f.MayShow())
		}
	}
}

func TestIsName(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "0192f6c2-7b1e.jpg", "lx3k9-0f3a.tar.gz", strings.Repeat("a", 100)} {
		if !media.IsName(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{"", ".", "..", ".hidden", "a/b", `a\b`, "a b", "a\x00", "á.jpg", "a%2fb", "a*", "a?", strings.Repeat("a", 101)} {
		if media.IsName(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}
