package httpapi_test

import (
	"bytes"
	"maps"
	"mime/multipart"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/media"
)

func init() { maps.Copy(calls, mediaCalls) }

var mediaCalls = map[string]call{
	"POST /api/media/upload": {form: func(chat) form { return formOf("file", "quarto.png", pixel) }},
	"GET /api/media/{tenantId}/{fileId}": {at: func(c chat) string {
		return c.w.address(c.w.file(c.hotel, "quarto.png", pixel))
	}},
}

// form is the body of an upload.
type form struct {
	contentType string
	body        []byte
}

// formOf makes a form with one file in a field.
func formOf(field, filename, content string) form {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile(field, filename)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		panic(err) // memory does not fail
	}
	return form{m.FormDataContentType(), b.Bytes()}
}

// pixel is a picture of one point.
const pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x18\xdd\x8d\xb0\x00\x00\x00\x00IEND\xaeB`\x82"

// kept is a file of a hotel.
type kept struct {
	hotel hotel
	media.File
}

// file keeps a file for a hotel.
func (w *world) file(h hotel, filename, content string) kept {
	w.t.Helper()
	f, err := w.files.Upload(w.t.Context(), h.ID, h.Admin, filename, strings.NewReader(content))
	if err != nil {
		w.t.Fatal(err)
	}
	return kept{h, f}
}

// address is where a file can be fetched, without the host.
func (w *world) address(f kept) string {
	return strings.TrimPrefix(w.links.To(f.hotel.ID, f.Name), "https://api.example.com")
}
