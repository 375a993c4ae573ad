package httpapi

import (
	"context"
	"encoding/base64"
	"net/url"
	"path"
	"strings"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
)

// Files that flows send along in the body, as data: addresses. Their type is found out from their
// bytes, like that of any file; they are kept as the hotel's own.

const (
	maxInline   = 5 << 20                 // of a file in a body
	maxFileJSON = maxInline/3*4 + maxJSON // of such a body
)

var (
	errInline = fault.New(fault.Invalid, "file_unreadable",
		"This is no file: write data:image/jpeg;base64, and then its bytes in Base64, or give a public https:// address.")
	errInlineSize = fault.New(fault.TooLarge, "file_too_large",
		"A file in the body may have 5 MB. Upload larger ones (POST /api/media/upload), or give a public https:// address.")
	errHEIC = fault.New(fault.Unprocessable, "image_heic",
		"WhatsApp shows no HEIC pictures, and they cannot be converted here. Send a JPEG: iPhones make them with Settings > Camera > Formats > Most Compatible.")
)

// flowFile reads how a flow names a file: as people do, or with its bytes.
func (s *server) flowFile(ctx context.Context, c caller, of string) (content.File, error) {
	scheme, data, _ := strings.Cut(of, ":")
	switch {
	case strings.EqualFold(scheme, "data"):
	case isHEIC(of):
		return content.File{}, errHEIC
	default:
		return s.fileAt(ctx, c, of)
	}
	if s.deps.Files == nil {
		return content.File{}, errInline
	}
	bytes, err := inline(data)
	if err != nil {
		return content.File{}, err
	}
	f, err := s.deps.Files.Take(ctx, c.tenant, "", s.deps.Clock.Now(), strings.NewReader(bytes))
	if err == nil && strings.HasPrefix(f.MimeType, "image/hei") {
		err = errHEIC
	}
	return content.File{FileID: f.ID}, err
}

// inline reads what follows data: — a type that nobody believes, and the bytes.
func inline(data string) (string, error) {
	about, encoded, ok := strings.Cut(data, ",")
	if !ok || !strings.HasSuffix(strings.ToLower(strings.TrimSpace(about)), ";base64") {
		return "", errInline
	}
	encoded = strings.TrimRight(strings.Map(withoutSpace, encoded), "=")
	if base64.RawStdEncoding.DecodedLen(len(encoded)) > maxInline {
		return "", errInlineSize
	}
	bytes, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil || len(bytes) == 0 {
		return "", errInline
	}
	return string(bytes), nil
}

func withoutSpace(r rune) rune {
	if strings.ContainsRune(" \r\n\t", r) {
		return -1
	}
	return r
}

// isHEIC reports whether an address says that it leads to such a picture.
func isHEIC(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ending := strings.ToLower(path.Ext(u.Path))
	return ending == ".heic" || ending == ".heif"
}
