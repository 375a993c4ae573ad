// Package media says what a file is that a guest or the hotel sent: its kind, how large
// WhatsApp lets it be, and what a browser may show of it. Nothing here reads or keeps
// files: see packages blob and filing. Start with File.
package media

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/botreserva/botreserva/internal/domain/fault"
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// File is one file of a hotel. The same bytes are kept once.
type File struct {
	ID         id.Media
	Name       string // in addresses: unique in the hotel, with an extension
	Key        string // where the store keeps it
	Kind       message.Kind
	MimeType   string // told by its content, not by whoever sent it
	Size       int64
	SHA256     [32]byte
	Filename   string  // as its sender called it; may be empty
	UploadedBy id.User // zero for guests and for people who are not the hotel's
	CreatedAt  time.Time
	Derived
}

// Derived is what was made of a file so that it can be shown before it is loaded. All of
// it may be missing.
type Derived struct {
	ThumbKey      string // where the store keeps a small JPEG of it
	ThumbSize     int64
	Width, Height int // of a picture, as it is shown
	Duration      time.Duration
	Waveform      []byte // loudness from 0 to 100, evenly over the duration
}

// thumbEnding is how the names of small pictures end; before it stands the file's id.
const thumbEnding = ".thumb.jpg"

// ThumbName returns the name of the file's small picture, or nothing.
func (f File) ThumbName() string {
	if f.ThumbKey == "" {
		return ""
	}
	return f.ID.String() + thumbEnding
}

// ThumbOf returns whose small picture a name is.
func ThumbOf(name string) (id.Media, bool) {
	text, is := strings.CutSuffix(name, thumbEnding)
	if !is {
		return id.Media{}, false
	}
	of, err := id.ParseMedia(text)
	return of, err == nil
}

// Thumb returns the small picture as a file of its own.
func (f File) Thumb() File {
	sum := sha256.Sum256(append([]byte("thumb"), f.SHA256[:]...)) // of what it was made from: it never changes
	return File{
		ID: f.ID, Name: f.ThumbName(), Key: f.ThumbKey, Kind: message.Image, MimeType: "image/jpeg", Size: f.ThumbSize, SHA256: sum,
		CreatedAt: f.CreatedAt,
	}
}

// Address is how messages are stored that show a file: under an address that never ends.
func Address(tenant id.Tenant, name string) string {
	return "/api/media/" + tenant.String() + "/" + name
}

// Refusals of this noun.
var (
	ErrNotFound = fault.New(fault.NotFound, "media_not_found", "There is no such file.")
	ErrTooLarge = fault.New(fault.TooLarge, "media_too_large", "The file is too large: at most 50 MB.")
	ErrEmpty    = fault.New(fault.Invalid, "media_empty", "The file is empty.")
)

// MaxSize is how large any file may be.
const MaxSize = 50 << 20

// megabyte is Meta's, to be on the safe side: it does not say whether it means 2^20.
const megabyte = 1_000_000

// form is what WhatsApp says of a type (media reference, November 2026).
type form struct {
	kind      message.Kind
	maxSize   int64
	extension string
}

// sendable are the types that WhatsApp takes. WebP is for stickers alone.
var sendable = map[string]form{
	"image/jpeg": {message.Image, 5 * megabyte, "jpg"},
	"image/png":  {message.Image, 5 * megabyte, "png"},
	"image/webp": {message.Sticker, megabyte / 2, "webp"},

	"video/mp4":  {message.Video, 16 * megabyte, "mp4"},
	"video/3gpp": {message.Video, 16 * megabyte, "3gp"},

	"audio/aac":  {message.Audio, 16 * megabyte, "aac"},
	"audio/amr":  {message.Audio, 16 * megabyte, "amr"},
	"audio/mpeg": {message.Audio, 16 * megabyte, "mp3"},
	"audio/mp4":  {message.Audio, 16 * megabyte, "m4a"},
	"audio/ogg":  {message.Audio, 16 * megabyte, "ogg"},

	"text/plain":                    {message.Document, MaxSize, "txt"},
	"application/pdf":               {message.Document, MaxSize, "pdf"},
	"application/msword":            {message.Document, MaxSize, "doc"},
	"application/vnd.ms-excel":      {message.Document, MaxSize, "xls"},
	"application/vnd.ms-powerpoint": {message.Document, MaxSize, "ppt"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {message.Document, MaxSize, "docx"},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         {message.Document, MaxSize, "xlsx"},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {message.Document, MaxSize, "pptx"},
}

// Sendable reports whether WhatsApp takes files of a type.
func Sendable(mimeType string) bool { _, ok := sendable[mimeType]; return ok }

// KindOf returns as what kind of message a type is shown: a document, unless WhatsApp
// has a kind of its own for it.
func KindOf(mimeType string) message.Kind {
	if f, ok := sendable[mimeType]; ok {
		return f.kind
	}
	return message.Document
}

// LimitOf returns how large a file of a type may be.
func LimitOf(mimeType string) int64 {
	if f, ok := sendable[mimeType]; ok {
		return f.maxSize
	}
	return MaxSize
}

// extensions of types that are kept and not sent. Anything else is called bin: an
// extension is what a desktop opens a file by.
var extensions = map[string]string{
	"image/gif": "gif", "image/heic": "heic", "video/quicktime": "mov", "video/webm": "webm", "audio/wav": "wav", "text/csv": "csv",
}

// ExtensionOf returns the extension of a type.
func ExtensionOf(mimeType string) string {
	if f, ok := sendable[mimeType]; ok {
		return f.extension
	}
	if e, ok := extensions[mimeType]; ok {
		return e
	}
	return "bin"
}

// shown are the types that a browser may show in place: none of them can carry a script
// that runs in our name.
var shown = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/3gpp", "video/webm", "video/quicktime",
	"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm", "application/pdf",
}

// MayShow reports whether a browser may show the file; otherwise it is saved.
func (f File) MayShow() bool { return slices.Contains(shown, f.MimeType) }

// IsName reports whether text could be a file's name in an address: letters, digits, "-",
// "_" and ".", which may not come first. Such a name leads nowhere else.
func IsName(text string) bool {
	if text == "" || len(text) > 100 || text[0] == '.' {
		return false
	}
	for _, c := range []byte(text) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// Shown is what a message says of the file.
func (f File) Shown(tenant id.Tenant) *message.Shown {
	s := &message.Shown{FileSize: f.Size, Width: f.Width, Height: f.Height, Duration: f.Duration.Seconds()}
	if name := f.ThumbName(); name != "" {
		s.ThumbnailURL = Address(tenant, name)
	}
	for _, loudness := range f.Waveform {
		s.Waveform = append(s.Waveform, int(loudness))
	}
	return s
}
