package content

import (
	"strings"
	"unicode"

	"github.com/botreserva/botreserva/internal/domain/id"
	"github.com/botreserva/botreserva/internal/domain/message"
)

// File says where a file is: exactly one of the three.
type File struct {
	FileID id.Media `json:"fileId,omitzero"`  // kept by us; it is given to Meta first
	MetaID string   `json:"metaId,omitempty"` // kept by Meta, for 30 days and for one number
	Link   string   `json:"link,omitempty"`   // public and HTTPS: Meta fetches it
}

func (f File) check(c *checker, path string) {
	if !c.one(path, "fileId, metaId and link", !f.FileID.IsZero(), f.MetaID != "", f.Link != "") {
		return
	}
	switch {
	case f.Link != "":
		c.fetched(under(path, "link"), f.Link)
	case f.MetaID != "":
		c.text(under(path, "metaId"), f.MetaID, maxMediaID)
		odd := func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
		}
		if strings.ContainsFunc(f.MetaID, odd) {
			c.add(under(path, "metaId"), "wrong_form", "This is no id of Meta's: it has letters, digits, - and _ only.")
		}
	}
}

// Attachment is a file that is shown with a name.
type Attachment struct {
	File
	Filename string `json:"filename,omitempty"` // with an extension, or phones show a generic name
}

func (a Attachment) check(c *checker, path string) {
	a.File.check(c, path)
	c.filename(under(path, "filename"), a.Filename)
}

func (c *checker) filename(path, name string) {
	c.text(path, name, maxFilename)
	if strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, unicode.IsControl) {
		c.add(path, "wrong_form", "A file name has neither folders nor line breaks.")
	}
}

// The contents that are a file.
type (
	// Image is a picture: JPEG or PNG.
	Image struct {
		File
		Caption string `json:"caption,omitempty"`
	}
	// Video is a video: MP4 or 3GP.
	Video struct {
		File
		Caption string `json:"caption,omitempty"`
	}
	// Audio is played as a file. WhatsApp knows no caption for it.
	Audio struct{ File }
	// Voice is played as if somebody had spoken: OGG with Opus, mono, at best below 512 KB.
	Voice struct{ File }
	// Document is any other file.
	Document struct {
		File
		Caption  string `json:"caption,omitempty"`
		Filename string `json:"filename,omitempty"`
	}
	// Sticker is a WebP picture of 512 × 512.
	Sticker struct{ File }
)

// Kind implements Content.
func (Image) Kind() message.Kind { return message.Image }

// Kind implements Content.
func (Video) Kind() message.Kind { return message.Video }

// Kind implements Content.
func (Audio) Kind() message.Kind { return message.Audio }

// Kind implements Content.
func (Voice) Kind() message.Kind { return message.Audio }

// Kind implements Content.
func (Document) Kind() message.Kind { return message.Document }

// Kind implements Content.
func (Sticker) Kind() message.Kind { return message.Sticker }

// Shown implements Content. A file without a caption shows nothing, as a guest's does:
// dashboards show the file.
func (i Image) Shown() string { return i.Caption }

// Shown implements Content.
func (v Video) Shown() string { return v.Caption }

// Shown implements Content.
func (Audio) Shown() string { return "" }

// Shown implements Content.
func (Voice) Shown() string { return "" }

// Shown implements Content.
func (d Document) Shown() string {
	if d.Caption != "" {
		return d.Caption
	}
	return d.Filename
}

// Shown implements Content.
func (Sticker) Shown() string { return "" }

func (Image) name() string    { return "image" }
func (Video) name() string    { return "video" }
func (Audio) name() string    { return "audio" }
func (Voice) name() string    { return "voice" }
func (Document) name() string { return "document" }
func (Sticker) name() string  { return "sticker" }

func (i Image) check(c *checker) {
	i.File.check(c, "")
	c.text("caption", i.Caption, maxCaption)
}

func (v Video) check(c *checker) {
	v.File.check(c, "")
	c.text("caption", v.Caption, maxCaption)
}

func (a Audio) check(c *checker)   { a.File.check(c, "") }
func (v Voice) check(c *checker)   { v.File.check(c, "") }
func (s Sticker) check(c *checker) { s.File.check(c, "") }

func (d Document) check(c *checker) {
	d.File.check(c, "")
	c.text("caption", d.Caption, maxCaption)
	c.filename("filename", d.Filename)
}

func (i Image) describe(m *message.Metadata)   { i.File.describe(m); m.Caption = i.Caption }
func (v Video) describe(m *message.Metadata)   { v.File.describe(m); m.Caption = v.Caption }
func (a Audio) describe(m *message.Metadata)   { a.File.describe(m) }
func (v Voice) describe(m *message.Metadata)   { v.File.describe(m); m.Voice = true }
func (s Sticker) describe(m *message.Metadata) { s.File.describe(m) }

func (d Document) describe(m *message.Metadata) {
	d.File.describe(m)
	m.Caption, m.Filename = d.Caption, d.Filename
}

func (f File) describe(m *message.Metadata) { m.MediaID, m.MediaURL = f.MetaID, f.Link }
