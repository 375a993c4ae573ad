package httpapi_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
)

// TestFilesInTheBody: a file that is sent along becomes one of the hotel's, whatever it says it
// is; what WhatsApp cannot show is refused with what to do.
func TestFilesInTheBody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.work()
	w.meta.uploads()
	h := w.hotel()
	encoded := func(kind string, data []byte) string {
		return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
	}
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	heic := append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 64)...)
	for name, c := range map[string]struct {
		at, field, file string
		status          int
		code            string
	}{
		"a picture":            {"send-image", "image", encoded("image/png", drawn.Bytes()), http.StatusOK, ""},
		"under another name":   {"send-image", "image", encoded("text/plain", drawn.Bytes()), http.StatusOK, ""},
		"without its padding":  {"send-media", "image", strings.TrimRight(encoded("image/png", drawn.Bytes()), "="), http.StatusOK, ""},
		"as a document":        {"send-document", "document", encoded("application/pdf", []byte("%PDF-1.7\n1 0 obj\n")), http.StatusOK, ""},
		"no picture":           {"send-image", "image", encoded("image/png", []byte("hello there")), http.StatusUnprocessableEntity, ""},
		"nothing":              {"send-image", "image", "data:image/png;base64,", http.StatusBadRequest, "file_unreadable"},
		"no Base64":            {"send-image", "image", "data:image/png;base64,%%%", http.StatusBadRequest, "file_unreadable"},
		"as text":              {"send-image", "image", "data:image/svg+xml,<svg/>", http.StatusBadRequest, "file_unreadable"},
		"too large":            {"send-image", "image", encoded("image/png", make([]byte, 5<<20+1)), http.StatusRequestEntityTooLarge, "file_too_large"},
		"an iPhone's":          {"send-image", "image", encoded("image/heic", heic), http.StatusUnprocessableEntity, "image_heic"},
		"an iPhone's, by link": {"send-image", "image", "https://cdn.example.com/IMG_1.HEIC?x=1", http.StatusUnprocessableEntity, "image_heic"},
	} {
		body := map[string]any{"phone": string(w.chat(h).card.Contact.Phone), c.field: c.file}
		r := w.do(http.MethodPost, "/api/n8n/"+c.at, body, keyed(h.key))
		if r.status != c.status || c.code != "" && r.json()["code"] != c.code {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}
