package httpapi

import (
	"context"
	"encoding/json"
	"net/url"
	"path"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"github.com/botreserva/botreserva/internal/domain/content"
	"github.com/botreserva/botreserva/internal/domain/fault"
)

// BotMedia is a file in any of the original's wordings: type and url, the type as a key, or
// mediaUrl alone, whose ending tells what it is. Exported for huma.
type BotMedia struct {
	BotTo
	BotPace
	Type      loose     `json:"type,omitempty" doc:"image, video, audio, voice, document or sticker"`
	URL       loose     `json:"url,omitempty" doc:"A public https:// address, or one of our files"`
	MediaURL  loose     `json:"mediaUrl,omitempty" doc:"The same as url"`
	Caption   loose     `json:"caption,omitempty" doc:"At most 1024 characters; of images, videos and documents"`
	FileName  loose     `json:"fileName,omitempty" doc:"Of documents; without one, the last part of the address"`
	Filename  loose     `json:"filename,omitempty" doc:"The same as fileName"`
	Image     looseFile `json:"image,omitempty"`
	Video     looseFile `json:"video,omitempty"`
	Audio     looseFile `json:"audio,omitempty"`
	Document  looseFile `json:"document,omitempty"`
	asWritten string    // the kind that the path names
}

// looseFile is the address of a file, or an object that has it.
type looseFile struct {
	URL      loose `json:"url,omitempty"`
	Link     loose `json:"link,omitempty"`
	Caption  loose `json:"caption,omitempty"`
	FileName loose `json:"fileName,omitempty"`
	Filename loose `json:"filename,omitempty"`
}

// Schema implements huma.SchemaProvider.
func (looseFile) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "An address, or an object with url, caption and fileName"}
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *looseFile) UnmarshalJSON(data []byte) error {
	type plain looseFile
	var object plain
	var address loose
	if json.Unmarshal(data, &object) == nil {
		*f = looseFile(object)
		return nil
	}
	_ = address.UnmarshalJSON(data)
	*f = looseFile{URL: address}
	return nil
}

func (f looseFile) address() string { return first(f.URL, f.Link) }

// botFile is a file once it is known how the call worded it.
type botFile struct {
	kind, address, caption, name string
	field                        string // that has the address
}

func (b BotMedia) content(find func(string) (content.File, error)) (content.Content, error) {
	f := b.file()
	if f.address == "" {
		return nil, missing(f.field, "Say which file: give its address.")
	}
	file, err := find(f.address)
	if err != nil {
		return nil, err
	}
	switch f.kind {
	case "image":
		return content.Image{File: file, Caption: f.caption}, nil
	case "video":
		return content.Video{File: file, Caption: f.caption}, nil
	case "audio":
		return content.Audio{File: file}, nil
	case "voice", "ptt":
		return content.Voice{File: file}, nil
	case "sticker":
		return content.Sticker{File: file}, nil
	case "document":
		return content.Document{File: file, Caption: f.caption, Filename: f.documentName(file)}, nil
	}
	return nil, fault.ErrInvalid.With(fault.Detail{Path: "type", Code: "not_one_of", Message: "Use one of: image, video, audio, voice, document, sticker."})
}

// file finds what the call means: the kind that the path names, else the type, else the key
// that is filled in, else what the address ends with.
func (b BotMedia) file() botFile {
	f := botFile{kind: b.asWritten, caption: string(b.Caption), name: first(b.FileName, b.Filename)}
	if f.kind == "" {
		f.kind = strings.ToLower(strings.TrimSpace(string(b.Type)))
	}
	f.address, f.field = first(b.URL, b.MediaURL), "url"
	if b.URL == "" && b.MediaURL != "" {
		f.field = "mediaUrl"
	}
	for _, given := range []struct {
		kind string
		file looseFile
	}{{"image", b.Image}, {"video", b.Video}, {"audio", b.Audio}, {"document", b.Document}} {
		if given.file.address() == "" || f.kind != "" && f.kind != given.kind && (f.kind != "voice" || given.kind != "audio") {
			continue
		}
		if f.kind == "" {
			f.kind = given.kind
		}
		f.address, f.field = given.file.address(), given.kind
		f.caption = first(given.file.Caption, b.Caption)
		f.name = first(given.file.FileName, given.file.Filename, loose(f.name))
		break
	}
	if f.kind == "" {
		f.kind = kindOfEnding(f.address)
	}
	return f
}

// endings tell what a file is, as they did with the original.
var endings = map[string]string{
	".jpg": "image", ".jpeg": "image", ".png": "image", ".gif": "image", ".webp": "image",
	".mp4": "video", ".avi": "video", ".mov": "video",
	".mp3": "audio", ".ogg": "audio", ".wav": "audio", ".opus": "audio",
}

func kindOfEnding(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "document"
	}
	if kind, known := endings[strings.ToLower(path.Ext(u.Path))]; known {
		return kind
	}
	return "document"
}

// documentName is the name that guests are shown. One of our files has a name already.
func (f botFile) documentName(file content.File) string {
	if f.name != "" || file.Link == "" {
		return f.name
	}
	u, err := url.Parse(f.address)
	if err != nil {
		return ""
	}
	name := path.Base(u.Path)
	if path.Ext(name) == "" || len(name) > 200 || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '\\' || r == '/' }) {
		return ""
	}
	return name
}

func (b BotMedia) field(path string) string {
	switch path {
	case "link", "fileId", "metaId", "":
		return b.file().field
	case "filename":
		return "fileName"
	}
	return path
}

// botSendMedia is send-media, and botSendFile its form for one kind.
func (s *server) botSendMedia(ctx context.Context, c caller, in *botSend[BotMedia]) (*botSent, error) {
	return botSendAny(s, ctx, c, in)
}

func botSendFile(kind string) func(s *server, ctx context.Context, c caller, in *botSend[BotMedia]) (*botSent, error) {
	return func(s *server, ctx context.Context, c caller, in *botSend[BotMedia]) (*botSent, error) {
		in.Body.asWritten = kind
		return botSendAny(s, ctx, c, in)
	}
}
