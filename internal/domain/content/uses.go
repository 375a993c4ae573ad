package content

import (
	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// Use says as what a file of ours is sent.
type Use struct {
	File  id.Media
	Kind  message.Kind
	Voice bool   // as a voice note
	Path  string // the field that names it
}

// Files returns the files of ours that a content needs given to Meta first.
func Files(c Content) []Use {
	u := &uses{}
	switch v := c.(type) {
	case Image:
		u.file("fileId", message.Image, &v.File)
	case Video:
		u.file("fileId", message.Video, &v.File)
	case Audio:
		u.file("fileId", message.Audio, &v.File)
	case Voice:
		u.file("fileId", message.Audio, &v.File)
		for i := range u.all {
			u.all[i].Voice = true
		}
	case Document:
		u.file("fileId", message.Document, &v.File)
	case Sticker:
		u.file("fileId", message.Sticker, &v.File)
	case Buttons:
		u.header("header", v.Header)
	case Link:
		u.header("header", v.Header)
	case Flow:
		u.header("header", v.Header)
	case Carousel:
		for i, card := range v.Cards {
			u.header(at("cards", i, "header"), &card.Header)
		}
	case Template:
		u.templateHeader("header", v.Header)
		for i, card := range v.Cards {
			u.templateHeader(at("cards", i, "header"), &card.Header)
		}
	}
	return u.all
}

type uses struct{ all []Use }

func (u *uses) file(path string, kind message.Kind, f *File) {
	if f != nil && !f.FileID.IsZero() {
		u.all = append(u.all, Use{File: f.FileID, Kind: kind, Path: path})
	}
}

func (u *uses) header(path string, h *Header) {
	if h != nil {
		u.file(path+".image.fileId", message.Image, h.Image)
		u.file(path+".video.fileId", message.Video, h.Video)
		u.document(path, h.Document)
	}
}

func (u *uses) templateHeader(path string, h *TemplateHeader) {
	if h != nil {
		u.file(path+".image.fileId", message.Image, h.Image)
		u.file(path+".video.fileId", message.Video, h.Video)
		u.document(path, h.Document)
	}
}

func (u *uses) document(path string, a *Attachment) {
	if a != nil {
		u.file(path+".document.fileId", message.Document, &a.File)
	}
}
